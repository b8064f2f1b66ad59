import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { err, ok } from '../../../src/base/result.ts';
import { openDatabase } from '../../../src/storage/indexeddb/indexeddb-open.browser.ts';
import { createIndexedDbStorage } from '../../../src/storage/indexeddb/indexeddb.browser.ts';
import type { StorageFailure } from '../../../src/storage/port.ts';
import {
  applyAll,
  bytes,
  clocksOf,
  createWriter,
  entryCount,
  openNew,
  openSegment,
  valueOf,
} from '../../contract/storage-bench.ts';
import {
  createFakeIndexedDbBench,
  fakeDatabases,
  forceClose,
} from '../../contract/storage-fake-indexeddb.ts';

const setupBench = (name: string) => {
  const bench = createFakeIndexedDbBench(name, 'at the end');
  onTestFinished(() => bench.end());
  return bench;
};

const unreachable = () => Promise.reject(new Error('out of reach'));

const whenDone = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('failed'));
    };
  });

const rowsOf = async (databaseName: string): Promise<ReadonlyArray<unknown>> => {
  const database = await whenDone(indexedDB.open(databaseName));
  const rows = await whenDone(
    database.transaction('updates').objectStore('updates').getAll() as IDBRequest<unknown[]>,
  );
  database.close();
  return rows;
};

const open = (name: string, version: number, onLost: (failure: StorageFailure) => void) =>
  openDatabase({ name, version, stores: [], onTaken: onLost, onClosed: () => undefined });

describe('opening', () => {
  test('[row 25] an upgrade waits for an old tab that does not let go, and says so', async () => {
    const old = await whenDone(indexedDB.open('upgrade-1', 1));
    const lost: string[] = [];
    expect(await open('upgrade-1', 2, (failure) => lost.push(failure))).toEqual(err('blocked'));
    old.close();
    const later = valueOf(await open('upgrade-1', 2, (failure) => lost.push(failure)));
    expect(later.version).toBe(2);
    expect(lost).toEqual([]);
    later.close();
  });

  test('[row 25] an old tab lets a newer one upgrade, and is told', async () => {
    const lost: string[] = [];
    valueOf(await open('upgrade-2', 1, (failure) => lost.push(failure)));
    const newer = valueOf(await open('upgrade-2', 2, () => undefined));
    expect(newer.version).toBe(2);
    expect(lost).toEqual(['blocked']);
    newer.close();
  });

  test('[row 21] a store deleted under us is a loss, and opens empty', async () => {
    const bench = setupBench('deleted');
    const storage = await openNew(bench);
    const lost: string[] = [];
    storage.onLost((failure) => lost.push(failure));
    valueOf(await storage.commit([{ key: 'marker', value: bytes(1) }]));
    await whenDone(indexedDB.deleteDatabase('sotto/deleted'));
    expect(lost).toEqual(['failed']);
    expect(await storage.get('marker')).toEqual(err('failed'));
    valueOf(await storage.open());
    expect(await storage.get('marker')).toEqual(ok(undefined));
  });

  test('[row 21] data cleared while the connection closes is a loss, and nothing is made', async () => {
    const storage = await openNew(setupBench('cleared'));
    const lost: string[] = [];
    storage.onLost((failure) => lost.push(failure));
    const connections = fakeDatabases().get('sotto/cleared')?.connections ?? [];
    fakeDatabases().delete('sotto/cleared');
    connections.forEach(forceClose);
    expect(await storage.get('marker')).toEqual(err('failed'));
    expect(lost).toEqual(['failed']);
    valueOf(await storage.open());
    expect(await storage.list('')).toEqual(ok([]));
  });

  test('[row 22] a browser without IndexedDB is told as a failed opening', async () => {
    vi.stubGlobal('indexedDB', undefined);
    onTestFinished(() => {
      vi.unstubAllGlobals();
    });
    const storage = createIndexedDbStorage({ name: 'none', loadSegments: unreachable });
    expect(await storage.open()).toEqual(err('open-failed'));
  });

  test('[FP2] records need no code of segments; where it is out of reach a segment fails', async () => {
    const storage = createIndexedDbStorage({ name: 'records-only', loadSegments: unreachable });
    expect(await storage.open()).toEqual(ok(undefined));
    const write = { key: 'a', value: Uint8Array.of(1) };
    expect(await storage.commit([write])).toEqual(ok(undefined));
    expect(await storage.get('a')).toEqual(ok(write.value));
    expect(await storage.openSegment('s')).toEqual(err('failed'));
    await storage.close();
  });

  test('[row 26] a segment that a newer version wrote is refused and not touched', async () => {
    const storage = await openNew(setupBench('newer-segment'));
    (await whenDone(indexedDB.open('sotto/newer-segment/s', 7))).close();
    expect(await storage.openSegment('s')).toEqual(err('newer-data'));
    const database = await whenDone(indexedDB.open('sotto/newer-segment/s'));
    expect([database.version, database.objectStoreNames.length]).toEqual([7, 0]);
    database.close();
  });

  test('[row 25] a segment that another tab holds is not deleted at once', async () => {
    const storage = await openNew(setupBench('held'));
    valueOf(await storage.openSegment('s'));
    const other = await whenDone(indexedDB.open('sotto/held/s'));
    expect(await storage.deleteSegment('s')).toEqual(err('blocked'));
    other.close();
    expect(entryCount(await openSegment(storage, 's'), 11)).toBe(0);
  });
});

