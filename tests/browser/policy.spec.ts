/**
 * The built app under the policy it is served with, as `npm start` serves it. Every other browser
 * test fails on a refusal too (tests/support/profile.ts); this one shows that it would notice.
 */
import { test } from '../support/app.ts';
import { begin, expect, nameField } from '../support/people.ts';

declare global {
  interface Window {
    refusals: string[];
  }
}

test('[HT2] the app starts, opens every screen and dialog, and nothing is refused', async ({
  app,
  newProfile,
}) => {
  const profile = await newProfile();
  const page = profile.page();
  await begin(page, app.url, 'Alice');

  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('menuitem', { name: 'Invite someone' }).click();
  await expect(page.getByRole('img', { name: 'Invite QR code' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Connection details' }).first().click();
  await expect(page.getByRole('dialog', { name: 'Connection details' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Settings' }).click();
  await expect(page.getByRole('region', { name: 'Appearance' })).toBeVisible();

  expect(profile.complaints()).toEqual([]);
});

test('[HT2] what an injected script would do is refused', async ({ app, page }) => {
  await page.addInitScript(() => {
    window.refusals = [];
    document.addEventListener('securitypolicyviolation', (event) => {
      window.refusals.push(event.effectiveDirective);
    });
  });
  await page.goto(app.url);
  await expect(nameField(page)).toBeVisible();
  expect(await page.evaluate(() => window.refusals)).toEqual([]);

  const attempts = await page.evaluate(async () => {
    // Outside the driver's own evaluation, which the policy does not bind.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const isRefused = (attempt: () => unknown): boolean => {
      try {
        attempt();
        return false;
      } catch {
        return true;
      }
    };
    const inline = document.createElement('div');
    inline.setAttribute('style', 'color: red');
    document.body.append(inline);
    return {
      html: isRefused(() => (document.body.innerHTML = '<img src=x onerror=alert(1)>')),
      evaluation: isRefused(() => (0, eval)('1')),
      script: isRefused(() => (document.createElement('script').src = '/x.js')),
      worker: isRefused(() => new Worker('/assets/x.js')),
      secondPolicy: isRefused(() =>
        (
          window as unknown as {
            trustedTypes: { createPolicy: (name: string, it: object) => void };
          }
        ).trustedTypes.createPolicy('mine', {}),
      ),
    };
  });
  expect(attempts).toEqual({
    html: true,
    evaluation: true,
    script: true,
    worker: true,
    secondPolicy: true,
  });
  await page.evaluate(() => fetch('https://example.org/').catch(() => undefined));
  for (const directive of ['require-trusted-types-for', 'style-src-attr', 'connect-src']) {
    // The event comes after the refusal itself.
    await expect.poll(() => page.evaluate(() => window.refusals)).toContain(directive);
  }
});
