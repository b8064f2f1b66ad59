/**
 * Storage in one SQLite file, for headless peers: records and segment rows, each commit one
 * transaction that is on the disk when it resolves. The thread does not wait for the disk meanwhile,
 * and commits that come then share the next wait. The file is locked for one process: two writers of
 * one device would fork its log.
 */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import { createGroupCommit } from './group-commit.ts';
import type { RecordValue, Segment, Storage, StorageFailure, Write } from './port.ts';
import { afterPrefix, checkKeys, copyOfWrites } from './records.ts';
import { openRowSegment, type RowStore } from './row-segment.ts';
import type { Row } from './segment-rows.ts';
import {
  attempt,
  connect,
  pageBytes,
  transact,
  type Outcome,
  type SqliteFile,
  type SqliteStorageOptions,
} from './sqlite-file.node.ts';

/** A key handle of Node's backend is a seed. */
const toColumns = (value: RecordValue): readonly [isHandle: 0 | 1, bytes: Uint8Array] => {
  if (value instanceof Uint8Array) return [0, value];
  assert(value.keyHandle instanceof Uint8Array, 'in Node a key handle is bytes');
  return [1, value.keyHandle];
};

/** Before the writes join others in a transaction. */
const checkHandles = (writes: ReadonlyArray<Write>): void => {
  for (const { value } of writes) if (value !== undefined) toColumns(value);
};

/** A row of what `records` or `segment_rows` give. */
type Columns = Readonly<Record<string, SQLOutputValue>>;

const bytesOf = ({ value }: Columns): Uint8Array =>
  value instanceof Uint8Array ? new Uint8Array(value) : new Uint8Array();

const toValue = (columns: Columns): RecordValue =>
  columns['is_handle'] === 1 ? { keyHandle: bytesOf(columns) } : bytesOf(columns);

const toRow = (columns: Columns): Row => ({
  key: Number(columns['key']),
  update: bytesOf(columns),
});

const recordsOver = (database: DatabaseSync) => {
  const get = database.prepare('SELECT is_handle, value FROM records WHERE key = ?');
  const list = database.prepare(
    'SELECT key, is_handle, value FROM records WHERE key >= ? AND key < ? ORDER BY key',
  );
  const put = database.prepare('INSERT OR REPLACE INTO records VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM records WHERE key = ?');
  return {
    get: (key: string): RecordValue | undefined => {
      const columns = get.get(key);
      return columns === undefined ? undefined : toValue(columns);
    },
    list: (prefix: string): ReadonlyArray<readonly [string, RecordValue]> =>
      list
        .all(prefix, afterPrefix(prefix))
        .map((columns) => [String(columns['key']), toValue(columns)] as const),
    commit: (writes: ReadonlyArray<Write>): Outcome =>
      transact(database, () => {
        for (const { key, value } of writes) {
          if (value === undefined) remove.run(key);
          else put.run(key, ...toColumns(value));
        }
      }),
  };
};

/** An entry waits in the journal until its segment was flushed: its row need not wait for the disk. */
const rowsOver = ({ database, sync }: SqliteFile, segment: string): RowStore => {
  const first = database.prepare('SELECT min(key) AS key FROM segment_rows WHERE segment = ?');
  const after = database.prepare(
    'SELECT key, value FROM segment_rows WHERE segment = ? AND key > ? ORDER BY key',
  );
  const append = database.prepare('INSERT INTO segment_rows (segment, value) VALUES (?, ?)');
  const clear = database.prepare('DELETE FROM segment_rows WHERE segment = ?');
  const clearAside = database.prepare('DELETE FROM set_aside WHERE segment = ?');
  const putAside = database.prepare('INSERT INTO set_aside VALUES (?, ?, ?)');
  let isFlushed = true;
  const write = (work: () => void): Outcome => {
    const written = transact(database, work);
    if (written.ok) isFlushed = false;
    return written;
  };
  return {
    read: (afterKey) =>
      attempt(() => {
        const firstKey = first.get(segment)?.['key'];
        return {
          firstKey: typeof firstKey === 'number' ? firstKey : undefined,
          rows: after.all(segment, afterKey).map(toRow),
        };
      }),
    append: (update) =>
      write(() => {
        append.run(segment, update);
      }),
    replace: (state, unusable) =>
      write(() => {
        if (unusable.length > 0) clearAside.run(segment);
        for (const { key, update } of unusable) putAside.run(segment, key, update);
        clear.run(segment);
        append.run(segment, state);
      }),
    flush: async () => {
      while (!isFlushed) {
        isFlushed = true; // what is written from here on needs another one
        const flushed = await sync();
        if (flushed.ok) continue;
        isFlushed = false;
        return flushed;
      }
      return ok(undefined);
    },
  };
};

