/**
 * A segment over any store of numbered rows that answers at once: one row per update, merged into
 * one row when there are many. The browser's segments are y-indexeddb's own (see
 * indexeddb-segment.browser.ts); this is the same for Node and for the simulated disk.
 */
import * as Y from 'yjs';
import { ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import type { Segment, StorageFailure } from './port.ts';
import {
  createClockReader,
  createSegmentDoc,
  examineRows,
  settleClocks,
  type IsSound,
  type Row,
  type RowPage,
} from './segment-rows.ts';

type Outcome = Result<undefined, StorageFailure>;

/** The rows of one segment. */
export interface RowStore {
  read(afterKey: number): Result<RowPage, StorageFailure>;
  append(update: Uint8Array): Outcome;
  /** In one transaction: one row in the place of all; unusable ones, if any, are set aside. */
  replace(state: Uint8Array, unusable: ReadonlyArray<Row>): Outcome;
  /** Resolves when everything appended so far would survive a power loss. */
  flush(): Promise<Outcome>;
}

export interface RowSegmentOptions {
  readonly name: string;
  readonly rows: RowStore;
  readonly isSound: IsSound;
  readonly onClose: () => void;
}

/** Brings the rows into a state that can be loaded whole. */
const repair = (
  rows: RowStore,
  isSound: IsSound,
): Result<{ updates: ReadonlyArray<Uint8Array>; setAsideCount: number }, StorageFailure> => {
  const stored = rows.read(0);
  if (!stored.ok) return stored;
  const { unusable, state } = examineRows(stored.value.rows, isSound);
  if (unusable.length === 0) {
    return ok({ updates: stored.value.rows.map(({ update }) => update), setAsideCount: 0 });
  }
  const replaced = rows.replace(state, unusable);
  if (!replaced.ok) return replaced;
  return ok({ updates: [state], setAsideCount: unusable.length });
};

export const openRowSegment = (options: RowSegmentOptions): Result<Segment, StorageFailure> => {
  const { name, rows, isSound, onClose } = options;
  const repaired = repair(rows, isSound);
  if (!repaired.ok) return repaired;
  const doc = createSegmentDoc(name);
  doc.transact(() => {
    for (const update of repaired.value.updates) Y.applyUpdate(doc, update);
  });

  let rowCount = repaired.value.updates.length;
  const store = (update: Uint8Array): void => {
    const isMerging = rowCount >= limits.segmentRowsMax;
    const stored = isMerging ? rows.replace(Y.encodeStateAsUpdate(doc), []) : rows.append(update);
    // A failure shows in storedClocks, which also tries again.
    if (stored.ok) rowCount = isMerging ? 1 : rowCount + 1;
  };
  doc.on('update', store);

  const readClocks = createClockReader(async (afterKey) => {
    const flushed = await rows.flush();
    return flushed.ok ? rows.read(afterKey) : flushed;
  });
  return ok({
    doc,
    setAsideCount: repaired.value.setAsideCount,
    storedClocks: () =>
      settleClocks(doc, readClocks, (missing) => {
        store(missing);
        return Promise.resolve();
      }),
    close: async () => {
      doc.off('update', store);
      await rows.flush();
      onClose();
    },
  });
};
