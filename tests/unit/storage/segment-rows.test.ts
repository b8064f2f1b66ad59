import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { err, ok } from '../../../src/base/result.ts';
import {
  createClockLedger,
  createClockReader,
  createSegmentDoc,
  examineRows,
  missingOnDisk,
  type Row,
} from '../../../src/storage/segment-rows.ts';
import { createWriter } from '../../contract/storage-bench.ts';

const toRows = (updates: ReadonlyArray<Uint8Array>): ReadonlyArray<Row> =>
  updates.map((update, at) => ({ key: at + 1, update }));

const loaded = (updates: ReadonlyArray<Uint8Array>): Y.Doc => {
  const doc = createSegmentDoc('loaded');
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
};

describe('clock ledger', () => {
  test('[ST12] clocks end at the first gap, and jump over it once it is filled', () => {
    const [a, b, c, d] = createWriter(11).write(4);
    const ledger = createClockLedger();
    for (const update of [d, b]) ledger.add(update ?? new Uint8Array());
    expect(ledger.clocks()).toEqual(new Map());
    ledger.add(a ?? new Uint8Array());
    expect(ledger.clocks()).toEqual(new Map([[11, 2]]));
    ledger.add(c ?? new Uint8Array());
    expect(ledger.clocks()).toEqual(new Map([[11, 4]]));
  });

  test('[ST12] in any order and with repeats, the same entries give the same clocks', () => {
    const updates = [...createWriter(11).write(6), ...createWriter(22).write(4)];
    const shuffled = fc.shuffledSubarray(updates, { minLength: 0, maxLength: updates.length });
    fc.assert(
      fc.property(shuffled, shuffled, (some, more) => {
        const ledger = createClockLedger();
        for (const update of [...some, ...more]) expect(ledger.add(update)).toBe(true);
        const state = Y.encodeStateVector(loaded([...some, ...more]));
        expect(ledger.clocks()).toEqual(Y.decodeStateVector(state));
      }),
    );
  });

  test('[ST12] a placeholder for missing entries does not count as stored', () => {
    const [first, , third] = createWriter(11).write(3);
    const merged = Y.mergeUpdates([first ?? new Uint8Array(), third ?? new Uint8Array()]);
    const ledger = createClockLedger();
    expect(ledger.add(merged)).toBe(true);
    expect(ledger.clocks()).toEqual(new Map([[11, 1]]));
  });

  test('[row 20] every proper prefix of an update is refused', () => {
    const [update] = createWriter(11).write(1);
    const ledger = createClockLedger();
    for (let length = 0; length < (update?.length ?? 0); length++) {
      expect(ledger.add(update?.slice(0, length) ?? new Uint8Array())).toBe(false);
    }
    expect(ledger.clocks()).toEqual(new Map());
  });
});

describe('clock reader', () => {
  const setupReader = () => {
    let rows: ReadonlyArray<Row> = [];
    const reads: number[] = [];
    const read = createClockReader((afterKey) => {
      reads.push(afterKey);
      const firstKey = rows[0]?.key;
      return Promise.resolve(ok({ firstKey, rows: rows.filter(({ key }) => key > afterKey) }));
    });
    return {
      read,
      reads,
      store: (next: ReadonlyArray<Row>) => {
        rows = next;
      },
    };
  };

  test('[ST12] later readings read only new rows', async () => {
    const { read, reads, store } = setupReader();
    const rows = toRows(createWriter(11).write(5));
    store(rows.slice(0, 3));
    expect(await read()).toEqual(ok(new Map([[11, 3]])));
    store(rows);
    expect(await read()).toEqual(ok(new Map([[11, 5]])));
    expect(reads).toEqual([0, 3]);
  });

  test('[ST12] rows that are gone are forgotten', async () => {
    const { read, store } = setupReader();
    const rows = toRows(createWriter(11).write(5));
    store(rows);
    await read();
    store(rows.slice(2));
    expect(await read()).toEqual(ok(new Map()));
    store([]);
    expect(await read()).toEqual(ok(new Map()));
  });

  test('[ST12] a row that cannot be decoded ends what is stored', async () => {
    const { read, store } = setupReader();
    const rows = toRows(createWriter(11).write(3));
    store(rows.map((row) => (row.key === 2 ? { key: 2, update: Uint8Array.of(255) } : row)));
    expect(await read()).toEqual(ok(new Map([[11, 1]])));
  });

  test('[ST12] a disk that cannot be read gives its failure, not old clocks', async () => {
    let isFailing = false;
    const rows = toRows(createWriter(11).write(2));
    const read = createClockReader(() =>
      Promise.resolve(isFailing ? err('failed' as const) : ok({ firstKey: 1, rows })),
    );
    await read();
    isFailing = true;
    expect(await read()).toEqual(err('failed'));
  });
});

describe('examined rows', () => {
  test('[row 20] sound rows are left as they are', () => {
    const updates = [...createWriter(11).write(3), Uint8Array.of(0, 0)];
    const { doc, unusable, isDamaged } = examineRows('s', toRows(updates));
    expect({ unusable, isDamaged }).toEqual({ unusable: [], isDamaged: false });
    expect(doc.getArray('writer-11').length).toBe(3);
  });

  test(
    '[row 20] after any damage the rest loads, without anything pending',
    { timeout: 30_000 },
    () => {
      const writers = [createWriter(11), createWriter(22)];
      const rows = toRows(writers.flatMap((writer) => [...writer.write(6)]));
      const flip = fc.record({
        row: fc.nat(rows.length - 1),
        at: fc.nat(200),
        bit: fc.nat(7),
        isCut: fc.boolean(),
      });
      fc.assert(
        fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), (flips) => {
          const damaged = rows.map(({ key, update }, index) => {
            const changed = update.slice();
            for (const { row, at, bit } of flips) {
              const byte = at % changed.length;
              if (row === index) changed[byte] = (changed[byte] ?? 0) ^ (1 << bit);
            }
            const cut = flips.find(({ row, isCut }) => row === index && isCut);
            return { key, update: cut ? changed.slice(0, cut.at % changed.length) : changed };
          });
          const { doc } = examineRows('s', damaged);
          const state = Y.encodeStateAsUpdate(doc);
          const again = examineRows('s', toRows([state]));
          expect(again.isDamaged).toBe(false);
          expect(Y.encodeStateVector(again.doc)).toEqual(Y.encodeStateVector(doc));
        }),
        { numRuns: 500 },
      );
    },
  );
});

describe('what the disk lacks', () => {
  test('[ST13] is one update that completes it', () => {
    const updates = createWriter(11).write(5);
    const doc = loaded(updates);
    const missing = missingOnDisk(doc, new Map([[11, 2]]));
    expect(missing).toBeDefined();
    const completed = loaded([...updates.slice(0, 2), missing ?? new Uint8Array()]);
    expect(Y.encodeStateAsUpdate(completed)).toEqual(Y.encodeStateAsUpdate(doc));
    expect(missingOnDisk(doc, new Map([[11, 5]]))).toBeUndefined();
  });
});
