/** What a person reads comes from the catalogue: a language that is complete there is complete. */
import type { Page } from '@playwright/test';
import { expect, test } from '../support/ui-harness/fixture.ts';
import { closing, opening } from '../support/ui-harness/pseudo.ts';
import { sampleOf, screens } from '../support/ui-harness/screens.ts';

/** What people say and are called is theirs; an address and a version are nobody's language. */
const foreign = [
  '0.1.0',
  'https://sotto.example/#/i/',
  'https://archive.example.net/2019',
  'archive.example.net',
  '3F9A',
  'IMG_1.jpg',
  'IMG_3.bin',
  ...['First frost tonight. Who', 'still', 'has fleece?'], // with a word that stands out
];

/** Letters on the screen, or told to a screen reader, outside of the marks of the catalogue. */
const untranslated = async (page: Page): Promise<ReadonlyArray<string>> =>
  page.evaluate(
    ({ open, close, known }) => {
      const stringsIn = (value: unknown): string[] => {
        if (typeof value === 'string') return [value];
        if (value instanceof Map) return [...value.values()].flatMap(stringsIn);
        return typeof value === 'object' && value !== null
          ? Object.values(value).flatMap(stringsIn)
          : [];
      };
      const { me, conversations, requests, joins, connection, stickers } = window.fake;
      const theirs = [
        ...known,
        ...stringsIn([me, conversations, requests, joins, connection, stickers.packs]),
      ].sort((a, b) => b.length - a.length);
      /** Marks may begin in one piece of text and end in another: names stand in between. */
      let depth = 0;
      const outsideOf = (text: string): string =>
        Array.from(text, (letter) => {
          if (letter === open) depth += 1;
          const isOutside = depth === 0;
          if (letter === close) depth -= 1;
          return isOutside ? letter : '';
        }).join('');
      const hasWords = (text: string): boolean =>
        /\p{L}/u.test(theirs.reduce((left, one) => left.replaceAll(one, ''), text));
      const found: string[] = [];
      const check = (text: string, where: string): void => {
        const outside = outsideOf(text);
        if (hasWords(outside)) found.push(`${where}: ${outside}`);
      };
      check(document.title, 'title');
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode() !== null) {
        const parent = walker.currentNode.parentElement;
        // Marked-up messages are cut into pieces that stand in no list of what people said.
        const isTheirs =
          parent?.closest('body [lang], .avatar, textarea, article :is([dir=auto], pre)') !== null;
        const isKey = parent?.tagName === 'KBD' && parent.textContent.length <= 2; // N, F6
        if (parent === null || isTheirs || isKey || !parent.checkVisibility()) continue;
        check(walker.currentNode.textContent ?? '', parent.outerHTML.slice(0, 80));
      }
      if (depth !== 0) found.push(`marks end at depth ${depth}`);
      const told = ['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'content'];
      for (const element of document.body.querySelectorAll('*')) {
        // What says itself which language it speaks, and addresses in messages.
        if (element.closest('body [lang], article a[target]') !== null) continue;
        for (const name of told) {
          depth = 0;
          const value = element.getAttribute(name);
          if (value !== null) check(value, `${name} of ${element.tagName}`);
        }
      }
      return found;
    },
    { open: opening, close: closing, known: foreign },
  );

test('[LG4] every word on every screen is from the catalogue', async ({ page, openScreen }) => {
  test.setTimeout(600_000);
  for (const screen of sampleOf(screens, 4)) {
    await openScreen(screen, { words: 'pseudo' });
    expect.soft(await untranslated(page), screen.name).toEqual([]);
  }
});

test('[LG4] a word that is not from the catalogue is found', async ({ page, openScreen }) => {
  await openScreen({ name: 'conversation', shows: 'article' }, { words: 'pseudo' });
  await page.evaluate(() => {
    document.querySelector('main')?.append('Sent to Mira');
    document.querySelector('aside, nav')?.setAttribute('aria-label', 'Chats');
  });
  const found = await untranslated(page);
  expect(found).toHaveLength(2);
  expect(found[0]).toContain('Sent to ');
  expect(found[1]).toBe('aria-label of NAV: Chats');
});
