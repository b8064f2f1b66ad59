/** What a person settles about others and about themselves, against a fake core. */
import type { Page } from '@playwright/test';
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';

const row = (page: Page, name: string) =>
  page
    .getByRole('navigation', { name: 'Conversations' })
    .getByRole('link', { name: new RegExp(`^${name}`) });

test('[UI5] a muted conversation has a mark, drawn and in its name', async ({
  page,
  openScene,
}) => {
  await openScene();
  await expect(row(page, 'Tomás Ferrer')).toHaveAccessibleName(/^(?!.*muted)/);
  await page.getByRole('button', { name: 'Actions for Tomás Ferrer' }).click();
  await page.getByRole('menuitem', { name: 'Mute' }).click();
  await expect(row(page, 'Tomás Ferrer')).toHaveAccessibleName(/muted/);
  await expect(row(page, 'Tomás Ferrer').getByTitle('muted').locator('svg')).toBeVisible();
});

test('[UI15] people are added to a group from a list that can be narrowed', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByRole('button', { name: 'Add people' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add people' });
  const add = dialog.getByRole('button', { name: 'Add', exact: true });
  await expect(add).toBeDisabled();
  await dialog.getByRole('searchbox', { name: 'Search people' }).fill('tomas');
  await expect(dialog.getByRole('checkbox')).toHaveCount(1);
  await dialog.getByRole('checkbox', { name: 'Tomás Ferrer' }).check();
  await withFake(page, (fake) => fake.refusals.set('AddContact', 'not-allowed'), undefined);
  await add.click();
  await expect(dialog.getByRole('alert')).toContainText('You may not do that');
  await add.click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('You added Tomás Ferrer, who can read nothing')).toBeVisible();
  await expect(details.getByRole('button', { name: 'Actions for Tomás Ferrer' })).toBeVisible();
});

test('[UI90] what is unread stands on the icon of the tab and of the installed app', async ({
  page,
  openScene,
}) => {
  await page.addInitScript(() => {
    const badges: number[] = [];
    Object.assign(window, { badges });
    Object.assign(navigator, {
      setAppBadge: (count: number) => Promise.resolve(void badges.push(count)),
      clearAppBadge: () => Promise.resolve(void badges.push(0)),
    });
  });
  const lastBadge = () => page.evaluate('window.badges.at(-1)');
  await openScene();
  const icon = page.locator('link[rel=icon]');
  const setUnread = (count: number) =>
    withFake(
      page,
      (fake, unreadCount) => {
        for (const conversation of fake.conversations) conversation.unreadCount = 0;
        fake.find('tomas').unreadCount = unreadCount;
        fake.changed();
      },
      count,
    );
  await setUnread(3);
  await expect(icon).toHaveAttribute('href', './icons/icon-unread.svg');
  expect(await lastBadge()).toBe(3);
  await expect(page).toHaveTitle('(3) Sotto');
  await setUnread(0);
  await expect(icon).toHaveAttribute('href', './icons/icon.svg');
  expect(await lastBadge()).toBe(0);
});

test('[UI42] messages that came late are named above the timeline, and a press shows each', async ({
  page,
  openScene,
}) => {
  await openScene('#/c/archive');
  const log = page.getByRole('log');
  await expect(log.getByRole('article').last()).toBeVisible();
  await withFake(
    page,
    (fake) => {
      const archive = fake.find('archive');
      const foreign = archive.items.filter((item) => item.type === 'message' && !item.author.isMe);
      archive.lateKeys = foreign.slice(100, 102).map(({ key }) => key);
      archive.unreadCount = 2;
      fake.changed();
    },
    undefined,
  );
  await page.getByRole('button', { name: '2 older messages arrived' }).click();
  await expect(log.getByText('Line 154', { exact: true })).toBeInViewport();
  await page.getByRole('button', { name: '1 older message arrived' }).click();
  await expect(log.getByText(/^Line 155 /)).toBeInViewport();
  await expect(page.getByRole('button', { name: /older message/ })).toHaveCount(0);
});
