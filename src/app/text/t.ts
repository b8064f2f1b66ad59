/**
 * The words in the language of the person. It is set before the interface is mounted; a change of
 * language mounts it anew, so nothing may keep words of it outside of a component.
 */
import { en, type Catalogue } from './en.ts';

export let t: Catalogue = en;

export const speak = (catalogue: Catalogue): void => {
  t = catalogue;
};
