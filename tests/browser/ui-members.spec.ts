/** What can be done to the people of a group, against a fake core. */
import type { Page } from '@playwright/test';
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';

const openDetails = async (page: Page) => {
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  return page.getByRole('complementary', { name: 'Details' });
};

const lastCommand = (page: Page, type: string) =>
  page.evaluate((wanted) => window.fake.log.findLast((command) => command.type === wanted), type);

test('[UI15] a level is changed from the menu, by keyboard, and stands in the timeline', async ({
  page,
  openScene,
}) => {
  await openScene();
  const details = await openDetails(page);
  await details.getByRole('button', { name: 'Actions for Mira' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Message', exact: true })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Make an owner' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Make an admin' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('You made Mira an admin')).toBeVisible();
  expect(await lastCommand(page, 'SetLevel')).toMatchObject({ level: 'admin' });
});

test('[UI15] removing asks first and says what it does and does not do', async ({
  page,
  openScene,
}) => {
  await openScene();
  const details = await openDetails(page);
  await details.getByRole('button', { name: 'Actions for Ola' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove Ola?' });
  await expect(dialog).toContainText('keeps what has already arrived there');
  await expect(dialog).toContainText('Links with which anyone can join are taken back');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await lastCommand(page, 'Remove')).toBeUndefined();
  await details.getByRole('button', { name: 'Actions for Ola' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText('You removed Ola · what comes next has new keys')).toBeVisible();
  await expect(details.getByText('Ola')).toHaveCount(0);
});

test('[UI15] a problem with an act is said where it was asked', async ({ page, openScene }) => {
  await openScene();
  const details = await openDetails(page);
  await withFake(page, (fake) => fake.refusals.set('Remove', 'not-allowed'), undefined);
  await details.getByRole('button', { name: 'Actions for Ola' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove Ola?' });
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('You may not do that');
});

test('[UI15] who cannot be removed can be left out of a new group', async ({ page, openScene }) => {
  await openScene();
  await withFake(
    page,
    (fake) => {
      const garden = fake.conversations.find(({ id }) => id === 'garden');
      if (garden === undefined) throw new Error('no garden');
      garden.members = garden.members.map((member) => ({
        ...member,
        permits: { levels: [], mayRemove: false, mayRegroup: member.person.name === 'June' },
      }));
      void fake.execute({ type: 'OpenTimeline', conversationId: 'garden' });
    },
    undefined,
  );
  const details = await openDetails(page);
  await details.getByRole('button', { name: 'Actions for June' }).click();
  await page.getByRole('menuitem', { name: 'New group without June' }).click();
  const dialog = page.getByRole('dialog', { name: 'New group without June' });
  await expect(dialog).toContainText('What was written so far is read there as well');
  await dialog.getByRole('button', { name: 'Make the new group' }).click();
  await expect(page.getByText('You created the group')).toBeVisible();
});

test('[UI16, UI17] the only owner names who takes over, leaves, and can read on', async ({
  page,
  openScene,
}) => {
  await openScene();
  const details = await openDetails(page);
  await details.getByRole('button', { name: 'Leave' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave Garden collective?' });
  await dialog.getByRole('combobox', { name: 'Who takes over' }).selectOption({ label: 'Ola' });
  await dialog.getByRole('button', { name: 'Leave' }).click();
  expect(await lastCommand(page, 'Leave')).toMatchObject({ successorId: 'p-Ola' });
  await expect(page.getByText('You left. What is here stays on this device.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveCount(0);
  await expect(page.getByRole('log')).toBeVisible();
});

test('[UI16] who was removed is told by whom', async ({ page, openScene }) => {
  await openScene();
  await withFake(
    page,
    (fake) => {
      const garden = fake.conversations.find(({ id }) => id === 'garden');
      const mira = garden?.members.find(({ person }) => person.name === 'Mira')?.person;
      if (garden !== undefined) garden.closed = { kind: 'removed', by: mira };
      fake.changed();
    },
    undefined,
  );
  await expect(page.getByText('You were removed by Mira.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveCount(0);
});

test('[UI18] an invite’s options are folded away, and each choice makes its link', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Invite people' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite' });
  const level = dialog.getByRole('combobox', { name: 'They join as' });
  await expect(level).toBeHidden();
  await dialog.getByText('Options').click();
  await level.selectOption({ label: 'Admin' });
  await expect(dialog.getByRole('textbox', { name: 'Invite link' })).toHaveValue(/#\/i\//u);
  expect(await lastCommand(page, 'PrepareInvite')).toMatchObject({
    isOpen: false,
    options: { level: 'admin', usesMax: 256 },
  });
  await dialog
    .getByRole('combobox', { name: 'Who can use it' })
    .selectOption({ label: 'One person' });
  await dialog
    .getByRole('combobox', { name: 'How long it works' })
    .selectOption({ label: '24 hours' });
  expect(await lastCommand(page, 'PrepareInvite')).toMatchObject({
    options: { level: 'admin', usesMax: 1, lifeMs: 86_400_000 },
  });
  await dialog.getByRole('switch', { name: 'Anyone with the link can join' }).check();
  await expect(level.getByRole('option', { name: 'Admin' })).toHaveCount(0);
});
