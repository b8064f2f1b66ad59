/** Where the keyboard is: regions by F6, and home again after everything that opened. */
import { expect, test } from '../support/ui-harness/fixture.ts';

test('[UI35] F6 walks the regions in a circle, Shift+F6 the other way', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  const regionNow = () =>
    page.evaluate(() => {
      const regions = [...document.querySelectorAll('[data-region]')];
      return regions.findIndex((region) => region.contains(document.activeElement));
    });
  const count = await page.locator('[data-region]').count();
  expect(count).toBeGreaterThanOrEqual(4);
  await page.keyboard.press('F6');
  const first = await regionNow();
  const seen = [first];
  for (let step = 1; step < count; step += 1) {
    await page.keyboard.press('F6');
    seen.push(await regionNow());
  }
  expect(new Set(seen).size).toBe(count);
  await page.keyboard.press('F6');
  expect(await regionNow()).toBe(first);
  await page.keyboard.press('Shift+F6');
  expect(await regionNow()).toBe(seen.at(-1));
});

const openers = ['Connection details', 'Invite people'];

for (const name of openers) {
  test(`[UI35] "${name}" has the focus again after its dialog`, async ({ page, openScene }) => {
    await openScene();
    const opener = page.getByRole('button', { name });
    await opener.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(opener).toBeFocused();
  });
}

test('[UI35] the shortcut sheet gives the focus back to the message it was opened from', async ({
  page,
  openScene,
}) => {
  await openScene();
  const message = page.getByRole('article').last();
  await message.focus();
  await page.keyboard.press('Control+/');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(message).toBeFocused();
});

test('[UI39] the message in its place has the focus when the one that had it goes away', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('article', { name: /and the long pegs/u }).focus();
  await page.evaluate(() => {
    const garden = window.fake.find('garden');
    const item = garden.items.find(({ key }) => key === 'garden-5');
    if (item === undefined) throw new Error('it is there');
    window.fake.replace(garden, item.key, undefined);
  });
  await expect(page.getByRole('article', { name: /and the long pegs/u })).toHaveCount(0);
  await expect(page.getByRole('article', { name: /Frost cloth/u })).toBeFocused();
});

test('[UI39] panes that change hand the focus on', async ({ page, openScene }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await openScene();
  const isLost = () => page.evaluate(() => document.activeElement === document.body);
  await page.getByRole('button', { name: 'Details', exact: true }).press('Enter');
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  await expect.poll(isLost).toBe(false);
  await page.goBack();
  await page.getByRole('button', { name: 'Back' }).press('Enter');
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
  await expect.poll(isLost).toBe(false);
  await page.getByRole('button', { name: 'Settings' }).press('Enter');
  await expect(page.getByRole('region', { name: 'Profile' })).toBeVisible();
  await expect.poll(isLost).toBe(false);
});

test('[UI39] what is being written keeps the focus as the window grows and shrinks', async ({
  page,
  openScene,
}) => {
  await openScene();
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill('half a th');
  for (const width of [390, 900, 1400, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('half a th');
  }
});

test('[UI35] a pane whose code comes late leaves the focus where it was put meanwhile', async ({
  page,
  harness,
}) => {
  let letCome = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    letCome = resolve;
  });
  await page.route('**/Conversation-*.js', async (route) => {
    await late;
    await route.continue();
  });
  await page.goto(`${harness.url}#/c/garden`);
  const search = page.getByRole('searchbox').first();
  await search.focus();
  await expect(page.getByRole('log')).toHaveCount(0);
  letCome();
  await expect(page.getByRole('log')).toBeVisible();
  await expect(search).toBeFocused();
});
