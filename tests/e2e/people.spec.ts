import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  approve,
  begin,
  closeDialog,
  composer,
  createGroup,
  expect,
  followLink,
  inviteToGroup,
  messageOf,
  openConversation,
  reachMs,
  see,
  untilIn,
  write,
} from '../support/people.ts';

const list = (page: Page): Locator => page.getByRole('navigation', { name: 'Conversations' });

const openSettings = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Settings' }).first().click();
  await expect(page.getByRole('region', { name: 'Security' })).toBeVisible();
};

const untilRead = async (page: Page, text: string): Promise<void> => {
  await expect(messageOf(page, text)).toHaveAttribute('data-delivery', 'read', {
    timeout: reachMs,
  });
};

/** What the menu of a row offers, done. */
const choose = async (page: Page, name: string, item: string): Promise<void> => {
  await list(page)
    .getByRole('button', { name: `Actions for ${name}` })
    .click();
  await page.getByRole('menuitem', { name: item }).click();
};

const axeFindings = async (page: Page): Promise<ReadonlyArray<string>> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

test('reading and writing show on the other side, and off is mutual', async ({
  friends: { alice, bob },
}) => {
  await write(alice, 'from alice');
  await see(bob, 'Alice', 'from alice');
  await untilRead(alice, 'from alice');
  await write(bob, 'from bob');
  await untilRead(bob, 'from bob');

  await composer(bob).pressSequentially('hm', { delay: 50 });
  await expect(list(alice).getByRole('link', { name: /^Bob/ })).toContainText('is writing', {
    timeout: reachMs,
  });
  await composer(bob).fill('');

  await openSettings(bob);
  const receipts = bob.getByRole('switch', { name: 'Tell others what I have read' });
  await receipts.uncheck();
  await expect(receipts).not.toBeChecked();
  expect(await axeFindings(bob)).toEqual([]);
  await openConversation(bob, 'Alice');
  await expect(messageOf(bob, 'from bob')).toHaveAttribute('data-delivery', 'delivered');
  await write(alice, 'and now?');
  await see(bob, 'Alice', 'and now?');
  await openSettings(bob);
  await receipts.check();
  await openConversation(bob, 'Alice');
  await untilRead(alice, 'and now?');
  await expect(messageOf(bob, 'from bob')).toHaveAttribute('data-delivery', 'read');
});

test('somebody one talks with is put into a group without a link, with what was written before', async ({
  friends: { alice, bob },
}) => {
  await createGroup(alice, 'Garden');
  await write(alice, 'seeds are here');
  await alice.getByRole('button', { name: 'Details', exact: true }).click();
  const details = alice.getByRole('complementary', { name: 'Details' });
  await details.getByRole('button', { name: 'Add people' }).click();
  const dialog = alice.getByRole('dialog', { name: 'Add people' });
  const search = dialog.getByRole('searchbox', { name: 'Search people' });
  await search.fill('nobody');
  await expect(dialog.getByRole('checkbox')).toHaveCount(0);
  await search.fill('bób');
  await dialog.getByRole('checkbox', { name: 'Bob' }).check();
  await dialog.getByRole('radio', { name: 'Everything still on this device' }).check();
  expect(await axeFindings(alice)).toEqual([]);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(details.getByText('Bob', { exact: true })).toBeVisible();
  await openConversation(bob, 'Garden');
  await see(bob, 'Alice', 'seeds are here');
  await write(bob, 'thank you');
  await see(alice, 'Bob', 'thank you');
  await details.getByRole('button', { name: 'Add people' }).click();
  await expect(dialog.getByRole('checkbox')).toHaveCount(0);
});

test('somebody from a group writes, is answered, is blocked; what is old is put away', async ({
  app,
  newProfile,
}) => {
  const alice = (await newProfile()).page();
  const bob = (await newProfile()).page();
  await begin(alice, app.url, 'Alice');
  await createGroup(alice, 'Garden');
  const link = await inviteToGroup(alice);
  await followLink(bob, link, 'Bob');
  await approve(alice, 'Bob');
  await untilIn(bob, 'Garden');
  await closeDialog(alice);

  await alice.getByRole('button', { name: 'Details', exact: true }).click();
  const details = alice.getByRole('complementary', { name: 'Details' });
  await details.getByRole('button', { name: 'Actions for Bob' }).click({ timeout: reachMs });
  await alice.getByRole('menuitem', { name: 'Message' }).click();
  await untilIn(alice, 'Bob');
  await write(alice, 'just you and me?');
  const request = bob.getByRole('group', { name: /Alice.? wants to talk with you/ });
  await expect(request).toContainText('just you and me?', { timeout: reachMs });
  expect(await axeFindings(bob)).toEqual([]);
  await request.getByRole('button', { name: 'Accept' }).click();
  await untilIn(bob, 'Alice');
  await see(bob, 'Alice', 'just you and me?');
  await write(bob, 'yes');
  await see(alice, 'Bob', 'yes');
  await expect(request).toHaveCount(0);

  await choose(bob, 'Garden', 'Archive');
  await expect(list(bob).getByText('Archived (1)')).toBeVisible();
  await expect(list(bob).getByRole('link', { name: /^Garden/ })).toBeHidden();
  await list(bob).getByText('Archived (1)').click();
  await expect(list(bob).getByRole('link', { name: /^Garden/ })).toBeVisible();

  await bob.getByRole('button', { name: 'Details', exact: true }).click();
  const own = bob.getByRole('complementary', { name: 'Details' });
  await own.getByRole('button', { name: 'Actions for Alice' }).click();
  await bob.getByRole('menuitem', { name: 'Block' }).click();
  await expect(messageOf(bob, 'just you and me?')).toHaveCount(0);
  await openSettings(bob);
  await bob.getByRole('button', { name: /Unblock .?Alice/ }).click();
  await openConversation(bob, 'Alice');
  await expect(messageOf(bob, 'just you and me?')).toHaveCount(1);

  await choose(bob, 'Alice', 'Delete');
  await bob.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(list(bob).getByRole('link', { name: /^Alice/ })).toHaveCount(0);
  await bob.reload();
  await expect(list(bob).getByRole('link', { name: /^Notes to self/ })).toBeVisible();
  await expect(list(bob).getByRole('link', { name: /^Alice/ })).toHaveCount(0);
});
