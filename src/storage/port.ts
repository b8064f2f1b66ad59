/**
 * Durable storage, in two parts.
 *
 * *Records* are small values under string keys in one strict, transactional store: the vault, the
 * outbox, the journal and what the core must not lose between two writes. `commit` resolves only
 * when a reader after a crash or power loss sees the whole batch, or none of it with an error.
 *
 * *Segments* are Yjs documents of sealed entries (y-indexeddb in browsers). They are the big,
 * lazy copy: an entry is written to the journal first and leaves it only once it was read back from
 * its segment (`storedClocks`).
 *
 * Values are ciphertext or opaque key handles: sealing is the core's work. Keys must not be readable
 * names either.
 */
import type * as Y from 'yjs';
import type { Result } from '../base/result.ts';

/** Bytes, or a non-extractable key handle that only the adapter's platform can store. */
export type RecordValue = Uint8Array | KeyHandle;
/** Opaque: a CryptoKey in browsers, seed bytes elsewhere (see crypto/backend.ts). */
export interface KeyHandle {
  readonly keyHandle: unknown;
}

export interface Write {
  readonly key: string;
  /** Undefined deletes. */
  readonly value: RecordValue | undefined;
}

export type StorageFailure =
  | 'disk-full'
  | 'open-failed' // the database cannot be opened (again after one retry)
  | 'blocked' // an older tab holds the database open at an older version
  | 'newer-data' // written by a newer version of the app; nothing is touched
  | 'failed'; // anything else the platform says

export interface Segment {
  /** What is stored, applied to this document when opened; later changes are stored as they come. */
  readonly doc: Y.Doc;
  /**
   * Reads back from disk: for each Yjs client id the clock up to which entries are stored without
   * a gap. Never answers from memory.
   */
  storedClocks(): Promise<Result<ReadonlyMap<number, number>, StorageFailure>>;
  close(): Promise<void>;
}

export interface Storage {
  /** Opens or creates; a second call returns the same answer. */
  open(): Promise<Result<undefined, StorageFailure>>;
  get(key: string): Promise<Result<RecordValue | undefined, StorageFailure>>;
  /** All records whose key starts with the prefix, in key order. */
  list(
    prefix: string,
  ): Promise<Result<ReadonlyArray<readonly [key: string, value: RecordValue]>, StorageFailure>>;
  /** All or nothing, strictly durable, in call order. Concurrent calls may share one transaction. */
  commit(writes: ReadonlyArray<Write>): Promise<Result<undefined, StorageFailure>>;
  /** Opens a segment document by an opaque name. */
  openSegment(name: string): Promise<Result<Segment, StorageFailure>>;
  deleteSegment(name: string): Promise<Result<undefined, StorageFailure>>;
  /** Called when the platform closes or loses the store under us, or an upgrade waits for us. */
  onLost(listener: (failure: StorageFailure) => void): void;
  /** Bytes used and allowed, where the platform tells. */
  usage(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number } | undefined>;
  close(): Promise<void>;
}
