import { describe, expect, test } from 'vitest';
import { bytesToLatin1, toHex } from '../../../src/base/bytes.ts';
import { Gaps } from '../../../src/core/conversation/reading/gaps.ts';
import { Epoch, type OpenedEntry } from '../../../src/core/epochs/epoch.ts';
import { limits } from '../../../src/protocol/limits.ts';

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const key = (n: number): Uint8Array =>
  new Uint8Array(32)
    .fill(7)
    .fill(n >> 8, 0, 1)
    .fill(n & 255, 1, 2);
const epoch = new Epoch({
  epochId: bytes(32, 1),
  secret: bytes(32, 2),
  base: 0,
  segment: 's',
  order: 0,
});
const bob = key(1);

const naming = (lamport: number, ...named: ReadonlyArray<[Uint8Array, number]>): OpenedEntry => ({
  epoch,
  devSignPub: key(900),
  writerPub: key(901),
  place: { epochHex: epoch.idHex, writerHex: toHex(key(901)), seq: lamport },
  hash: bytesToLatin1(bytes(32, lamport & 255)),
  body: {
    type: 'text',
    mid: bytes(16, 0),
    lamport,
    sentAt: 0,
    deps: {
      entries: named.map(([writerPub, seq]) => ({ writerPub, seq, hash8: bytes(8, 0) })),
      vectorHash: bytes(32, 0),
    },
    payload: null,
  },
});

describe('what is named and not here', () => {
  test('[WI3] is one gap per log, before the first entry that named it, in any order', () => {
    const entries = [naming(5, [bob, 2]), naming(9, [bob, 4]), naming(7, [bob, 4])];
    for (const order of [entries, [...entries].reverse()]) {
      const gaps = new Gaps();
      for (const entry of order) gaps.note(entry);
      expect(gaps.current()).toMatchObject([
        { deviceHex: undefined, missingCount: 4, lamport: 5 }, // seq 0 is no message
      ]);
    }
  });

  test('[WI3] is no gap where only the beginning of a log is named', () => {
    const gaps = new Gaps();
    gaps.note(naming(5, [bob, 0]));
    expect(gaps.current()).toEqual([]);
  });

  test('[WI3] takes bounded room, whatever is named', () => {
    const gaps = new Gaps();
    for (let n = 0; n < limits.gapLogsMax + 50; n++) gaps.note(naming(n + 1, [key(n), 5]));
    const shown = gaps.current();
    expect(shown).toHaveLength(limits.gapsShownMax);
    expect(shown.at(-1)?.lamport).toBe(limits.gapLogsMax);
  });
});
