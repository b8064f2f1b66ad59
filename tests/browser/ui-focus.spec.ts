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
