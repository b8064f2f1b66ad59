/**
 * Files in the origin's private file system, by synchronous handles, which workers alone have: each
 * slot at its place. A handle is a lock, so few are kept open; one that is closed has been flushed.
 */
import { createSerialQueue } from '../../base/serial-queue.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../port.ts';
import type { BlobStore } from './port.ts';
import { areSameBytes } from './same-bytes.ts';

const folderName = 'sotto-files';
const slotBytes = limits.sealedChunkBytesMax;
const waitingMax = 4096;
const openMax = 8;

/** What the DOM types have for workers only. */
interface SyncFile {
  read(bytes: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  flush(): void;
  close(): void;
}

type SyncFileHandle = FileSystemFileHandle & {
  readonly createSyncAccessHandle?: () => Promise<SyncFile>;
};

const isNamed = (thrown: unknown, name: string): boolean =>
  thrown instanceof DOMException && thrown.name === name;

const failureOf = (thrown: unknown): StorageFailure => {
  const isFull =
    isNamed(thrown, 'QuotaExceededError') || /NO_SPACE|ENOSPC|disk/i.test(String(thrown));
  return isFull ? 'disk-full' : 'failed';
};

/** Handles by name, the most recently used last. */
const createHandles = (folder: FileSystemDirectoryHandle) => {
  const open = new Map<string, SyncFile>();
  const close = (name: string): void => {
    open.get(name)?.flush();
    open.get(name)?.close();
    open.delete(name);
  };
  return {
    close,
    closeAll: (): void => {
      for (const name of [...open.keys()]) close(name);
    },
    /** Undefined where there is none and none is made. */
    get: async (name: string, create: boolean): Promise<SyncFile | undefined> => {
      const known = open.get(name);
      open.delete(name);
      const file = known ?? (await openFile(folder, name, create));
      if (file === undefined) return undefined;
      open.set(name, file);
      const [oldest] = open.keys();
      if (open.size > openMax && oldest !== undefined) close(oldest);
      return file;
    },
  };
};

const openFile = async (
  folder: FileSystemDirectoryHandle,
  name: string,
  create: boolean,
): Promise<SyncFile | undefined> => {
  try {
    const handle: SyncFileHandle = await folder.getFileHandle(name, { create });
    return await handle.createSyncAccessHandle?.();
  } catch (thrown) {
    if (isNamed(thrown, 'NotFoundError')) return undefined;
    throw thrown;
  }
};

const openFolder = async (): Promise<FileSystemDirectoryHandle | undefined> => {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(folderName, { create: true });
    // A window, and a private session of some browsers, have the folder and no such handles.
    const probe: SyncFileHandle = await folder.getFileHandle('probe', { create: true });
    if (probe.createSyncAccessHandle === undefined) return undefined;
    await folder.removeEntry('probe');
    return folder;
  } catch {
    return undefined;
  }
};

/** Undefined where there is no such file system here. */
export const openOpfsBlobs = async (): Promise<BlobStore | undefined> => {
  const folder = await openFolder();
  if (folder === undefined) return undefined;
  const handles = createHandles(folder);
  const queue = createSerialQueue(waitingMax);
  /** What was written is read back to here: memory of its own for each would cost more than the disk. */
  const back = new Uint8Array(slotBytes);
  let isClosed = false;
  const attempt = async <T>(act: () => Promise<T>): Promise<Result<T, StorageFailure>> => {
    const done = await queue.run(async (): Promise<Result<T, StorageFailure>> => {
      if (isClosed) return err('failed');
      try {
        return ok(await act());
      } catch (thrown) {
        return err(failureOf(thrown));
      }
    });
    return done.ok ? done.value : err('failed');
  };
  return {
    write: (name, chunks) =>
      attempt(async () => {
        const file = await handles.get(name, true);
        if (file === undefined) throw new DOMException('', 'NotFoundError');
        for (const { slot, bytes } of chunks) {
          const at = slot * slotBytes;
          const written = file.write(bytes, { at });
          if (written !== bytes.length) throw new DOMException('', 'QuotaExceededError');
          const read = back.subarray(0, bytes.length);
          file.read(read, { at });
          if (!areSameBytes(read, bytes)) throw new DOMException('', 'DataError');
        }
        return undefined;
      }),
    sync: (name) =>
      attempt(async () => {
        (await handles.get(name, false))?.flush();
        return undefined;
      }),
    read: (name, slot, byteCount) =>
      attempt(async () => {
        const file = await handles.get(name, false);
        const bytes = new Uint8Array(byteCount);
        return file?.read(bytes, { at: slot * slotBytes }) === byteCount ? bytes : undefined;
      }),
    remove: (name) =>
      attempt(async () => {
        handles.close(name);
        try {
          await folder.removeEntry(name);
        } catch (thrown) {
          if (!isNamed(thrown, 'NotFoundError')) throw thrown;
        }
        return undefined;
      }),
    names: () =>
      attempt(async () => {
        const names: string[] = [];
        for await (const name of folder.keys()) names.push(name);
        return names;
      }),
    close: async () => {
      await queue.run(() => Promise.resolve());
      isClosed = true;
      handles.closeAll();
    },
  };
};