describe('transactions', () => {
  test('[row 19] every write, of records and by y-indexeddb, is strict', async () => {
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction');
    onTestFinished(() => {
      begin.mockRestore();
    });
    const bench = setupBench('strict');
    const storage = await openNew(bench);
    valueOf(await storage.commit([{ key: 'a', value: bytes(1) }]));
    const segment = await openSegment(storage);
    applyAll(segment, createWriter(11).write(501));
    await bench.passTime();
    await segment.storedClocks();
    const writing = begin.mock.calls.filter(([, mode]) => mode === 'readwrite');
    expect(writing.length).toBeGreaterThan(500);
    for (const [, , options] of writing) expect(options).toEqual({ durability: 'strict' });
  });

  test('[row 23] a value that cannot be stored fails alone', async () => {
    const storage = await openNew(setupBench('uncloneable'));
    const commits = [
      storage.commit([{ key: 'a', value: bytes(1) }]),
      storage.commit([{ key: 'b', value: { keyHandle: () => undefined } }]),
      storage.commit([{ key: 'c', value: bytes(1) }]),
    ];
    expect(await Promise.all(commits)).toEqual([ok(undefined), err('failed'), ok(undefined)]);
    expect(valueOf(await storage.list('')).map(([key]) => key)).toEqual(['a', 'c']);
  });
});

