/** Themes, density, text size and accent: at once, kept, and there before anything is painted. */
import { expect, test } from '../support/ui-harness/fixture.ts';

test('[LK1] every choice about the look is shown at once and stays', async ({
  page,
  openScene,
}) => {
  await openScene('#/settings');
  const html = page.locator('html');
  const settings = page.getByRole('region', { name: 'Appearance' });
  await settings.getByRole('radio', { name: 'Contrast' }).check();
  await settings.getByRole('radio', { name: 'Violet' }).check();
  await settings.getByRole('radio', { name: 'Compact' }).check();
  await settings.getByRole('combobox', { name: 'Text size' }).selectOption({ label: '150%' });
  await expect(html).toHaveAttribute('data-theme', 'contrast');
  await expect(html).toHaveCSS('font-size', '22.5px');
  await page.reload();
  await expect(settings.getByRole('radio', { name: 'Contrast' })).toBeChecked();
  await expect(settings.getByRole('radio', { name: 'Violet' })).toBeChecked();
  await expect(settings.getByRole('radio', { name: 'Compact' })).toBeChecked();
  await expect(html).toHaveAttribute('data-density', 'compact');
  await expect(html).toHaveAttribute('data-accent', 'violet');
  await expect(html).toHaveCSS('font-size', '22.5px');
});

test('[LK1] what is kept and is no choice is the usual', async ({ page, openScene }) => {
  await openScene('#/settings');
  await page.evaluate(() => {
    localStorage.setItem('sotto.theme', 'url(x)');
    localStorage.setItem('sotto.text', '9000');
  });
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'system');
  await expect(page.locator('html')).toHaveCSS('font-size', '15px');
});

test('[LK2] packed densely, own messages stand with the others and rows are lower', async ({
  page,
  openScene,
}) => {
  await openScene();
  const mine = page.getByRole('article', { name: /and the long pegs/u });
  const other = page.getByRole('article', { name: /First frost/u });
  const row = page.getByRole('link', { name: /^Garden/u });
  const usual = { mine: await mine.boundingBox(), row: await row.boundingBox() };
  await page.evaluate(() => {
    window.app.appearance.choose({ density: 'compact' });
  });
  expect((await mine.boundingBox())?.x).toBeLessThan(usual.mine?.x ?? 0);
  expect((await mine.boundingBox())?.x).toBeCloseTo((await other.boundingBox())?.x ?? 0);
  expect((await row.boundingBox())?.height).toBeLessThan(usual.row?.height ?? 0);
});

test('[LK3] who wants less motion gets none', async ({ page, openScene }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openScene();
  const moving = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .map((element) => getComputedStyle(element))
      .filter(
        ({ transitionDuration, animationName, scrollBehavior }) =>
          transitionDuration !== '0s' || animationName !== 'none' || scrollBehavior === 'smooth',
      ),
  );
  expect(moving).toEqual([]);
});
