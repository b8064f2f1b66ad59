/**
 * Durable storage of files as others see them: sealed chunks of up to `sealedChunkBytesMax` bytes,
 * each in its numbered slot of a named file. Names are opaque, bytes are ciphertext that says of
 * itself whether it is whole: what is read is checked above. Which slots count is the core's record,
 * written after `sync` has answered: a disk that was waited for at each chunk would set the pace.
 */
import type { Result } from '../../base/result.ts';
import type { StorageFailure } from '../port.ts';

export interface StoredChunk {
  readonly slot: number;
  readonly bytes: Uint8Array;
}

export interface BlobStore {
  /**
   * Was read back as it is when it resolves to ok. After a failure some of them may be there, and what
   * was there before in other slots still is.
   */
  write(
    name: string,
    chunks: ReadonlyArray<StoredChunk>,
  ): Promise<Result<undefined, StorageFailure>>;
  /** What was written of it before is on disk when it resolves to ok. */
  sync(name: string): Promise<Result<undefined, StorageFailure>>;
  /** Of a slot its first `byteCount` bytes; undefined where there are not so many. */
  read(
    name: string,
    slot: number,
    byteCount: number,
  ): Promise<Result<Uint8Array | undefined, StorageFailure>>;
  /** All of a file; nothing where there is none. */
  remove(name: string): Promise<Result<undefined, StorageFailure>>;
  /** Of all files. */
  names(): Promise<Result<ReadonlyArray<string>, StorageFailure>>;
  /** Finishes what is under way. Every call after it fails. */
  close(): Promise<void>;
}
