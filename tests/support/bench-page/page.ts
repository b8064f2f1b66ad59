/**
 * A page with parts of Sotto and the bare platform beside them, driven by tests/bench: cryptography
 * (P15, SEALFILE), the storage port (P10) and a history shown by nothing but IndexedDB (P7).
 */
import { createBrowserCipher } from '../../../src/crypto/chunk-cipher.browser.ts';
import { createWebCryptoBackend } from '../../../src/crypto/webcrypto.browser.ts';
import { createIndexedDbStorage } from '../../../src/storage/indexeddb/indexeddb.browser.ts';
import {
  createChunkContests,
  playChunks,
  type ChunkContest,
  type ChunkScore,
} from '../../bench/support/chunk-work.ts';
import {
  createContests,
  playRound,
  type Contest,
  type Score,
} from '../../bench/support/crypto-work.ts';

export interface Written {
  readonly perSecond: number;
  /** From the write to "durable", each. */
  readonly ackMs: ReadonlyArray<number>;
}

interface WriteOptions {
  readonly count: number;
  readonly atOnce: number;
}

export interface BenchPage {
  cryptoNames(): Promise<ReadonlyArray<Pick<Contest, 'measures' | 'against' | 'aim'>>>;
  cryptoRound(forMs: number): Promise<ReadonlyArray<Score>>;
  chunkRound(forMs: number): Promise<ReadonlyArray<ChunkScore>>;
  writeThroughPort(options: WriteOptions): Promise<Written>;
  /** As many, `atOnce` in each strict transaction. */
  writeBare(options: WriteOptions): Promise<Written>;
  fillHistory(count: number): Promise<void>;
  /** Shows the last 50; milliseconds since the page began to load. */
  showHistory(): Promise<number>;
}

const recordBytes = 700; // about what one sealed message takes in the journal
const store = 'records';
const shownCount = 50;

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => {
      resolve(request.result);
    });
    request.addEventListener('error', () => {
      reject(request.error ?? new Error('a request failed'));
    });
  });

const openBare = (name: string): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(store);
  });
  return done(request);
};

const commitBare = (database: IDBDatabase, put: (to: IDBObjectStore) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const transaction = database.transaction(store, 'readwrite', { durability: 'strict' });
    put(transaction.objectStore(store));
    transaction.addEventListener('complete', () => {
      resolve();
    });
    transaction.addEventListener('abort', () => {
      reject(transaction.error ?? new Error('a transaction failed'));
    });
  });

const record = (): Uint8Array => crypto.getRandomValues(new Uint8Array(recordBytes));
const keyOf = (i: number): string => `m${String(i).padStart(8, '0')}`;

const contests: Promise<ReadonlyArray<Contest>> = (async () => {
  const backend = await createWebCryptoBackend();
  if (backend === undefined) throw new Error('this browser has no Ed25519');
  return createContests(backend, crypto.subtle);
})();

const chunkContests: Promise<ReadonlyArray<ChunkContest>> = (async () =>
  createChunkContests(await createBrowserCipher()))();

const writeThroughPort = async ({ count, atOnce }: WriteOptions): Promise<Written> => {
  const storage = createIndexedDbStorage({
    name: `bench-${String(performance.now())}`,
    loadSegments: () => import('../../../src/storage/indexeddb/indexeddb-segment.browser.ts'),
  });
  const opened = await storage.open();
  if (!opened.ok) throw new Error(opened.error);
  const ackMs: number[] = [];
  let next = 0;
  const writeOn = async (): Promise<void> => {
    while (next < count) {
      const key = keyOf(next);
      next += 1;
      const startedMs = performance.now();
      const written = await storage.commit([{ key, value: record() }]);
      if (!written.ok) throw new Error(written.error);
      ackMs.push(performance.now() - startedMs);
    }
  };
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: atOnce }, writeOn));
  const tookMs = performance.now() - startedMs;
  await storage.close();
  return { perSecond: (1000 * count) / tookMs, ackMs };
};

const writeBare = async ({ count, atOnce }: WriteOptions): Promise<Written> => {
  const database = await openBare(`bare-${String(performance.now())}`);
  const ackMs: number[] = [];
  const startedMs = performance.now();
  for (let from = 0; from < count; from += atOnce) {
    const batchMs = performance.now();
    const size = Math.min(atOnce, count - from);
    await commitBare(database, (to) => {
      for (let i = 0; i < size; i++) to.put(record(), keyOf(from + i));
    });
    const tookMs = performance.now() - batchMs;
    for (let i = 0; i < size; i++) ackMs.push(tookMs);
  }
  const tookMs = performance.now() - startedMs;
  database.close();
  return { perSecond: (1000 * count) / tookMs, ackMs };
};

const history = 'history';

const showHistory = async (): Promise<number> => {
  const database = await openBare(history);
  const request = database.transaction(store).objectStore(store).openCursor(null, 'prev');
  const shown: HTMLElement[] = [];
  await new Promise<void>((resolve) => {
    request.addEventListener('success', () => {
      const cursor = request.result;
      if (cursor === null || shown.length === shownCount) {
        resolve();
        return;
      }
      const value = cursor.value as Uint8Array;
      const textContent = `${String(Number(cursor.key))}: ${String(value.length)} bytes`;
      shown.push(Object.assign(document.createElement('p'), { textContent }));
      cursor.continue();
    });
  });
  document.body.append(...shown.reverse());
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        resolve(performance.now());
      };
      port2.postMessage(undefined);
    });
  });
};

const benchPage: BenchPage = {
  cryptoNames: async () =>
    (await contests).map(({ measures, against, aim }) => ({
      measures,
      against,
      ...(aim === undefined ? {} : { aim }),
    })),
  cryptoRound: async (forMs) => playRound(await contests, forMs),
  chunkRound: async (forMs) => playChunks(await chunkContests, forMs),
  writeThroughPort,
  writeBare,
  fillHistory: async (count) => {
    const database = await openBare(history);
    await commitBare(database, (to) => {
      for (let i = 0; i < count; i++) to.put(record(), keyOf(i));
    });
    database.close();
  },
  showHistory,
};
// By itself where it is asked for in the address, so that the clock starts with the navigation.
const shownMs = location.hash === '#history' ? showHistory() : undefined;
Object.assign(globalThis, { benchPage, benchShownMs: shownMs });
