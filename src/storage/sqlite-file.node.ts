/**
 * The SQLite file behind sqlite.node.ts: opened for one process, checked after a kill, its failures
 * told as values. Transactions do not wait for the disk; whoever needs them there waits for `sync`,
 * and the process goes on meanwhile.
 */
import { closeSync, existsSync, fdatasync, openSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { DatabaseSync } from 'node:sqlite';
import { AssertionError } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { StorageFailure } from './port.ts';

const schemaVersion = 1;
export const pageBytes = 4096;

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
  /** Takes what was written to a file to the disk; for tests of a disk that fails. */
  readonly syncFile?: (fd: number) => Promise<void>;
}

/** An open file. */
export interface SqliteFile {
  readonly database: DatabaseSync;
  /** Resolves when all transactions before it would survive a power loss. */
  sync(): Promise<Outcome>;
  close(): void;
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

export const attempt = <T>(work: () => T): Result<T, StorageFailure> => {
  try {
    return ok(work());
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return err(failureOf(error));
  }
};

export type Outcome = Result<undefined, StorageFailure>;

/** All or nothing. */
export const transact = (database: DatabaseSync, work: () => void): Outcome =>
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
  // Synced by SQLite itself, with the folder in which it makes its write-ahead log.
  const created = transact(database, () => {
    database.exec(schema);
  });
  // From here on a commit appends to that log, which is synced beside the thread (`sync`).
  database.exec('PRAGMA synchronous = NORMAL');
  return created.ok ? undefined : created.error;
};

const datasync = promisify(fdatasync);

/**
 * In NORMAL mode SQLite syncs its write-ahead log before it takes anything from it, and the file
 * before it overwrites the log: what a sync of the log has taken to the disk stays there.
 */
export const fileOver = (
  database: DatabaseSync,
  { path, syncFile = datasync }: SqliteStorageOptions,
): SqliteFile => {
  const log = openSync(`${path}-wal`, 'r+'); // it lies there from the first transaction to the end
  return {
    database,
    sync: async () => {
      try {
        await syncFile(log);
        return ok(undefined);
      } catch {
        return err('failed');
      }
    },
    close: () => {
      database.close();
      closeSync(log);
    },
  };
};

export const connect = (options: SqliteStorageOptions): Result<SqliteFile, StorageFailure> => {
  const { path, bytesMax } = options;
  const walPath = `${path}-wal`;
  const wasKilled = existsSync(walPath);
  const opened = attempt(() => new DatabaseSync(path));
  if (!opened.ok) return err('open-failed');
  const database = opened.value;
  const prepared = attempt(() => prepare(database, { bytesMax, wasKilled }));
  const failure = prepared.ok ? prepared.value : prepared.error;
  const file = failure ?? attempt(() => fileOver(database, options));
  if (typeof file === 'object' && file.ok) return file;
  database.close();
  // Closing removed the trace of the kill; the next attempt must check again.
  if (wasKilled && !existsSync(walPath)) writeFileSync(walPath, '');
  return err(failure === undefined || failure === 'failed' ? 'open-failed' : failure);
};
