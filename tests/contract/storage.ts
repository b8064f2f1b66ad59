/** What every adapter of src/storage/port.ts promises about records, opening and closing. */
import type { Storage } from '../../src/storage/port.ts';
import {
  applyAll,
  bytes,
  check,
  checkEqual,
  createWriter,
  entryCount,
  failureIn,
  openNew,
  openSegment,
  valueOf,
  type ContractCase,
  type StorageBench,
} from './storage-bench.ts';
import { segmentContract } from './storage-segments.ts';

const put = async (storage: Storage, key: string, ...values: ReadonlyArray<number>) =>
  valueOf(await storage.commit([{ key, value: bytes(...values) }]));

const read = async (storage: Storage, key: string) => valueOf(await storage.get(key));

const keysIn = async (storage: Storage, prefix: string) =>
  valueOf(await storage.list(prefix)).map(([key]) => key);

const recordContract: ReadonlyArray<ContractCase> = [
  {
    title: '[row 18] what a commit acknowledged is there after the program was killed',
    run: async (bench) => {
      const storage = await openNew(bench);
      await put(storage, 'vault', 1, 2, 3);
      await bench.crash();
      checkEqual(await read(await openNew(bench), 'vault'), bytes(1, 2, 3), 'the record is there');
    },
  },
  {
    title: '[row 16] a batch that does not fit leaves nothing of itself behind',
    needs: ['disk'],
    run: async (bench) => {
      const storage = await openNew(bench);
      await put(storage, 'a', 1);
      await bench.disk?.fill(storage);
      const batch = [
        { key: 'a', value: bytes(2) },
        { key: 'b', value: new Uint8Array(200_000) },
      ];
      checkEqual(failureIn(await storage.commit(batch)), 'disk-full', 'the batch is refused');
      await bench.disk?.free(storage);
      checkEqual(await read(storage, 'a'), bytes(1), 'the old value stands');
      checkEqual(await read(storage, 'b'), undefined, 'nothing of the batch is visible');
      await bench.crash();
      const later = await openNew(bench);
      checkEqual(await read(later, 'a'), bytes(1), 'the old value stands after a restart');
      checkEqual(await read(later, 'b'), undefined, 'nothing of the batch is on disk');
    },
  },
  {
    title: '[ST1] a batch is written in its order, and deletes what has no value',
    run: async (bench) => {
      const storage = await openNew(bench);
      const batch = [
        { key: 'a', value: bytes(1) },
        { key: 'b', value: bytes(1) },
        { key: 'a', value: bytes(2) },
        { key: 'b', value: undefined },
        { key: 'never-there', value: undefined },
      ];
      valueOf(await storage.commit(batch));
      checkEqual(await read(storage, 'a'), bytes(2), 'the later write wins');
      checkEqual(await keysIn(storage, ''), ['a'], 'the deleted record is gone');
    },
  },
  {
    title: '[ST2] concurrent commits all succeed, in call order',
    run: async (bench) => {
      const storage = await openNew(bench);
      const commits = Array.from({ length: 300 }, (_, i) =>
        storage.commit([
          { key: 'last', value: bytes(i >> 8, i & 255) },
          { key: `n-${String(i).padStart(3, '0')}`, value: bytes(i & 255) },
        ]),
      );
      for (const commit of commits) valueOf(await commit);
      await bench.crash();
      const later = await openNew(bench);
      checkEqual(await read(later, 'last'), bytes(1, 43), 'the last call was the last write');
      checkEqual((await keysIn(later, 'n-')).length, 300, 'every commit is there');
    },
  },
  {
    title: '[ST3] list gives exactly the keys with the prefix, in key order',
    run: async (bench) => {
      const storage = await openNew(bench);
      for (const key of ['b', 'a/2', 'a/10', 'a', 'a/', 'a0', 'B', 'a/~z', 'a.z']) {
        await put(storage, key, 1);
      }
      checkEqual(await keysIn(storage, 'a/'), ['a/', 'a/10', 'a/2', 'a/~z'], 'the prefix counts');
      checkEqual(
        await keysIn(storage, ''),
        ['B', 'a', 'a.z', 'a/', 'a/10', 'a/2', 'a/~z', 'a0', 'b'],
        'all, in the order of their characters',
      );
      checkEqual(await keysIn(storage, 'c'), [], 'none');
    },
  },
  {
    title: '[ST4] values are copied on the way in and on the way out, without their neighbours',
    run: async (bench) => {
      const storage = await openNew(bench);
      const buffer = new Uint8Array(1000).fill(7);
      const view = buffer.subarray(10, 13);
      const commit = storage.commit([{ key: 'view', value: view }]);
      buffer.fill(9);
      valueOf(await commit);
      const first = await read(storage, 'view');
      check(first instanceof Uint8Array, 'bytes come back as bytes');
      checkEqual(first, bytes(7, 7, 7), 'as they were when commit was called');
      if (first instanceof Uint8Array) {
        checkEqual(first.buffer.byteLength, 3, 'nothing else of the buffer is stored');
        first.fill(0);
      }
      checkEqual(await read(storage, 'view'), bytes(7, 7, 7), 'the reader got a copy');
    },
  },
  {
    title: '[ST5] a key handle comes back as one, after a restart too',
    run: async (bench) => {
      const storage = await openNew(bench);
      const handle = await bench.keyHandle();
      valueOf(await storage.commit([{ key: 'device', value: handle }]));
      await bench.crash();
      const stored = await read(await openNew(bench), 'device');
      check(stored !== undefined && 'keyHandle' in stored, 'a handle comes back as a handle');
      if (stored !== undefined && 'keyHandle' in stored) {
        check(await bench.isSameHandle(stored, handle), 'it is the same key');
      }
    },
  },
  {
    title: '[row 23] a full disk is told, loses nothing acknowledged, and works again when freed',
    needs: ['disk'],
    run: async (bench) => {
      const storage = await openNew(bench);
      await put(storage, 'before', 1);
      await bench.disk?.fill(storage);
      const refused = await storage.commit([{ key: 'during', value: new Uint8Array(20_000) }]);
      checkEqual(failureIn(refused), 'disk-full', 'the failure is told');
      const during = await storage.get('before');
      check(during.ok || during.error === 'disk-full', 'reading works or says why not');
      if (during.ok) checkEqual(during.value, bytes(1), 'and reads what is there');
      await bench.disk?.free(storage);
      await put(storage, 'after', 3);
      await bench.crash();
      checkEqual(await keysIn(await openNew(bench), ''), ['after', 'before'], 'both are there');
    },
  },
];

