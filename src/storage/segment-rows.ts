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

export type ClockMap = ReadonlyMap<number, number>;

interface Range {
  readonly from: number;
  readonly to: number; // exclusive
}

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

const clocksOf = (doc: Y.Doc): ClockMap => Y.decodeStateVector(Y.encodeStateVector(doc));

export interface ClockLedger {
  /** Counts what an update holds; false, and nothing counted, when the bytes are no update. */
  add(update: Uint8Array): boolean;
  /** For each client the clock up to which everything was counted. */
  clocks(): ClockMap;
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
  /** What the usable rows hold without a gap. */
  readonly doc: Y.Doc;
  /** Rows that must not be loaded as they are. */
  readonly unusable: ReadonlyArray<Row>;
  /** The rows must be replaced by the state of `doc` before anybody loads them. */
  readonly isDamaged: boolean;
}

const isBeyond = ({ update }: Row, clocks: ClockMap): boolean =>
  itemsOf(update)?.some(({ id, length }) => id.clock + length > (clocks.get(id.client) ?? 0)) ??
  true;

/** The first row that Yjs throws on; the document is then of no use any more. */
const refusedRow = (doc: Y.Doc, rows: ReadonlyArray<Row>): Row | undefined =>
  doc.transact(() =>
    rows.find(({ update }) => {
      try {
        Y.applyUpdate(doc, update);
        return false;
      } catch {
        return true;
      }
    }),
  );

/**
 * Loads rows into a document of their own and finds those that cannot be used: torn ones, ones that
 * make Yjs throw (1 bit flip in 100), and ones behind a gap, which Yjs would keep in memory and let
 * into the document later, unseen by the gate.
 */
export const examineRows = (name: string, rows: ReadonlyArray<Row>): Examined => {
  let sound = rows;
  let doc = createSegmentDoc(name);
  let refused = refusedRow(doc, sound);
  while (refused !== undefined) {
    const { key } = refused;
    sound = sound.filter((row) => row.key !== key);
    doc = createSegmentDoc(name);
    refused = refusedRow(doc, sound);
  }
  const hasPending = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
  const isDamaged = hasPending || sound.length < rows.length;
  if (!isDamaged) return { doc, unusable: [], isDamaged };
  doc.store.pendingStructs = null;
  doc.store.pendingDs = null;
  const clocks = clocksOf(doc);
  const usable = new Set(sound.filter((row) => !isBeyond(row, clocks)));
  return { doc, unusable: rows.filter((row) => !usable.has(row)), isDamaged };
};

/** One update with what the document holds and the disk does not; undefined when nothing is. */
export const missingOnDisk = (doc: Y.Doc, stored: ClockMap): Uint8Array | undefined => {
  const isBehind = [...clocksOf(doc)].some(([client, clock]) => clock > (stored.get(client) ?? 0));
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
