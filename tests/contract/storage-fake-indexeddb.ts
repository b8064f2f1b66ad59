/** Faults of a disk under fake-indexeddb. It has none of its own, so its internals are bent. */
import 'fake-indexeddb/auto';
import { forceCloseDatabase, IDBTransaction as FakeTransaction } from 'fake-indexeddb';
import { createIndexedDbBench } from './storage-indexeddb.ts';
import type { StorageBench } from './storage-bench.ts';

/** Browsers tell a full disk at the request that does not fit, or only when all is to be written. */
export type QuotaStyle = 'at the request' | 'at the end';

interface Operation {
  readonly operation: () => unknown;
}

interface Internals {
  mode: string;
  _state: string;
  _requests: { readonly request: { readonly readyState: string } }[];
  _execRequestAsync(this: Internals, operation: Operation): unknown;
  _start(this: Internals): void;
  _abort(this: Internals, reason: string): void;
}

const internals = FakeTransaction.prototype as unknown as Internals;
const { _execRequestAsync: execute, _start: start } = internals;

const refuse = (): never => {
  throw new DOMException('', 'QuotaExceededError');
};

/** Adding and putting end in `storeRecord`; reading and deleting do not, and go on working. */
const isStoring = ({ operation }: Operation): boolean => operation.name === 'bound storeRecord';

const fillDisk = (style: QuotaStyle): void => {
  if (style === 'at the request') {
    internals._execRequestAsync = function (operation) {
      return execute.call(
        this,
        isStoring(operation) ? { ...operation, operation: refuse } : operation,
      );
    };
    return;
  }
  const storing = new WeakSet<Internals>();
  internals._execRequestAsync = function (operation) {
    if (isStoring(operation)) storing.add(this);
    return execute.call(this, operation);
  };
  internals._start = function () {
    const isDone = this._requests.every(({ request }) => request.readyState === 'done');
    const isFull = isDone && this._state !== 'finished' && storing.has(this);
    if (isFull) this._abort('QuotaExceededError');
    else start.call(this);
  };
};

const freeDisk = (): void => {
  internals._execRequestAsync = execute;
  internals._start = start;
};

/** The simulated databases, by name. */
export const fakeDatabases = (): Map<
  string,
  { readonly connections: ReadonlyArray<IDBDatabase> }
> => (indexedDB as unknown as { _databases: ReturnType<typeof fakeDatabases> })._databases;

/** As a browser does by itself, with its event. */
export const forceClose = (connection: IDBDatabase): void => {
  forceCloseDatabase(connection as unknown as Parameters<typeof forceCloseDatabase>[0]);
};

const closeConnections = async (prefix: string): Promise<void> => {
  for (const [name, { connections }] of fakeDatabases()) {
    if (name.startsWith(prefix)) connections.forEach(forceClose);
  }
  await new Promise((resolve) => setImmediate(resolve));
};

export const createFakeIndexedDbBench = (name: string, style: QuotaStyle): StorageBench => {
  const bench = createIndexedDbBench(name, {
    disk: {
      fill: () => {
        fillDisk(style);
        return Promise.resolve();
      },
      free: () => {
        freeDisk();
        return Promise.resolve();
      },
    },
    disconnect: () => closeConnections(`sotto/${name}`),
  });
  return {
    ...bench,
    end: () => {
      freeDisk();
      return bench.end();
    },
  };
};
