import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesToLatin1, compareBytes, latin1ToBytes } from '../../../src/base/bytes.ts';
import {
  Projection,
  type ProjectedItem,
} from '../../../src/core/conversation/reading/projection.ts';

interface Claim {
  readonly author: number;
  readonly mid: number;
  readonly lamport: number;
  readonly hash: number;
}

/** Entries are told apart by their hash, as in a log. */
const itemOf = ({ author, mid, lamport, hash }: Claim): ProjectedItem => ({
  type: 'message',
  key: `${String(author)}/${String(mid)}`,
  authorHex: String(author),
  payload: { text: `text of ${String(hash)}` },
  poll: undefined,
  threadKey: undefined,
  sentAt: 0,
  lamport,
  hash: bytesToLatin1(new Uint8Array(32).fill(hash)),
  place: { epochHex: 'e', writerHex: String(author), seq: hash },
  arrivedAtMs: undefined,
});

const small = fc.integer({ min: 0, max: 3 });
const claims = fc.uniqueArray(
  fc.record({
    author: small,
    mid: small,
    lamport: fc.integer({ min: 0, max: 6 }),
    hash: fc.integer({ min: 0, max: 255 }),
  }),
  { selector: ({ hash }) => hash, maxLength: 24 },
);
const claimsInTwoOrders = claims.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
  ),
);

const projectionOf = (all: ReadonlyArray<Claim>): Projection => {
  const projection = new Projection();
  for (const claim of all) projection.add(itemOf(claim));
  return projection;
};

test('[PJ1] the same entries give the same timeline in any order of arrival', () => {
  fc.assert(
    fc.property(claimsInTwoOrders, ([first, second]) => {
      const [a, b] = [projectionOf(first), projectionOf(second)];
      expect([...b.items]).toEqual([...a.items]);
      expect(b.digest()).toEqual(a.digest());
    }),
    { numRuns: 500 },
  );
});

test('[PJ1] entries that come again change nothing', () => {
  fc.assert(
    fc.property(claimsInTwoOrders, ([first, again]) => {
      expect([...projectionOf([...first, ...again]).items]).toEqual([...projectionOf(first).items]);
    }),
  );
});

test('[PJ1] it is ordered by (lamport, hash), one item for each (author, mid)', () => {
  fc.assert(
    fc.property(claims, (all) => {
      const items = [...projectionOf(all).items];
      for (const [at, item] of items.entries()) {
        const next = items[at + 1];
        if (next === undefined) continue;
        const order =
          item.lamport - next.lamport ||
          compareBytes(latin1ToBytes(item.hash), latin1ToBytes(next.hash));
        expect(order).toBeLessThan(0);
      }
      expect(new Set(items.map(({ key }) => key)).size).toBe(items.length);
      expect(items).toHaveLength(new Set(all.map((claim) => itemOf(claim).key)).size);
    }),
  );
});

test('[PJ1] of two claims to one message the smaller (lamport, hash) is shown', () => {
  const late = { author: 1, mid: 1, lamport: 9, hash: 1 };
  const early = { author: 1, mid: 1, lamport: 2, hash: 7 };
  const twin = { author: 1, mid: 1, lamport: 2, hash: 6 };
  expect([...projectionOf([late, early, twin]).items]).toEqual([itemOf(twin)]);
  expect([...projectionOf([twin, late, early]).items]).toEqual([itemOf(twin)]);
});

test('[PJ1] the digest tells apart what is shown', () => {
  const base = [{ author: 1, mid: 1, lamport: 1, hash: 1 }];
  const others: ReadonlyArray<ReadonlyArray<Claim>> = [
    [],
    [{ author: 1, mid: 1, lamport: 2, hash: 1 }],
    [{ author: 1, mid: 1, lamport: 1, hash: 2 }],
    [...base, { author: 2, mid: 1, lamport: 1, hash: 3 }],
  ];
  for (const other of others) {
    expect(projectionOf(other).digest()).not.toEqual(projectionOf(base).digest());
  }
});
