/** AVIF: its measures only. What else it says cannot be cut out, so it is drawn anew. */
import { big32, hasText } from './bytes.ts';
import { boxesIn, type Box } from './boxes.ts';
import type { Scan } from './scan.ts';

/** Boxes that hold boxes on the way to the measures, and what stands in them first. */
const holders: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };

const measures = (bytes: Uint8Array, box: Box): ReadonlyArray<readonly [number, number]> => {
  if (box.name === 'ispe') {
    return [[big32(bytes, box.content + 4), big32(bytes, box.content + 8)]];
  }
  const skipped = holders[box.name];
  if (skipped === undefined) return [];
  return boxesIn(bytes, box.content + skipped, box.end).flatMap((inner) => measures(bytes, inner));
};

/** [MF2] Total. Undefined: no AVIF with measures. */
export const scanAvif = (bytes: Uint8Array): Scan | undefined => {
  const found = boxesIn(bytes, 0, bytes.length).flatMap((box) => measures(bytes, box));
  const [first] = found;
  if (first === undefined) return undefined;
  const [width, height] = found.reduce((a, b) => (b[0] * b[1] > a[0] * a[1] ? b : a), first);
  return {
    width,
    height,
    orientation: 1,
    isAnimated: hasText(bytes, 8, 'avis'),
    hasMetadata: true,
    kept: [bytes],
  };
};
