/**
 * `virtual:emoji-data`: the emoji of Unicode as the picker needs them, cut down from emojibase at build
 * time and parsed from one string, which browsers do faster than a module of literals.
 * `virtual:emoji-names/de`: what they are called in another language.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';
import { tones, withTone, type Tone } from './emoji.ts';

const dataId = 'virtual:emoji-data';
const namesId = /^virtual:emoji-names\/(\w+)$/;
/** emojibase's numbers of groups; 2 are the bare components such as colours of skin. */
const groupNumbers = [0, 1, 3, 4, 5, 6, 7, 8, 9];

interface Compact {
  readonly hexcode: string;
  readonly label: string;
  readonly unicode: string;
  readonly tags?: ReadonlyArray<string>;
  readonly group?: number;
  readonly order?: number;
  readonly skins?: ReadonlyArray<{ readonly unicode: string }>;
}

/** Whether our own way of colouring gives what Unicode has. */
const hasTones = ({ unicode, skins = [] }: Compact): boolean => {
  const known = new Set(skins.map((skin) => skin.unicode));
  return tones.every((_, tone) => tone === 0 || known.has(withTone(unicode, tone as Tone)));
};

/** What is an emoji by itself needs no sign that says so; emojibase has one, keyboards do not. */
const plain = (text: string): string => text.replaceAll(/(\p{Emoji_Presentation})\uFE0F/gu, '$1');

const read = (path: string): unknown =>
  JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve(`emojibase-data/${path}`), 'utf8'),
  );

const encodeNames = (language: string): string => {
  const all = read(`${language}/compact.json`) as ReadonlyArray<Compact>;
  return JSON.stringify(
    all
      .filter(({ group = -1 }) => groupNumbers.includes(group))
      .map(({ unicode, label, tags = [] }) => [plain(unicode), label, tags.join('|')]),
  );
};

const encodeTable = (): string => {
  const all = read('en/compact.json') as ReadonlyArray<Compact>;
  const codes = read('en/shortcodes/emojibase.json') as Readonly<
    Record<string, string | ReadonlyArray<string>>
  >;
  return JSON.stringify(
    groupNumbers.map((number) =>
      all
        .filter(({ group }) => group === number)
        .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
        .map((emoji) => [
          plain(emoji.unicode),
          emoji.label,
          [codes[emoji.hexcode] ?? []].flat().join(' '),
          (emoji.tags ?? []).join('|'),
          hasTones(emoji) ? 1 : 0,
        ]),
    ),
  );
};

const encode = (id: string): string | undefined => {
  if (id === dataId) return encodeTable();
  const language = namesId.exec(id)?.[1];
  return language === undefined ? undefined : encodeNames(language);
};

export const emojiData = (): Plugin => ({
  name: 'sotto:emoji-data',
  resolveId: (source) => (source === dataId || namesId.test(source) ? `\0${source}` : undefined),
  load: (loaded) => {
    const text = loaded.startsWith('\0') ? encode(loaded.slice(1)) : undefined;
    return text === undefined ? undefined : `export default JSON.parse(${JSON.stringify(text)});`;
  },
});
