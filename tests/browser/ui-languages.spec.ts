/** Another language, chosen or by the browser; and what reads from the right. */
import type { Page } from '@playwright/test';
import arabic from '../../src/app/text/ar/index.ts';
import german from '../../src/app/text/de/index.ts';
import { expect, test } from '../support/ui-harness/fixture.ts';
import { sampleOf, screens } from '../support/ui-harness/screens.ts';

test('[LG1] a language is chosen in the settings, at once and for the next time', async ({
  page,
  openScene,
}) => {
  await openScene('#/settings');
  const html = page.locator('html');
  await expect(html).toHaveAttribute('lang', 'en');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('ar');
  const choice = page.getByRole('combobox', { name: arabic.words.settings.language });
  await expect(choice).toBeFocused();
  await expect(html).toHaveAttribute('dir', 'rtl');
  await expect(html).toHaveAttribute('lang', 'ar');
  await page.reload();
  await expect(choice).toHaveValue('ar');
  await choice.selectOption({ label: 'Deutsch' });
  await expect(html).toHaveAttribute('dir', 'ltr');
  await expect(page.getByRole('heading', { name: german.words.settings.title })).toBeVisible();
});

test.describe('where the browser says so', () => {
  test.use({ locale: 'de-AT' });

  test('[LG1] the browser’s language is spoken from the first screen', async ({
    page,
    openFirstRun,
  }) => {
    await openFirstRun();
    await expect(page.getByRole('button', { name: german.words.firstRun.start })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  });
});

/** Elements that reach over the side of the window although nothing around them scrolls or clips. */
const overhanging = (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(() => {
    const isClipped = (element: Element): boolean => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const { overflowX, clipPath, position } = getComputedStyle(at);
        if (overflowX !== 'visible' && at !== document.body) return true;
        if (clipPath !== 'none') return true;
        if (position === 'fixed') return false;
      }
      return false;
    };
    return [...document.body.querySelectorAll('*')]
      .filter((element) => element.checkVisibility())
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (left < -1 || right > innerWidth + 1) && !isClipped(element);
      })
      .map((element) => element.outerHTML.slice(0, 120));
  });

test.describe('in Arabic, on a phone', () => {
  test.use({ locale: 'ar', viewport: { width: 320, height: 640 }, hasTouch: true });

  test('[UI31] nothing reaches over the side, read from the right', async ({
    page,
    openScreen,
  }) => {
    test.setTimeout(600_000);
    for (const screen of sampleOf(screens, 4)) {
      await openScreen(screen);
      expect.soft(await overhanging(page), screen.name).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect.soft(overflow, screen.name).toBeLessThanOrEqual(0);
    }
  });
});

test.describe('in Arabic', () => {
  test.use({ locale: 'ar' });

  test('[LG6] names stand at the start, arrows and menus follow', async ({ page, openScreen }) => {
    await openScreen({ name: 'conversation', shows: 'article' });
    const gapAtStart = await page.getByRole('heading', { level: 2 }).evaluate((heading) => {
      const name = document.createRange();
      name.selectNodeContents(heading);
      return heading.getBoundingClientRect().right - name.getBoundingClientRect().right;
    });
    expect(gapAtStart).toBeLessThan(2);
    await expect(page.locator('.lucide-send-horizontal')).toHaveCSS('scale', '-1 1');
    await page.locator('article').last().focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menu')).toHaveCSS('direction', 'rtl');
  });
});
