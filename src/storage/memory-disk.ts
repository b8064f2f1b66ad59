/**
 * A simulated disk: what was flushed survives a crash, what was only written may not. It does what
 * the faults say and nothing by itself, so the same calls always leave the same disk.
 */
import { err, ok, type Result } from '../base/result.ts';
import type { RecordValue, StorageFailure, Write } from './port.ts';
import type { Row } from './segment-rows.ts';

/** Set by a test or a simulation, at any time. */
export interface DiskFaults {
  /** Bytes of keys and values that fit. */
  capacityBytes: number;
  /** Each read, write and flush takes this long on the injected scheduler. */
  delayMs: number;
  /** So many attempts to open fail from now on. */
  failingOpens: number;
  /** An older program holds the store open. */
  isBlocked: boolean;
  /** Reads and writes fail. */
  isFailing: boolean;
}

export const createDiskFaults = (): DiskFaults => ({
  capacityBytes: Infinity,
  delayMs: 0,
  failingOpens: 0,
  isBlocked: false,
  isFailing: false,
});

export type Effect =
  | { readonly type: 'Records'; readonly writes: ReadonlyArray<Write> }
  | { readonly type: 'Row'; readonly segment: string; readonly update: Uint8Array }
  /** One row in the place of all; `unusable` ones are set aside. */
  | {
      readonly type: 'Merge';
      readonly segment: string;
      readonly state: Uint8Array;
      readonly unusable: ReadonlyArray<Row>;
    }
  | { readonly type: 'Drop'; readonly segment: string };

/** What becomes of the written, un-flushed tail: so many survive, then perhaps one in part. */
export interface CrashFate {
  readonly survivors: number;
  readonly isNextTorn: boolean;
}

type Change = (bytes: Uint8Array) => Uint8Array;

export interface MemoryDisk {
  readonly faults: DiskFaults;
  /** Of the data; a program that knows only older ones must not touch it. */
  version: number;
  /** Grows with each crash: a storage of an earlier generation is a dead process. */
  readonly generation: number;
  readonly usedBytes: number;
  /** Writes that a crash could take. */
  readonly unflushedCount: number;
  write(effect: Effect): Result<undefined, StorageFailure>;
  flush(which: (effect: Effect) => boolean): void;
  records(): ReadonlyMap<string, RecordValue>;
  /** As a reader after a crash would find them. */
  flushedRows(segment: string): ReadonlyArray<Row>;
  rows(segment: string): ReadonlyArray<Row>;
  setAside(segment: string): ReadonlyArray<Row>;
  crash(fate: CrashFate): void;
  /** What was flushed, on a disk of its own: a backup. */
  copy(): MemoryDisk;
  /** The store is deleted or evicted. */
  wipe(): void;
  damageRecord(key: string, change: Change): void;
  damageRow(segment: string, index: number, change: Change): void;
}

interface SegmentState {
  readonly rows: ReadonlyArray<Row>;
  readonly setAside: ReadonlyArray<Row>;
}

interface DiskState {
  readonly records: Map<string, RecordValue>;
  readonly segments: Map<string, SegmentState>;
}

const noRows: SegmentState = { rows: [], setAside: [] };
const emptyState = (): DiskState => ({ records: new Map(), segments: new Map() });

const copyOf = (state: DiskState): DiskState => ({
  records: new Map(state.records),
  segments: new Map(state.segments),
});

/** A handle's size is the platform's affair. */
const sizeOf = (value: RecordValue): number => (value instanceof Uint8Array ? value.length : 0);

const rowBytes = (rows: ReadonlyArray<Row>): number =>
  rows.reduce((sum, { update }) => sum + update.length, 0);

const recordBytes = (state: DiskState): number =>
  [...state.records].reduce((sum, [key, value]) => sum + key.length + sizeOf(value), 0);

const segmentBytes = (state: DiskState): number =>
  [...state.segments.values()].reduce(
    (sum, { rows, setAside }) => sum + rowBytes(rows) + rowBytes(setAside),
    0,
  );

const recordGrowth = (state: DiskState, writes: ReadonlyArray<Write>): number => {
  let growth = 0;
  for (const [key, value] of new Map(writes.map(({ key, value }) => [key, value]))) {
    const before = state.records.get(key);
    if (before !== undefined) growth -= key.length + sizeOf(before);
    if (value !== undefined) growth += key.length + sizeOf(value);
  }
  return growth;
};

