/** Files on a simulated disk, which outlives the store over it as a disk outlives a process. */
import { err, ok, type Result } from '../../base/result.ts';
import type { StorageFailure } from '../port.ts';
import type { BlobStore } from './port.ts';

export interface BlobDisk {
  readonly files: Map<string, Map<number, Uint8Array>>;
  /** Set by a test at any time. */
  capacityBytes: number;
  isFailing: boolean;
  readonly usedBytes: number;
}

export const createBlobDisk = (): BlobDisk => {
  const files = new Map<string, Map<number, Uint8Array>>();
  return {
    files,
    capacityBytes: Infinity,
    isFailing: false,
    get usedBytes() {
      return [...files.values()]
        .flatMap((slots) => [...slots.values()])
        .reduce((sum, { length }) => sum + length, 0);
    },
  };
};

export const createMemoryBlobs = (disk: BlobDisk): BlobStore => {
  let isClosed = false;
  const attempt = <T>(act: () => Result<T, StorageFailure>): Promise<Result<T, StorageFailure>> =>
    Promise.resolve(isClosed || disk.isFailing ? err('failed') : act());
  return {
    write: (name, chunks) =>
      attempt(() => {
        const slots = disk.files.get(name) ?? new Map<number, Uint8Array>();
        for (const { slot, bytes } of chunks) {
          const growth = bytes.length - (slots.get(slot)?.length ?? 0);
          if (disk.usedBytes + growth > disk.capacityBytes) return err('disk-full');
          slots.set(slot, bytes.slice());
          disk.files.set(name, slots);
        }
        return ok(undefined);
      }),
    read: (name, slot, byteCount) =>
      attempt(() => {
        const bytes = disk.files.get(name)?.get(slot)?.slice(0, byteCount);
        return ok(bytes?.length === byteCount ? bytes : undefined);
      }),
    remove: (name) =>
      attempt(() => {
        disk.files.delete(name);
        return ok(undefined);
      }),
    names: () => attempt(() => ok([...disk.files.keys()])),
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
};
