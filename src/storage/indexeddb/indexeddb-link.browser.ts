/**
 * One y-indexeddb instance between a document and its database, with what it keeps to itself made
 * visible. On its own it waits for no write, hides failed ones (on a full disk the document looks
 * stored and is not), never becomes `synced` when one stored update is damaged, and throws into the
 * caller's transaction once its connection is closed. So: damaged rows are set aside before it
 * loads, every transaction it begins is watched and made strict, and clocks are read from the rows
 * it left on disk.
 */
import { IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';
import { err, ok, type Result } from '../../base/result.ts';
import { createInFlight, type InFlight } from './indexeddb-in-flight.browser.ts';
import { failureOf, openDatabase } from './indexeddb-open.browser.ts';
import {
  readPage,
  segmentStores,
  segmentVersion,
  setAsideDamage,
} from './indexeddb-rows.browser.ts';
import type { StorageFailure } from '../port.ts';
import { createClockReader, settleClocks, type ClockMap } from '../segment-rows.ts';

export interface LinkOptions {
  /** Of the database. */
  readonly name: string;
  readonly doc: Y.Doc;
  /** Why a transaction of y-indexeddb's was undone. */
  readonly onFailure: (failure: StorageFailure) => void;
  /** Another tab upgrades ('blocked') or deleted ('failed') the database. The link is over. */
  readonly onTaken: (failure: StorageFailure) => void;
  /** Asked before each write; what finds no room is written when clocks are next read. */
  readonly hasRoomFor: (bytes: number) => boolean;
}

export interface Link {
  readonly setAsideCount: number;
  /** Fails once the connection is gone; the link is over then. */
  storedClocks(): Promise<Result<ClockMap, StorageFailure>>;
  /** Lets go, after the writes under way; harmless when it is over. */
  end(): Promise<void>;
}

/** Resolves when the transaction is on disk or undone. */
const whenOver = (
  transaction: IDBTransaction,
  onFailure: LinkOptions['onFailure'],
): Promise<void> =>
  new Promise((resolve) => {
    transaction.addEventListener('complete', () => {
      resolve();
    });
    transaction.addEventListener('abort', () => {
      onFailure(failureOf(transaction.error));
      resolve();
    });
    // A failed request aborts its transaction. It must not reach y-indexeddb too, which would make
    // of it a rejected promise that nobody holds.
    const stop = (event: Event): void => {
      event.stopPropagation();
    };
    transaction.addEventListener('error', stop, { capture: true });
  });

interface Watching extends Pick<LinkOptions, 'onFailure'> {
  readonly onClosed: () => void;
  readonly inFlight: InFlight;
}

interface Watched {
  /** Resolves when no transaction of y-indexeddb's is under way. */
  idle(): Promise<void>;
}

/**
 * Sees each transaction that y-indexeddb begins. It begins them all on the connection in its `db`
 * field, so the connection is prepared at the moment it is put there.
 */
const watchTransactions = (
  persistence: IndexeddbPersistence,
  { onFailure, onClosed, inFlight }: Watching,
): Watched => {
  const running = new Set<Promise<void>>();
  let connection: IDBDatabase | null = null;

  const prepare = (opened: IDBDatabase): void => {
    const begin = opened.transaction.bind(opened);
    opened.transaction = (stores, mode) => {
      const transaction = begin(stores, mode, { durability: 'strict' });
      const over = inFlight.run(whenOver(transaction, onFailure), undefined).then(() => {
        running.delete(over);
      });
      running.add(over);
      return transaction;
    };
    opened.addEventListener('close', onClosed);
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
const guardUpdates = (
  persistence: IndexeddbPersistence,
  { onClosed, hasRoomFor }: Pick<LinkOptions, 'hasRoomFor'> & { readonly onClosed: () => void },
) => {
  const { doc, _storeUpdate: storeUpdate } = persistence;
  const store = (update: Uint8Array, origin: unknown): void => {
    if (origin === persistence || !hasRoomFor(update.length)) return; // what it read is there
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

/** What to let go of at the end, once. */
const createEnding = () => {
  const releases: (() => unknown)[] = [];
  return {
    add: (release: () => unknown): void => {
      releases.push(release);
    },
    end: async (): Promise<void> => {
      for (const release of releases.splice(0)) await release();
    },
  };
};

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

export const openLink = async (options: LinkOptions): Promise<Result<Link, StorageFailure>> => {
  const { name, doc, onFailure, onTaken, hasRoomFor } = options;
  const ending = createEnding();
  const inFlight = createInFlight();
  const onClosed = (): void => {
    inFlight.abandon();
    void ending.end(); // closing what is gone has no outcome that anybody could act on
  };
  const opened = await openDatabase({
    name,
    version: segmentVersion,
    stores: segmentStores,
    onTaken: (failure) => {
      onClosed();
      onTaken(failure);
    },
    onClosed,
  });
  if (!opened.ok) return err(opened.error === 'missing' ? 'failed' : opened.error);
  const database = opened.value;
  ending.add(() => {
    database.close();
  });
  const setAside = await inFlight.run(setAsideDamage(name, database), err('failed'));
  if (!setAside.ok) {
    await ending.end();
    return setAside;
  }

  const persistence = new IndexeddbPersistence(name, doc);
  const watched = watchTransactions(persistence, { onFailure, onClosed, inFlight });
  const updates = guardUpdates(persistence, { onClosed, hasRoomFor });
  ending.add(updates.stop);
  ending.add(() => persistence.destroy());
  if (!(await isLoaded(persistence, watched))) {
    await ending.end();
    return err('failed');
  }

  const readClocks = createClockReader((afterKey) =>
    inFlight.run(readPage(database, afterKey), err('failed')),
  );
  return ok({
    setAsideCount: setAside.value,
    storedClocks: async () => {
      await watched.idle();
      return settleClocks(doc, readClocks, async (missing) => {
        updates.store(missing);
        await watched.idle();
      });
    },
    end: async () => {
      await watched.idle();
      await ending.end();
    },
  });
};
