/** What a language must say: the keys of English, each with words of its own. */
import type { late } from './en-late.ts';
import type { en } from './en.ts';

/** Literal texts become texts; a sentence with values keeps what it is given. */
type Words<T> = T extends string
  ? string
  : T extends (...values: infer Values) => infer Text
    ? (...values: Values) => Text
    : { readonly [Key in keyof T]: Words<T[Key]> };

/** A language that lacks a key does not compile. */
export type Catalogue = Words<typeof en>;

/** Those of what is opened seldom. Of English they come when they are needed, see late.ts. */
export type LateWords = Words<typeof late>;

export type Direction = 'ltr' | 'rtl';

/** What the folder of a language exports by default from its `index.ts`. */
export interface Language {
  readonly direction: Direction;
  readonly words: Catalogue;
  readonly late: LateWords;
}

export type SpokenWords = Omit<Language, 'late'> & Partial<Pick<Language, 'late'>>;
