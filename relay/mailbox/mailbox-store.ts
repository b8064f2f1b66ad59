/**
 * Where mailboxes lie: one SQLite file in the relay's data folder. What was written survives a power
 * cut once `settled` says so, and is acknowledged after that. It knows entries by mailbox, writer and seq,
 * and nothing of who or what they are.
 */
import { DatabaseSync } from 'node:sqlite';
import { assert } from '../../src/base/assert.ts';
import { err, ok, type Result } from '../../src/base/result.ts';
import { ChunkStore, chunkSchema } from './chunk-store.ts';
import {
  attempt,
  fileOver,
  transact,
  type Outcome,
  type SqliteFile,
} from '../../src/storage/sqlite-file.node.ts';
import { SharedSync } from './shared-sync.ts';

const schemaVersion = 2;

const schema = `
  CREATE TABLE IF NOT EXISTS mailboxes (
    key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, mark INTEGER NOT NULL,
    written_ms INTEGER NOT NULL, entries INTEGER NOT NULL, bytes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS mailboxes_by_age ON mailboxes (written_ms);
  CREATE TABLE IF NOT EXISTS logs (
    key INTEGER PRIMARY KEY, mailbox INTEGER NOT NULL REFERENCES mailboxes ON DELETE CASCADE,
    writer BLOB NOT NULL, head BLOB NOT NULL, entries INTEGER NOT NULL, bytes INTEGER NOT NULL,
    UNIQUE (mailbox, writer)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS entries (
    key INTEGER PRIMARY KEY, log INTEGER NOT NULL REFERENCES logs ON DELETE CASCADE,
    seq INTEGER NOT NULL, is_signed INTEGER NOT NULL, envelope BLOB NOT NULL,
    UNIQUE (log, seq)
  ) STRICT;
  ${chunkSchema}
  PRAGMA user_version = ${String(schemaVersion)};
`;

export interface StoredMailbox {
  readonly key: number;
  /** Grows with every write here, also over a deleted file: times are part of it. */
  readonly mark: number;
  readonly writtenMs: number;
  readonly entries: number;
  readonly bytes: number;
}

export interface StoredWriter {
  readonly key: number;
  readonly writerPub: Uint8Array;
  readonly headHash: Uint8Array;
  readonly entries: number;
  readonly bytes: number;
}

export interface StoredEntry {
  /** Its own signature was verified. */
  readonly isSigned: boolean;
  readonly envelope: Uint8Array;
}

/** The next entries of one writer's log. */
export interface Addition {
  readonly writerPub: Uint8Array;
  readonly fromSeq: number;
  readonly headHash: Uint8Array;
  readonly entries: ReadonlyArray<StoredEntry>;
}

export interface MailboxStoreOptions {
  /** Of the database file; its folder exists. */
  readonly path: string;
  readonly now: () => number;
  /** For tests of a disk that fails. */
  readonly syncFile?: (fd: number) => Promise<void>;
}

const inMemory = ':memory:';

export type StoreRefusal = 'failed' | 'disk-full';

type RowOf = Record<string, unknown>;

const numberIn = (row: RowOf, name: string): number => {
  const value = row[name];
  assert(typeof value === 'number', 'a column of numbers holds numbers');
  return value;
};

const bytesIn = (row: RowOf, name: string): Uint8Array => {
  const value = row[name];
  assert(value instanceof Uint8Array, 'a column of bytes holds bytes');
  return new Uint8Array(value);
};

