/** The boxes that MP4, QuickTime and AVIF are made of. */
import { big32, nameAt } from './bytes.ts';

export interface Box {
  readonly name: string;
  /** From its length on. */
  readonly from: number;
  /** Where what it holds begins. */
  readonly content: number;
  readonly end: number;
}

/** `end`: of what it stands in. Undefined: no box fits there. */
export const boxAt = (bytes: Uint8Array, from: number, end: number): Box | undefined => {
  if (from + 8 > end) return undefined;
  const length = big32(bytes, from);
  const name = nameAt(bytes, from + 4);
  if (length === 0) return { name, from, content: from + 8, end };
  const isLong = length === 1;
  const content = from + (isLong ? 16 : 8);
  const size = isLong ? big32(bytes, from + 8) * 2 ** 32 + big32(bytes, from + 12) : length;
  const ends = from + size;
  return ends < content || ends > end ? undefined : { name, from, content, end: ends };
};

/** What stands in `bytes` between two places, until something is no box. */
export const boxesIn = (bytes: Uint8Array, from: number, end: number): ReadonlyArray<Box> => {
  const boxes: Box[] = [];
  for (let box = boxAt(bytes, from, end); box !== undefined; box = boxAt(bytes, box.end, end)) {
    boxes.push(box);
  }
  return boxes;
};
