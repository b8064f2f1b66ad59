/** Where the frames of a fragment lie: a film that was written as it went says so piece by piece. */
import { boxesIn, type Box } from './boxes.ts';
import { big32 } from './bytes.ts';
import type { Range } from './movie-samples.ts';

/** Which numbers of a track's fragment are there, by the flags of its box. */
const head = { base: 0x1, description: 0x2, duration: 0x8, size: 0x10, fromHere: 0x2_0000 };
/** The same of a run of frames in it, and of each frame of that. */
const run = { offset: 0x1, firstFlags: 0x4 };
const each = { duration: 0x100, size: 0x200, flags: 0x400, shift: 0x800 };

export interface TrackFragment {
  readonly trackId: number;
  readonly box: Box;
  readonly ranges: ReadonlyArray<Range>;
}

/** By track: how large a frame is where its fragment does not say. */
export type UsualSizes = ReadonlyMap<number, number>;

const inside = (header: Uint8Array, box: Box | undefined, name: string): ReadonlyArray<Box> =>
  box === undefined
    ? []
    : boxesIn(header, box.content, box.end).filter((inner) => inner.name === name);

const flagsOf = (header: Uint8Array, { content }: Box): number =>
  big32(header, content) & 0xff_ffff;
/** Of `trex` and `tfhd`; in `tkhd` dates stand before it. */
const trackIdOf = (header: Uint8Array, { content }: Box): number => big32(header, content + 4);

/** What a track of the film is called in its fragments. */
export const idOfTrack = (header: Uint8Array, track: Box): number | undefined => {
  const [numbers] = inside(header, track, 'tkhd');
  return numbers && big32(header, numbers.content + (header[numbers.content] === 1 ? 20 : 12));
};

export const usualSizesOf = (header: Uint8Array, moov: Box): UsualSizes =>
  new Map(
    inside(header, inside(header, moov, 'mvex')[0], 'trex').map((usual) => [
      trackIdOf(header, usual),
      big32(header, usual.content + 16),
    ]),
  );

/** How many of these numbers are there. */
const countOf = (flags: number, numbers: ReadonlyArray<number>): number =>
  numbers.filter((number) => (flags & number) !== 0).length;

/** Bytes of the frames of one run; undefined: it says more than it holds. */
const bytesOf = (header: Uint8Array, box: Box, usual: number | undefined): number | undefined => {
  const flags = flagsOf(header, box);
  const count = big32(header, box.content + 4);
  const rowBytes = 4 * countOf(flags, Object.values(each));
  const rows = box.content + 8 + 4 * countOf(flags, Object.values(run));
  if (rows + count * rowBytes > box.end) return undefined;
  if ((flags & each.size) === 0) return usual === undefined ? undefined : usual * count;
  const first = rows + 4 * countOf(flags, [each.duration]);
  let bytes = 0;
  for (let i = 0; i < count; i++) bytes += big32(header, first + i * rowBytes);
  return bytes;
};

interface Place {
  /** Of the fragment in the file. */
  readonly at: number;
  /** Where the frames of the track before it end. */
  readonly next: number;
  readonly usualSizes: UsualSizes;
}

const trackFragment = (header: Uint8Array, box: Box, place: Place): TrackFragment | undefined => {
  const [numbers] = inside(header, box, 'tfhd');
  if (numbers === undefined) return undefined;
  const flags = flagsOf(header, numbers);
  const trackId = trackIdOf(header, numbers);
  const from = numbers.content + 8;
  const hasBase = (flags & head.base) !== 0;
  const said = big32(header, from) * 2 ** 32 + big32(header, from + 4);
  const base = hasBase ? said : (flags & head.fromHere) !== 0 ? place.at : place.next;
  const before = 8 * Number(hasBase) + 4 * countOf(flags, [head.description, head.duration]);
  const hasSize = (flags & head.size) !== 0;
  const usual = hasSize ? big32(header, from + before) : place.usualSizes.get(trackId);
  const ranges: Range[] = [];
  let next = base;
  for (const one of inside(header, box, 'trun')) {
    const bytes = bytesOf(header, one, usual);
    const hasOffset = (flagsOf(header, one) & run.offset) !== 0;
    if (hasOffset) next = base + (big32(header, one.content + 8) | 0); // it may lie before
    if (bytes === undefined || next < 0) return undefined;
    ranges.push({ from: next, to: next + bytes });
    next += bytes;
  }
  return { trackId, box, ranges };
};

/** Of each track in one `moof`, which lies at this place of the file; undefined: it does not say. */
export const fragmentsOf = (
  header: Uint8Array,
  moof: Box,
  { at, usualSizes }: Omit<Place, 'next'>,
): ReadonlyArray<TrackFragment> | undefined => {
  const fragments: TrackFragment[] = [];
  let next = at;
  for (const box of inside(header, moof, 'traf')) {
    const fragment = trackFragment(header, box, { at, next, usualSizes });
    if (fragment === undefined) return undefined;
    fragments.push(fragment);
    next = fragment.ranges.at(-1)?.to ?? next;
  }
  return fragments;
};
