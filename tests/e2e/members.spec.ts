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
  reachMs,
  see,
  untilIn,
  write,
} from '../support/people.ts';

const details = (page: Page): Locator => page.getByRole('complementary', { name: 'Details' });

const openDetails = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  await expect(details(page)).toBeVisible();
};

const choose = async (page: Page, name: string, item: string): Promise<void> => {
  await details(page)
    .getByRole('button', { name: `Actions for ${name}` })
    .click();
  await page.getByRole('menuitem', { name: item }).click();
};

test('three people: one is made an admin, one is removed and reads nothing more, one leaves', async ({
  app,
  newProfile,
}) => {
  const alice = (await newProfile()).page();
  const bob = (await newProfile()).page();
  const carol = (await newProfile()).page();
  await begin(alice, app.url, 'Alice');
  await createGroup(alice, 'Garden');
  const link = await inviteToGroup(alice);
  for (const [page, name] of [
    [bob, 'Bob'],
    [carol, 'Carol'],
  ] as const) {
    await followLink(page, link, name);
    await approve(alice, name);
    await untilIn(page, 'Garden');
  }
  await closeDialog(alice);
  await write(alice, 'the beans are up');
  await see(bob, 'Alice', 'the beans are up');
  await see(carol, 'Alice', 'the beans are up');

  await test.step('Alice makes Bob an admin; everybody sees it', async () => {
    await openDetails(alice);
    await choose(alice, 'Bob', 'Make an admin');
    await expect(carol.getByRole('log')).toContainText('Alice made Bob an admin', {
      timeout: reachMs,
    });
    await expect(bob.getByRole('log')).toContainText('Alice made you an admin', {
      timeout: reachMs,
    });
  });

  await test.step('Bob removes Carol, who is told and can no longer write', async () => {
    await openDetails(bob);
    await choose(bob, 'Carol', 'Remove');
    const dialog = bob.getByRole('dialog', { name: 'Remove Carol?' });
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(alice.getByRole('log')).toContainText('Bob removed Carol', { timeout: reachMs });
    await expect(carol.getByText('You were removed by Bob.')).toBeVisible({ timeout: reachMs });
    await expect(composer(carol)).toHaveCount(0);
  });

  await test.step('what follows reaches Alice and not Carol', async () => {
    await write(bob, 'just the two of us');
    await see(alice, 'Bob', 'just the two of us');
    await write(alice, 'so it is');
    await see(bob, 'Alice', 'so it is');
    await expect(carol.getByRole('log')).toContainText('the beans are up');
    await expect(carol.getByRole('log')).not.toContainText('just the two of us');
    await carol.reload();
    await expect(carol.getByText('You were removed by Bob.')).toBeVisible();
    await expect(carol.getByRole('log')).not.toContainText('so it is');
  });

  await test.step('Bob leaves and reads on what is there', async () => {
    await details(bob).getByRole('button', { name: 'Leave' }).click();
    const dialog = bob.getByRole('dialog', { name: 'Leave Garden?' });
    await dialog.getByRole('button', { name: 'Leave' }).click();
    await expect(bob.getByText('You left. What is here stays on this device.')).toBeVisible();
    await expect(alice.getByRole('log')).toContainText('Bob left', { timeout: reachMs });
    await expect(bob.getByRole('log')).toContainText('so it is');
  });
});
