import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { test, type Profile } from '../support/app.ts';
import {
  approve,
  befriend,
  begin,
  closeDialog,
  createGroup,
  expect,
  followLink,
  inviteToGroup,
  messageOf,
  openConversation,
  reachMs,
  see,
  truthLine,
  untilDelivered,
  untilIn,
  write,
} from '../support/people.ts';

const untilParked = async (page: Page, text: string): Promise<void> => {
  await expect(messageOf(page, text)).toHaveAttribute('data-delivery', 'parked', {
    timeout: reachMs,
  });
  await expect(messageOf(page, text)).toHaveAccessibleName(/In the mailbox\. No one has it yet\.$/);
};

const attach = async (page: Page, file: { name: string; buffer: Buffer }): Promise<void> => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach' }).click();
  await page.getByRole('menuitem', { name: 'File', exact: true }).click();
  await (await chooser).setFiles([{ ...file, mimeType: 'application/zip' }]);
  await expect(page.getByRole('list', { name: 'Chosen files' })).toBeVisible();
};

/** Switches the device on again and looks at the conversation. */
const comeBack = async (profile: Profile, url: string, conversation: string): Promise<Page> => {
  await profile.open();
  await profile.page().goto(url);
  await openConversation(profile.page(), conversation);
  return profile.page();
};

test('[MB8] [MB24] two people who are never online at the same time talk through the mailbox, and give each other a file', async ({
  app,
  newProfile,
}) => {
  const alice = await newProfile();
  const bob = await newProfile();
  await befriend(app.url, [
    { name: 'Alice', page: alice.page() },
    { name: 'Bob', page: bob.page() },
  ]);
  await bob.close();

  await test.step('Alice writes: it lies in the mailbox', async () => {
    await write(alice.page(), 'are you there?');
    await untilParked(alice.page(), 'are you there?');
    const before = await app.mailboxBytes();
    await attach(alice.page(), { name: 'plan.bin', buffer: randomBytes(200_000) });
    await write(alice.page(), 'the plan');
    await expect
      .poll(async () => (await app.mailboxBytes()) - before, { timeout: reachMs })
      .toBeGreaterThan(200_000);
    await expect(truthLine(alice.page())).toHaveText(/^No one else is online\s*$/, {
      timeout: reachMs,
    });
    await alice.close();
  });

  await test.step('the relay dies and comes back: Bob reads and answers', async () => {
    await app.kill();
    await app.start();
    const page = await comeBack(bob, app.url, 'Alice');
    await see(page, 'Alice', 'are you there?');
    const plan = page.getByRole('group', { name: 'plan.bin' });
    await expect(plan.getByRole('button', { name: 'Save plan.bin' })).toBeVisible({
      timeout: reachMs,
    });
    await write(page, 'I was away');
    await untilParked(page, 'I was away');
    await bob.close();
  });

  await test.step('Alice reads it, and his answer says that he had hers', async () => {
    const page = await comeBack(alice, app.url, 'Bob');
    await see(page, 'Bob', 'I was away');
    await untilDelivered(page, 'are you there?');
    await expect(truthLine(page)).toHaveText(/^No one else is online/);
  });

  await test.step('and when both are there, his is delivered too', async () => {
    await untilDelivered(await comeBack(bob, app.url, 'Alice'), 'I was away');
  });
});

test('[MB11] an open link lets somebody join and write while nobody else is online', async ({
  app,
  newProfile,
}) => {
  const alice = await newProfile();
  const carol = await newProfile();
  await begin(alice.page(), app.url, 'Alice');
  await createGroup(alice.page(), 'Garden');
  const link = await inviteToGroup(alice.page(), { isOpen: true });
  await expect(alice.page().getByText('In the mailbox: this link works while')).toBeVisible({
    timeout: reachMs,
  });
  await alice.close();

  await followLink(carol.page(), link, 'Carol');
  await untilIn(carol.page(), 'Garden');
  await write(carol.page(), 'anybody home?');
  await untilParked(carol.page(), 'anybody home?');
  await carol.close();

  const page = await comeBack(alice, app.url, 'Garden');
  await see(page, 'Carol', 'anybody home?');
  await expect(page.getByRole('log')).toContainText('Carol joined');
});

test('[MB12] a request waits in the mailbox for a yes, and completes by itself', async ({
  app,
  newProfile,
}) => {
  const alice = await newProfile();
  const bob = await newProfile();
  await begin(alice.page(), app.url, 'Alice');
  await createGroup(alice.page(), 'Garden');
  const link = await inviteToGroup(alice.page());
  await closeDialog(alice.page());
  await alice.close();

  await followLink(bob.page(), link, 'Bob');
  await expect(bob.page().getByRole('status', { name: 'Waiting for approval' })).toContainText(
    'Your request is in the mailbox.',
    { timeout: reachMs },
  );
  await bob.close();

  await alice.open();
  await alice.page().goto(app.url);
  await approve(alice.page(), 'Bob');
  await openConversation(alice.page(), 'Garden');
  await write(alice.page(), 'come in');
  await untilParked(alice.page(), 'come in');
  await alice.close();

  await bob.open();
  await bob.page().goto(app.url);
  await openConversation(bob.page(), 'Garden');
  await see(bob.page(), 'Alice', 'come in');
});