const open = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path);
  // What expired is overwritten: it must not linger in free pages.
  database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;`);
  const version = database.prepare('PRAGMA user_version').get();
  assert(
    Number(version?.['user_version']) <= schemaVersion,
    'the mailboxes are of a newer version',
  );
  database.exec(schema);
  // From here on a commit appends to the write-ahead log, which is synced beside the thread.
  database.exec('PRAGMA synchronous = NORMAL');
  return database;
};

export class MailboxStore {
  /** Of small files, beside the entries. */
  readonly chunks: ChunkStore;
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #statements: ReturnType<typeof prepareAll>;
  readonly #file: SqliteFile | undefined;
  readonly #sync: SharedSync;
  #lastMark: number;
  #bytes: number;

  /** Throws where the file cannot be opened: whoever starts the relay is told. */
  constructor(options: MailboxStoreOptions) {
    const { path, now } = options;
    this.#database = open(path);
    this.#file = path === inMemory ? undefined : fileOver(this.#database, options);
    this.#sync = new SharedSync(() => this.#file?.sync() ?? Promise.resolve(ok(undefined)));
    this.#now = now;
    this.#statements = prepareAll(this.#database);
    const sums = this.#statements.sums.get() ?? {};
    this.#lastMark = numberIn(sums, 'mark');
    this.#bytes = numberIn(sums, 'bytes');
    this.chunks = new ChunkStore(this.#database, { now, write: (work) => this.#write(work) });
  }

  /** [MB6] Resolves once all that was written by now is on the disk; false: it may never be. */
  settled(): Promise<boolean> {
    return this.#sync.settled();
  }

  /** [MB6] Only a new start over the file says what is on the disk. */
  get isLost(): boolean {
    return this.#sync.isLost;
  }

  #write(work: () => void): Outcome {
    const written = transact(this.#database, work);
    if (written.ok) this.#sync.wrote();
    return written;
  }

  /** Of all envelopes. */
  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return numberIn(this.#statements.count.get() ?? {}, 'count');
  }

  mailbox(id: Uint8Array): StoredMailbox | undefined {
    const row = this.#statements.mailbox.get(id);
    return (
      row && {
        key: numberIn(row, 'key'),
        mark: numberIn(row, 'mark'),
        writtenMs: numberIn(row, 'written_ms'),
        entries: numberIn(row, 'entries'),
        bytes: numberIn(row, 'bytes'),
      }
    );
  }

  /** By writer. */
  writers({ key }: StoredMailbox): ReadonlyArray<StoredWriter> {
    return this.#statements.logs.all(key).map((row) => ({
      key: numberIn(row, 'key'),
      writerPub: bytesIn(row, 'writer'),
      headHash: bytesIn(row, 'head'),
      entries: numberIn(row, 'entries'),
      bytes: numberIn(row, 'bytes'),
    }));
  }

  /** The envelopes `from..to` of a log, `to` exclusive. */
  envelopes(log: number, from: number, to: number): ReadonlyArray<Uint8Array> {
    return this.#statements.envelopes.all(log, from, to).map((row) => bytesIn(row, 'envelope'));
  }

  byteLengthAt(log: number, seq: number): number {
    return numberIn(this.#statements.length.get(log, seq) ?? {}, 'bytes');
  }

  signedSeqFrom(log: number, seq: number): number | undefined {
    const row = this.#statements.signed.get(log, seq);
    return row && numberIn(row, 'seq');
  }

  /** All of it or nothing; on the disk once it is `settled`. */
  add(id: Uint8Array, additions: ReadonlyArray<Addition>): Result<undefined, StoreRefusal> {
    const nowMs = this.#now();
    const mark = Math.max(this.#lastMark + 1, nowMs);
    const bytes = additions.reduce((sum, addition) => sum + bytesOf(addition), 0);
    const entries = additions.reduce((sum, addition) => sum + addition.entries.length, 0);
    const added = this.#write(() => {
      const touched = this.#statements.touch.get(id, mark, nowMs, entries, bytes) ?? {};
      const key = numberIn(touched, 'key');
      for (const addition of additions) this.#append(key, addition);
    });
    if (!added.ok) return err(added.error === 'disk-full' ? 'disk-full' : 'failed');
    this.#lastMark = mark;
    this.#bytes += bytes;
    return ok(undefined);
  }

  /** Forgets whole mailboxes that nobody wrote into since. */
  expire(writtenBeforeMs: number): void {
    const expired = this.#write(() => {
      this.#statements.expire.run(writtenBeforeMs);
    });
    if (expired.ok) this.#bytes = numberIn(this.#statements.sums.get() ?? {}, 'bytes');
    this.chunks.count();
  }

  close(): void {
    attempt(() => {
      if (this.#file === undefined) this.#database.close();
      else this.#file.close();
    });
  }

  #append(mailbox: number, addition: Addition): void {
    const { writerPub, headHash, entries, fromSeq } = addition;
    const bytes = bytesOf(addition);
    const row = this.#statements.extend.get(mailbox, writerPub, headHash, entries.length, bytes);
    const log = numberIn(row ?? {}, 'key');
    for (const [i, { isSigned, envelope }] of entries.entries()) {
      this.#statements.entry.run(log, fromSeq + i, isSigned ? 1 : 0, envelope);
    }
  }
}

const bytesOf = ({ entries }: Addition): number =>
  entries.reduce((sum, { envelope }) => sum + envelope.length, 0);

const prepareAll = (database: DatabaseSync) => ({
  sums: database.prepare(
    'SELECT COALESCE(MAX(mark), 0) AS mark, COALESCE(SUM(bytes), 0) AS bytes FROM mailboxes',
  ),
  count: database.prepare('SELECT COUNT(*) AS count FROM mailboxes'),
  mailbox: database.prepare('SELECT * FROM mailboxes WHERE id = ?'),
  logs: database.prepare('SELECT * FROM logs WHERE mailbox = ? ORDER BY writer'),
  envelopes: database.prepare(
    'SELECT envelope FROM entries WHERE log = ? AND seq >= ? AND seq < ? ORDER BY seq',
  ),
  length: database.prepare(
    'SELECT LENGTH(envelope) AS bytes FROM entries WHERE log = ? AND seq = ?',
  ),
  signed: database.prepare(
    'SELECT seq FROM entries WHERE log = ? AND seq >= ? AND is_signed = 1 ORDER BY seq LIMIT 1',
  ),
  touch: database.prepare(`
    INSERT INTO mailboxes (id, mark, written_ms, entries, bytes) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET mark = excluded.mark, written_ms = excluded.written_ms,
      entries = entries + excluded.entries, bytes = bytes + excluded.bytes
    RETURNING key`),
  extend: database.prepare(`
    INSERT INTO logs (mailbox, writer, head, entries, bytes) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (mailbox, writer) DO UPDATE SET head = excluded.head,
      entries = entries + excluded.entries, bytes = bytes + excluded.bytes
    RETURNING key`),
  entry: database.prepare(
    'INSERT INTO entries (log, seq, is_signed, envelope) VALUES (?, ?, ?, ?)',
  ),
  expire: database.prepare('DELETE FROM mailboxes WHERE written_ms < ?'),
});
