/** The whole table of keys (app/shortcuts.ts), each pressed where it works, and what it then does. */
import type { Locator, Page } from '@playwright/test';
import {
  shortcuts,
  shortcutsOn,
  type ShortcutName,
  type ShortcutPlace,
} from '../../src/app/shortcuts.ts';
import { expect, test } from '../support/ui-harness/fixture.ts';

/** One press: where the focus is, what is pressed, what has come of it. */
interface Walk {
  readonly from?: (page: Page) => Promise<unknown>;
  readonly shows: (page: Page, chord: string) => Promise<unknown>;
}

const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' });
const message = (page: Page, text: string): Locator =>
  page.getByRole('article', { name: new RegExp(text, 'u') });
const log = (page: Page, name: string): Locator =>
  page.getByRole('log', { name: `Messages with ${name}` });
const dialog = (page: Page, name: string): Locator =>
  page.getByRole('dialog', { name, exact: true });

const last = (page: Page): Locator => message(page, 'the seedlings made');
const focusLast = (page: Page): Promise<void> => last(page).focus();
const visit = (fragment: string) => (page: Page) =>
  page.evaluate((to) => {
    location.hash = to;
  }, fragment);
const select = async (page: Page): Promise<void> => {
  await field(page).fill('word');
  await field(page).press('Control+a');
};
const marked = (text: string): Walk => ({
  from: select,
  shows: (page) => expect(field(page)).toHaveValue(text),
});
const commandsOf = (page: Page, type: string): Promise<number> =>
  page.evaluate((wanted) => window.fake.log.filter((one) => one.type === wanted).length, type);
const regionOfFocus = (page: Page): Promise<string | undefined> =>
  page.evaluate(
    () =>
      document.activeElement?.closest('[data-region]')?.getAttribute('aria-label') ??
      document.activeElement?.closest('[data-region]')?.tagName,
  );

const walks: Readonly<Record<ShortcutName, Walk>> = {
  'next-conversation': { shows: (page) => expect(log(page, 'Tomás Ferrer')).toBeVisible() },
  'previous-conversation': {
    from: visit('#/c/tomas'),
    shows: (page) => expect(log(page, 'Garden collective')).toBeVisible(),
  },
  'next-unread': {
    from: visit('#/c/garden'),
    shows: (page) => expect(log(page, 'Tomás Ferrer')).toBeVisible(),
  },
  'previous-unread': {
    from: visit('#/c/june'),
    shows: (page) => expect(log(page, 'Tomás Ferrer')).toBeVisible(),
  },
  'go-to': { shows: (page) => expect(dialog(page, 'Go to')).toBeVisible() },
  search: {
    shows: (page) => expect(page.getByRole('searchbox', { name: 'Search messages' })).toBeFocused(),
  },
  'nth-conversation': {
    from: visit('#/settings'),
    shows: async (page, chord) => {
      const at = Number(chord.at(-1)) - 1;
      const link = page
        .getByRole('navigation', { name: 'Conversations' })
        .getByRole('link')
        .nth(at);
      if (at < 5) await expect(link).toHaveAttribute('aria-current', 'page');
    },
  },
  'new-conversation': {
    from: (page) => page.getByRole('link', { name: /^Garden/u }).focus(),
    shows: (page) => expect(page.getByRole('menuitem', { name: 'New group' })).toBeVisible(),
  },
  'next-region': {
    from: (page) => field(page).focus(),
    shows: async (page) => expect(await regionOfFocus(page)).not.toBe('FORM'),
  },
  'previous-region': {
    from: (page) => field(page).focus(),
    shows: async (page) => expect(await regionOfFocus(page)).toMatch(/^Messages with/u),
  },
  details: {
    shows: (page) => expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible(),
  },
  help: {
    from: focusLast, // in a field a question mark is a question mark
    shows: (page) => expect(dialog(page, 'Keyboard shortcuts')).toBeVisible(),
  },
  latest: {
    from: async (page) => {
      await visit('#/c/archive')(page);
      await message(page, 'Line 650').focus();
    },
    shows: (page) => expect(message(page, 'Line 700')).toBeInViewport(),
  },
  'oldest-unread': {
    from: async (page) => {
      await page.evaluate(() => {
        const archive = window.fake.conversations.find(({ id }) => id === 'archive');
        if (archive !== undefined) archive.unreadCount = 60;
        window.fake.changed();
      });
      await visit('#/c/archive')(page);
      await page.getByRole('article').last().focus();
      await page.keyboard.press('End');
    },
    shows: (page) => expect(page.getByText('New messages')).toBeInViewport(),
  },
  'mark-read': {
    shows: (page) => expect.poll(() => commandsOf(page, 'MarkRead')).toBeGreaterThan(0),
  },
  close: {
    from: async (page) => {
      await page.getByRole('button', { name: 'Details', exact: true }).click();
      await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
    },
    shows: (page) => expect(page.getByRole('complementary', { name: 'Details' })).toHaveCount(0),
  },
  'message-details': {
    from: focusLast,
    shows: (page) => expect(dialog(page, 'Message details')).toBeVisible(),
  },
  reply: {
    from: focusLast,
    shows: async (page) => {
      await expect(page.getByText('Reply to Mira')).toBeVisible();
      await expect(field(page)).toBeFocused();
    },
  },
  react: {
    from: focusLast,
    shows: (page) => expect(dialog(page, 'Emoji')).toBeVisible(),
  },
  'mark-unread': {
    from: focusLast,
    shows: (page) => expect.poll(() => commandsOf(page, 'MarkUnread')).toBe(1),
  },
  emoji: { shows: (page) => expect(dialog(page, 'Emoji')).toBeVisible() },
  attach: { shows: (page) => expect(page.getByRole('menuitem', { name: 'Poll' })).toBeVisible() },
  walk: {
    from: (page) => message(page, 'and the long pegs').focus(),
    shows: async (page) => {
      await expect(message(page, 'and the long pegs')).not.toBeFocused();
      await expect(page.locator('article:focus')).toHaveCount(1);
    },
  },
  write: { from: focusLast, shows: (page) => expect(field(page)).toBeFocused() },
  enter: {
    from: (page) => field(page).fill('handed over'),
    shows: async (page) => {
      await expect(message(page, 'handed over')).toBeVisible();
      await expect(field(page)).toHaveValue('');
    },
  },
  newline: {
    from: (page) => field(page).fill('one'),
    shows: (page) => expect(field(page)).toHaveValue('one\n'),
  },
  'edit-last': {
    from: (page) => field(page).focus(),
    shows: (page) => expect(field(page)).toHaveValue('and the long pegs'),
  },
  'leave-mode': {
    from: async (page) => {
      await focusLast(page);
      await page.keyboard.press('r');
      await expect(page.getByText('Reply to Mira')).toBeVisible();
    },
    shows: (page) => expect(page.getByText('Reply to Mira')).toHaveCount(0),
  },
  bold: marked('**word**'),
  italic: marked('*word*'),
  strike: marked('~~word~~'),
  code: marked('`word`'),
};

