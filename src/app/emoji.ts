/** Emoji as data: the table the picker shows, searching it, and the colour of skin. Pure. */
import { folded } from './finder.ts';

export interface Emoji {
  readonly text: string;
  readonly name: string;
  /** ":thumbsup:" without the colons. */
  readonly codes: ReadonlyArray<string>;
  readonly tags: ReadonlyArray<string>;
  readonly hasTones: boolean;
}

export const emojiGroups = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const;
export type EmojiGroup = (typeof emojiGroups)[number];

export type EmojiTable = Readonly<Record<EmojiGroup, ReadonlyArray<Emoji>>>;

/** What the emoji are called in one language: the emoji, its name, its tags. */
export type EmojiNames = ReadonlyArray<readonly [text: string, name: string, tags: string]>;

export interface NamedEmoji {
  readonly table: EmojiTable;
  /** The one the names are in; not the spoken one where that has none. */
  readonly language: string;
}

/** Named otherwise; still found by the name and the tags they had. */
export const renamed = (table: EmojiTable, names: EmojiNames): EmojiTable => {
  const byText = new Map(
    names.map(([text, name, tags]) => [text, { name, tags: tags.split('|') }]),
  );
  const rename = (emoji: Emoji): Emoji => {
    const other = byText.get(emoji.text);
    if (other === undefined) return emoji;
    return { ...emoji, name: other.name, tags: [...other.tags, emoji.name, ...emoji.tags] };
  };
  const entries = emojiGroups.map((group) => [group, table[group].map(rename)] as const);
  return { ...table, ...Object.fromEntries(entries) };
};

/** None, then from light to dark. */
export const tones = ['', '🏻', '🏼', '🏽', '🏾', '🏿'] as const;
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;

/** Every hand and face in it takes the colour. */
export const withTone = (text: string, tone: Tone): string =>
  tone === 0 ? text : text.replaceAll(/(\p{Emoji_Modifier_Base})\uFE0F?/gu, `$1${tones[tone]}`);

const rank = (emoji: Emoji, query: string): number => {
  const name = folded(emoji.name);
  if (emoji.codes.includes(query) || name === query) return 4;
  if (emoji.codes.some((code) => code.startsWith(query)) || name.startsWith(query)) return 3;
  if (emoji.tags.some((tag) => folded(tag).startsWith(query))) return 2;
  const hasPart = name.includes(query) || emoji.codes.some((code) => code.includes(query));
  return hasPart ? 1 : 0;
};

/** The best fit first, else in the order of the table. */
export const searchEmoji = (
  table: EmojiTable,
  query: string,
  countMax: number,
): ReadonlyArray<Emoji> => {
  const wanted = folded(query.trim());
  if (wanted === '') return [];
  return emojiGroups
    .flatMap((group) => table[group])
    .map((emoji) => ({ emoji, rank: rank(emoji, wanted) }))
    .filter((found) => found.rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, countMax)
    .map(({ emoji }) => emoji);
};

const largeMax = 3;
/** No three emoji are longer than this. */
const largeUnitsMax = 120;
let segmenter: Intl.Segmenter | undefined;

/** How many emoji a text is made of, when they are few and nothing else is in it; else 0. */
export const largeEmojiCount = (text: string): number => {
  if (text === '' || text.length > largeUnitsMax || /[\p{L}]/u.test(text)) return 0;
  const isEmoji = new RegExp('^\\p{RGI_Emoji}$', 'v');
  segmenter ??= new Intl.Segmenter();
  const parts = [...segmenter.segment(text)]
    .map(({ segment }) => segment)
    .filter((segment) => segment.trim() !== '');
  return parts.length <= largeMax && parts.every((part) => isEmoji.test(part)) ? parts.length : 0;
};
