/**
 * A document and its database: what is stored is read here, once, and written by y-indexeddb, which
 * is begun by the first write. On its own it reads all of it again and writes a row at each opening,
 * waits for no write, hides failed ones (on a full disk the document looks stored and is not), never
 * becomes `synced` when one stored update is damaged, and throws into the caller's transaction once
 * its connection is closed. So: damaged rows are set aside, every transaction it begins is watched
 * and made strict, and clocks are read from the rows it left on disk.
 */
import { IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';
import { err, ok, type Result } from '../../base/result.ts';
import { createInFlight, type InFlight } from './indexeddb-in-flight.browser.ts';
import { failureOf, openDatabase } from './indexeddb-open.browser.ts';
import { loadRows, readPage, segmentStores, segmentVersion } from './indexeddb-rows.browser.ts';
import type { StorageFailure } from '../port.ts';
import {
  createClockReader,
  createSegmentDoc,
  settleClocks,
  type ClockMap,
} from '../segment-rows.ts';

export interface LinkOptions {
  /** Of the database. */
  readonly name: string;
  /** Of a link that was lost: it has all that is stored. Undefined: what is stored makes it. */
  readonly doc: Y.Doc | undefined;
  /** Why a transaction of y-indexeddb's was undone. */
  readonly onFailure: (failure: StorageFailure) => void;
  /** Another tab upgrades ('blocked') or deleted ('failed') the database. The link is over. */
  readonly onTaken: (failure: StorageFailure) => void;
  /** Asked before each write; what finds no room is written when clocks are next read. */
  readonly hasRoomFor: (bytes: number) => boolean;
}

export interface Link {
  readonly doc: Y.Doc;
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

interface WriterOptions extends Watching, Pick<LinkOptions, 'name' | 'hasRoomFor'> {
  readonly doc: Y.Doc;
  /** Of the newest row that the document has. */
  readonly lastKey: number;
}

interface Begun extends Watched {
  readonly persistence: IndexeddbPersistence;
}

/** y-indexeddb as it writes what the document gets. */
const createWriter = (options: WriterOptions) => {
  const { name, doc, lastKey, onClosed, hasRoomFor } = options;
  const ending = createEnding();
  let begun: Promise<Begun | undefined> | undefined;
  /** Written in this order. */
  let written: Promise<unknown> = Promise.resolve();

  const begin = async (): Promise<Begun | undefined> => {
    const persistence = new IndexeddbPersistence(name, createSegmentDoc(name));
    persistence._dbref = lastKey + 1; // it reads nothing that was read before
    persistence.doc = doc; // this is what it merges its rows from
    const watched = watchTransactions(persistence, options);
    ending.add(() => persistence.destroy());
    if (await isLoaded(persistence, watched)) return { persistence, ...watched };
    begun = undefined; // the next write tries again
    return undefined;
  };
  const write = async (update: Uint8Array, origin: unknown): Promise<void> => {
    const writer = await (begun ??= begin());
    try {
      writer?.persistence._storeUpdate(update, origin); // but for what it read itself
    } catch {
      onClosed(); // the browser closed the connection and its event is still on the way
    }
  };
  const store = (update: Uint8Array, origin?: unknown): void => {
    if (!hasRoomFor(update.length)) return;
    const writing = write(update, origin);
    written = Promise.all([written, writing]);
  };
  doc.on('update', store);
  ending.add(() => {
    doc.off('update', store);
  });
  return {
    store,
    /** Resolves when nothing is being written. */
    idle: async (): Promise<void> => {
      await written;
      await (await begun)?.idle();
    },
    end: () => ending.end(),
  };
};

export const openLink = async (options: LinkOptions): Promise<Result<Link, StorageFailure>> => {
  const { name, onFailure, onTaken, hasRoomFor } = options;
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
  const loaded = await inFlight.run(loadRows(name, database), err('failed'));
  if (!loaded.ok) {
    await ending.end();
    return loaded;
  }
  const { lastKey, setAsideCount } = loaded.value;
  const doc = options.doc ?? loaded.value.doc;
  const writer = createWriter({ name, doc, lastKey, onFailure, onClosed, inFlight, hasRoomFor });
  ending.add(writer.end);

  const readClocks = createClockReader((afterKey) =>
    inFlight.run(readPage(database, afterKey), err('failed')),
  );
  return ok({
    doc,
    setAsideCount,
    storedClocks: async () => {
      await writer.idle();
      return settleClocks(doc, readClocks, async (missing) => {
        writer.store(missing);
        await writer.idle();
      });
    },
    end: async () => {
      await writer.idle();
      await ending.end();
    },
  });
};
