/**
 * The connection to the records of one store. A browser may close it at any time; then it is opened
 * again (row 22), unless the database is gone: what was there and is not was deleted, and that must
 * not look like a new store.
 */
import type { IDBPDatabase } from 'idb';
import { err, ok, type Result } from '../../base/result.ts';
import { createInFlight } from './indexeddb-in-flight.browser.ts';
import { failureOf, isClosing, openDatabase, type OpenFailure } from './indexeddb-open.browser.ts';
import type { Storage, StorageFailure } from '../port.ts';

const recordsVersion = 1;
export const recordsStore = 'records';

type Outcome<T> = Result<T, StorageFailure>;
type Opening = Promise<Result<IDBPDatabase, OpenFailure>>;

export interface Connection extends Pick<Storage, 'open' | 'close' | 'onLost'> {
  whileOpen<T>(work: (database: IDBPDatabase) => Promise<T>): Promise<Outcome<T>>;
  /** For work on the segments of this store. */
  whenOpen<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  /** A write beside the records failed: why the connection closes next may be told by it. */
  noteFailure(failure: StorageFailure): void;
  /** Another tab took a segment. */
  tellTaken(failure: StorageFailure): void;
}

export interface ConnectionOptions {
  readonly name: string;
  /** The store is lost for good; called before the listeners are. */
  readonly onLeft: () => void;
}

export const createConnection = ({ name, onLeft }: ConnectionOptions): Connection => {
  const listeners: ((failure: StorageFailure) => void)[] = [];
  let opening: Opening | undefined;
  /** Undefined while the store is open, even when its connection has to be made again. */
  let closedBy: StorageFailure | undefined = 'failed';
  let isFull = false;
  const inFlight = createInFlight();

  const tell = (failure: StorageFailure): void => {
    for (const listener of listeners) listener(failure);
  };

  const leave = (failure: StorageFailure): void => {
    opening = undefined;
    closedBy = failure;
    onLeft();
  };

  const noteFailure = (failure: StorageFailure): void => {
    if (failure === 'disk-full') isFull = true;
  };

  /** On a full disk Chromium closes everything and opens little, and does not say why. */
  const reasonOf = (failure: OpenFailure): StorageFailure => {
    if (isFull && (failure === 'open-failed' || failure === 'failed')) return 'disk-full';
    return failure === 'missing' ? 'failed' : failure;
  };

  const connect = (mustExist: boolean): Opening =>
    openDatabase({
      name,
      version: recordsVersion,
      stores: [{ name: recordsStore, hasCountedKeys: false }],
      mustExist,
      onTaken: (failure) => {
        leave(failure);
        tell(failure);
      },
      onClosed: () => {
        opening = undefined;
        inFlight.abandon();
        void reconnect(); // tells the listeners when it fails
      },
    });

  const connected = async (): Promise<Outcome<IDBPDatabase>> => {
    if (closedBy !== undefined) return err(closedBy);
    const mine = (opening ??= connect(true));
    const opened = await mine;
    if (opened.ok) return opened;
    if (opening === mine) opening = undefined;
    if (opened.error === 'missing') leave('failed');
    return err(reasonOf(opened.error));
  };

  const reconnect = async (): Promise<void> => {
    const opened = await connected();
    if (!opened.ok) tell(opened.error);
  };

  const attempt = async <T>(
    work: (database: IDBPDatabase) => Promise<T>,
  ): Promise<Outcome<T> | 'closing'> => {
    const opened = await connected();
    if (!opened.ok) return opened;
    const answer = async (): Promise<Outcome<T>> => ok(await work(opened.value));
    try {
      const outcome = await inFlight.run<Outcome<T> | 'closing'>(answer(), 'closing');
      if (outcome !== 'closing') isFull = false;
      return outcome;
    } catch (error) {
      if (isClosing(error)) return 'closing';
      noteFailure(failureOf(error));
      return err(failureOf(error));
    }
  };

  const whileOpen = async <T>(work: (database: IDBPDatabase) => Promise<T>) => {
    const first = await attempt(work);
    if (first !== 'closing') return first;
    opening = undefined; // the event is still on the way
    const second = await attempt(work);
    return second === 'closing' ? err(reasonOf('failed')) : second;
  };

  return {
    open: async () => {
      if (closedBy === undefined) {
        const opened = await connected();
        return opened.ok ? ok(undefined) : opened;
      }
      opening ??= connect(false);
      const opened = await opening;
      opening = opened.ok ? opening : undefined;
      closedBy = opened.ok ? undefined : reasonOf(opened.error);
      return closedBy === undefined ? ok(undefined) : err(closedBy);
    },
    whileOpen,
    whenOpen: async (work) => {
      const opened = await connected();
      if (!opened.ok) return opened;
      const outcome = await work();
      if (!outcome.ok) return err(reasonOf(outcome.error));
      isFull = false;
      return outcome;
    },
    noteFailure,
    tellTaken: (failure) => {
      if (closedBy === undefined) tell(failure); // else the whole store was, which has been told
    },
    onLost: (listener) => {
      listeners.push(listener);
    },
    close: async () => {
      const opened = await opening;
      if (opened?.ok === true) opened.value.close();
      opening = undefined;
      closedBy = 'failed';
    },
  };
};
