import { test } from '../support/app.ts';
import { begin, composer, expect, openConversation, see, write } from '../support/people.ts';

interface Manifest {
  readonly name: string;
  readonly display: string;
  readonly start_url: string;
  readonly share_target: unknown;
  readonly icons: ReadonlyArray<{
    readonly src: string;
    readonly sizes: string;
    readonly purpose?: string;
  }>;
}

test('[SH1] [line 8] the app can be installed and opens with its history when the server is gone', async ({
  app,
  newProfile,
}) => {
  const me = await newProfile();
  await begin(me.page(), app.url, 'Ada');
  await write(me.page(), 'written while the server was there');

  await test.step('the browser finds nothing that stands against installing it', async () => {
    const href = await me.page().locator('link[rel=manifest]').getAttribute('href');
    const manifestUrl = new URL(href ?? '', app.url);
    const manifest = (await (await fetch(manifestUrl)).json()) as Manifest;
    expect(manifest).toMatchObject({ name: 'Sotto', display: 'standalone', start_url: './' });
    expect(manifest.icons.some(({ purpose }) => purpose === 'maskable')).toBe(true);
    expect(manifest.share_target).toMatchObject({ action: './share', method: 'POST' });
    for (const { src } of manifest.icons) {
      const icon = await fetch(new URL(src, manifestUrl));
      expect(icon.ok, src).toBe(true);
      expect(icon.headers.get('content-type')).toMatch(/^image\//);
    }
    const devTools = await me.context().newCDPSession(me.page());
    const { errors } = await devTools.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
    // The tests' profile has no windows of its own, as an incognito one.
    const reasons = installabilityErrors.map(({ errorId }) => errorId);
    expect(reasons.filter((reason) => reason !== 'in-incognito')).toEqual([]);
  });

  await me.page().evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await app.kill();

  await test.step('a reload', async () => {
    await me.page().reload();
    await see(me.page(), 'You', 'written while the server was there');
    await write(me.page(), 'written without it');
  });

  await test.step('a restart of the browser; every part of the interface is on the device', async () => {
    await me.close();
    await me.open();
    await me.page().goto(app.url);
    await see(me.page(), 'You', 'written without it');
    await me.page().getByRole('button', { name: 'Settings' }).click();
    await expect(me.page().getByRole('region', { name: 'Relays' })).toContainText(
      'Does not answer',
    );
    await me.page().getByRole('button', { name: 'New conversation' }).click();
    await me.page().getByRole('menuitem', { name: 'Invite someone' }).click();
    const link = me.page().getByRole('textbox', { name: 'Invite link' });
    await expect(link).toHaveValue(/#\/i\//);
    await me.page().keyboard.press('Escape');
    await openConversation(me.page(), 'Notes to self');
    await expect(composer(me.page())).toBeVisible();
    await expect(me.page().getByRole('status', { name: 'Connection' })).toHaveText(
      /Cannot reach any relay/,
    );
  });

  await test.step('what is shared meanwhile waits for a conversation', async () => {
    const page = me.page();
    const isOpened = await page.evaluate(async () => {
      const form = new FormData();
      form.set('title', 'Frost');
      form.set('url', 'https://garden.example/frost');
      form.append('files', new File(['beds and pegs'], 'beds ü.txt', { type: 'text/plain' }));
      return (await fetch('./share', { method: 'POST', body: form })).ok;
    });
    expect(isOpened).toBe(true);
    await page.reload();
    const dialog = page.getByRole('dialog', { name: 'Send to…' });
    await expect(dialog).toContainText('1 file · 13 bytes');
    await dialog.getByRole('button', { name: 'Notes to self' }).click();
    await expect(page.getByRole('button', { name: 'Remove beds ü.txt' })).toBeVisible();
    await expect(composer(page)).toHaveValue('Frost\nhttps://garden.example/frost');
    await expect.poll(() => page.evaluate(() => caches.has('sotto-shared'))).toBe(false);
  });
});
