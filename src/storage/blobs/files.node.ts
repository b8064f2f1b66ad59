/** Files as files of a folder, for headless peers: each slot at its place. */
import { mkdir, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createSerialQueue } from '../../base/serial-queue.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure } from '../port.ts';
import type { BlobStore } from './port.ts';
import { areSameBytes } from './same-bytes.ts';

const slotBytes = limits.sealedChunkBytesMax;
const waitingMax = 4096;

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;

const failureOf = (thrown: unknown): StorageFailure =>
  ['ENOSPC', 'EDQUOT'].includes(String(codeOf(thrown))) ? 'disk-full' : 'failed';

const openWritable = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, 'r+');
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown;
    return open(path, 'w+', 0o600);
  }
};

export const createFileBlobs = (folder: string): BlobStore => {
  const queue = createSerialQueue(waitingMax);
  let isClosed = false;
  const attempt = async <T>(act: () => Promise<T>): Promise<Result<T, StorageFailure>> => {
    if (isClosed) return err('failed');
    const done = await queue.run(async (): Promise<Result<T, StorageFailure>> => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return ok(await act());
      } catch (thrown) {
        return err(failureOf(thrown));
      }
    });
    return done.ok ? done.value : err('failed');
  };
  const withFile = async <T>(file: FileHandle, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } finally {
      await file.close();
    }
  };
  return {
    write: (name, chunks) =>
      attempt(async () => {
        const file = await openWritable(join(folder, name));
        await withFile(file, async () => {
          for (const { slot, bytes } of chunks) {
            const at = slot * slotBytes;
            const { bytesWritten } = await file.write(bytes, 0, bytes.length, at);
            if (bytesWritten < bytes.length) {
              throw Object.assign(new Error('the disk took a part'), { code: 'ENOSPC' });
            }
            const back = new Uint8Array(bytes.length);
            await file.read(back, 0, back.length, at);
            if (!areSameBytes(back, bytes)) throw new Error('the disk gives other bytes');
          }
        });
        return undefined;
      }),
    sync: (name) =>
      attempt(async () => {
        try {
          const file = await open(join(folder, name), 'r+');
          await withFile(file, () => file.datasync());
        } catch (thrown) {
          if (codeOf(thrown) !== 'ENOENT') throw thrown; // nothing was written of it
        }
        return undefined;
      }),
    read: (name, slot, byteCount) =>
      attempt(async () => {
        try {
          const file = await open(join(folder, name), 'r');
          const bytes = new Uint8Array(byteCount);
          const { bytesRead } = await withFile(file, () =>
            file.read(bytes, 0, byteCount, slot * slotBytes),
          );
          return bytesRead === byteCount ? bytes : undefined;
        } catch (thrown) {
          if (codeOf(thrown) === 'ENOENT') return undefined;
          throw thrown;
        }
      }),
    remove: (name) =>
      attempt(async () => {
        await rm(join(folder, name), { force: true });
        return undefined;
      }),
    names: () => attempt(() => readdir(folder)),
    close: async () => {
      await queue.run(() => Promise.resolve());
      isClosed = true;
    },
  };
};
