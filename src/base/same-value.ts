/** Whether two plain values are the same, however deep: what was told needs no telling again. */
import { equalBytes } from './bytes.ts';

type Fields = Readonly<Record<string, unknown>>;

export const isSameValue = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && areSameItems(a, b);
  }
  return areSameFields(a as Fields, b as Fields);
};

const areSameItems = (a: ReadonlyArray<unknown>, b: ReadonlyArray<unknown>): boolean =>
  a.length === b.length && a.every((item, at) => isSameValue(item, b[at]));

/** Whole timelines are compared with what was told of them: as few lists as can be. */
const areSameFields = (a: Fields, b: Fields): boolean => {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!isSameValue(a[key], b[key])) return false;
    if (b[key] === undefined && !Object.hasOwn(b, key)) return false;
  }
  return true;
};
