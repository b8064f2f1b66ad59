/**
 * Sealed chunks of small files, in the database of the mailboxes: by mailbox and the hash that names
 * them. They go with their mailbox, or when their own time is over, and are overwritten then.
 */
import type { DatabaseSync } from 'node:sqlite';
import { assert } from '../../src/base/assert.ts';
import type { Outcome } from '../../src/storage/sqlite-file.node.ts';
import type { StoredMailbox, StoreRefusal } from './mailbox-store.ts';
import { err, ok, type Result } from '../../src/base/result.ts';

export const chunkSchema = `
  CREATE TABLE IF NOT EXISTS chunks (
    key INTEGER PRIMARY KEY, mailbox INTEGER NOT NULL REFERENCES mailboxes ON DELETE CASCADE,
    id BLOB NOT NULL, writer BLOB NOT NULL, drop_tag BLOB NOT NULL, left_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL, sealed BLOB NOT NULL, UNIQUE (mailbox, id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS chunks_by_age ON chunks (left_ms);
`;

export interface NewChunk {
  readonly id: Uint8Array;
  readonly writerPub: Uint8Array;
  readonly dropTag: Uint8Array;
  readonly sealed: Uint8Array;
}

type RowOf = Record<string, unknown>;

const sumIn = (row: RowOf | undefined): number => {
  const value = row?.['bytes'];
  assert(typeof value === 'number', 'a sum is a number');
  return value;
};

export interface ChunkStoreInput {
  readonly now: () => number;
  /** All of it or nothing, in the mailboxes' own database. */
  readonly write: (work: () => void) => Outcome;
}

export class ChunkStore {
  readonly #write: ChunkStoreInput['write'];
  readonly #now: () => number;
  readonly #statements: ReturnType<typeof prepareAll>;
  #bytes: number;

  constructor(database: DatabaseSync, { now, write }: ChunkStoreInput) {
    this.#write = write;
    this.#now = now;
    this.#statements = prepareAll(database);
    this.#bytes = sumIn(this.#statements.sum.get());
  }

  /** Of all of them. */
  get bytes(): number {
    return this.#bytes;
  }

  has({ key }: StoredMailbox, id: Uint8Array): boolean {
    return this.#statements.has.get(key, id) !== undefined;
  }

  get({ key }: StoredMailbox, id: Uint8Array): Uint8Array | undefined {
    const sealed = this.#statements.get.get(key, id)?.['sealed'];
    return sealed instanceof Uint8Array ? new Uint8Array(sealed) : undefined;
  }

  bytesIn({ key }: StoredMailbox): number {
    return sumIn(this.#statements.sumIn.get(key));
  }

  bytesBy({ key }: StoredMailbox, writerPub: Uint8Array): number {
    return sumIn(this.#statements.sumBy.get(key, writerPub));
  }

  /** On the disk once the mailboxes are `settled`. */
  add({ key }: StoredMailbox, chunk: NewChunk): Result<undefined, StoreRefusal> {
    const { id, writerPub, dropTag, sealed } = chunk;
    const added = this.#write(() => {
      const values = [key, id, writerPub, dropTag, this.#now(), sealed.length, sealed];
      this.#statements.add.run(...values);
    });
    if (!added.ok) return err(added.error === 'disk-full' ? 'disk-full' : 'failed');
    this.#bytes += sealed.length;
    return ok(undefined);
  }

  /** Those that were left under this tag. */
  drop({ key }: StoredMailbox, dropTag: Uint8Array, ids: ReadonlyArray<Uint8Array>): boolean {
    const dropped = this.#write(() => {
      for (const id of ids) this.#statements.drop.run(key, id, dropTag);
    });
    this.count();
    return dropped.ok;
  }

  expire(leftBeforeMs: number): void {
    this.#write(() => {
      this.#statements.expire.run(leftBeforeMs);
    });
    this.count();
  }

  /** After mailboxes went with what was in them. */
  count(): void {
    this.#bytes = sumIn(this.#statements.sum.get());
  }
}

const prepareAll = (database: DatabaseSync) => ({
  sum: database.prepare('SELECT COALESCE(SUM(bytes), 0) AS bytes FROM chunks'),
  sumIn: database.prepare('SELECT COALESCE(SUM(bytes), 0) AS bytes FROM chunks WHERE mailbox = ?'),
  sumBy: database.prepare(
    'SELECT COALESCE(SUM(bytes), 0) AS bytes FROM chunks WHERE mailbox = ? AND writer = ?',
  ),
  has: database.prepare('SELECT key FROM chunks WHERE mailbox = ? AND id = ?'),
  get: database.prepare('SELECT sealed FROM chunks WHERE mailbox = ? AND id = ?'),
  add: database.prepare(`
    INSERT INTO chunks (mailbox, id, writer, drop_tag, left_ms, bytes, sealed)
    VALUES (?, ?, ?, ?, ?, ?, ?)`),
  drop: database.prepare('DELETE FROM chunks WHERE mailbox = ? AND id = ? AND drop_tag = ?'),
  expire: database.prepare('DELETE FROM chunks WHERE left_ms < ?'),
});
