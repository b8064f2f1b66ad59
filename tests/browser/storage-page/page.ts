/** Runs in Chromium: the storage contract, and a storage that a test drives from outside. */
import { createIndexedDbStorage } from '../../../src/storage/indexeddb/indexeddb.browser.ts';
import type { Segment, Storage } from '../../../src/storage/port.ts';
import { applyAll, createWriter, entryCount, valueOf } from '../../contract/storage-bench.ts';
import { createIndexedDbBench } from '../../contract/storage-indexeddb.ts';
import { storageContract } from '../../contract/storage.ts';

export type Acknowledge = (kind: 'record' | 'entry', count: number) => Promise<void>;

declare global {
  interface Window {
    /** Given by a test whose profile lies on a small disk. */
    fillDisk?: () => Promise<void>;
    freeDisk?: () => Promise<void>;
    /** Given by a test that kills. */
    acknowledge?: Acknowledge;
    storagePage: typeof storagePage;
  }
}

const runCase = async (title: string): Promise<void> => {
  const at = storageContract.findIndex((each) => each.title === title);
  const { fillDisk, freeDisk } = window;
  const isSmall = fillDisk !== undefined && freeDisk !== undefined;
  const disk = isSmall ? { disk: { fill: fillDisk, free: freeDisk } } : {};
  const bench = createIndexedDbBench(`contract-${String(at)}`, disk);
  try {
    await storageContract[at]?.run(bench);
  } finally {
    await freeDisk?.();
    await bench.end();
  }
};

const client = 11;
const keyOf = (index: number): string => `message-${String(index).padStart(6, '0')}`;

/** One storage and one segment, as a program would have them. */
const createProgram = () => {
  const lost: string[] = [];
  let storage: Storage | undefined;
  let segment: Segment | undefined;

  const current = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the program was not started');
    return value;
  };
  return {
    start: async (): Promise<string | undefined> => {
      if (storage === undefined) {
        storage = createIndexedDbStorage({
          name: 'program',
          loadSegments: () => import('../../../src/storage/indexeddb/indexeddb-segment.browser.ts'),
        });
        storage.onLost((failure) => lost.push(failure));
      }
      const opened = await storage.open();
      if (!opened.ok) return opened.error;
      segment = valueOf(await storage.openSegment('segment'));
      return undefined;
    },
    lost: (): ReadonlyArray<string> => lost,
    recordCount: async (): Promise<number | string> => {
      const listed = await current(storage).list('message-');
      return listed.ok ? listed.value.length : listed.error;
    },
    entryCount: (): number => entryCount(current(segment), client),
    setAsideCount: (): number => current(segment).setAsideCount,
    storedClock: async (): Promise<number | string> => {
      const clocks = await current(segment).storedClocks();
      return clocks.ok ? (clocks.value.get(client) ?? 0) : clocks.error;
    },
    write: (count: number): void => {
      applyAll(current(segment), createWriter(client).write(count));
    },
    commit: async (): Promise<string | undefined> => {
      const value = new Uint8Array(3);
      const committed = await current(storage).commit([{ key: keyOf(0), value }]);
      return committed.ok ? undefined : committed.error;
    },
    /** Commits and appends for ever, and says what was acknowledged as soon as it is. */
    writeForEver: async (from: number): Promise<void> => {
      const acknowledge = current(window.acknowledge);
      const writer = createWriter(client);
      writer.write(from); // as far as it had come before
      for (let index = from; ; index++) {
        const value = new Uint8Array(300).fill(index);
        valueOf(await current(storage).commit([{ key: keyOf(index), value }]));
        await acknowledge('record', index + 1);
        applyAll(current(segment), writer.write(1, 300));
        if (index % 7 !== 6) continue;
        const clocks = valueOf(await current(segment).storedClocks());
        await acknowledge('entry', clocks.get(client) ?? 0);
      }
    },
  };
};

const upgradeTo = (version: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open('sotto/program', version);
    request.addEventListener('success', () => {
      resolve(request.result.version);
      request.result.close();
    });
    request.addEventListener('error', () => {
      reject(request.error ?? new Error('not opened'));
    });
  });

const storagePage = { runCase, program: createProgram(), upgradeTo };
window.storagePage = storagePage;
