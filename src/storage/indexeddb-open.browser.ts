/** Opening and deleting IndexedDB databases, with every way it can fail told as a value. */
import { deleteDB, openDB, type IDBPDatabase } from 'idb';
import { err, ok, type Result } from '../base/result.ts';
import type { StorageFailure } from './port.ts';

export const failureOf = (error: unknown): StorageFailure => {
  switch (error instanceof Error ? error.name : undefined) {
    case 'QuotaExceededError':
      return 'disk-full';
    case 'VersionError':
      return 'newer-data';
    default:
      return 'failed';
  }
};

export interface OpenOptions {
  readonly name: string;
  readonly version: number;
  /** Object stores of a new database: name and whether its keys count up by themselves. */
  readonly stores: ReadonlyArray<{ readonly name: string; readonly hasCountedKeys: boolean }>;
  /** The connection is gone, or was closed because another tab waits for it. */
  readonly onLost: (failure: StorageFailure) => void;
}

type Opened = Result<IDBPDatabase, StorageFailure>;

const openOnce = ({ name, version, stores, onLost }: OpenOptions): Promise<Opened> =>
  new Promise((resolve) => {
    let isAnswered = false;
    const answer = (opened: Opened): void => {
      isAnswered = true;
      resolve(opened);
    };
    const open = async (): Promise<void> => {
      try {
        const database = await openDB(name, version, {
          upgrade: (created) => {
            for (const store of stores) {
              created.createObjectStore(store.name, { autoIncrement: store.hasCountedKeys });
            }
          },
          blocked: () => {
            answer(err('blocked'));
          },
          blocking: (_current, newVersion, event) => {
            // Another tab upgrades or deletes: it waits until we let go. Writes under way finish.
            (event.target as IDBDatabase).close();
            onLost(newVersion === null ? 'failed' : 'blocked');
          },
          terminated: () => {
            onLost('failed');
          },
        });
        // After 'blocked' nobody waits for this connection; the next call opens its own.
        if (isAnswered) database.close();
        else answer(ok(database));
      } catch (error) {
        answer(err(failureOf(error)));
      }
    };
    void open(); // reports through `answer`, whatever happens
  });

/** Retries once: Chromium's UnknownError is often gone on the second attempt (row 22). */
export const openDatabase = async (options: OpenOptions): Promise<Opened> => {
  const first = await openOnce(options);
  if (first.ok || first.error !== 'failed') return first;
  const second = await openOnce(options);
  return !second.ok && second.error === 'failed' ? err('open-failed') : second;
};

export const deleteDatabase = (name: string): Promise<Result<undefined, StorageFailure>> =>
  new Promise((resolve) => {
    const remove = async (): Promise<void> => {
      try {
        await deleteDB(name, {
          blocked: () => {
            resolve(err('blocked')); // it is deleted once the other tab lets go
          },
        });
        resolve(ok(undefined));
      } catch (error) {
        resolve(err(failureOf(error)));
      }
    };
    void remove();
  });