interface Connection {
  readonly file: SqliteFile;
  readonly records: ReturnType<typeof recordsOver>;
}

export const createSqliteStorage = (options: SqliteStorageOptions): Storage => {
  const segments = new Map<string, Segment>();
  const listeners: ((failure: StorageFailure) => void)[] = [];
  let connection: Connection | undefined;

  const whileOpen = <T>(
    work: (open: Connection) => Result<T, StorageFailure>,
  ): Promise<Result<T, StorageFailure>> => {
    if (connection === undefined) return Promise.resolve(err('failed'));
    const open = connection;
    const outcome = attempt(() => work(open));
    return Promise.resolve(outcome.ok ? outcome.value : outcome);
  };

  const open = (): Outcome => {
    if (connection !== undefined) return ok(undefined);
    const first = connect(options);
    const opened = !first.ok && first.error === 'open-failed' ? connect(options) : first;
    if (!opened.ok) return opened;
    connection = { file: opened.value, records: recordsOver(opened.value.database) };
    return ok(undefined);
  };

  const leave = (): void => {
    connection?.file.close();
    connection = undefined;
  };

  /** A disk that fails a sync may have dropped what it was given: nothing may be built on that. */
  const lose = (): void => {
    if (connection === undefined) return;
    attempt(leave);
    connection = undefined;
    segments.clear(); // what they hold must not pass for what is found at the next opening
    for (const listener of listeners) listener('failed');
  };

  /** On the disk when it resolves. */
  const strictly = async (work: (open: Connection) => Outcome): Promise<Outcome> => {
    const file = connection?.file;
    const written = await whileOpen(work);
    if (!written.ok || file === undefined) return written;
    const synced = await file.sync();
    if (!synced.ok) lose();
    return synced;
  };

  const openSegment = ({ file }: Connection, name: string) => {
    const known = segments.get(name);
    if (known !== undefined) return ok(known);
    const onClose = (): void => {
      segments.delete(name);
    };
    const opened = openRowSegment({ name, rows: rowsOver(file, name), onClose });
    if (opened.ok) segments.set(name, opened.value);
    return opened;
  };

  const commit = createGroupCommit((writes) => strictly(({ records }) => records.commit(writes)));
  return {
    open: () => Promise.resolve(open()),
    get: (key) => whileOpen(({ records }) => ok(records.get(key))),
    list: (prefix) => whileOpen(({ records }) => ok(records.list(prefix))),
    commit: (writes) => {
      checkKeys(writes);
      checkHandles(writes);
      return commit(copyOfWrites(writes));
    },
    openSegment: (name) => whileOpen((connected) => openSegment(connected, name)),
    deleteSegment: async (name) => {
      await segments.get(name)?.close();
      return strictly(({ file: { database } }) =>
        transact(database, () => {
          for (const table of ['segment_rows', 'set_aside']) {
            database.prepare(`DELETE FROM ${table} WHERE segment = ?`).run(name);
          }
        }),
      );
    },
    onLost: (listener) => {
      listeners.push(listener);
    },
    usage: async () => {
      const used = await whileOpen(({ file: { database } }) =>
        ok(Number(database.prepare('PRAGMA page_count').get()?.['page_count']) * pageBytes),
      );
      return used.ok
        ? { usedBytes: used.value, quotaBytes: options.bytesMax ?? Infinity }
        : undefined;
    },
    close: async () => {
      for (const segment of [...segments.values()]) await segment.close();
      await commit([]); // after the commits under way
      leave();
    },
  };
};
