/** Zoom and small windows: everything is there, nothing is cut, nothing scrolls sideways (WCAG 1.4.4, 1.4.10). */
import { expect, test } from '../support/ui-harness/fixture.ts';
import { clippedIn, overflowOf, unreachableIn } from '../support/ui-harness/fit.ts';
import { screens, sampleOf } from '../support/ui-harness/screens.ts';

/** What a browser makes of a window when it zooms: fewer CSS pixels, each made of more. */
const windows = [
  { name: '1280 × 800 at 200 %', viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
  { name: '1280 × 1024 at 400 %', viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
];

for (const { name, ...metrics } of windows) {
  test.describe(name, () => {
    test.use(metrics);

    test(`[UI31] everything is there at ${name}`, async ({ page, openScreen }) => {
      test.setTimeout(600_000);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      for (const screen of sampleOf(screens, 6)) {
        await openScreen(screen);
        expect.soft(await overflowOf(page), screen.name).toBeLessThanOrEqual(0);
        expect.soft(await clippedIn(page), screen.name).toEqual([]);
        expect.soft(await unreachableIn(page), screen.name).toEqual([]);
      }
    });
  });
}

test.describe('at 320 px with the largest text', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

  test('[UI31] the picker of emoji has columns as wide as emoji', async ({ page, openScreen }) => {
    const screen = screens.find(({ name }) => name === 'emoji');
    expect(screen).toBeDefined();
    if (screen === undefined) return;
    await openScreen(screen, { text: '150' });
    expect(await clippedIn(page)).toEqual([]);
    expect(await unreachableIn(page)).toEqual([]);
    const cells = page.getByRole('row').first().getByRole('gridcell');
    const count = await cells.count();
    expect(count).toBeLessThan(8);
    await cells.first().focus();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('row').nth(1).getByRole('gridcell').first()).toBeFocused();
  });
});
