/**
 * Storage in one SQLite file, for headless peers: records and segment rows, each commit one
 * transaction that is on the disk when it returns (WAL, synchronous=FULL). The file is locked for
 * one process: two writers of one device would fork its log.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { assert, AssertionError } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { RecordValue, Segment, Storage, StorageFailure, Write } from './port.ts';
import { afterPrefix, checkKeys } from './records.ts';
import { openRowSegment, type RowStore } from './row-segment.ts';
import type { Row } from './segment-rows.ts';

const schemaVersion = 1;
const pageBytes = 4096;

const schema = `
  CREATE TABLE IF NOT EXISTS records (
    key TEXT PRIMARY KEY, is_handle INTEGER NOT NULL, value BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS segment_rows (
    key INTEGER PRIMARY KEY AUTOINCREMENT, segment TEXT NOT NULL, value BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS rows_of_segment ON segment_rows (segment, key);
  CREATE TABLE IF NOT EXISTS set_aside (
    segment TEXT NOT NULL, key INTEGER NOT NULL, value BLOB NOT NULL
  ) STRICT;
  PRAGMA user_version = ${String(schemaVersion)};
`;

export interface SqliteStorageOptions {
  /** Of the database file; its directory exists. */
  readonly path: string;
  /** The file does not grow beyond this. */
  readonly bytesMax?: number;
}

/** SQLite's primary result codes. */
const failureByCode: Readonly<Record<number, StorageFailure>> = {
  5: 'blocked', // SQLITE_BUSY: another process
  13: 'disk-full', // SQLITE_FULL
};

const failureOf = (error: unknown): StorageFailure => {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return (typeof code === 'number' ? failureByCode[code & 0xff] : undefined) ?? 'failed';
};

const attempt = <T>(work: () => T): Result<T, StorageFailure> => {
  try {
    return ok(work());
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return err(failureOf(error));
  }
};

type Outcome = Result<undefined, StorageFailure>;

/** All or nothing. */
const transact = (database: DatabaseSync, work: () => void): Outcome =>
  attempt(() => {
    database.exec('BEGIN IMMEDIATE');
    try {
      work();
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
    return undefined;
  });

/** Undefined when the database may be used. A file that was not closed is checked whole. */
const prepare = (
  database: DatabaseSync,
  { bytesMax, wasKilled }: { bytesMax: number | undefined; wasKilled: boolean },
): StorageFailure | undefined => {
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  const version = database.prepare('PRAGMA user_version').get();
  if (Number(version?.['user_version']) > schemaVersion) return 'newer-data';
  // What is deleted is overwritten: erased keys must not linger in free pages.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  if (wasKilled) {
    const check = database.prepare('PRAGMA quick_check(1)').get();
    if (check?.['quick_check'] !== 'ok') return 'open-failed';
  }
  if (bytesMax !== undefined) {
    database.exec(`PRAGMA max_page_count = ${String(Math.floor(bytesMax / pageBytes))}`);
  }
  const created = transact(database, () => {
    database.exec(schema);
  });
  return created.ok ? undefined : created.error;
};

const connect = ({
  path,
  bytesMax,
}: SqliteStorageOptions): Result<DatabaseSync, StorageFailure> => {
  const walPath = `${path}-wal`;
  const wasKilled = existsSync(walPath);
  const opened = attempt(() => new DatabaseSync(path));
  if (!opened.ok) return err('open-failed');
  const database = opened.value;
  const prepared = attempt(() => prepare(database, { bytesMax, wasKilled }));
  const failure = prepared.ok ? prepared.value : prepared.error;
  if (failure === undefined) return ok(database);
  database.close();
  // Closing removed the trace of the kill; the next attempt must check again.
  if (wasKilled && !existsSync(walPath)) writeFileSync(walPath, '');
  return err(failure === 'failed' ? 'open-failed' : failure);
};

/** A key handle of Node's backend is a seed. */
const toColumns = (value: RecordValue): readonly [isHandle: 0 | 1, bytes: Uint8Array] => {
  if (value instanceof Uint8Array) return [0, value];
  assert(value.keyHandle instanceof Uint8Array, 'in Node a key handle is bytes');
  return [1, value.keyHandle];
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
      attempt(() => {
        append.run(segment, update);
        return undefined;
      }),
    replace: (state, unusable) =>
      transact(database, () => {
        if (unusable.length > 0) clearAside.run(segment);
        for (const { key, update } of unusable) putAside.run(segment, key, update);
        clear.run(segment);
        append.run(segment, state);
      }),
    flush: () => Promise.resolve(ok(undefined)), // each statement is on the disk when it returns
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

  return {
    open: () => Promise.resolve(open()),
    get: (key) => whileOpen(({ records }) => ok(records.get(key))),
    list: (prefix) => whileOpen(({ records }) => ok(records.list(prefix))),
    commit: (writes) => {
      checkKeys(writes);
      return whileOpen(({ records }) => records.commit(writes));
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
      connection?.database.close();
      connection = undefined;
    },
  };
};
