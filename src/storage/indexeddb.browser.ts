/**
 * Storage in IndexedDB: records in one database of our own (through idb, strict transactions,
 * concurrent commits in groups), each segment in a database of y-indexeddb's. Database names are
 * what the caller gave behind a fixed prefix.
 */
import type { IDBPDatabase } from 'idb';
import { err, ok, type Result } from '../base/result.ts';
import { createGroupCommit } from './group-commit.ts';
import { deleteDatabase, failureOf, openDatabase } from './indexeddb-open.browser.ts';
import { openIndexedDbSegment } from './indexeddb-segment.browser.ts';
import type { RecordValue, Segment, Storage, StorageFailure, Write } from './port.ts';
import { afterPrefix, checkKeys, copyOfWrites } from './records.ts';

const recordsVersion = 1;
const recordsStore = 'records';

export interface IndexedDbStorageOptions {
  /** One store per name and origin; must not say anything about a person. */
  readonly name: string;
}

type Outcome = Result<undefined, StorageFailure>;
type Opened = Result<Segment, StorageFailure>;

const writeRecords = async (
  database: IDBPDatabase,
  writes: ReadonlyArray<Write>,
): Promise<undefined> => {
  const transaction = database.transaction(recordsStore, 'readwrite', { durability: 'strict' });
  const requests = writes.map(({ key, value }) =>
    value === undefined ? transaction.store.delete(key) : transaction.store.put(value, key),
  );
  await Promise.all([...requests, transaction.done]);
  return undefined;
};

const readRecords = async (
  database: IDBPDatabase,
  prefix: string,
): Promise<ReadonlyArray<readonly [string, RecordValue]>> => {
  const store = database.transaction(recordsStore).store;
  const range = IDBKeyRange.bound(prefix, afterPrefix(prefix), false, true);
  const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
  return keys.map((key, at) => [key as string, values[at] as RecordValue] as const);
};

/** Segments that are open or opening, each once. */
const createSegments = (prefix: string, onLost: (failure: StorageFailure) => void) => {
  const openByName = new Map<string, Promise<Opened>>();
  const open = (name: string): Promise<Opened> => {
    const known = openByName.get(name);
    if (known !== undefined) return known;
    const onClose = (): void => {
      openByName.delete(name);
    };
    const opening = openIndexedDbSegment({ name: `${prefix}/${name}`, onClose, onLost });
    openByName.set(name, opening);
    return opening;
  };
  const close = async (opening: Promise<Opened> | undefined): Promise<void> => {
    const opened = await opening;
    if (opened?.ok === true) await opened.value.close();
  };
  return {
    open,
    remove: async (name: string): Promise<Outcome> => {
      await close(openByName.get(name));
      return deleteDatabase(`${prefix}/${name}`);
    },
    closeAll: async (): Promise<void> => {
      for (const opening of [...openByName.values()]) await close(opening);
    },
  };
};

const usage: Storage['usage'] = async () => {
  // Absent outside secure contexts, whatever the types say.
  const manager = navigator.storage as StorageManager | undefined;
  const estimate = await manager?.estimate();
  if (estimate?.usage === undefined || estimate.quota === undefined) return undefined;
  return { usedBytes: estimate.usage, quotaBytes: estimate.quota };
};

export const createIndexedDbStorage = ({ name }: IndexedDbStorageOptions): Storage => {
  const databaseName = `sotto/${name}`;
  const listeners: ((failure: StorageFailure) => void)[] = [];
  let opening: Promise<Result<IDBPDatabase, StorageFailure>> | undefined;
  /** What calls answer while the store is not open. */
  let closedBy: StorageFailure = 'failed';

  const onLost = (failure: StorageFailure): void => {
    opening = undefined;
    closedBy = failure;
    for (const listener of listeners) listener(failure);
  };

  const whileOpen = async <T>(
    work: (database: IDBPDatabase) => Promise<T>,
  ): Promise<Result<T, StorageFailure>> => {
    const opened = (await opening) ?? err(closedBy);
    if (!opened.ok) return opened;
    try {
      return ok(await work(opened.value));
    } catch (error) {
      return err(failureOf(error));
    }
  };

  const open = async (): Promise<Outcome> => {
    opening ??= openDatabase({
      name: databaseName,
      version: recordsVersion,
      stores: [{ name: recordsStore, hasCountedKeys: false }],
      onLost,
    });
    const opened = await opening;
    if (opened.ok) return ok(undefined);
    opening = undefined;
    return opened;
  };

  const segments = createSegments(databaseName, (failure) => {
    for (const listener of listeners) listener(failure);
  });
  const commit = createGroupCommit((writes) =>
    whileOpen((database) => writeRecords(database, writes)),
  );
  return {
    open,
    get: (key) =>
      whileOpen(
        async (database) => (await database.get(recordsStore, key)) as RecordValue | undefined,
      ),
    list: (prefix) => whileOpen((database) => readRecords(database, prefix)),
    commit: (writes) => {
      checkKeys(writes);
      return commit(copyOfWrites(writes));
    },
    openSegment: async (segment) => {
      const opened = await whileOpen(() => segments.open(segment));
      return opened.ok ? opened.value : opened;
    },
    deleteSegment: async (segment) => {
      const removed = await whileOpen(() => segments.remove(segment));
      return removed.ok ? removed.value : removed;
    },
    onLost: (listener) => {
      listeners.push(listener);
    },
    usage,
    close: async () => {
      await segments.closeAll();
      await commit([]); // after the commits under way
      await whileOpen((database) => {
        database.close();
        return Promise.resolve();
      });
      opening = undefined;
      closedBy = 'failed';
    },
  };
};
