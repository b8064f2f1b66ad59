/**
 * Storage on a simulated disk, for tests and the simulation. Operations run one after the other; a
 * crash of the disk leaves this object dead: what it was asked and had not answered stays unanswered,
 * like the process it stands for.
 */
import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { MemoryDisk } from './memory-disk.ts';
import type { RecordValue, Segment, Storage, StorageFailure, Write } from './port.ts';
import { checkKeys, copyOfValue, copyOfWrites } from './records.ts';
import { openRowSegment, type RowStore } from './row-segment.ts';

/** The newest version of the data that this program reads. */
const dataVersion = 1;

export interface MemoryStorage extends Storage {
  /** As a platform that closes the store under us. */
  lose(failure: StorageFailure): Promise<void>;
}

export interface MemoryStorageOptions {
  readonly disk: MemoryDisk;
  /** Runs a task once after a delay; needed only when `faults.delayMs` is used. */
  readonly schedule?: (delayMs: number, task: () => void) => unknown;
}

const never = new Promise<never>(() => undefined);

type Step = <T>(work: () => Result<T, StorageFailure>) => Promise<Result<T, StorageFailure>>;

/** One step after the other, each after the disk's delay, none after a crash. */
const createSteps = ({ disk, schedule }: MemoryStorageOptions): Step => {
  const generation = disk.generation;
  let last: Promise<unknown> = Promise.resolve();

  const delay = (): Promise<void> => {
    const { delayMs } = disk.faults;
    if (delayMs === 0) return Promise.resolve();
    assert(schedule !== undefined, 'a slow disk has a scheduler');
    return new Promise((resolve) => {
      schedule(delayMs, resolve);
    });
  };

  return <T>(work: () => Result<T, StorageFailure>) => {
    const step = last.then(async () => {
      await delay();
      return disk.generation === generation ? work() : never;
    });
    last = step;
    return step;
  };
};

const flushSegment = (disk: MemoryDisk, segment: string): void => {
  disk.flush((effect) => effect.type !== 'Records' && effect.segment === segment);
};

const rowStore = (disk: MemoryDisk, segment: string, step: Step): RowStore => {
  const generation = disk.generation;
  const isAlive = (): boolean => disk.generation === generation;
  return {
    read: (afterKey) => {
      if (disk.faults.isFailing) return err('failed');
      const rows = disk.flushedRows(segment);
      return ok({ firstKey: rows[0]?.key, rows: rows.filter(({ key }) => key > afterKey) });
    },
    append: (update) => (isAlive() ? disk.write({ type: 'Row', segment, update }) : err('failed')),
    replace: (state, unusable) =>
      isAlive() ? disk.write({ type: 'Merge', segment, state, unusable }) : err('failed'),
    flush: () =>
      step(() => {
        flushSegment(disk, segment);
        return ok(undefined);
      }),
  };
};

const tryOpen = ({ faults, version }: MemoryDisk): Result<undefined, StorageFailure> => {
  if (faults.isBlocked) return err('blocked');
  if (faults.failingOpens > 0) {
    faults.failingOpens -= 1;
    return err('open-failed');
  }
  return version > dataVersion ? err('newer-data') : ok(undefined);
};

export const createMemoryStorage = (options: MemoryStorageOptions): MemoryStorage => {
  const { disk } = options;
  const step = createSteps(options);
  const segments = new Map<string, Segment>();
  const listeners: ((failure: StorageFailure) => void)[] = [];
  /** Undefined while the store is open; else what every call answers. */
  let closedBy: StorageFailure | undefined = 'failed';

  const whileOpen = <T>(work: () => Result<T, StorageFailure>) =>
    step(() => {
      if (closedBy !== undefined) return err(closedBy);
      return disk.faults.isFailing ? err('failed') : work();
    });

  const commit = async (writes: ReadonlyArray<Write>) => {
    const written = whileOpen(() => disk.write({ type: 'Records', writes }));
    const flushed = whileOpen(() => {
      disk.flush((effect) => effect.type === 'Records');
      return ok(undefined);
    });
    const outcome = await written;
    return outcome.ok ? flushed : outcome;
  };

  const openSegment = (name: string) =>
    whileOpen<Segment>(() => {
      const open = segments.get(name);
      if (open !== undefined) return ok(open);
      flushSegment(disk, name);
      const onClose = (): void => {
        segments.delete(name);
      };
      const opened = openRowSegment({ name, rows: rowStore(disk, name, step), onClose });
      if (opened.ok) segments.set(name, opened.value);
      return opened;
    });

  return {
    open: () =>
      step(() => {
        if (closedBy === undefined) return ok(undefined);
        const first = tryOpen(disk);
        const opened = !first.ok && first.error === 'open-failed' ? tryOpen(disk) : first;
        if (opened.ok) closedBy = undefined;
        return opened;
      }),
    get: (key) =>
      whileOpen<RecordValue | undefined>(() => {
        const value = disk.records().get(key);
        return ok(value === undefined ? undefined : copyOfValue(value));
      }),
    list: (prefix) =>
      whileOpen(() =>
        ok(
          [...disk.records()]
            .filter(([key]) => key.startsWith(prefix))
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, value]) => [key, copyOfValue(value)] as const),
        ),
      ),
    commit: (writes) => {
      checkKeys(writes);
      return commit(copyOfWrites(writes));
    },
    openSegment,
    deleteSegment: async (name) => {
      await segments.get(name)?.close();
      return whileOpen(() => {
        const dropped = disk.write({ type: 'Drop', segment: name });
        flushSegment(disk, name);
        return dropped;
      });
    },
    onLost: (listener) => {
      listeners.push(listener);
    },
    usage: () =>
      Promise.resolve({ usedBytes: disk.usedBytes, quotaBytes: disk.faults.capacityBytes }),
    close: async () => {
      for (const segment of [...segments.values()]) await segment.close();
      await step(() => ok((closedBy = 'failed')));
    },
    lose: async (failure) => {
      if (closedBy !== undefined) return;
      closedBy = failure;
      for (const segment of [...segments.values()]) await segment.close();
      for (const listener of listeners) listener(failure);
    },
  };
};
