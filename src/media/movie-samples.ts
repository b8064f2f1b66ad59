/** Where in a film the frames of a track lie, by the tables of its header. */
import { boxesIn, type Box } from './boxes.ts';
import { big32 } from './bytes.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
}

const find = (header: Uint8Array, box: Box, path: ReadonlyArray<string>): Box | undefined => {
  let at: Box | undefined = box;
  for (const name of path) {
    at = at && boxesIn(header, at.content, at.end).find((inner) => inner.name === name);
  }
  return at;
};

/** Rows of a table behind its version and its count; undefined: it says more than it holds. */
const tableAt = (header: Uint8Array, box: Box | undefined, rowBytes: number) => {
  if (box === undefined || box.content + 8 > box.end) return undefined;
  const count = big32(header, box.content + 4);
  const from = box.content + 8;
  return from + count * rowBytes > box.end ? undefined : { from, count };
};

const offsetsOf = (header: Uint8Array, table: Box): ReadonlyArray<number> | undefined => {
  const short = tableAt(header, find(header, table, ['stco']), 4);
  const long = tableAt(header, find(header, table, ['co64']), 8);
  if (short !== undefined) {
    return Array.from({ length: short.count }, (_, i) => big32(header, short.from + 4 * i));
  }
  return (
    long &&
    Array.from({ length: long.count }, (_, i) => {
      const at = long.from + 8 * i;
      return big32(header, at) * 2 ** 32 + big32(header, at + 4);
    })
  );
};

/** How many bytes some frames have, one after another. */
const sizesOf = (header: Uint8Array, table: Box, isSound: boolean) => {
  const box = find(header, table, ['stsz']);
  if (box === undefined || box.content + 12 > box.end) return undefined;
  const [same, count] = [big32(header, box.content + 4), big32(header, box.content + 8)];
  // QuickTime means something else by the size of sound that it packs itself.
  if (same !== 0)
    return isSound ? undefined : { count, sum: (_first: number, of: number) => of * same };
  const from = box.content + 12;
  if (from + 4 * count > box.end) return undefined;
  const sum = (first: number, of: number): number => {
    let bytes = 0;
    for (let i = first; i < first + of; i++) bytes += big32(header, from + 4 * i);
    return bytes;
  };
  return { count, sum };
};

/** Undefined: the tables do not say, or contradict each other. */
export const samplesOf = (
  header: Uint8Array,
  track: Box,
  isSound: boolean,
): ReadonlyArray<Range> | undefined => {
  const table = find(header, track, ['mdia', 'minf', 'stbl']);
  if (table === undefined) return undefined;
  const offsets = offsetsOf(header, table);
  const sizes = sizesOf(header, table, isSound);
  const runs = tableAt(header, find(header, table, ['stsc']), 12);
  if (offsets === undefined || sizes === undefined || runs === undefined) return undefined;
  const ranges: Range[] = [];
  let run = 0;
  let sample = 0;
  for (const [chunk, from] of offsets.entries()) {
    // A row holds from its first chunk, counted from 1, to that of the next row.
    while (run + 1 < runs.count && big32(header, runs.from + 12 * (run + 1)) <= chunk + 1) run += 1;
    const perChunk = runs.count === 0 ? 0 : big32(header, runs.from + 12 * run + 4);
    if (perChunk > sizes.count - sample) return undefined;
    ranges.push({ from, to: from + sizes.sum(sample, perChunk) });
    sample += perChunk;
  }
  return sample === sizes.count ? ranges : undefined;
};

/** In order, without overlaps. */
export const unionOf = (ranges: ReadonlyArray<Range>): ReadonlyArray<Range> => {
  const union: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = union.at(-1);
    if (last === undefined || last.to < range.from) union.push(range);
    else union[union.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return union;
};
