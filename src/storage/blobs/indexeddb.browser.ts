/**
 * Files in IndexedDB, one value for each chunk: for browsers whose worker has no file system. Each
 * write is on disk when it answers, since no later one could promise that for it.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { err, ok, type Result } from '../../base/result.ts';
import type { StorageFailure } from '../port.ts';
import type { BlobStore } from './port.ts';
import { areSameBytes } from './same-bytes.ts';

interface Schema extends DBSchema {
  readonly chunks: { key: [name: string, slot: number]; value: Uint8Array };
}

/** Every slot of a name, whatever its number. */
const allOf = (name: string): IDBKeyRange => IDBKeyRange.bound([name, -1], [name, Infinity]);

const failureOf = (thrown: unknown): StorageFailure =>
  thrown instanceof DOMException && thrown.name === 'QuotaExceededError' ? 'disk-full' : 'failed';

export const createIndexedDbBlobs = (databaseName: string): BlobStore => {
  let opening: Promise<IDBPDatabase<Schema>> | undefined;
  let isClosed = false;
  const database = (): Promise<IDBPDatabase<Schema>> => {
    opening ??= openDB<Schema>(databaseName, 1, {
      upgrade: (upgraded) => {
        upgraded.createObjectStore('chunks');
      },
      terminated: () => {
        opening = undefined;
      },
    });
    return opening;
  };
  const attempt = async <T>(
    act: (db: IDBPDatabase<Schema>) => Promise<T>,
  ): Promise<Result<T, StorageFailure>> => {
    if (isClosed) return err('failed');
    try {
      return ok(await act(await database()));
    } catch (thrown) {
      return err(failureOf(thrown));
    }
  };
  return {
    write: (name, chunks) =>
      attempt(async (db) => {
        const transaction = db.transaction('chunks', 'readwrite', { durability: 'strict' });
        const puts = chunks.map(({ slot, bytes }) => transaction.store.put(bytes, [name, slot]));
        await Promise.all([...puts, transaction.done]);
        for (const { slot, bytes } of chunks) {
          const back = await db.get('chunks', [name, slot]);
          if (back === undefined || !areSameBytes(back, bytes))
            throw new Error('other bytes came back');
        }
        return undefined;
      }),
    sync: () => Promise.resolve(isClosed ? err('failed') : ok(undefined)),
    read: (name, slot, byteCount) =>
      attempt(async (db) => {
        const bytes = (await db.get('chunks', [name, slot]))?.subarray(0, byteCount);
        return bytes?.length === byteCount ? bytes : undefined;
      }),
    remove: (name) =>
      attempt(async (db) => {
        await db.delete('chunks', allOf(name));
        return undefined;
      }),
    names: () =>
      attempt(async (db) => {
        const names: string[] = [];
        // One key of each file: the next one is asked for behind all slots of this one.
        let cursor = await db.transaction('chunks').store.openKeyCursor();
        while (cursor !== null) {
          const [name] = cursor.key;
          names.push(name);
          cursor = await cursor.continue([name, Infinity]);
        }
        return names;
      }),
    close: async () => {
      isClosed = true;
      (await opening)?.close();
    },
  };
};
