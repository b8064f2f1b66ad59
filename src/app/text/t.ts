/**
 * The words in the language of the person. It is set before the interface is mounted; a change of
 * language mounts it anew, so nothing may keep words of it outside of a component.
 */
import type { Catalogue, LateWords } from './catalogue.ts';
import { en } from './en.ts';
import { formatFor } from './format.ts';

export let t: Catalogue = en;

/** Read by late.ts alone; undefined: English. */
export let spokenLate: LateWords | undefined;

export const speak = (catalogue: Catalogue, locale: string, late?: LateWords): void => {
  t = catalogue;
  spokenLate = late;
  formatFor(locale);
};
