/** English in a dress of its own: whatever wears none on the screen is not from the catalogue. */
import type { Catalogue, LateWords } from '../../../src/app/text/catalogue.ts';

export const [opening, closing] = ['⟦', '⟧'] as const;

const plain = 'acdeginorstuyACDEGINORSTUY';
const dressed = 'áçðéğíñóŕšťúýÁÇÐÉĞÍÑÓŔŠŤÚÝ';

const accented = (text: string): string =>
  Array.from(text, (letter) => dressed[plain.indexOf(letter)] ?? letter).join('');

const marked = (text: string): string => `${opening}${text}${closing}`;

/** What sentences are given (names, messages) is inside the marks and keeps its letters. */
const dress = (words: unknown): unknown => {
  if (typeof words === 'string') return marked(accented(words));
  if (typeof words === 'function') {
    return (...values: ReadonlyArray<unknown>): unknown => {
      const said: unknown = Reflect.apply(words, undefined, values);
      return typeof said === 'string' ? marked(said) : said;
    };
  }
  const entries = Object.entries(words ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, dress(value)]));
};

export const pseudoOf = <Words extends Catalogue | LateWords>(words: Words): Words =>
  dress(words) as Words; // same keys
