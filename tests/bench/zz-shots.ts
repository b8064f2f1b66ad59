import { randomBytes } from 'node:crypto';
import { ensureBuilt } from '../../relay/build.ts';
import { befriend, composer, expect, untilDirect, write, openConversation } from '../support/people.ts';
import { openProfile } from '../support/profile.ts';
import { withApp } from './support/app.ts';
import { drawPhotograph } from './support/pictures.ts';
await ensureBuilt();
await withApp(async (app) => {
  const alice = await openProfile({ args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] });
  const bob = await openProfile({ isPhone: true });
  const [a, b] = [alice.page(), bob.page()];
  let n = 0;
  const shot = async (p: typeof a, name: string) => { n++; for (const cs of ['light', 'dark'] as const) { await p.emulateMedia({ colorScheme: cs, reducedMotion: 'reduce' }); await p.screenshot({ path: `/tmp/shots5/${String(n).padStart(2, '0')}-${name}-${cs}.png` }); } };
  const step = async (name: string, f: () => Promise<unknown>) => { try { await f(); } catch (e) { console.log('STEP', name, String(e).slice(0, 400)); } };
  await befriend(app.url, [{ name: 'Alice', page: a }, { name: 'Bob', page: b }]);
  await untilDirect(a);
  await write(a, 'Look at the beds');
  const photo = await drawPhotograph(a);
  const photo2 = await drawPhotograph(a); const photo3 = await drawPhotograph(a);
  await step('attach', async () => {
    await a.getByRole('button', { name: 'Attach' }).click();
    await shot(a, 'attach-menu');
    const chooser = a.waitForEvent('filechooser');
    await a.getByRole('menuitem', { name: 'Picture or video', exact: true }).click();
    await (await chooser).setFiles([photo, photo2, photo3].map((buffer, i) => ({ name: `IMG_${i}.jpg`, mimeType: 'image/jpeg', buffer })));
    await expect(a.getByText('Location and camera data removed').first()).toBeVisible();
    await shot(a, 'tray');
    await composer(a).fill('three beds'); await composer(a).press('Enter');
    await a.waitForTimeout(3000);
    await shot(a, 'album'); await shot(b, 'album-phone');
  });
  await step('file', async () => {
    const chooser = a.waitForEvent('filechooser');
    await a.getByRole('button', { name: 'Attach' }).click();
    await a.getByRole('menuitem', { name: 'File', exact: true }).click();
    await (await chooser).setFiles([{ name: 'seeds and plans 2026.zip', mimeType: 'application/zip', buffer: randomBytes(3_000_000) }]);
    await composer(a).fill('the list'); await composer(a).press('Enter');
    await b.getByRole('button', { name: /^Fetch seeds/ }).waitFor();
    await shot(a, 'file'); await shot(b, 'file-phone');
  });
  await step('voice', async () => {
    await a.getByRole('button', { name: 'Record voice message' }).click();
    await a.waitForTimeout(2500); await shot(a, 'recording');
    await a.getByRole('button', { name: 'Send voice message' }).click();
    await a.waitForTimeout(2500); await shot(a, 'voice'); await shot(b, 'voice-phone');
  });
  await step('viewer', async () => {
    await a.getByRole('button', { name: /^Open IMG_0/ }).first().click(); await a.waitForTimeout(800); await shot(a, 'viewer'); await a.keyboard.press('Escape');
    await b.getByRole('button', { name: /^Open IMG_1/ }).first().click(); await b.waitForTimeout(800); await shot(b, 'viewer-phone'); await b.keyboard.press('Escape');
  });
  await step('gallery', async () => {
    const details = a.getByRole('complementary', { name: /details/i });
    if ((await details.count()) === 0) await a.getByRole('button', { name: /details/i }).first().click();
    await a.waitForTimeout(800); await shot(a, 'details');
    const g = a.getByRole('region', { name: /shared|files/i }).first(); await g.scrollIntoViewIfNeeded(); await a.waitForTimeout(500); await shot(a, 'gallery');
    await a.getByRole('button', { name: /Export/ }).first().click(); await a.waitForTimeout(800); await shot(a, 'export'); await a.keyboard.press('Escape');
    await a.getByRole('button', { name: /Free/ }).first().click({ timeout: 3000 }); await a.waitForTimeout(500); await shot(a, 'free'); await a.keyboard.press('Escape');
  });
  await step('settings', async () => {
    await a.getByRole('button', { name: /Settings/ }).or(a.getByRole('link', { name: /Settings/ })).first().click(); await a.waitForTimeout(800); await shot(a, 'settings');
  });
  console.log(alice.complaints(), bob.complaints());
  await alice.dispose(); await bob.dispose();
});
process.exit();
