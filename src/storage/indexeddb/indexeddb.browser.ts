/**
 * Storage in IndexedDB: records in one database of our own (through idb, strict transactions,
 * concurrent commits in groups), each segment in a database of y-indexeddb's. Database names are
 * what the caller gave behind a fixed prefix.
 */
import type { IDBPDatabase } from 'idb';
import { err, ok, type Result } from '../../base/result.ts';
import { createGroupCommit } from '../group-commit.ts';
import { createConnection, recordsStore } from './indexeddb-connection.browser.ts';
import { createOwnership, ownerKey, type Ownership } from './indexeddb-ownership.browser.ts';
import { deleteDatabase, whenAllDone } from './indexeddb-open.browser.ts';
import type * as segmentCode from './indexeddb-segment.browser.ts';
import type { RecordValue, Segment, Storage, StorageFailure, Write } from '../port.ts';
import { afterPrefix, checkKeys, copyOfWrites } from '../records.ts';
import { createSpaceProbe } from './space-probe.browser.ts';

export interface IndexedDbStorageOptions {
  /** One store per name and origin; must not say anything about a person. */
  readonly name: string;
  /** [FP2] Yjs, and what keeps its documents: records are read and written without it. */
  readonly loadSegments: () => Promise<SegmentCode>;
}

type SegmentCode = Pick<typeof segmentCode, 'openIndexedDbSegment'>;
type SegmentOptions = Pick<
  segmentCode.IndexedDbSegmentOptions,
  'onFailure' | 'onTaken' | 'whenOpen' | 'hasRoomFor'
>;

type Outcome = Result<undefined, StorageFailure>;
type Opened = Result<Segment, StorageFailure>;

const sizeOf = (writes: ReadonlyArray<Write>): number =>
  writes.reduce(
    (sum, { key, value }) => sum + key.length + (value instanceof Uint8Array ? value.length : 0),
    0,
  );

const writeRecords = async (
  database: IDBPDatabase,
  writes: ReadonlyArray<Write>,
  ownership: Ownership,
): Promise<Outcome> => {
  const transaction = database.transaction(recordsStore, 'readwrite', { durability: 'strict' });
  const { store } = transaction;
  const owned = ownership.holdOn(transaction);
  const requests = writes.map(({ key, value }) =>
    value === undefined ? store.delete(key) : store.put(value, key),
  );
  try {
    await whenAllDone(transaction, [owned, ...requests]);
  } catch (error) {
    if (ownership.isTaken) return err('taken-over');
    throw error;
  }
  ownership.claimed();
  return ok(undefined);
};

const readRecord = async (
  database: IDBPDatabase,
  key: string,
): Promise<RecordValue | undefined> => {
  const transaction = database.transaction(recordsStore);
  const request = transaction.store.get(key) as Promise<RecordValue | undefined>;
  const [value] = await whenAllDone(transaction, [request]);
  return value;
};

const readRecords = async (
  database: IDBPDatabase,
  prefix: string,
): Promise<ReadonlyArray<readonly [string, RecordValue]>> => {
  const transaction = database.transaction(recordsStore);
  const range = IDBKeyRange.bound(prefix, afterPrefix(prefix), false, true);
  const { store } = transaction;
  const requests = [store.getAllKeys(range), store.getAll(range)] as const;
  const [keys, values] = await whenAllDone(transaction, requests);
  return keys
    .map((key, at) => [key as string, values[at] as RecordValue] as const)
    .filter(([key]) => key !== ownerKey);
};

/** Segments that are open or opening, each once. */
const createSegments = (
  prefix: string,
  load: IndexedDbStorageOptions['loadSegments'],
  options: SegmentOptions,
) => {
  const openByName = new Map<string, Promise<Opened>>();
  const loadAndOpen: SegmentCode['openIndexedDbSegment'] = async (all) => {
    const code = await load().catch(() => undefined);
    return code === undefined ? err('failed') : code.openIndexedDbSegment(all);
  };
  const open = async (name: string): Promise<Opened> => {
    const onClose = (): void => {
      if (openByName.get(name) === opening) openByName.delete(name);
    };
    const opening: Promise<Opened> =
      openByName.get(name) ?? loadAndOpen({ ...options, name: `${prefix}/${name}`, onClose });
    openByName.set(name, opening);
    const opened = await opening;
    if (!opened.ok) onClose(); // the next call tries again
    return opened;
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
      const all = [...openByName.values()];
      openByName.clear();
      for (const opening of all) await close(opening);
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

export const createIndexedDbStorage = ({
  name,
  loadSegments,
}: IndexedDbStorageOptions): Storage => {
  const databaseName = `sotto/${name}`;
  const probe = createSpaceProbe();
  const connection = createConnection({
    name: databaseName,
    onLeft: () => {
      void segments.closeAll(); // documents of a lost store must not pass for what a new one holds
    },
  });
  const { whileOpen, whenOpen } = connection;
  const segments = createSegments(databaseName, loadSegments, {
    whenOpen,
    hasRoomFor: probe.hasRoomFor,
    onFailure: connection.noteFailure,
    onTaken: connection.tellTaken,
  });
  const ownership = createOwnership();
  const write = async (writes: ReadonlyArray<Write>): Promise<Outcome> => {
    if (!probe.hasRoomFor(sizeOf(writes))) return err('disk-full');
    const written = await whileOpen((database) => writeRecords(database, writes, ownership));
    return written.ok ? written.value : written;
  };
  const commit = createGroupCommit(write);
  return {
    open: async () => {
      const [opened] = await Promise.all([connection.open(), probe.open()]);
      if (!opened.ok) return opened;
      ownership.take();
      const taken = await write([]);
      // Without room the store is read all the same; the first commit takes it.
      return taken.ok || taken.error === 'disk-full' ? opened : taken;
    },
    get: (key) => whileOpen((database) => readRecord(database, key)),
    list: (prefix) => whileOpen((database) => readRecords(database, prefix)),
    commit: (writes) => {
      checkKeys(writes);
      return commit(copyOfWrites(writes));
    },
    openSegment: (segment) => whenOpen(() => segments.open(segment)),
    deleteSegment: (segment) => whenOpen(() => segments.remove(segment)),
    onLost: connection.onLost,
    usage,
    close: async () => {
      await segments.closeAll();
      await commit([]); // after the commits under way
      await connection.close();
      probe.close();
    },
  };
};
