/**
 * Files on a simulated disk, which outlives the store over it as a disk outlives a process. What was
 * not synced goes with the store: a power cut, the worst that a platform allows.
 */
import { err, ok, type Result } from '../../base/result.ts';
import type { StorageFailure } from '../port.ts';
import type { BlobStore } from './port.ts';

/** By name and slot. */
type Files = Map<string, Map<number, Uint8Array>>;

export interface BlobDisk {
  readonly files: Files;
  /** Set by a test at any time. */
  capacityBytes: number;
  isFailing: boolean;
  readonly usedBytes: number;
}

const bytesOf = (files: Files): number =>
  [...files.values()]
    .flatMap((slots) => [...slots.values()])
    .reduce((sum, { length }) => sum + length, 0);

const slotsOf = (files: Files, name: string): Map<number, Uint8Array> => {
  const slots = files.get(name) ?? new Map<number, Uint8Array>();
  files.set(name, slots);
  return slots;
};

export const createBlobDisk = (): BlobDisk => {
  const files: Files = new Map();
  return {
    files,
    capacityBytes: Infinity,
    isFailing: false,
    get usedBytes() {
      return bytesOf(files);
    },
  };
};

export const createMemoryBlobs = (disk: BlobDisk): BlobStore => {
  const unsynced: Files = new Map();
  let isClosed = false;
  const attempt = <T>(act: () => Result<T, StorageFailure>): Promise<Result<T, StorageFailure>> =>
    Promise.resolve(isClosed || disk.isFailing ? err('failed') : act());
  return {
    write: (name, chunks) =>
      attempt(() => {
        for (const { slot, bytes } of chunks) {
          const before = unsynced.get(name)?.get(slot) ?? disk.files.get(name)?.get(slot);
          const usedBytes = disk.usedBytes + bytesOf(unsynced);
          const growth = bytes.length - (before?.length ?? 0);
          if (usedBytes + growth > disk.capacityBytes) return err('disk-full');
          slotsOf(unsynced, name).set(slot, bytes.slice());
        }
        return ok(undefined);
      }),
    sync: (name) =>
      attempt(() => {
        const slots = unsynced.get(name);
        unsynced.delete(name);
        if (slots === undefined) return ok(undefined);
        for (const [slot, bytes] of slots) slotsOf(disk.files, name).set(slot, bytes);
        return ok(undefined);
      }),
    read: (name, slot, byteCount) =>
      attempt(() => {
        const written = unsynced.get(name)?.get(slot) ?? disk.files.get(name)?.get(slot);
        const bytes = written?.slice(0, byteCount);
        return ok(bytes?.length === byteCount ? bytes : undefined);
      }),
    remove: (name) =>
      attempt(() => {
        unsynced.delete(name);
        disk.files.delete(name);
        return ok(undefined);
      }),
    names: () => attempt(() => ok([...new Set([...disk.files.keys(), ...unsynced.keys()])])),
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
};
