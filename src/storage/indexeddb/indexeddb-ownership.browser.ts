/**
 * Who may write: the program that opened the store last. A tab can be made to give up leading while
 * it hangs, and go on later without knowing. Web Locks cannot stop what it does then; a row that
 * every transaction reads can, since transactions on one store run one after the other. Two writers
 * with the same keys would fork the device's own log (PROTOCOL §5).
 */
import type { IDBPTransaction } from 'idb';
import type { recordsStore } from './indexeddb-connection.browser.ts';

/** No record of a caller's has this name: theirs begin with a letter. */
export const ownerKey = '!owner';

type WriteTransaction = IDBPTransaction<unknown, [typeof recordsStore], 'readwrite'>;

export interface Ownership {
  /** From the next transaction on the store is ours, whoever had it. */
  take(): void;
  /** Makes the transaction take the store, or ends it when somebody else did since. */
  holdOn(transaction: WriteTransaction): Promise<unknown>;
  /** A transaction that took the store is on disk. */
  claimed(): void;
  /** Somebody else took the store: nothing is written from here any more. */
  readonly isTaken: boolean;
}

export const createOwnership = (): Ownership => {
  const own = crypto.randomUUID();
  let state: 'taking' | 'ours' | 'taken' = 'taking';
  const check = async (transaction: WriteTransaction): Promise<void> => {
    const owner: unknown = await transaction.store.get(ownerKey);
    if (owner === own) return;
    state = 'taken';
    transaction.abort();
  };
  return {
    take: () => {
      state = 'taking';
    },
    holdOn: (transaction) =>
      state === 'taking' ? transaction.store.put(own, ownerKey) : check(transaction),
    claimed: () => {
      state = 'ours';
    },
    get isTaken() {
      return state === 'taken';
    },
  };
};