const asPlaywright = (chord: string): string =>
  chord.replace('Mod', 'Control').replace('Shift+x', 'Shift+X').replace('Shift+f', 'Shift+F');

/** As a window of its own: the browser keeps none of its keys. */
const install = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const ask = window.matchMedia.bind(window);
    window.matchMedia = (query) => ask(query.includes('standalone') ? 'all' : query);
  });

for (const place of ['anywhere', 'list', 'timeline', 'composer'] satisfies ShortcutPlace[]) {
  test(`[UI36] each key of the table does what it says: ${place}`, async ({ page, openScene }) => {
    test.setTimeout(300_000);
    await install(page);
    for (const { name, keys } of shortcuts.filter((shortcut) => shortcut.place === place)) {
      for (const chord of keys) {
        await test.step(`${name}: ${chord}`, async () => {
          await page.goto('about:blank');
          await openScene();
          await expect(field(page)).toBeFocused();
          const { from, shows } = walks[name];
          await from?.(page);
          await page.keyboard.press(asPlaywright(chord));
          await shows(page, chord);
        });
      }
    }
  });
}

test('[UI36] the help shows the keys that work, and no others', async ({ page, openScene }) => {
  await openScene();
  await page.keyboard.press('Control+/');
  const rows = dialog(page, 'Keyboard shortcuts').locator('dl > div');
  const table = shortcutsOn({ hasLetterKeys: true, isInstalled: false });
  await expect(rows).toHaveCount(table.length);
  await page.evaluate(() => {
    window.app.appearance.setLetterKeys(false);
  });
  const fewer = shortcutsOn({ hasLetterKeys: false, isInstalled: false });
  await expect(rows).toHaveCount(fewer.length);
  await expect(rows.getByText('React', { exact: true })).toHaveCount(0);
  expect(fewer.length).toBeLessThan(table.length);
});

test('[UI36] a button with a key says so', async ({ page, openScene }) => {
  await openScene();
  const button = page.getByRole('button', { name: 'Details', exact: true });
  await expect(button).toHaveAttribute('title', 'Details (Ctrl+.)');
  await expect(button).toHaveAttribute('aria-keyshortcuts', 'Control+.');
});
