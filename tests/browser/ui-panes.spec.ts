/** How the window is divided: the list's width, and panes that come and go with the window (UX.md §B1). */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/ui-harness/fixture.ts';

const handle = (page: Page): Locator => page.getByRole('separator', { name: 'Width of the list' });
const list = (page: Page): Locator => page.locator('#list');

const widthOf = async (page: Page): Promise<number> => {
  const box = await list(page).boundingBox();
  expect(String(Math.round(box?.width ?? 0))).toBe(
    await handle(page).getAttribute('aria-valuenow'),
  );
  return box?.width ?? 0;
};

test('[UI38] the list gets wider and narrower by arrows, within limits, and stays so', async ({
  page,
  openScene,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openScene();
  await handle(page).focus();
  const usual = await widthOf(page);
  await page.keyboard.press('ArrowRight');
  expect(await widthOf(page)).toBe(usual + 16);
  await page.keyboard.press('End');
  expect(await widthOf(page)).toBe(461); // 36 % of the window
  await page.keyboard.press('ArrowRight');
  expect(await widthOf(page)).toBe(461);
  await page.keyboard.press('Home');
  expect(await widthOf(page)).toBe(280);
  await page.keyboard.press('ArrowLeft');
  expect(await widthOf(page)).toBe(280);
  await page.keyboard.press('End');
  await page.reload();
  await expect(handle(page)).toBeVisible();
  expect(await widthOf(page)).toBe(461);
  await handle(page).press('Enter');
  expect(await widthOf(page)).toBe(usual);
});

test('[UI38] a pointer draws it, two clicks undo that', async ({ page, openScene }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openScene();
  await expect(handle(page)).toBeVisible();
  const usual = await widthOf(page);
  await page.mouse.move(usual, 400);
  await page.mouse.down();
  await page.mouse.move(420, 400, { steps: 4 });
  await page.mouse.up();
  await expect.poll(() => widthOf(page)).toBe(420);
  await page.mouse.move(600, 400);
  expect(await widthOf(page)).toBe(420);
  await handle(page).dblclick();
  expect(await widthOf(page)).toBe(usual);
});

test('[UI38] what was drawn wide leaves room for the conversation in a smaller window', async ({
  page,
  openScene,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openScene();
  await handle(page).press('End');
  await page.setViewportSize({ width: 800, height: 800 });
  await expect.poll(() => widthOf(page)).toBe(288);
  await page.setViewportSize({ width: 390, height: 800 });
  await expect(handle(page)).toHaveCount(0);
});

test.describe('from the right', () => {
  test.use({ locale: 'ar', viewport: { width: 1280, height: 800 } });

  test('[UI38] keys go the other way', async ({ page, openScene }) => {
    await openScene();
    const separator = page.getByRole('separator');
    await separator.focus();
    const width = async (): Promise<number> => (await list(page).boundingBox())?.width ?? 0;
    const usual = await width();
    await page.keyboard.press('ArrowLeft');
    expect(await width()).toBe(usual + 16);
  });
});

test('[UI39] details opened on a phone stand beside the conversation when the window grows', async ({
  page,
  openScene,
}) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await openScene('#/c/garden/details');
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details).toBeVisible();
  await expect(page.getByRole('log')).toHaveCount(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(details).toBeVisible();
  await expect(page.getByRole('log')).toBeVisible();
  await page.getByRole('textbox', { name: 'Message' }).press('Escape');
  await expect(details).toHaveCount(0);
});

test('[UI39] between tablet and desktop the details lie over the conversation', async ({
  page,
  openScene,
}) => {
  const conversationWidth = async (): Promise<number> =>
    (await page.getByRole('log').boundingBox())?.width ?? 0;
  for (const { width, isOver } of [
    { width: 900, isOver: true },
    { width: 1300, isOver: false },
  ]) {
    await page.setViewportSize({ width, height: 800 });
    await openScene();
    await expect(handle(page)).toBeVisible();
    const before = await conversationWidth();
    await page.keyboard.press('Control+.');
    await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
    expect((await conversationWidth()) === before).toBe(isOver);
    await page.keyboard.press('Control+.');
  }
});
