/** Accessibility and narrow screens (UX.md §B1, §B11), against a fake core. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { accents, themes } from '../../src/app/look.ts';
import { expect, test } from '../support/ui-harness/fixture.ts';
import { clippedIn, overflowOf } from '../support/ui-harness/fit.ts';
import { sampleOf, screens } from '../support/ui-harness/screens.ts';

/** What a theme or an accent can change: colours, and nothing else. */
const rulesOfColour = ['color-contrast', 'link-in-text-block'];

const violationsOf = async (
  page: Page,
  rules?: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> => {
  // Nothing here stands in a frame of another origin: no page of its own has to put results together.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (rules !== undefined) axe.withRules([...rules]);
  const { violations } = await axe.analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
};

const isFull = process.env['SOTTO_FULL'] === '1';

test.describe.configure({ mode: 'parallel' });

const findNothing = async (
  page: Page,
  name: string,
  theme: 'light' | 'dark' | 'contrast',
): Promise<void> => {
  await page.evaluate((chosen) => {
    window.app.appearance.choose({ theme: chosen });
  }, theme);
  expect.soft(await violationsOf(page), `${name}, ${theme}`).toEqual([]);
};

const looks = [
  { look: 'light', locale: 'en-US', step: 7 },
  { look: 'dark', locale: 'en-US', step: 10 },
  { look: 'contrast', locale: 'en-US', step: 10 },
  { look: 'contrast', locale: 'en-US', step: 14, colorScheme: 'dark' },
  { look: 'light', locale: 'en-US', step: 14, forcedColors: 'active' },
  { look: 'light', locale: 'ar', step: 10 },
] as const;

for (const { look, step, ...context } of looks) {
  test.describe(`${look} ${Object.values(context).join(', ')}`, () => {
    test.use(context);

    for (const part of [0, 1]) {
      test(`[UI30] axe finds nothing on any screen, part ${part + 1}`, async ({
        page,
        openScreen,
      }) => {
        test.setTimeout(900_000);
        await page.emulateMedia({ reducedMotion: 'reduce' });
        for (const [at, screen] of sampleOf(screens, step).entries()) {
          if (at % 2 !== part) continue;
          await openScreen(screen);
          await findNothing(page, screen.name, look);
        }
      });
    }
  });
}

test('[UI30] every accent keeps its contrast, light and dark', async ({ page, openScreen }) => {
  test.slow();
  await openScreen({ name: 'conversation', shows: 'article' });
  await page.evaluate(() => {
    window.app.panel = 'new-group'; // its button has the accent for a ground
  });
  await page.getByRole('dialog').waitFor();
  for (const theme of isFull ? themes : (['light', 'dark'] as const)) {
    for (const accent of accents) {
      await page.evaluate(
        (look) => {
          window.app.appearance.choose(look);
        },
        { theme, accent },
      );
      const rules = accent === accents[0] ? undefined : rulesOfColour;
      expect.soft(await violationsOf(page, rules), `${theme} ${accent}`).toEqual([]);
    }
  }
});

test.describe('with colours forced by the system', () => {
  test.use({ forcedColors: 'active' } as const);

  test('[UI34] what is chosen, open or on is still told apart', async ({ page, openScene }) => {
    await openScene('#/settings');
    const chosen = page.getByRole('radio', { name: 'System' }).first();
    await expect(page.locator('label', { has: chosen })).not.toHaveCSS('outline-style', 'none');
    await page.getByRole('link', { name: /^Garden/u }).click();
    const row = page.locator('nav [aria-current=page]');
    await expect(row).not.toHaveCSS('outline-style', 'none');
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

  test('[UI31] nothing scrolls sideways at 320 px', async ({ page, openScene }) => {
    for (const fragment of ['#/', '#/c/garden', '#/c/garden/details', '#/settings', '#/j/none']) {
      await openScene(fragment);
      await page.reload();
      await expect(page.getByRole('status', { name: 'Connection' })).toBeAttached();
      await expect(page.locator('[data-region]').first()).toBeVisible();
      expect(await overflowOf(page), fragment).toBeLessThanOrEqual(0);
    }
    await openScene('#/c/garden');
    await page.getByRole('button', { name: 'Invite people' }).click();
    await expect(page.getByRole('img', { name: 'Invite QR code' })).toBeVisible();
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
  });

  test('[UI31] nothing scrolls sideways at 320 px with the largest text', async ({
    page,
    openScreen,
  }) => {
    test.setTimeout(600_000);
    for (const screen of sampleOf(screens, 4)) {
      await openScreen(screen, { text: '150' });
      expect.soft(await overflowOf(page), screen.name).toBeLessThanOrEqual(0);
      expect.soft(await clippedIn(page), screen.name).toEqual([]);
    }
  });

  test('[UI32] one pane at a time, each with an entry in the history', async ({
    page,
    openScene,
  }) => {
    await openScene('#/');
    const list = page.getByRole('navigation', { name: 'Conversations' });
    await list.getByRole('link', { name: /^Garden/u }).click();
    await expect(page.getByRole('log')).toBeVisible();
    await expect(list).toHaveCount(0);
    await page.getByRole('button', { name: 'Details', exact: true }).click();
    await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
    await expect(page.getByRole('log')).toHaveCount(0);
    await page.goBack();
    await expect(page.getByRole('log')).toBeVisible();
    await page.getByRole('button', { name: 'Back' }).click();
    await expect(list).toBeVisible();
    await list.getByRole('link', { name: /^Garden/u }).click();
    await page.evaluate(() => window.app.conversation?.openThread('garden-9'));
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await expect(thread).toBeVisible();
    await page.goBack();
    await expect(thread).toHaveCount(0);
    await expect(page.getByRole('log')).toBeVisible();
    await page.goBack();
    await page.getByRole('link', { name: 'You', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Profile' })).toBeVisible();
    await page.getByRole('link', { name: 'Conversations' }).click();
    await expect(list).toBeVisible();
  });
});
