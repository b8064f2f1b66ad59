import { expect, test } from 'vitest';
import { bytesToLatin1 } from '../../../src/base/bytes.ts';
import {
  compareOrdered,
  Sorted,
  type Ordered,
} from '../../../src/core/conversation/reading/sorted.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';

const itemAt = (lamport: number, hash = 0): Ordered => ({
  key: `${String(lamport)}/${String(hash)}`,
  lamport,
  hash: bytesToLatin1(new Uint8Array(32).fill(hash)),
});

const numbered = (from: number, to: number): ReadonlyArray<Ordered> =>
  Array.from({ length: to - from }, (_, i) => itemAt(from + i));

const filled = (...parts: ReadonlyArray<ReadonlyArray<Ordered>>): Sorted<Ordered> => {
  const sorted = new Sorted<Ordered>();
  for (const item of parts.flat()) sorted.add(item);
  return sorted;
};

const expectSame = (sorted: Sorted<Ordered>, all: ReadonlyArray<Ordered>): void => {
  const inOrder = all.toSorted(compareOrdered);
  expect([...sorted]).toEqual(inOrder);
  expect([...sorted.backwards()]).toEqual(inOrder.toReversed());
  expect(sorted).toHaveLength(inOrder.length);
  for (let at = 0; at < inOrder.length; at += 97) {
    expect(sorted.at(at)).toBe(inOrder[at]);
    expect(sorted.countBefore(inOrder[at] ?? itemAt(0))).toBe(at);
    expect(sorted.slice(at, at + 300)).toEqual(inOrder.slice(at, at + 300));
    expect([...sorted.from(at)]).toEqual(inOrder.slice(at));
  }
  expect(sorted.at(inOrder.length)).toBeUndefined();
  expect(sorted.at(-1)).toBeUndefined();
};

test('[PJ1] the order is the same for many items that come one by one in any order', () => {
  const random = createSeededRandom(7);
  const all = Array.from({ length: 3000 }, (_, i) => itemAt(random.below(900), i % 251));
  const unique = [...new Map(all.map((item) => [item.key, item])).values()];
  expectSame(filled(unique), unique);
});

test('[PJ1] and as they come from disk: the newest first, each part in its order', () => {
  const [oldest, older, newest] = [numbered(0, 1300), numbered(1300, 2600), numbered(2600, 2800)];
  expectSame(filled(newest, older, oldest), [...oldest, ...older, ...newest]);
});

test('[PJ1] what is taken out leaves the others in their places', () => {
  const all = numbered(0, 2000);
  const sorted = filled(all);
  const gone = all.filter(({ lamport }) => lamport % 3 === 0 || (lamport > 400 && lamport < 1400));
  for (const item of gone) sorted.remove(item);
  sorted.remove(itemAt(5)); // another one of that name
  expectSame(
    sorted,
    all.filter((item) => !gone.includes(item)),
  );
  sorted.clear();
  expectSame(sorted, []);
});
