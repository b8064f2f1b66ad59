import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  begin,
  composer,
  expect,
  messages,
  nameField,
  openConversation,
  reachMs,
  see,
  write,
} from '../support/people.ts';

/** The code that makes epochs. */
const isLate = (url: URL): boolean => /\/late-(?!words-)[^/]*\.js$/.test(url.pathname);
/** What opens conversations: all of the core but what shows the list. */
const rest = '**/core-rest.worker*';
const start = (page: Page) => page.getByRole('button', { name: 'Start' });
/** It would answer from what it keeps, and no test comes between. */
const withoutServiceWorker = (page: Page) =>
  page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });
  });
/** How many conversations have been kept as they are listed. */
const keptCount = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('sotto/sotto');
        opening.onsuccess = () => {
          const records = opening.result.transaction('records').objectStore('records');
          const counting = records.count(IDBKeyRange.bound('s/', 's0'));
          counting.onsuccess = () => {
            resolve(counting.result);
            opening.result.close();
          };
        };
      }),
  );

test('[line 4] a name and Start are enough to write, with no network and no network code', async ({
  app,
  newProfile,
}) => {
  const me = await newProfile();
  const page = me.page();
  let asked = 0;
  await me.context().route('**/libp2p*', async (route) => {
    asked += 1;
    await route.abort();
  });
  await page.goto(app.url);
  await expect(nameField(page)).toBeVisible();
  await expect(start(page)).toBeEnabled(); // all that it takes is here
  await me.context().setOffline(true);

  await nameField(page).fill('Ada');
  await start(page).click();
  await expect(page.getByRole('log', { name: 'Messages with Notes to self' })).toBeVisible();
  await expect(composer(page)).toBeFocused();
  await write(page, 'buy stamps');
  await write(page, 'call the library');
  await expect(messages(page).first()).toHaveAttribute('data-delivery', 'saved');
  const connection = page.getByRole('status', { name: 'Connection' });
  await expect(connection).toHaveText('Getting ready to connect');

  expect(asked).toBeGreaterThan(0); // the network code was really held back
  await me.context().setOffline(false);
  await me.context().unroute('**/libp2p*');
  await expect(connection).toHaveText('No one else is online', { timeout: reachMs });
});

test('[line 8] notes, name and draft are there after a reload and after a restart', async ({
  app,
  newProfile,
}) => {
  const me = await newProfile();
  await begin(me.page(), app.url, 'Ada');
  await write(me.page(), 'buy stamps');
  await composer(me.page()).fill('half a thou');
  await me.page().getByRole('button', { name: 'Settings' }).click();
  await expect(me.page().getByRole('link', { name: /^Notes to self/ })).toContainText(
    'Draft: half a thou',
  );

  await me.page().reload();
  await openConversation(me.page(), 'Notes to self');
  await see(me.page(), 'You', 'buy stamps');
  await expect(composer(me.page())).toHaveValue('half a thou');
  await composer(me.page()).fill('');
  await write(me.page(), 'second');

  await me.close();
  await me.open();
  await me.page().goto(app.url);
  await see(me.page(), 'You', 'second');
  await expect(messages(me.page())).toHaveCount(2);
  await expect(nameField(me.page())).toHaveCount(0);
});

test('[row 21] data that the browser deleted is told at once, and does not look like a first start', async ({
  app,
  newProfile,
}) => {
  const me = await newProfile();
  const page = me.page();
  await begin(page, app.url, 'Ada');
  await write(page, 'buy stamps');

  const devtools = await me.context().newCDPSession(page);
  const { origin } = new URL(app.url);
  await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
  await expect(page.getByRole('alert')).toContainText('storage failed', { timeout: 5000 });
  await see(page, 'You', 'buy stamps'); // what is on the screen stays

  await page.reload();
  await expect(page.getByRole('alert')).toContainText('cleared data that was here');
  await nameField(page).fill('Ada');
  await page.getByRole('button', { name: 'Start' }).click();
  await write(page, 'again');
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('[UI13] [line 9] a core that does not load is told, and the next try works', async ({
  app,
  newProfile,
}) => {
  const me = await newProfile();
  const page = me.page();
  await me.context().route('**/core.worker*', (route) => route.abort());
  await withoutServiceWorker(page);
  await page.goto(app.url);
  await expect(page.getByRole('heading', { name: 'Sotto cannot start' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('did not load');
  await me.context().unroute('**/core.worker*');
  await begin(page, app.url, 'Ada');

  const list = page.getByRole('link', { name: /^Notes to self/ });
  await expect.poll(() => keptCount(page)).toBe(1);
  await me.context().route(rest, (route) => route.abort());
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('did not load');
  await expect(list).toBeVisible(); // what was kept is still to be seen
  await me.context().unroute(rest);
  await page.reload();
  await write(page, 'whole again');
});

test('[FP1, FP2] what is stored shows before what opens it; without what makes epochs a new group waits', async ({
  app,
  newProfile,
}) => {
  const me = await newProfile();
  const page = me.page();
  await withoutServiceWorker(page);
  await begin(page, app.url, 'Ada');
  await write(page, 'kept');
  await expect.poll(() => keptCount(page)).toBe(1);
  let refusals = 0;
  await me.context().route(isLate, async (route) => {
    refusals += 1;
    await route.abort();
  });
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await me.context().route(rest, async (route) => {
    await released;
    await route.continue();
  });
  await page.reload();
  await expect(page.getByRole('link', { name: /^Notes to self/ })).toBeVisible();
  await expect(messages(page)).toHaveCount(0);
  release();
  await see(page, 'You', 'kept');
  await expect.poll(() => refusals).toBeGreaterThan(0);
  await write(page, 'written without it');
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('menuitem', { name: 'New group' }).click();
  await page.getByRole('textbox', { name: 'Group name' }).fill('Later');
  await page.getByRole('button', { name: 'Create group' }).click();
  const seen = refusals;
  await expect.poll(() => refusals).toBeGreaterThan(seen + 1);
  await expect(page.getByRole('link', { name: /^Later/ })).toHaveCount(0);
  await me.context().unroute(isLate);
  await expect(page.getByRole('link', { name: /^Later/ })).toBeVisible();
});

test('[FP1] a newcomer does not begin without the code that makes epochs', async ({
  app,
  newProfile,
}) => {
  const me = await newProfile();
  const page = me.page();
  await me.context().route(isLate, (route) => route.abort());
  await page.goto(app.url);
  await expect(page.getByRole('heading', { name: 'Sotto cannot start' })).toBeVisible();
  await me.context().unroute(isLate);
  await begin(page, app.url, 'Ada');
});
