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
 * names either. Nothing here tells a new store from one that was deleted or evicted: the core keeps
 * a record as a marker and looks for it after `open`.
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
  /** Printable ASCII. */
  readonly key: string;
  /** Undefined deletes. */
  readonly value: RecordValue | undefined;
}

export type StorageFailure =
  | 'disk-full'
  | 'open-failed' // the database cannot be opened (again after one retry)
  | 'blocked' // an older tab holds the database open at an older version
  | 'newer-data' // written by a newer version of the app; nothing is touched
  | 'taken-over' // opened by another tab since, which writes from now on; nothing was written
  | 'failed'; // anything else the platform says, and every call while the store is not open

export interface Segment {
  /** What is stored, applied to this document when opened; later changes are stored as they come. */
  readonly doc: Y.Doc;
  /**
   * Stored updates that could not be used when this segment was opened: torn, undecodable, or
   * behind a gap. They were set aside, are not in `doc`, and must be fetched again.
   */
  readonly setAsideCount: number;
  /**
   * Reads back from disk: for each Yjs client id the clock up to which entries are stored without
   * a gap. Never answers from memory. Waits for the writes that are under way, and writes once more
   * what the document holds and the disk turned out to lack (it was full, say) before it answers;
   * a shorter answer than the document means that this failed too. A closed segment fails.
   */
  storedClocks(): Promise<Result<ReadonlyMap<number, number>, StorageFailure>>;
  /** Waits for the writes that are under way. The document is no longer stored afterwards. */
  close(): Promise<void>;
}

export interface Storage {
  /**
   * Opens or creates; a second call returns the same answer. After a failure or a loss a call tries
   * again, and whoever calls then looks for the marker: the store may be a new one. Where several
   * tabs can open one store, the last to open owns it: commits of the others end as 'taken-over'.
   */
  open(): Promise<Result<undefined, StorageFailure>>;
  get(key: string): Promise<Result<RecordValue | undefined, StorageFailure>>;
  /** All records whose key starts with the prefix, in key order. */
  list(
    prefix: string,
  ): Promise<Result<ReadonlyArray<readonly [key: string, value: RecordValue]>, StorageFailure>>;
  /**
   * All or nothing, strictly durable, in call order. Concurrent calls may share one transaction;
   * each still succeeds or fails by itself. Values are copied before this returns. After 'failed'
   * from a store that was lost meanwhile, the batch is there or not: read it again.
   */
  commit(writes: ReadonlyArray<Write>): Promise<Result<undefined, StorageFailure>>;
  /**
   * Opens or creates a segment document by an opaque name; while it is open, the same one for each
   * call. An update that is damaged and still decodes is loaded: Yjs has no checksum, the gate has.
   */
  openSegment(name: string): Promise<Result<Segment, StorageFailure>>;
  /** Closes it if it is open, then removes all of it. */
  deleteSegment(name: string): Promise<Result<undefined, StorageFailure>>;
  /**
   * Called when the platform closes or loses the store or a segment under us ('failed'), or when
   * another tab's upgrade waits for us ('blocked': the store has been closed to let it pass).
   */
  onLost(listener: (failure: StorageFailure) => void): void;
  /** Bytes used and allowed, where the platform tells. */
  usage(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number } | undefined>;
  /** Closes the segments, finishes the writes under way, lets go of the store. */
  close(): Promise<void>;
}
