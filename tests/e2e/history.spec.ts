import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  approve,
  begin,
  closeDialog,
  createGroup,
  expect,
  followLink,
  inviteToGroup,
  reachMs,
  see,
  textsOf,
  untilIn,
  write,
} from '../support/people.ts';

/** Opens the invite's options and lets newcomers read everything. */
const shareHistory = async (page: Page): Promise<string> => {
  const without = await inviteToGroup(page);
  const dialog = page.getByRole('dialog', { name: 'Invite' });
  await dialog.getByText('Options').click();
  await dialog.getByRole('radio', { name: 'Everything still on this device' }).check();
  const field = dialog.getByRole('textbox', { name: 'Invite link' });
  await expect(field).not.toHaveValue(without);
  await expect(field).toHaveValue(/#\/i\//);
  return field.inputValue();
};

test('[UH1, HI4] a group with ten messages: a third sees them by a link with history, a fourth none', async ({
  app,
  newProfile,
}) => {
  const alice = (await newProfile()).page();
  const bob = (await newProfile()).page();
  const carol = (await newProfile()).page();
  const dave = (await newProfile()).page();
  await begin(alice, app.url, 'Alice');
  await createGroup(alice, 'Garden');
  await followLink(bob, await inviteToGroup(alice), 'Bob');
  await approve(alice, 'Bob');
  await untilIn(bob, 'Garden');
  await closeDialog(alice);

  const before: string[] = [];
  for (let i = 0; i < 5; i++) {
    await write(alice, `bed ${String(i)} is dug`);
    await see(bob, 'Alice', `bed ${String(i)} is dug`);
    await write(bob, `bed ${String(i)} is sown`);
    await see(alice, 'Bob', `bed ${String(i)} is sown`);
    before.push(`bed ${String(i)} is dug`, `bed ${String(i)} is sown`);
  }

  await test.step('Carol comes by a link that shares everything', async () => {
    await followLink(carol, await shareHistory(alice), 'Carol');
    await approve(alice, 'Carol');
    await untilIn(carol, 'Garden');
    await closeDialog(alice);
    await expect.poll(() => textsOf(carol), { timeout: reachMs }).toEqual(before);
    const line = 'Alice added Carol, who can read everything from before';
    await expect(bob.getByRole('log')).toContainText(line, { timeout: reachMs });
  });

  await test.step('Dave comes by one that shares nothing', async () => {
    await followLink(dave, await inviteToGroup(alice), 'Dave');
    await approve(alice, 'Dave');
    await untilIn(dave, 'Garden');
    await closeDialog(alice);
    await write(alice, 'welcome, both');
    for (const page of [carol, dave]) await see(page, 'Alice', 'welcome, both');
    await write(dave, 'hello');
    await see(carol, 'Dave', 'hello');
    expect(await textsOf(dave)).toEqual(['welcome, both', 'hello']);
    await expect(dave.getByText('not arrived yet')).toHaveCount(0);
    const line = 'Alice added you, and you can read nothing from before';
    await expect(dave.getByRole('log')).toContainText(line);
    expect(await textsOf(carol)).toEqual([...before, 'welcome, both', 'hello']);
  });
});
