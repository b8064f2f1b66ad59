/** Accessibility and narrow screens (UX.md §B1, §B11), against a fake core. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/ui-harness/fixture.ts';

/** Every kind of screen, and how to get there from the open conversation. */
const screens: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  conversation: () => Promise.resolve(),
  details: (page) => page.getByRole('button', { name: 'Details', exact: true }).click(),
  invite: async (page) => {
    await page.getByRole('button', { name: 'Invite people' }).click();
    await expect(page.getByRole('img', { name: 'Invite QR code' })).toBeVisible();
  },
  connection: (page) => page.getByRole('button', { name: 'Connection details' }).click(),
  shortcuts: (page) => page.keyboard.press('Control+/'),
  menu: async (page) => {
    await page.getByRole('button', { name: 'New conversation' }).click();
    await expect(page.getByRole('menu')).toBeVisible();
  },
  settings: async (page) => {
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByRole('region', { name: 'About' })).toBeVisible();
  },
};

const violationsOf = async (page: Page): Promise<ReadonlyArray<string>> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html} ${node.failureSummary ?? ''}`),
  );
};

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[UI30] axe finds nothing on any screen (${colorScheme})`, async ({ page, openScene }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [name, go] of Object.entries(screens)) {
      await openScene();
      await page.reload();
      await expect(page.getByRole('log')).toBeVisible();
      await go(page);
      expect(await violationsOf(page), name).toEqual([]);
    }
  });

  test(`[UI30] axe finds nothing on the first screens (${colorScheme})`, async ({
    page,
    openFirstRun,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openFirstRun();
    await expect(page.getByRole('textbox', { name: 'Your name' })).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have an invite' }).click();
    await page.getByRole('textbox', { name: 'Paste an invite link' }).fill('#/i/good');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).fill('Nora');
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Join', exact: true }).click();
    await expect(page.getByRole('status', { name: 'Waiting for approval' })).toBeVisible();
    expect(await violationsOf(page)).toEqual([]);
  });
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

  const overflowOf = (page: Page): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

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
    await page.getByRole('link', { name: 'You', exact: true }).click();
    await expect(page.getByRole('region', { name: 'Profile' })).toBeVisible();
    await page.getByRole('link', { name: 'Conversations' }).click();
    await expect(list).toBeVisible();
  });
});
