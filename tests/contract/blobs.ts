/** What every adapter of src/storage/blobs/port.ts promises; the same cases run in Node and in a page. */
import type { BlobStore } from '../../src/storage/blobs/port.ts';
import { check, checkEqual, valueOf } from './storage-bench.ts';

const slotBytes = 65_552;
const filled = (byte: number, length = slotBytes): Uint8Array => new Uint8Array(length).fill(byte);

/** Short enough to be shown when it is wrong. */
const sumOf = (bytes: Uint8Array | undefined): string =>
  bytes === undefined ? 'nothing' : `${String(bytes.length)} of ${String(bytes[0])}`;

export interface BlobCase {
  readonly title: string;
  /** `open` answers what a program finds that starts now. */
  run(open: () => Promise<BlobStore>): Promise<void>;
}

const read = async (store: BlobStore, slot: number, { byteCount = slotBytes, name = 'a' } = {}) =>
  sumOf(valueOf(await store.read(name, slot, byteCount)));

export const blobContract: ReadonlyArray<BlobCase> = [
  {
    title: '[BS1] what was synced is there after a restart, in any order of slots',
    run: async (open) => {
      const store = await open();
      valueOf(await store.write('a', [{ slot: 3, bytes: filled(3) }]));
      valueOf(
        await store.write('a', [
          { slot: 0, bytes: filled(7) },
          { slot: 1, bytes: filled(1, 100) },
        ]),
      );
      valueOf(await store.sync('a'));
      await store.close();
      const later = await open();
      checkEqual(await read(later, 0), '65552 of 7', 'the first slot');
      checkEqual(await read(later, 1, { byteCount: 100 }), '100 of 1', 'a short one');
      checkEqual(await read(later, 3), '65552 of 3', 'one beyond a hole');
      await later.close();
    },
  },
  {
    title: '[BS2] what is not there, or not all of it, is nothing',
    run: async (open) => {
      const store = await open();
      checkEqual(await read(store, 0), 'nothing', 'a file that is not there');
      valueOf(await store.write('a', [{ slot: 1, bytes: filled(1, 100) }]));
      checkEqual(await read(store, 1, { byteCount: 101 }), 'nothing', 'more than was written');
      checkEqual(await read(store, 9, { byteCount: 1 }), 'nothing', 'a slot behind the end');
      checkEqual(valueOf(await store.names()), ['a'], 'asking makes no file');
      await store.close();
    },
  },
  {
    title: '[BS3] writing a slot again replaces it, and nothing else',
    run: async (open) => {
      const store = await open();
      const chunks = [0, 1, 2].map((slot) => ({ slot, bytes: filled(slot + 1) }));
      valueOf(await store.write('a', chunks));
      valueOf(await store.write('a', [{ slot: 1, bytes: filled(9) }]));
      checkEqual(await read(store, 0), '65552 of 1', 'before it');
      checkEqual(await read(store, 1), '65552 of 9', 'the slot');
      checkEqual(await read(store, 2), '65552 of 3', 'after it');
      await store.close();
    },
  },
  {
    title: '[BS4] files are apart; one that is removed is gone, and can be written again',
    run: async (open) => {
      const store = await open();
      for (const [at, name] of ['a', 'b', 'ab'].entries()) {
        valueOf(await store.write(name, [{ slot: 0, bytes: filled(at + 1) }]));
      }
      valueOf(await store.write('a', [{ slot: 5, bytes: filled(5) }]));
      checkEqual([...valueOf(await store.names())].sort(), ['a', 'ab', 'b'], 'each once');
      valueOf(await store.remove('a'));
      valueOf(await store.remove('never'));
      checkEqual([...valueOf(await store.names())].sort(), ['ab', 'b'], 'the others stay');
      checkEqual(await read(store, 0), 'nothing', 'it is gone');
      checkEqual(await read(store, 0, { name: 'ab' }), '65552 of 3', 'not the one beside it');
      valueOf(await store.write('a', [{ slot: 0, bytes: filled(4) }]));
      checkEqual(await read(store, 0), '65552 of 4', 'written again');
      checkEqual(await read(store, 5), 'nothing', 'nothing of before');
      await store.close();
    },
  },
  {
    title: '[BS5] bytes are taken as they were when they were handed over',
    run: async (open) => {
      const store = await open();
      const bytes = filled(1);
      const written = store.write('a', [{ slot: 0, bytes }]);
      valueOf(await written);
      bytes.fill(2);
      checkEqual(await read(store, 0), '65552 of 1', 'as they were');
      const got = valueOf(await store.read('a', 0, slotBytes));
      got?.fill(3);
      checkEqual(await read(store, 0), '65552 of 1', 'what is read is the reader’s own');
      await store.close();
    },
  },
  {
    title: '[BS6] a store that was closed refuses',
    run: async (open) => {
      const store = await open();
      await store.close();
      check(!(await store.write('a', [{ slot: 0, bytes: filled(1) }])).ok, 'no writing');
      check(!(await store.read('a', 0, 1)).ok, 'no reading');
    },
  },
];
