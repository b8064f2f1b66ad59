/** What is pure about writing and reading messages. */
import { describe, expect, test } from 'vitest';
import { readCoordinate, readCoordinates } from '../../../src/app/coordinates.ts';
import { emojiIn, emojiTable } from '../../../src/app/emoji-table.ts';
import { emojiGroups, largeEmojiCount, searchEmoji, withTone } from '../../../src/app/emoji.ts';
import { viewLink } from '../../../src/app/links.ts';
import { toggleMark } from '../../../src/app/markup.ts';
import { createMentionSplitter, mentionsIn } from '../../../src/app/mentions.ts';
import { chordOf } from '../../../src/app/shortcuts.ts';
import { en } from '../../../src/app/text/en.ts';
import type { MessageItem } from '../../../src/core/api.ts';
import { plainContent } from '../../support/plain.ts';

const ana = { name: 'Ana', personId: 'p-ana' };
const otherAna = { name: 'Ana', personId: 'p-ana-2' };
const anaLopez = { name: 'Ana López', personId: 'p-lopez' };
const everyone = { name: 'everyone', personId: undefined };

describe('mentions', () => {
  test('[MG9] the nth place where a name stands is the nth mention of it', () => {
    const split = createMentionSplitter([ana, otherAna]);
    expect(split('@Ana and @Ana, not @Anabel')).toEqual([
      { type: 'mention', mention: ana },
      { type: 'text', text: ' and ' },
      { type: 'mention', mention: otherAna },
      { type: 'text', text: ', not @Anabel' },
    ]);
    expect(split('@Ana again')).toEqual([{ type: 'text', text: '@Ana again' }]);
  });

  test('[MG9] the longest name that stands there is meant, and mail addresses are none', () => {
    expect(mentionsIn('hi @Ana López, me@Ana.example', [ana, anaLopez])).toEqual([anaLopez]);
    expect(mentionsIn('(@everyone)', [everyone])).toEqual([everyone]);
    expect(mentionsIn('@Anabel', [ana])).toEqual([]);
  });
});

describe('marks', () => {
  test('[MG12] marks go around the selection and away again', () => {
    const on = toggleMark('a word here', { start: 2, end: 6 }, 'bold');
    expect(on).toEqual({ text: 'a **word** here', caret: { start: 4, end: 8 } });
    expect(toggleMark(on.text, on.caret, 'bold')).toEqual({
      text: 'a word here',
      caret: { start: 2, end: 6 },
    });
  });

  test('[MG12] italic inside of bold is no bold taken away', () => {
    const bold = toggleMark('x', { start: 0, end: 1 }, 'bold');
    expect(toggleMark(bold.text, bold.caret, 'italic').text).toBe('***x***');
    expect(toggleMark('***x***', { start: 3, end: 4 }, 'italic').text).toBe('**x**');
  });

  test('[MG12] Shift counts with a letter and Mod, not with signs', () => {
    const press = { ctrlKey: true, metaKey: false, altKey: false, isComposing: false };
    expect(chordOf({ ...press, key: 'X', shiftKey: true }, false)).toBe('Mod+Shift+x');
    expect(chordOf({ ...press, key: 'x', shiftKey: false }, false)).toBe('Mod+x');
    expect(chordOf({ ...press, key: '?', ctrlKey: false, shiftKey: true }, false)).toBe('?');
  });
});

describe('links', () => {
  test('[MG11] only the web, mail and telephone are followed', () => {
    for (const href of ['javascript:alert(1)', 'data:text/html,x', 'blob:x', 'file:///x', 'x']) {
      expect(viewLink(href, 'words')).toBeUndefined();
    }
    expect(viewLink('mailto:a@example.org', 'a@example.org')).toMatchObject({ isBare: true });
    expect(viewLink('tel:+351123', 'call')).toMatchObject({ target: '+351123', isBare: false });
    expect(viewLink(`https://x.example/${'a'.repeat(3000)}`, 'long')).toBeUndefined();
  });

  test('[MG11] an address as its own words hides nothing', () => {
    const bare = { isBare: true, oddities: [] };
    expect(viewLink('https://example.org/a?b=1', 'https://example.org/a?b=1')).toMatchObject(bare);
    expect(viewLink('http://www.example.org', 'www.example.org')).toMatchObject(bare);
    expect(viewLink('https://example.org', 'here')).toMatchObject({ isBare: false, oddities: [] });
  });

  test('[MG11] words that name another host, and letters that imitate others, are odd', () => {
    const odd = (href: string, text: string) => viewLink(href, text)?.oddities;
    expect(odd('https://evil.example', 'bank.example')).toEqual(['other-host']);
    expect(odd('https://evil.example', 'https://bank.example/login')).toEqual(['other-host']);
    expect(odd('https://www.bank.example/x', 'bank.example')).toEqual([]);
    expect(odd('https://bücher.example', 'https://bücher.example')).toEqual(['punycode']);
    // The second letter is Cyrillic.
    expect(odd('https://bаnk.example', 'https://bаnk.example')).toEqual([
      'punycode',
      'mixed-script',
    ]);
  });
});

