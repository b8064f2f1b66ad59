/**
 * A segment over any store of numbered rows that answers at once: one row per update, merged into
 * one row when there are many. The browser's segments are y-indexeddb's own (see
 * indexeddb-segment.browser.ts); this is the same for Node and for the simulated disk.
 */
import * as Y from 'yjs';
import { err, ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import type { Segment, StorageFailure } from './port.ts';
import {
  createClockReader,
  examineRows,
  settleClocks,
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
  readonly onClose: () => void;
}

export const openRowSegment = (options: RowSegmentOptions): Result<Segment, StorageFailure> => {
  const { name, rows, onClose } = options;
  const loaded = rows.read(0);
  if (!loaded.ok) return loaded;
  const { doc, unusable, isDamaged } = examineRows(name, loaded.value.rows);
  if (isDamaged) {
    const repaired = rows.replace(Y.encodeStateAsUpdate(doc), unusable);
    if (!repaired.ok) return repaired;
  }

  let rowCount = isDamaged ? 1 : loaded.value.rows.length;
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
  let isClosed = false;
  return ok({
    doc,
    setAsideCount: unusable.length,
    storedClocks: () => {
      if (isClosed) return Promise.resolve(err('failed'));
      return settleClocks(doc, readClocks, (missing) => {
        store(missing);
        return Promise.resolve();
      });
    },
    close: async () => {
      isClosed = true;
      doc.off('update', store);
      await rows.flush();
      onClose();
    },
  });
};
