import type { Locator, Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  befriend,
  closeDialog,
  expect,
  reachMs,
  see,
  untilDelivered,
  write,
} from '../support/people.ts';

const article = (page: Page, text: string): Locator =>
  page.getByRole('article', { name: new RegExp(text, 'u') });

const openDetails = async (page: Page, text: string): Promise<Locator> => {
  await article(page, text).hover();
  await article(page, text).getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Message details' }).click();
  return page.getByRole('dialog', { name: 'Message details' });
};

// With a mailbox nothing is only here for long.
test.use({ settings: { SOTTO_MAILBOX_MB: '0' } });

test('[WI1, WI2] who has a message, and whether the device may be closed, with a real person', async ({
  app,
  newProfile,
}) => {
  const alice = (await newProfile()).page();
  const bobs = await newProfile();
  const bob = bobs.page();
  await befriend(app.url, [
    { name: 'Alice', page: alice },
    { name: 'Bob', page: bob },
  ]);
  await alice.getByRole('button', { name: 'Details', exact: true }).click();
  const pane = alice.getByRole('complementary', { name: 'Details' });
  await expect(pane).toContainText('You have not written here yet');

  await test.step('delivered: the other person, then their device', async () => {
    await write(alice, 'who has this');
    await see(bob, 'Alice', 'who has this');
    await untilDelivered(alice, 'who has this');
    const dialog = await openDetails(alice, 'who has this');
    await expect(dialog).toContainText('Delivered to 1 of 1 device');
    await expect(dialog.getByRole('list', { name: 'Who has it' })).toContainText(
      /Bob has it\s*Device 1 has it/u,
    );
    await closeDialog(alice);
    await expect(pane).toContainText('Safe to close');
    await expect(pane).toContainText('1 device holds everything');
  });

  await test.step('nobody there: only on this device, until they come back', async () => {
    await bob.goto('about:blank');
    await expect(pane.getByText('here now')).toHaveCount(0, { timeout: reachMs });
    await write(alice, 'for later');
    await expect(pane).toContainText('1 message of yours is only on this device');
    const dialog = await openDetails(alice, 'for later');
    await expect(dialog).toContainText('Waiting for Bob');
    await bob.goto(app.url);
    await expect(dialog).toContainText('Delivered to 1 of 1 device', { timeout: reachMs });
    await closeDialog(alice);
    await expect(pane).toContainText('Safe to close');
  });
});