describe('emoji', () => {
  test('[MG7] the table has every group, and names and codes to search by', () => {
    for (const group of emojiGroups) expect(emojiTable[group].length).toBeGreaterThan(50);
    expect(searchEmoji(emojiTable, 'thumbsup', 1)[0]?.text).toBe('👍');
    expect(searchEmoji(emojiTable, 'seedling', 1)[0]?.text).toBe('🌱');
    expect(searchEmoji(emojiTable, '  ', 5)).toEqual([]);
    expect(searchEmoji(emojiTable, 'heart', 7)).toHaveLength(7);
  });

  test('[MG7] names are in the spoken language where it has them, and found by both', async () => {
    const german = await emojiIn('de');
    expect(german.language).toBe('de');
    const thumb = german.table.people.find(({ text }) => text === '👍');
    expect(thumb?.name).toBe('Daumen hoch');
    expect(searchEmoji(german.table, 'Daumen hoch', 1)[0]?.text).toBe('👍');
    expect(searchEmoji(german.table, 'thumbs up', 1)[0]?.text).toBe('👍');
    expect(searchEmoji(german.table, 'thumbsup', 1)[0]?.text).toBe('👍');
    const spanish = await emojiIn('es');
    expect(searchEmoji(spanish.table, 'corazon', 3)).toHaveLength(3); // without its accent
    expect((await emojiIn('ar')).language).toBe('en');
  });

  test('[MG7] the colour of skin goes on every hand and face', () => {
    expect(withTone('👍', 3)).toBe('👍🏽');
    expect(withTone('✌️', 1)).toBe('✌🏻');
    expect(withTone('🌱', 5)).toBe('🌱');
    const toned = emojiTable.people.filter(({ hasTones }) => hasTones);
    expect(toned.length).toBeGreaterThan(200);
  });

  test('[MG18] up to three emoji and nothing else are large', () => {
    expect(largeEmojiCount('🌱🎉')).toBe(2);
    expect(largeEmojiCount('👩🏽‍🌾 🇵🇹 ❤️')).toBe(3);
    expect(largeEmojiCount('🌱🌱🌱🌱')).toBe(0);
    expect(largeEmojiCount('🌱 ok')).toBe(0);
    expect(largeEmojiCount('12')).toBe(0);
    expect(largeEmojiCount('')).toBe(0);
  });
});

describe('words and numbers', () => {
  const item: MessageItem = {
    type: 'message',
    key: 'k',
    author: { id: 'me', name: 'Nora', isMe: true },
    text: '',
    sentAtMs: 0,
    arrivedAtMs: undefined,
    ...plainContent,
    delivery: undefined,
  };

  test('[MG4] a deletion says what was asked and what was confirmed', () => {
    const deletion = { askedCount: 7, confirmedCount: 5 };
    expect(en.message.content({ ...item, deletion })).toBe(
      'Asked 7 devices to delete · 5 confirmed',
    );
    const foreign = { ...item, author: { ...item.author, isMe: false }, deletion };
    expect(en.message.content(foreign)).toBe('Deleted by author');
  });

  test('[MG14] coordinates are read as they are typed and pasted', () => {
    expect(readCoordinate(' 38,71667 ', 90)).toBe(38.71667);
    expect(readCoordinate('91', 90)).toBeUndefined();
    expect(readCoordinate('north', 90)).toBeUndefined();
    expect(readCoordinates('38.71667, -9.13333')).toEqual({
      latitude: 38.71667,
      longitude: -9.13333,
    });
    expect(readCoordinates('38.71667')).toBeUndefined();
  });

  test('[MG16] times are said as they are chosen, and what is left shortly', () => {
    const hourMs = 3_600_000;
    expect(en.disappearing.state(undefined)).toBe('Off');
    expect(en.disappearing.state(hourMs)).toBe('1 hour');
    expect(en.disappearing.state(4 * 7 * 24 * hourMs)).toBe('4 weeks');
    expect(en.message.remaining(8 * hourMs)).toBe('8 hrs');
    expect(en.message.remaining(90_000)).toBe('2 mins');
    expect(en.message.remaining(-5)).toBe('under 1 min');
  });
});
