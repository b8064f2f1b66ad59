/**
 * What the storage contract needs of an adapter under test. No test framework and no platform in
 * here: the same cases run in Node and in a page.
 */
import * as Y from 'yjs';
import type { Result } from '../../src/base/result.ts';
import type { KeyHandle, Segment, Storage } from '../../src/storage/port.ts';

/** One store on one disk, for one case. A fault that an adapter cannot have is absent. */
export interface StorageBench {
  /** What a program finds that starts now. Storages of before may be dead by then (`crash`). */
  create(): Storage;
  /** The program ends without closing anything. */
  crash(): Promise<void>;
  /** Loses what was written and not flushed, too. */
  readonly losePower?: () => void;
  /** The store and all its segments are deleted; nothing has them open. */
  wipe(): Promise<void>;
  /** Nothing more fits on the disk, until the storage that is open then is told to `free`. */
  readonly disk?: { fill(storage: Storage): Promise<void>; free(storage: Storage): Promise<void> };
  /** The next `times` attempts to open fail. */
  readonly failOpens?: (times: number) => void;
  /** Every attempt to open fails. */
  breakOpening(): void;
  /** Something older has the store open, until the returned function is called. */
  readonly block?: () => Promise<() => Promise<void>>;
  /** A newer version of the program has been here. */
  storeNewer(): Promise<void>;
  /** The platform closes the connections of the storage that is open; its data stays. */
  readonly disconnect?: () => Promise<void>;
  /** Two programs can open the store at once (tabs): then the last one owns it. */
  readonly isShared?: true;
  /** The store is taken away under the storage that is open. */
  readonly takeAway?: () => Promise<void>;
  /** Changes a stored update of a closed segment. */
  damageRow(
    segment: string,
    index: number,
    change: (bytes: Uint8Array) => Uint8Array,
  ): Promise<void>;
  /** Lets timers of the adapter run that wait for up to some seconds. */
  passTime(): Promise<void>;
  keyHandle(): Promise<KeyHandle>;
  isSameHandle(a: KeyHandle, b: KeyHandle): Promise<boolean>;
  end(): Promise<void>;
}

export interface ContractCase {
  /** Faults without which there is nothing to check. */
  readonly needs?: ReadonlyArray<
    'losePower' | 'disk' | 'failOpens' | 'block' | 'disconnect' | 'takeAway' | 'isShared'
  >;
  readonly title: string;
  run(bench: StorageBench): Promise<void>;
}

export const isPossible = (bench: StorageBench, { needs = [] }: ContractCase): boolean =>
  needs.every((fault) => bench[fault] !== undefined);

export const check = (condition: boolean, sentence: string): void => {
  if (!condition) throw new Error(`not so: ${sentence}`);
};

/** Text that is equal exactly when two plain values are. */
const describe = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Uint8Array) return `bytes ${[...part].join(' ')}`;
    if (part instanceof Map) return [...part].map(String).sort();
    return part === undefined ? 'undefined' : part;
  });

export const checkEqual = (actual: unknown, expected: unknown, sentence: string): void => {
  const [got, wanted] = [describe(actual), describe(expected)];
  if (got !== wanted) {
    throw new Error(
      `not so: ${sentence}\n got    ${got.slice(0, 400)}\n wanted ${wanted.slice(0, 400)}`,
    );
  }
};

export const valueOf = <T>(result: Result<T, unknown>): T => {
  if (!result.ok) throw new Error(`an answer was expected, not ${String(result.error)}`);
  return result.value;
};

export const failureIn = (result: Result<unknown, string>): string | undefined =>
  result.ok ? undefined : result.error;

export const bytes = (...values: ReadonlyArray<number>): Uint8Array => Uint8Array.from(values);

export const openNew = async (bench: StorageBench): Promise<Storage> => {
  const storage = bench.create();
  valueOf(await storage.open());
  return storage;
};

export const openSegment = async (storage: Storage, name = 'segment'): Promise<Segment> =>
  valueOf(await storage.openSegment(name));

/** Somebody who writes entries: one update for each, as they reach a segment's document. */
export const createWriter = (client: number) => {
  const doc = new Y.Doc();
  doc.clientID = client;
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => {
    updates.push(update);
  });
  return {
    client,
    write: (count: number, entryBytes = 40): ReadonlyArray<Uint8Array> => {
      updates.length = 0;
      for (let i = 0; i < count; i++) {
        const entry = new Uint8Array(entryBytes).fill(i);
        doc.getArray(`writer-${String(client)}`).push([entry]);
      }
      return updates.slice();
    },
  };
};

export const applyAll = (segment: Segment, updates: ReadonlyArray<Uint8Array>): void => {
  for (const update of updates) Y.applyUpdate(segment.doc, update);
};

export const entryCount = ({ doc }: Segment, client: number): number =>
  doc.getArray(`writer-${String(client)}`).length;

export const clocksOf = async (segment: Segment): Promise<ReadonlyMap<number, number>> =>
  valueOf(await segment.storedClocks());