const growthOf = (state: DiskState, effect: Effect): number => {
  switch (effect.type) {
    case 'Records':
      return recordGrowth(state, effect.writes);
    case 'Row':
      return effect.update.length;
    case 'Merge': {
      const { rows } = state.segments.get(effect.segment) ?? noRows;
      return effect.state.length + rowBytes(effect.unusable) - rowBytes(rows);
    }
    case 'Drop':
      return -rowBytes((state.segments.get(effect.segment) ?? noRows).rows);
  }
};

const apply = (state: DiskState, effect: Effect): void => {
  if (effect.type === 'Records') {
    for (const { key, value } of effect.writes) {
      if (value === undefined) state.records.delete(key);
      else state.records.set(key, value);
    }
    return;
  }
  if (effect.type === 'Drop') {
    state.segments.delete(effect.segment);
    return;
  }
  const { rows, setAside } = state.segments.get(effect.segment) ?? noRows;
  const key = (rows.at(-1)?.key ?? 0) + 1;
  state.segments.set(
    effect.segment,
    effect.type === 'Row'
      ? { rows: [...rows, { key, update: effect.update }], setAside }
      : {
          rows: [{ key, update: effect.state }],
          setAside: effect.unusable.length > 0 ? effect.unusable : setAside,
        },
  );
};

const applyPart = (state: DiskState, effect: Effect): void => {
  // Transactions are whole or absent; only a row that is appended can be torn.
  if (effect.type !== 'Row') return;
  apply(state, { ...effect, update: effect.update.slice(0, effect.update.length >> 1) });
};

const mapRows = (
  state: DiskState,
  segment: string,
  change: (row: Row, at: number) => Row,
): void => {
  const { rows, setAside } = state.segments.get(segment) ?? noRows;
  state.segments.set(segment, { rows: rows.map(change), setAside });
};

export const createMemoryDisk = (
  faults: DiskFaults = createDiskFaults(),
  content: DiskState = emptyState(),
): MemoryDisk => {
  let flushed = copyOf(content);
  let written = copyOf(content);
  let tail: Effect[] = [];
  let generation = 0;
  const usedBytes = (): number => recordBytes(written) + segmentBytes(written);

  const restart = (): void => {
    tail = [];
    written = copyOf(flushed);
    generation += 1;
  };

  return {
    faults,
    version: 1,
    get generation() {
      return generation;
    },
    get usedBytes() {
      return usedBytes();
    },
    get unflushedCount() {
      return tail.length;
    },
    write: (effect) => {
      if (faults.isFailing) return err('failed');
      const growth = faults.capacityBytes === Infinity ? 0 : growthOf(written, effect);
      if (growth > 0 && usedBytes() + growth > faults.capacityBytes) return err('disk-full');
      apply(written, effect);
      tail.push(effect);
      return ok(undefined);
    },
    flush: (which) => {
      for (const effect of tail.filter(which)) apply(flushed, effect);
      tail = tail.filter((effect) => !which(effect));
    },
    records: () => written.records,
    flushedRows: (segment) => (flushed.segments.get(segment) ?? noRows).rows,
    rows: (segment) => (written.segments.get(segment) ?? noRows).rows,
    setAside: (segment) => (written.segments.get(segment) ?? noRows).setAside,
    crash: ({ survivors, isNextTorn }) => {
      for (const effect of tail.slice(0, survivors)) apply(flushed, effect);
      const torn = isNextTorn ? tail[survivors] : undefined;
      if (torn !== undefined) applyPart(flushed, torn);
      restart();
    },
    copy: () => createMemoryDisk(createDiskFaults(), flushed),
    wipe: () => {
      flushed = emptyState();
      restart();
    },
    damageRecord: (key, change) => {
      for (const state of [flushed, written]) {
        const value = state.records.get(key);
        if (value instanceof Uint8Array) state.records.set(key, change(value));
      }
    },
    damageRow: (segment, index, change) => {
      const damage = (row: Row, at: number): Row =>
        at === index ? { key: row.key, update: change(row.update) } : row;
      mapRows(flushed, segment, damage);
      mapRows(written, segment, damage);
    },
  };
};
