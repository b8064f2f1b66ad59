/**
 * Storage in one SQLite file, for headless peers: records and segment rows, each commit one
 * transaction that is on the disk when it returns (WAL, synchronous=FULL). The file is locked for
 * one process: two writers of one device would fork its log.
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
  sync,
  transact,
  unsynced,
  type Outcome,
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

const rowsOver = (database: DatabaseSync, segment: string): RowStore => {
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
    const written = unsynced(database, work);
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
    flush: () => {
      const flushed = isFlushed ? ok(undefined) : sync(database);
      if (flushed.ok) isFlushed = true;
      return Promise.resolve(flushed);
    },
  };
};

interface Connection {
  readonly database: DatabaseSync;
  readonly records: ReturnType<typeof recordsOver>;
}

export const createSqliteStorage = (options: SqliteStorageOptions): Storage => {
  const segments = new Map<string, Segment>();
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
    connection = { database: opened.value, records: recordsOver(opened.value) };
    return ok(undefined);
  };

  const openSegment = ({ database }: Connection, name: string) => {
    const known = segments.get(name);
    if (known !== undefined) return ok(known);
    const onClose = (): void => {
      segments.delete(name);
    };
    const opened = openRowSegment({ name, rows: rowsOver(database, name), onClose });
    if (opened.ok) segments.set(name, opened.value);
    return opened;
  };

  const commit = createGroupCommit((writes) => whileOpen(({ records }) => records.commit(writes)));
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
      return whileOpen(({ database }) =>
        transact(database, () => {
          for (const table of ['segment_rows', 'set_aside']) {
            database.prepare(`DELETE FROM ${table} WHERE segment = ?`).run(name);
          }
        }),
      );
    },
    onLost: () => undefined, // nothing closes a file under its process
    usage: async () => {
      const used = await whileOpen(({ database }) =>
        ok(Number(database.prepare('PRAGMA page_count').get()?.['page_count']) * pageBytes),
      );
      return used.ok
        ? { usedBytes: used.value, quotaBytes: options.bytesMax ?? Infinity }
        : undefined;
    },
    close: async () => {
      for (const segment of [...segments.values()]) await segment.close();
      await commit([]); // after the commits under way
      connection?.database.close();
      connection = undefined;
    },
  };
};
