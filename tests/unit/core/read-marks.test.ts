import { describe, expect, test } from 'vitest';
import { ReadMarks } from '../../../src/core/conversation/attention/read-marks.ts';
import { Projection, type Place } from '../../../src/core/conversation/reading/projection.ts';
import type { CborValue } from '../../../src/protocol/cbor.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { encodeReceipt } from '../../../src/protocol/payload.ts';
import { entryOf, idOf, messageOf, midOf, named } from '../../support/entries.ts';

const anybody = (): boolean => true;

const own = (seq: number) => ({ by: 'alice', seq, lamport: seq * 10 });

/** Alice has written five messages; a receipt by somebody names one of hers, or of others'. */
const setup = (isCounted: (place: Place) => boolean = () => true) => {
  const projection = new Projection();
  for (let seq = 1; seq <= 5; seq++) projection.add(messageOf(own(seq)));
  const marks = new ReadMarks({ ownHex: idOf('alice'), projection: () => projection, isCounted });
  const receipt = (by: string, seq: number, payload: CborValue): void => {
    const entry = entryOf({
      by,
      seq,
      lamport: 100 + seq,
      sentAt: seq * 1000,
      type: 'receipt',
      payload,
    });
    marks.note(entry, idOf(by));
  };
  const read = (author: string, mid: string): CborValue =>
    encodeReceipt({ read: [{ identityId: named(author), mid: midOf(mid) }] });
  return { marks, projection, receipt, read };
};

describe('read marks', () => {
  test('[RU4] cover everything before, in any order, with the earliest time', () => {
    const orders = [
      [1, 2, 3],
      [3, 1, 2],
    ];
    for (const order of orders) {
      const { marks, receipt, read } = setup();
      for (const seq of order) receipt('bob', seq, read('alice', `alice ${String(seq)}`));
      expect(marks.furthest(anybody)?.key).toBe(messageOf(own(3)).key);
      expect(marks.readAtMs(idOf('bob'), messageOf(own(1)))).toBe(1000);
      expect(marks.readAtMs(idOf('bob'), messageOf(own(3)))).toBe(3000);
      expect(marks.readAtMs(idOf('bob'), messageOf(own(4)))).toBeUndefined();
      expect(marks.readAtMs(idOf('carol'), messageOf(own(1)))).toBeUndefined();
    }
  });

  test('[RU4] never move back', () => {
    const { marks, receipt, read } = setup();
    receipt('bob', 1, read('alice', 'alice 4'));
    receipt('bob', 2, read('alice', 'alice 1'));
    expect(marks.furthest(anybody)?.key).toBe(messageOf(own(4)).key);
    for (let seq = 3; seq < limits.readMarksKeptMax + 10; seq++) {
      receipt('bob', seq, read('alice', 'alice 1'));
    }
    expect(marks.furthest(anybody)?.key).toBe(messageOf(own(4)).key);
    expect(marks.readAtMs(idOf('bob'), messageOf(own(4)))).toBe(1000);
  });

  test('[RU4] nobody reads for others, nor what is not there; what is malformed says nothing', () => {
    const { marks, projection, receipt, read } = setup();
    receipt('mallory', 1, read('bob', 'alice 4'));
    receipt('mallory', 2, read('alice', 'never written'));
    receipt('mallory', 3, { read: 'everything' });
    receipt('mallory', 4, null);
    receipt('alice', 1, read('alice', 'alice 5')); // one does not read one's own
    expect(marks.furthest(anybody)).toBeUndefined();
    projection.add(messageOf({ by: 'alice', seq: 6, lamport: 60, mid: 'never written' }));
    marks.refresh();
    expect(marks.furthest(anybody)?.lamport).toBe(60); // it had not arrived
  });

  test('[RU4] a receipt counts only where its log does', () => {
    let isCounted = true;
    const { marks, receipt, read } = setup(() => isCounted);
    receipt('bob', 1, read('alice', 'alice 2'));
    isCounted = false;
    marks.refresh();
    expect(marks.furthest(anybody)).toBeUndefined();
    expect(marks.readAtMs(idOf('bob'), messageOf(own(1)))).toBeUndefined();
  });
});
