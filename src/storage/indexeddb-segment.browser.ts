/**
 * A segment in y-indexeddb, with what y-indexeddb keeps to itself made visible. On its own it waits
 * for no write, hides failed ones (on a full disk the document looks stored and is not), never
 * becomes `synced` when one stored update is damaged, and throws into the caller's transaction once
 * its connection is closed. So: damaged rows are set aside before it loads, every transaction it
 * begins is watched and made strict, and `storedClocks` reads the rows it left on disk.
 */
import type { IDBPDatabase } from 'idb';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { err, ok, type Result } from '../base/result.ts';
import { failureOf, openDatabase } from './indexeddb-open.browser.ts';
import type { Segment, StorageFailure } from './port.ts';
import {
  createClockReader,
  createSegmentDoc,
  examineRows,
  settleClocks,
  type Examined,
  type Row,
  type RowPage,
} from './segment-rows.ts';

/** The database as y-indexeddb lays it out: numbered updates, and a store for its users. */
const segmentVersion = 1;
const updatesStore = 'updates';
const customStore = 'custom';
const segmentStores = [
  { name: updatesStore, hasCountedKeys: true },
  { name: customStore, hasCountedKeys: false },
];

export interface IndexedDbSegmentOptions {
  /** Of the database. */
  readonly name: string;
  readonly onClose: () => void;
  readonly onLost: (failure: StorageFailure) => void;
}

/** Anything but bytes in a row is as good as no bytes. */
const toRow = (key: IDBValidKey, value: unknown): Row => ({
  key: Number(key),
  update: value instanceof Uint8Array ? value : new Uint8Array(),
});

const readPage = async (
  database: IDBPDatabase,
  afterKey: number,
): Promise<Result<RowPage, StorageFailure>> => {
  try {
    const store = database.transaction(updatesStore).store;
    const range = IDBKeyRange.lowerBound(afterKey, true);
    const [first, keys, values] = await Promise.all([
      store.getAllKeys(null, 1),
      store.getAllKeys(range),
      store.getAll(range),
    ]);
    const firstKey = first[0] === undefined ? undefined : Number(first[0]);
    return ok({ firstKey, rows: keys.map((key, at) => toRow(key, values[at])) });
  } catch (error) {
    return err(failureOf(error));
  }
};

/** One strict transaction: one sound row in the place of all, the unusable ones set aside. */
const replaceRows = async (
  database: IDBPDatabase,
  { doc, unusable }: Examined,
): Promise<Result<undefined, StorageFailure>> => {
  try {
    const transaction = database.transaction([updatesStore, customStore], 'readwrite', {
      durability: 'strict',
    });
    const updates = transaction.objectStore(updatesStore);
    const aside = transaction.objectStore(customStore);
    await Promise.all([
      aside.clear(),
      ...unusable.map(({ key, update }) => aside.put(update, key)),
      updates.clear(),
      updates.add(Y.encodeStateAsUpdate(doc)),
      transaction.done,
    ]);
    return ok(undefined);
  } catch (error) {
    return err(failureOf(error));
  }
};

const setAsideDamage = async (
  name: string,
  database: IDBPDatabase,
): Promise<Result<number, StorageFailure>> => {
  const stored = await readPage(database, 0);
  if (!stored.ok) return stored;
  const examined = examineRows(name, stored.value.rows);
  if (!examined.isDamaged) return ok(0);
  const replaced = await replaceRows(database, examined);
  return replaced.ok ? ok(examined.unusable.length) : replaced;
};

/** Resolves when the transaction is on disk or undone; which of the two, the disk tells. */
const whenOver = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve) => {
    transaction.addEventListener('complete', () => {
      resolve();
    });
    transaction.addEventListener('abort', () => {
      resolve();
    });
    // A failed request aborts its transaction. It must not reach y-indexeddb too, which would make
    // of it a rejected promise that nobody holds.
    const stop = (event: Event): void => {
      event.stopPropagation();
    };
    transaction.addEventListener('error', stop, { capture: true });
  });

interface Watched {
  /** Resolves when no transaction of y-indexeddb's is under way. */
  idle(): Promise<void>;
}

/**
 * Sees each transaction that y-indexeddb begins. It begins them all on the connection in its `db`
 * field, so the connection is prepared at the moment it is put there.
 */