describe('y-indexeddb', () => {
  test('[ST17] a segment is an ordinary y-indexeddb database, both ways', async () => {
    const storage = await openNew(setupBench('ordinary'));
    const writer = createWriter(11);
    const segment = await openSegment(storage, 's');
    applyAll(segment, writer.write(3));
    await segment.close();

    const doc = new Y.Doc();
    const stock = new IndexeddbPersistence('sotto/ordinary/s', doc);
    await stock.whenSynced;
    expect(doc.getArray('writer-11').length).toBe(3);
    for (const update of writer.write(2)) Y.applyUpdate(doc, update);
    await stock.destroy();

    const again = await openSegment(storage, 's');
    expect(await clocksOf(again)).toEqual(new Map([[11, 5]]));
    expect(entryCount(again, 11)).toBe(5);
  });

  test('[ST10] it really merges its rows, and the clocks are read from the merged one', async () => {
    const bench = setupBench('merged');
    const segment = await openSegment(await openNew(bench));
    applyAll(segment, createWriter(11).write(600));
    expect(await clocksOf(segment)).toEqual(new Map([[11, 600]]));
    expect((await rowsOf('sotto/merged/segment')).length).toBeGreaterThan(600);
    await bench.passTime();
    expect(await clocksOf(segment)).toEqual(new Map([[11, 600]]));
    expect(await rowsOf('sotto/merged/segment')).toHaveLength(1);
  });

  test('[ST10] what was there before it was opened is merged with what came since', async () => {
    const bench = setupBench('merged-later');
    const storage = await openNew(bench);
    const writer = createWriter(11);
    const first = await openSegment(storage);
    applyAll(first, writer.write(300));
    await first.close();
    const again = await openSegment(storage);
    applyAll(again, writer.write(1));
    expect(await clocksOf(again)).toEqual(new Map([[11, 301]]));
    applyAll(again, writer.write(299));
    expect(await clocksOf(again)).toEqual(new Map([[11, 600]]));
    await bench.passTime();
    expect(await clocksOf(again)).toEqual(new Map([[11, 600]]));
    const { length: rowCount } = await rowsOf('sotto/merged-later/segment');
    expect(rowCount).toBe(1);
    await again.close();
    expect(entryCount(await openSegment(storage), 11)).toBe(600);
  });

  test('[ST21] a segment that gets nothing is read once, and nothing is written', async () => {
    const storage = await openNew(setupBench('only-read'));
    const segment = await openSegment(storage);
    applyAll(segment, createWriter(11).write(2));
    await segment.close();
    const before = await rowsOf('sotto/only-read/segment');
    const begin = vi.spyOn(IDBDatabase.prototype, 'transaction');
    onTestFinished(() => {
      begin.mockRestore();
    });
    const again = await openSegment(storage);
    expect(entryCount(again, 11)).toBe(2);
    await again.close();
    expect(begin.mock.calls.map(([stores]) => stores)).toEqual(['updates']);
    expect(await rowsOf('sotto/only-read/segment')).toEqual(before);
  });

  test('[row 23] merging on a full disk loses nothing', async () => {
    const bench = setupBench('merge-full');
    const storage = await openNew(bench);
    const segment = await openSegment(storage);
    const writer = createWriter(11);
    applyAll(segment, writer.write(499));
    expect(await clocksOf(segment)).toEqual(new Map([[11, 499]]));
    await bench.disk?.fill(storage);
    applyAll(segment, writer.write(10));
    await bench.passTime();
    expect(await clocksOf(segment)).toEqual(new Map([[11, 499]]));
    await bench.disk?.free(storage);
    expect(await clocksOf(segment)).toEqual(new Map([[11, 509]]));
  });

  test('[row 22] a connection closed without a word does not throw into the document', async () => {
    const storage = await openNew(setupBench('silent'));
    const segment = await openSegment(storage, 's');
    const writer = createWriter(11);
    applyAll(segment, writer.write(2));
    expect(await clocksOf(segment)).toEqual(new Map([[11, 2]]));
    for (const connection of fakeDatabases().get('sotto/silent/s')?.connections ?? []) {
      connection.close();
    }
    expect(() => {
      applyAll(segment, writer.write(3));
    }).not.toThrow();
    expect(await clocksOf(segment)).toEqual(new Map([[11, 5]]));
  });

  test('[row 20] a row that is not even bytes is set aside', async () => {
    const storage = await openNew(setupBench('not-bytes'));
    const segment = await openSegment(storage, 's');
    applyAll(segment, createWriter(11).write(2));
    await segment.close();
    const database = await whenDone(indexedDB.open('sotto/not-bytes/s'));
    await whenDone(
      database.transaction('updates', 'readwrite').objectStore('updates').add('a string'),
    );
    database.close();
    const again = await openSegment(storage, 's');
    expect([entryCount(again, 11), again.setAsideCount]).toEqual([2, 1]);
  });

  test('[row 20] one that decodes and makes Yjs throw is set aside', async () => {
    const storage = await openNew(setupBench('throwing'));
    const segment = await openSegment(storage, 's');
    const [first, second] = createWriter(11).write(2);
    applyAll(segment, [first ?? bytes()]);
    await segment.close();
    const throwing = throwingVariant(first ?? bytes(), second ?? bytes());
    const database = await whenDone(indexedDB.open('sotto/throwing/s'));
    await whenDone(
      database.transaction('updates', 'readwrite').objectStore('updates').add(throwing),
    );
    database.close();
    const again = await openSegment(storage, 's');
    expect([entryCount(again, 11), again.setAsideCount]).toEqual([1, 1]);
  });
});

/** The second update with one bit flipped so that it decodes and cannot be applied. */
const throwingVariant = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  for (let bit = 0; bit < second.length * 8; bit++) {
    const flipped = second.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const doc = new Y.Doc();
    Y.applyUpdate(doc, first);
    let isDecoded = false;
    try {
      Y.decodeUpdate(flipped);
      isDecoded = true;
      Y.applyUpdate(doc, flipped);
    } catch {
      if (isDecoded) return flipped;
    }
  }
  throw new Error('no such flip');
};
