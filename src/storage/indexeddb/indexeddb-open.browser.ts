/** Opening and deleting IndexedDB databases, with every way it can fail told as a value. */
import { deleteDB, openDB, type IDBPDatabase } from 'idb';
import { err, ok, type Result } from '../../base/result.ts';
import type { StorageFailure } from '../port.ts';

/**
 * A disk without space has two faces: a quota that refuses, or (Chromium, when the disk itself is
 * full) an UnknownError whose text names it, after which every connection of the origin closes.
 */
const isAboutSpace = ({ name, message }: Error): boolean =>
  name === 'QuotaExceededError' || /NO_SPACE|ENOSPC|disk is full/.test(message);

export const failureOf = (error: unknown): StorageFailure => {
  if (!(error instanceof Error)) return 'failed';
  if (isAboutSpace(error)) return 'disk-full';
  return error.name === 'VersionError' ? 'newer-data' : 'failed';
};

/** The connection is closing: nothing was begun, or what was begun has been undone. */
export const isClosing = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'InvalidStateError' || error.name === 'AbortError');

/**
 * Waits for a transaction and its requests; throws the reason that says most. When a transaction
 * fails as a whole its requests say 'aborted', when a request fails the transaction does.
 */
export const whenAllDone = async <T extends ReadonlyArray<Promise<unknown>>>(
  transaction: { readonly done: Promise<void> },
  requests: readonly [...T],
): Promise<{ [At in keyof T]: Awaited<T[At]> }> => {
  const reasons: Error[] = [];
  for (const part of await Promise.allSettled([...requests, transaction.done])) {
    if (part.status === 'rejected' && part.reason instanceof Error) reasons.push(part.reason);
  }
  const reason = reasons.find((each) => failureOf(each) !== 'failed') ?? reasons[0];
  if (reason !== undefined) throw reason;
  return Promise.all(requests);
};

export interface OpenOptions {
  readonly name: string;
  readonly version: number;
  /** Object stores of a new database: name and whether its keys count up by themselves. */
  readonly stores: ReadonlyArray<{ readonly name: string; readonly hasCountedKeys: boolean }>;
  /** A database that is not there is not made: it was there before, so it was deleted. */
  readonly mustExist?: boolean;
  /** Another tab waits for us to let go: 'blocked' to upgrade, 'failed' to delete. Closed by then. */
  readonly onTaken: (failure: StorageFailure) => void;
  /** The browser closed the connection. */
  readonly onClosed: () => void;
}

export type OpenFailure = StorageFailure | 'missing';
type Opened = Result<IDBPDatabase, OpenFailure>;

const openOnce = (options: OpenOptions): Promise<Opened> =>
  new Promise((resolve) => {
    const { name, version, stores, mustExist = false, onTaken, onClosed } = options;
    let isAnswered = false;
    let isMissing = false;
    const answer = (opened: Opened): void => {
      isAnswered = true;
      resolve(opened);
    };
    const open = async (): Promise<void> => {
      try {
        const database = await openDB(name, version, {
          upgrade: (created, oldVersion, ...[, transaction]) => {
            if (mustExist && oldVersion === 0) {
              isMissing = true;
              transaction.done.catch(() => undefined); // it fails because we say so
              transaction.abort();
              return;
            }
            for (const store of stores) {
              created.createObjectStore(store.name, { autoIncrement: store.hasCountedKeys });
            }
          },
          blocked: () => {
            answer(err('blocked'));
          },
          blocking: (_current, newVersion, event) => {
            (event.target as IDBDatabase).close(); // writes under way finish
            onTaken(newVersion === null ? 'failed' : 'blocked');
          },
          terminated: onClosed,
        });
        // After 'blocked' nobody waits for this connection; the next call opens its own.
        if (isAnswered) database.close();
        else answer(ok(database));
      } catch (error) {
        answer(err(isMissing ? 'missing' : failureOf(error)));
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