const watchTransactions = (persistence: IndexeddbPersistence, onClosed: () => void): Watched => {
  const running = new Set<Promise<void>>();
  let connection: IDBDatabase | null = null;

  const prepare = (opened: IDBDatabase): void => {
    const begin = opened.transaction.bind(opened);
    opened.transaction = (stores, mode) => {
      const transaction = begin(stores, mode, { durability: 'strict' });
      const over = whenOver(transaction).then(() => {
        running.delete(over);
      });
      running.add(over);
      return transaction;
    };
    opened.addEventListener('close', onClosed);
    opened.addEventListener('versionchange', onClosed);
  };
  Object.defineProperty(persistence, 'db', {
    get: () => connection,
    set: (opened: IDBDatabase) => {
      prepare(opened);
      connection = opened;
    },
  });
  return {
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
};

/** y-indexeddb's own listener, without letting a closed connection throw into a Yjs transaction. */
const guardUpdates = (persistence: IndexeddbPersistence, onClosed: () => void) => {
  const { doc, _storeUpdate: storeUpdate } = persistence;
  const store = (update: Uint8Array, origin: unknown): void => {
    try {
      storeUpdate(update, origin);
    } catch {
      onClosed(); // the browser closed the connection and its event is still on the way
    }
  };
  doc.off('update', storeUpdate);
  doc.on('update', store);
  return {
    store: (update: Uint8Array): void => {
      store(update, undefined);
    },
    stop: (): void => {
      doc.off('update', store);
    },
  };
};

/** Ends once, by the caller or by the browser, whichever comes first. */
const createLifetime = ({ onClose, onLost }: IndexedDbSegmentOptions) => {
  const releases: (() => unknown)[] = [onClose];
  let isOver = false;
  const end = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    for (const release of releases) await release();
  };
  return {
    end,
    /** What to let go of at the end, in this order. */
    add: (release: () => unknown): void => {
      releases.push(release);
    },
    lose: (failure: StorageFailure): void => {
      if (isOver) return;
      void end(); // closing what is lost has no outcome that anybody could act on
      onLost(failure);
    },
  };
};

type Lifetime = ReturnType<typeof createLifetime>;

/** `whenSynced` alone would wait for ever when the database does not open or its reading fails. */
const isLoaded = async (persistence: IndexeddbPersistence, watched: Watched): Promise<boolean> => {
  try {
    await persistence._db;
    await Promise.race([persistence.whenSynced, watched.idle()]);
    return persistence.synced;
  } catch {
    return false;
  }
};

interface Attached {
  readonly database: IDBPDatabase;
  readonly setAsideCount: number;
  readonly lifetime: Lifetime;
}

const attach = async (
  name: string,
  { database, setAsideCount, lifetime }: Attached,
): Promise<Result<Segment, StorageFailure>> => {
  const doc = createSegmentDoc(name);
  const persistence = new IndexeddbPersistence(name, doc);
  const onClosed = (): void => {
    lifetime.lose('failed');
  };
  const watched = watchTransactions(persistence, onClosed);
  const updates = guardUpdates(persistence, onClosed);
  lifetime.add(updates.stop);
  lifetime.add(() => persistence.destroy());
  if (!(await isLoaded(persistence, watched))) return err('failed');

  const readClocks = createClockReader((afterKey) => readPage(database, afterKey));
  return ok({
    doc,
    setAsideCount,
    storedClocks: async () => {
      await watched.idle();
      return settleClocks(doc, readClocks, async (missing) => {
        updates.store(missing);
        await watched.idle();
      });
    },
    close: async () => {
      await watched.idle();
      await lifetime.end();
    },
  });
};

/** `onClose` is called once, whether this opens or not. */
export const openIndexedDbSegment = async (
  options: IndexedDbSegmentOptions,
): Promise<Result<Segment, StorageFailure>> => {
  const { name } = options;
  const lifetime = createLifetime(options);
  const opened = await openDatabase({
    name,
    version: segmentVersion,
    stores: segmentStores,
    onLost: lifetime.lose,
  });
  if (!opened.ok) {
    await lifetime.end();
    return opened;
  }
  const database = opened.value;
  lifetime.add(() => {
    database.close();
  });
  const setAside = await setAsideDamage(name, database);
  const segment = setAside.ok
    ? await attach(name, { database, setAsideCount: setAside.value, lifetime })
    : setAside;
  if (!segment.ok) await lifetime.end();
  return segment;
};
