/** Everything the picker can show. Large: imported only when it is needed. */
import data from 'virtual:emoji-data';
import { emojiGroups, type Emoji, type EmojiTable } from './emoji.ts';

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
