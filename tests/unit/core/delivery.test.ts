import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { Delivery } from '../../../src/core/conversation/delivery.ts';
import { decodeCanonical, encodeCanonical } from '../../../src/protocol/cbor.ts';
import type { Row } from '../../../src/protocol/sync-frames.ts';

const writer = (id: number): Uint8Array => new Uint8Array(32).fill(id);
const ownWriters = [toHex(writer(1)), toHex(writer(2))];
const epochHex = 'ab'.repeat(32);
const deviceHex = (id: number): string => toHex(new Uint8Array(32).fill(id));

const rowOf = (id: number, nextSeq: number): Row => ({
  writerPub: writer(id),
  nextSeq,
  headHash: new Uint8Array(32),
});

/** A device's vector comes and is stored. */
const hear = (delivery: Delivery, device: number, rows: ReadonlyArray<Row>): void => {
  delivery.learn(delivery.newsIn(deviceHex(device), { epochHex, rows, ownWriters }));
};

const isHeld = (delivery: Delivery, device: number, [id, seq]: readonly [number, number]) =>
  delivery.isHeldBy(deviceHex(device), { epochHex, writerHex: toHex(writer(id)), seq });

const places = [1, 2, 3].flatMap((id) => [0, 1, 2, 3, 4].map((seq) => [id, seq] as const));
const vectors = fc.array(
  fc.record({
    device: fc.integer({ min: 0, max: 2 }),
    rows: fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 }))
        .map(([id, nextSeq]) => rowOf(id, nextSeq)),
      { maxLength: 3 },
    ),
  }),
  { maxLength: 12 },
);

test('[DL1] what a device was seen to hold stays held, whatever vectors come', () => {
  fc.assert(
    fc.property(vectors, (all) => {
      const delivery = new Delivery();
      for (const { device, rows } of all) {
        const before = places.filter((place) => isHeld(delivery, device, place));
        hear(delivery, device, rows);
        for (const place of before) expect(isHeld(delivery, device, place)).toBe(true);
      }
    }),
  );
});

test('[DL1] a device holds exactly what its greatest vector says of own logs', () => {
  const delivery = new Delivery();
  hear(delivery, 0, [rowOf(1, 3), rowOf(3, 5)]);
  hear(delivery, 0, [rowOf(1, 2)]);
  expect(places.filter((place) => isHeld(delivery, 0, place))).toEqual([
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
  expect(places.some((place) => isHeld(delivery, 1, place))).toBe(false);
});

test('[DL1] what is known already is no news', () => {
  const delivery = new Delivery();
  const rows = [rowOf(1, 3)];
  expect(delivery.newsIn(deviceHex(0), { epochHex, rows, ownWriters })).toHaveLength(1);
  hear(delivery, 0, rows);
  expect(delivery.newsIn(deviceHex(0), { epochHex, rows, ownWriters })).toEqual([]);
  const less = [rowOf(1, 2)];
  expect(delivery.newsIn(deviceHex(0), { epochHex, rows: less, ownWriters })).toEqual([]);
});

test('[DL1] two vectors on their way to disk at one time leave the greater, in any order', () => {
  const vectorOf = (nextSeq: number) =>
    new Delivery().newsIn(deviceHex(0), { epochHex, rows: [rowOf(1, nextSeq)], ownWriters });
  for (const order of [
    [2, 4],
    [4, 2],
  ]) {
    const delivery = new Delivery();
    for (const nextSeq of order) delivery.learn(vectorOf(nextSeq));
    expect(places.filter((place) => isHeld(delivery, 0, place))).toHaveLength(4);
  }
});

test('[DL2] news counts once it was stored, not before', () => {
  const delivery = new Delivery();
  const news = delivery.newsIn(deviceHex(0), { epochHex, rows: [rowOf(1, 2)], ownWriters });
  const record = delivery.toCbor(news);
  expect(isHeld(delivery, 0, [1, 1])).toBe(false);
  const afterCrash = new Delivery();
  afterCrash.restore(record);
  expect(isHeld(afterCrash, 0, [1, 1])).toBe(true);
});

test('[DL2] the record comes back as it was', () => {
  fc.assert(
    fc.property(vectors, (all) => {
      const delivery = new Delivery();
      for (const { device, rows } of all) hear(delivery, device, rows);
      const decoded = decodeCanonical(encodeCanonical(delivery.toCbor([])), { bytesMax: 65_536 });
      const restored = new Delivery();
      if (decoded.ok) restored.restore(decoded.value);
      for (const device of [0, 1, 2]) {
        for (const place of places) {
          expect(isHeld(restored, device, place)).toBe(isHeld(delivery, device, place));
        }
      }
    }),
  );
});

test.each([null, 'x', 7, [['a', 'b', -1]], [['a', 'b']], { a: 1 }])(
  '[DL2] a record that does not read says nothing (%j)',
  (record) => {
    const delivery = new Delivery();
    hear(delivery, 0, [rowOf(1, 2)]);
    delivery.restore(record);
    expect(places.filter((place) => isHeld(delivery, 0, place))).toHaveLength(2);
  },
);

test('[DL4] parked holds for 30 days after a mailbox last said so; what a device holds stays', () => {
  const dayMs = 86_400_000;
  const delivery = new Delivery();
  const said = { epochHex, rows: [rowOf(1, 3)], ownWriters };
  const place = { epochHex, writerHex: toHex(writer(1)), seq: 2 };
  delivery.learn(delivery.parkedNewsIn(said, 100 * dayMs));
  hear(delivery, 0, [rowOf(1, 3)]);
  expect(delivery.isParked(place, 129 * dayMs)).toBe(true);
  expect(delivery.isParked({ ...place, seq: 3 }, 100 * dayMs)).toBe(false);
  expect(delivery.isParked(place, 130 * dayMs)).toBe(false);
  expect(isHeld(delivery, 0, [1, 2])).toBe(true);
  expect(delivery.parkedNewsIn(said, 100.9 * dayMs)).toEqual([]); // once a day is enough
  delivery.learn(delivery.parkedNewsIn(said, 120 * dayMs));
  const restored = new Delivery();
  restored.restore(delivery.toCbor([]));
  expect(restored.isParked(place, 149 * dayMs)).toBe(true);
  expect(restored.isParked(place, 150 * dayMs)).toBe(false);
});
