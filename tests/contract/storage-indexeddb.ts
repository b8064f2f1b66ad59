/** The storage bench over IndexedDB: a simulated one in Node, the real one in a page. */
import { createIndexedDbStorage } from '../../src/storage/indexeddb/indexeddb.browser.ts';
import type { Storage } from '../../src/storage/port.ts';
import type { StorageBench } from './storage-bench.ts';

export type PlatformFaults = Pick<StorageBench, 'disk' | 'disconnect'>;

const loadSegments = () => import('../../src/storage/indexeddb/indexeddb-segment.browser.ts');

const whenDone = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => {
      resolve(request.result);
    });
    request.addEventListener('error', () => {
      reject(request.error ?? new Error('the request failed'));
    });
  });

export const deleteDatabases = async (prefix: string): Promise<void> => {
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith(prefix) === true) await whenDone(indexedDB.deleteDatabase(name));
  }
};

/** Holds back long timers, so that nobody waits for y-indexeddb's second. */
const holdTimers = () => {
  const original = globalThis.setTimeout;
  let held: (() => void)[] = [];
  const hold = (task: () => void, delayMs = 0): unknown => {
    if (delayMs < 1000) return original(task, delayMs);
    held.push(task);
    return undefined;
  };
  globalThis.setTimeout = hold as typeof setTimeout;
  return {
    run: (): void => {
      const due = held;
      held = [];
      for (const task of due) task();
    },
    restore: (): void => {
      globalThis.setTimeout = original;
    },
  };
};

/** Makes opening fail as Chromium does when its backing store does not come up. */
const failingOpens = () => {
  const prototype = Object.getPrototypeOf(indexedDB) as IDBFactory;
  const original = Object.getOwnPropertyDescriptor(prototype, 'open')?.value as IDBFactory['open'];
  let left = 0;
  prototype.open = function (this: IDBFactory, name: string, version?: number) {
    if (left > 0) {
      left -= 1;
      throw new DOMException('Internal error opening backing store.', 'UnknownError');
    }
    return version === undefined ? original.call(this, name) : original.call(this, name, version);
  };
  return {
    fail: (times: number): void => {
      left = times;
    },
    restore: (): void => {
      prototype.open = original;
    },
  };
};

const damageRow =
  (databaseName: string): StorageBench['damageRow'] =>
  async (segment, index, change) => {
    const database = await whenDone(indexedDB.open(`${databaseName}/${segment}`));
    const store = database.transaction('updates', 'readwrite').objectStore('updates');
    const [keys, rows] = await Promise.all([
      whenDone(store.getAllKeys()),
      whenDone<unknown[]>(store.getAll()),
    ]);
    const [key, row] = [keys[index], rows[index]];
    if (key !== undefined && row instanceof Uint8Array) await whenDone(store.put(change(row), key));
    database.close();
  };

const createKeyHandles = () => {
  let publicKey: CryptoKey | undefined;
  return {
    keyHandle: async () => {
      const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
      publicKey = pair.publicKey;
      return { keyHandle: pair.privateKey };
    },
    isSameHandle: async ({ keyHandle }: { readonly keyHandle: unknown }) => {
      if (publicKey === undefined || !(keyHandle instanceof CryptoKey)) return false;
      const message = Uint8Array.of(1, 2, 3);
      const signature = await crypto.subtle.sign('Ed25519', keyHandle, message);
      return crypto.subtle.verify('Ed25519', publicKey, signature, message);
    },
  };
};

export const createIndexedDbBench = (name: string, faults: PlatformFaults): StorageBench => {
  const databaseName = `sotto/${name}`;
  const timers = holdTimers();
  const opens = failingOpens();
  const storages: Storage[] = [];
  const closeAll = async (): Promise<void> => {
    for (const storage of storages) await storage.close();
  };
  return {
    create: () => {
      const storage = createIndexedDbStorage({ name, loadSegments });
      storages.push(storage);
      return storage;
    },
    crash: () => Promise.resolve(), // the dead program's connections harm nobody
    wipe: async () => {
      await closeAll();
      await deleteDatabases(databaseName);
    },
    isShared: true,
    takeAway: () => deleteDatabases(databaseName),
    failOpens: opens.fail,
    breakOpening: () => {
      opens.fail(Infinity);
    },
    storeNewer: async () => {
      (await whenDone(indexedDB.open(databaseName, 2))).close();
    },
    damageRow: damageRow(databaseName),
    passTime: () => {
      timers.run();
      return Promise.resolve();
    },
    ...createKeyHandles(),
    ...faults,
    end: async () => {
      opens.restore();
      await closeAll();
      timers.restore();
      await deleteDatabases(databaseName);
    },
  };
};
