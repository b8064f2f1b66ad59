/** Whether two plain values are the same, however deep: what was told needs no telling again. */
import { equalBytes } from './bytes.ts';

export const isSameValue = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b);
  }
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  // Nothing is made on the way: this is asked of whole lists, many times a second.
  const fields = Object.keys(a);
  const isSameField = (key: string): boolean =>
    Object.hasOwn(b, key) && isSameValue(Reflect.get(a, key), Reflect.get(b, key));
  return fields.length === Object.keys(b).length && fields.every(isSameField);
};
