/** Everything the picker can show. Large: imported only when it is needed. */
import data from 'virtual:emoji-data';
import {
  emojiGroups,
  renamed,
  type Emoji,
  type EmojiNames,
  type EmojiTable,
  type NamedEmoji,
} from './emoji.ts';

const groupAt = (index: number): ReadonlyArray<Emoji> =>
  (data[index] ?? []).map(([text, name, codes, tags, tones]) => ({
    text,
    name,
    codes: codes.split(' '),
    tags: tags.split('|'),
    hasTones: tones === 1,
  }));

const [smileys, people, nature, food, travel, activities, objects, symbols, flags] =
  emojiGroups.map((_, index) => groupAt(index));

export const emojiTable: EmojiTable = {
  smileys: smileys ?? [],
  people: people ?? [],
  nature: nature ?? [],
  food: food ?? [],
  travel: travel ?? [],
  activities: activities ?? [],
  objects: objects ?? [],
  symbols: symbols ?? [],
  flags: flags ?? [],
};

/** A language whose folder has an `emoji.ts` names them itself; each is a file of its own. */
const names = import.meta.glob<EmojiNames>('./text/*/emoji.ts', { import: 'default' });

export const emojiIn = async (language: string): Promise<NamedEmoji> => {
  const load = names[`./text/${language}/emoji.ts`];
  if (load === undefined) return { table: emojiTable, language: 'en' };
  return { table: renamed(emojiTable, await load()), language };
};