const openingContract: ReadonlyArray<ContractCase> = [
  {
    title: '[ST6] opening twice gives the same answer; before and after, calls fail',
    run: async (bench) => {
      const storage = bench.create();
      checkEqual(failureIn(await storage.get('a')), 'failed', 'not open yet');
      valueOf(await storage.open());
      await put(storage, 'a', 1);
      valueOf(await storage.open());
      checkEqual(await read(storage, 'a'), bytes(1), 'still the same store');
      await storage.close();
      checkEqual(failureIn(await storage.get('a')), 'failed', 'closed');
      checkEqual(failureIn(await storage.commit([])), 'failed', 'closed for writing');
      checkEqual(failureIn(await storage.openSegment('s')), 'failed', 'closed for segments');
      valueOf(await storage.open());
      checkEqual(await read(storage, 'a'), bytes(1), 'open again');
    },
  },
  {
    title: '[row 22] one failed attempt to open is tried again',
    needs: ['failOpens'],
    run: async (bench) => {
      bench.failOpens?.(1);
      await put(await openNew(bench), 'a', 1);
    },
  },
  {
    title: '[row 22] a store that does not open says so',
    run: async (bench) => {
      bench.breakOpening();
      const storage = bench.create();
      checkEqual(failureIn(await storage.open()), 'open-failed', 'the failure is told');
      check(!(await storage.get('a')).ok, 'nothing can be read');
    },
  },
  {
    title: '[row 22] a connection that the platform closed is made again',
    needs: ['disconnect'],
    run: async (bench) => {
      const storage = await openNew(bench);
      const lost: string[] = [];
      storage.onLost((failure) => lost.push(failure));
      await put(storage, 'a', 1);
      await bench.disconnect?.();
      checkEqual(await read(storage, 'a'), bytes(1), 'what was stored is there');
      await put(storage, 'b', 2);
      await bench.disconnect?.();
      await put(storage, 'c', 3);
      await bench.crash();
      checkEqual(await keysIn(await openNew(bench), ''), ['a', 'b', 'c'], 'writing went on');
      checkEqual(lost, [], 'nothing was lost');
    },
  },
  {
    title: '[row 22] a store that is taken away is told, and only open starts over',
    needs: ['takeAway'],
    run: async (bench) => {
      const storage = await openNew(bench);
      const lost: string[] = [];
      storage.onLost((failure) => lost.push(failure));
      await put(storage, 'a', 1);
      const segment = await openSegment(storage);
      await bench.takeAway?.();
      applyAll(segment, createWriter(11).write(1));
      checkEqual(failureIn(await storage.get('a')), 'failed', 'reading fails');
      const refused = await storage.commit([{ key: 'b', value: bytes(1) }]);
      checkEqual(failureIn(refused), 'failed', 'writing fails');
      checkEqual(failureIn(await segment.storedClocks()), 'failed', 'segments fail');
      checkEqual(lost, ['failed'], 'the listener was called once');
      valueOf(await storage.open());
      await put(storage, 'c', 3);
      const again = await openSegment(storage);
      checkEqual(entryCount(again, 11), 0, 'what was never stored does not come back');
    },
  },
  {
    title: '[row 25] a store that something older holds open is told, and opens once it lets go',
    needs: ['block'],
    run: async (bench) => {
      const release = await bench.block?.();
      const storage = bench.create();
      checkEqual(failureIn(await storage.open()), 'blocked', 'the reason is told');
      await release?.();
      valueOf(await storage.open());
      await put(storage, 'a', 1);
    },
  },
  {
    title: '[ST18] [row 28] whoever opened last owns the store: the one before writes nothing more',
    needs: ['isShared'],
    run: async (bench) => {
      const first = await openNew(bench);
      await put(first, 'a', 1);
      const underWay = first.commit([{ key: 'b', value: bytes(1) }]);
      const second = await openNew(bench);
      valueOf(await underWay);
      const refused = await first.commit([{ key: 'a', value: bytes(2) }]);
      checkEqual(failureIn(refused), 'taken-over', 'the reason is told');
      await bench.disconnect?.();
      const again = await first.commit([{ key: 'a', value: bytes(3) }]);
      checkEqual(failureIn(again), 'taken-over', 'a new connection does not take it back');
      await put(second, 'c', 1);
      checkEqual(await read(second, 'a'), bytes(1), 'nothing was written');
      checkEqual(await keysIn(second, ''), ['a', 'b', 'c'], 'only records are listed');
    },
  },
  {
    title: '[row 26] newer data is refused and not touched',
    run: async (bench) => {
      await bench.storeNewer();
      const storage = bench.create();
      checkEqual(failureIn(await storage.open()), 'newer-data', 'the reason is told');
      const refused = await storage.commit([{ key: 'a', value: bytes(1) }]);
      check(!refused.ok, 'nothing is written');
      checkEqual(failureIn(await bench.create().open()), 'newer-data', 'it is still the newer one');
    },
  },
  {
    title: '[row 21] a store that was deleted opens empty: the marker is gone',
    run: async (bench) => {
      const storage = await openNew(bench);
      await put(storage, 'marker', 1);
      await storage.close();
      await bench.wipe();
      const later = await openNew(bench);
      checkEqual(await read(later, 'marker'), undefined, 'nothing pretends to be there');
      checkEqual(await keysIn(later, ''), [], 'nothing at all');
    },
  },
  {
    title: '[ST7] usage is either a sane pair of numbers or unknown',
    run: async (bench: StorageBench) => {
      const usage = await (await openNew(bench)).usage();
      check(
        usage === undefined || (usage.usedBytes >= 0 && usage.quotaBytes >= usage.usedBytes),
        'used is at most the quota',
      );
    },
  },
];

export const storageContract: ReadonlyArray<ContractCase> = [
  ...recordContract,
  ...openingContract,
  ...segmentContract,
];
