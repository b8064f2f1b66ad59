/** Damages bytes in every way a seeded mutator knows: most of what comes out is nearly right. */
import { concatBytes } from '../../src/base/bytes.ts';
import type { SeededRandom } from './seeded-random.ts';

type Mutation = (bytes: Uint8Array, random: SeededRandom) => Uint8Array;

const overwrite = (bytes: Uint8Array, at: number, part: ReadonlyArray<number>): Uint8Array => {
  const mutant = bytes.slice();
  mutant.set(part.slice(0, bytes.length - at), at);
  return mutant;
};

/** Most structure lies at the start: half of all places are there. */
export const placeIn = (bytes: Uint8Array, random: SeededRandom): number =>
  random.below(random.below(2) === 0 ? Math.min(96, bytes.length) : bytes.length);

/** Bytes at which readers of numbers and lengths turn. */
const edges: ReadonlyArray<ReadonlyArray<number>> = [
  [0],
  [1],
  [3],
  [10],
  [0x7f],
  [0x80],
  [0x83],
  [0xff],
  [0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
];

const mutations: ReadonlyArray<Mutation> = [
  (bytes, random) => {
    const at = placeIn(bytes, random);
    return overwrite(bytes, at, [(bytes[at] ?? 0) ^ (1 << random.below(8))]);
  },
  (bytes, random) => overwrite(bytes, placeIn(bytes, random), [random.below(256)]),
  (bytes, random) => overwrite(bytes, placeIn(bytes, random), random.pick(edges)),
  (bytes, random) => {
    const at = placeIn(bytes, random);
    return concatBytes(
      bytes.subarray(0, at),
      Uint8Array.from(random.pick(edges)),
      bytes.subarray(at),
    );
  },
  (bytes, random) => {
    const at = placeIn(bytes, random);
    return concatBytes(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64)));
  },
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  (bytes, random) => {
    const at = placeIn(bytes, random);
    return concatBytes(bytes.subarray(0, at), bytes.subarray(at - random.below(at + 1)));
  },
  (bytes, random) => concatBytes(bytes.slice(0, -1), Uint8Array.from(random.pick(edges))),
];

/** One to three changes; with others to splice it with, also what comes from two of them. */
export const mutate = (
  bytes: Uint8Array,
  random: SeededRandom,
  others: ReadonlyArray<Uint8Array> = [],
): Uint8Array => {
  const splice: Mutation = (start) => {
    const other = random.pick(others);
    return concatBytes(
      start.subarray(0, placeIn(start, random)),
      other.subarray(placeIn(other, random)),
    );
  };
  const all = others.length > 0 ? [...mutations, splice] : mutations;
  let mutant = bytes;
  for (let i = 0; i <= random.below(3); i++) {
    if (mutant.length > 0) mutant = random.pick(all)(mutant, random);
  }
  return mutant;
};
