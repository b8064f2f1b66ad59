/**
 * What the stored updates ("rows") of a segment hold, read from their own bytes: which clocks are
 * there without a gap, which rows cannot be used, and what the document has beyond them. Yjs only;
 * every adapter uses it.
 */
import * as Y from 'yjs';
import { ok, type Result } from '../base/result.ts';
import type { StorageFailure } from './port.ts';

/** One stored update; keys grow. */
export interface Row {
  readonly key: number;
  readonly update: Uint8Array;
}

/** Rows after some key, and the first key of all: it changes when rows were merged or removed. */
export interface RowPage {
  readonly firstKey: number | undefined;
  readonly rows: ReadonlyArray<Row>;
}

export type IsSound = (update: Uint8Array) => boolean;
export type ClockMap = ReadonlyMap<number, number>;

interface Range {
  readonly from: number;
  readonly to: number; // exclusive
}

/** What y-indexeddb writes whenever it opens an empty document. */
const isEmptyUpdate = (update: Uint8Array): boolean =>
  update.length === 2 && update[0] === 0 && update[1] === 0;

/** The entries in an update. Placeholders (GC, Skip) hold nothing, so they do not count as stored. */
const itemsOf = (update: Uint8Array): ReadonlyArray<Y.Item> | undefined => {
  try {
    return Y.decodeUpdate(update).structs.filter((struct) => struct instanceof Y.Item);
  } catch {
    return undefined; // Yjs throws on bytes that are no update; the throw stops here.
  }
};

const withRange = (ranges: ReadonlyArray<Range>, added: Range): ReadonlyArray<Range> => {
  const isApart = (range: Range): boolean => range.to < added.from || range.from > added.to;
  const touching = [...ranges.filter((range) => !isApart(range)), added];
  const merged = {
    from: Math.min(...touching.map(({ from }) => from)),
    to: Math.max(...touching.map(({ to }) => to)),
  };
  return [...ranges.filter(isApart), merged].sort((a, b) => a.from - b.from);
};

export interface ClockLedger {
  /** Counts what an update holds; false, and nothing counted, when the bytes are no update. */
  add(update: Uint8Array): boolean;
  /** For each client the clock up to which everything was counted. */
  clocks(): ClockMap;
  /** Something was counted behind a clock that was not. */
  hasGap(): boolean;
}

export const createClockLedger = (): ClockLedger => {
  const rangesByClient = new Map<number, ReadonlyArray<Range>>();
  return {
    add: (update) => {
      const items = itemsOf(update);
      if (items === undefined) return false;
      for (const { id, length } of items) {
        const added = { from: id.clock, to: id.clock + length };
        rangesByClient.set(id.client, withRange(rangesByClient.get(id.client) ?? [], added));
      }
      return true;
    },
    clocks: () => {
      const clocks = new Map<number, number>();
      for (const [client, [first]] of rangesByClient) {
        if (first?.from === 0) clocks.set(client, first.to);
      }
      return clocks;
    },
    hasGap: () =>
      [...rangesByClient.values()].some(([first, second]) => first?.from !== 0 || second),
  };
};

/** Reads what is stored now; cheap when only a few rows came since the last time. */
export type ClockReader = () => Promise<Result<ClockMap, StorageFailure>>;

export const createClockReader = (
  read: (afterKey: number) => Promise<Result<RowPage, StorageFailure>>,
): ClockReader => {
  let ledger = createClockLedger();
  let firstKey: number | undefined;
  let lastKey = 0;
  return async () => {
    let page = await read(lastKey);
    if (page.ok && lastKey > 0 && page.value.firstKey !== firstKey) {
      // Rows that were counted are gone: only what is there now counts.
      ledger = createClockLedger();
      lastKey = 0;
      page = await read(0);
    }
    if (!page.ok) return page;
    firstKey = page.value.firstKey;
    for (const { key, update } of page.value.rows) {
      ledger.add(update); // a row damaged since the segment was opened holds nothing
      lastKey = key;
    }
    return ok(ledger.clocks());
  };
};

export interface Examined {
  /** Rows that must not be loaded. Empty: the rows are fine as they are. */
  readonly unusable: ReadonlyArray<Row>;
  /** One update with everything that the other rows hold without a gap. */
  readonly state: Uint8Array;
}

const isBeyond = ({ update }: Row, clocks: ClockMap): boolean =>
  itemsOf(update)?.some(({ id, length }) => id.clock + length > (clocks.get(id.client) ?? 0)) ??
  true;

/**
 * Finds rows that are torn, refused by `isSound`, or behind a gap (their predecessors are lost, so
 * Yjs would keep them aside in memory and they would enter the document later, unseen by the gate).
 */
export const examineRows = (rows: ReadonlyArray<Row>, isSound: IsSound): Examined => {
  const ledger = createClockLedger();
  const sound = rows.filter(
    ({ update }) => isEmptyUpdate(update) || (isSound(update) && ledger.add(update)),
  );
  if (sound.length === rows.length && !ledger.hasGap()) {
    return { unusable: [], state: new Uint8Array() };
  }
  const clocks = ledger.clocks();
  const usable = new Set(sound.filter((row) => !isBeyond(row, clocks)));
  const doc = createSegmentDoc('examined');
  for (const { update } of sound) Y.applyUpdate(doc, update);
  // A row may reach behind a gap for one client only; the rest of it is kept.
  doc.store.pendingStructs = null;
  doc.store.pendingDs = null;
  return {
    unusable: rows.filter((row) => !usable.has(row)),
    state: Y.encodeStateAsUpdate(doc),
  };
};

/** One update with what the document holds and the disk does not; undefined when nothing is. */
export const missingOnDisk = (doc: Y.Doc, stored: ClockMap): Uint8Array | undefined => {
  const held = Y.decodeStateVector(Y.encodeStateVector(doc));
  const isBehind = [...held].some(([client, clock]) => clock > (stored.get(client) ?? 0));
  return isBehind ? Y.encodeStateAsUpdate(doc, Y.encodeStateVector(new Map(stored))) : undefined;
};

/** The answer of `storedClocks`: read, write what is missing once more, read again. */
export const settleClocks = async (
  doc: Y.Doc,
  readClocks: ClockReader,
  write: (update: Uint8Array) => Promise<void>,
): Promise<Result<ClockMap, StorageFailure>> => {
  const clocks = await readClocks();
  if (!clocks.ok) return clocks;
  const missing = missingOnDisk(doc, clocks.value);
  if (missing === undefined) return clocks;
  await write(missing); // whether it worked is what the next reading tells
  return readClocks();
};

/** Nothing is written under the document's own client id, and nothing in it depends on chance. */
export const createSegmentDoc = (name: string): Y.Doc => {
  const doc = new Y.Doc({ guid: name, gc: false });
  doc.clientID = 0;
  return doc;
};
