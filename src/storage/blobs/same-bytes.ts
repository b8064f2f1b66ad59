/**
 * What was read back is what was written. Apart from `base/bytes.ts`, since stores of files come late:
 * who shares that with the start makes another file of it, which the start then fetches as well.
 */
export const areSameBytes = (one: Uint8Array, other: Uint8Array): boolean => {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
};
