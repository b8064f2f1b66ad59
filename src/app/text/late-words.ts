/** The words of what is opened seldom, in the language of the person: `t` for what comes late. */
import type { LateWords } from './catalogue.ts';
import { late as english } from './en-late.ts';
import { spokenLate } from './t.ts';

export const late = (): LateWords => spokenLate ?? english;
