/** The storage bench over the simulated disk and over a SQLite file. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createMemoryDisk } from '../../src/storage/memory-disk.ts';
import { createMemoryStorage, type MemoryStorage } from '../../src/storage/memory.ts';
import type { KeyHandle, Storage } from '../../src/storage/port.ts';
import { createSqliteStorage } from '../../src/storage/sqlite.node.ts';
import type { StorageBench } from './storage-bench.ts';

/** In Node a device key is its seed. */
const seedHandles = {
  keyHandle: () => Promise.resolve({ keyHandle: new Uint8Array(32).fill(5) }),
  isSameHandle: (a: KeyHandle, b: KeyHandle) =>
    Promise.resolve(
      a.keyHandle instanceof Uint8Array && String(a.keyHandle) === String(b.keyHandle),
    ),
};

export const createMemoryBench = (): StorageBench => {
  const disk = createMemoryDisk();
  const { faults } = disk;
  let current: MemoryStorage | undefined;
  return {
    ...seedHandles,
    create: () => (current = createMemoryStorage({ disk })),
    crash: () => {
      disk.crash({ survivors: disk.unflushedCount, isNextTorn: false });
      return Promise.resolve();
    },
    losePower: () => {
      disk.crash({ survivors: 0, isNextTorn: true });
    },
    wipe: () => {
      disk.wipe();
      return Promise.resolve();
    },
    disk: {
      fill: () => {
        faults.capacityBytes = disk.usedBytes + 100;
        return Promise.resolve();
      },
      free: () => {
        faults.capacityBytes = Infinity;
        return Promise.resolve();
      },
    },
    failOpens: (times) => {
      faults.failingOpens = times;
    },
    breakOpening: () => {
      faults.failingOpens = Infinity;
    },
    block: () => {
      faults.isBlocked = true;
      return Promise.resolve(() => {
        faults.isBlocked = false;
        return Promise.resolve();
      });
    },
    storeNewer: () => {
      disk.version = 2;
      return Promise.resolve();
    },
    takeAway: async () => current?.lose('failed'),
    damageRow: (segment, index, change) => {
      disk.damageRow(segment, index, change);
      return Promise.resolve();
    },
    passTime: () => Promise.resolve(),
    end: () => Promise.resolve(),
  };
};

const sqliteBytesMax = 600_000;

const fillFile = async (storage: Storage): Promise<void> => {
  let count = 0;
  for (const size of [50_000, 5_000, 500, 50]) {
    const value = new Uint8Array(size);
    while ((await storage.commit([{ key: `filler-${String(count)}`, value }])).ok) count += 1;
  }
};

const freeFile = async (storage: Storage): Promise<void> => {
  const filler = await storage.list('filler-');
  if (!filler.ok) throw new Error('the filler cannot be read');
  await storage.commit(filler.value.map(([key]) => ({ key, value: undefined })));
};

export const createSqliteBench = (): StorageBench => {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-storage-'));
  const storages: Storage[] = [];
  let lives = 0;
  const path = (): string => join(directory, `${String(lives)}.db`);
  const withDatabase = (work: (database: DatabaseSync) => void): void => {
    const database = new DatabaseSync(path());
    work(database);
    database.close();
  };
  return {
    ...seedHandles,
    create: () => {
      const storage = createSqliteStorage({ path: path(), bytesMax: sqliteBytesMax });
      storages.push(storage);
      return storage;
    },
    crash: () => {
      // The process lives on here and holds its locks, so the next one gets the files as they are.
      const [dead] = [path(), (lives += 1)];
      for (const suffix of ['', '-wal']) {
        if (existsSync(dead + suffix)) copyFileSync(dead + suffix, path() + suffix);
      }
      return Promise.resolve();
    },
    wipe: () => {
      rmSync(path());
      return Promise.resolve();
    },
    disk: { fill: fillFile, free: freeFile },
    breakOpening: () => {
      mkdirSync(path());
    },
    block: () => {
      const other = new DatabaseSync(path());
      other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      return Promise.resolve(() => {
        other.close();
        return Promise.resolve();
      });
    },
    storeNewer: () => {
      withDatabase((database) => {
        database.exec('PRAGMA user_version = 2');
      });
      return Promise.resolve();
    },
    damageRow: (segment, index, change) => {
      withDatabase((database) => {
        const row = database
          .prepare(
            'SELECT key, value FROM segment_rows WHERE segment = ? ORDER BY key LIMIT 1 OFFSET ?',
          )
          .get(segment, index);
        if (row === undefined || !(row['value'] instanceof Uint8Array)) return;
        database
          .prepare('UPDATE segment_rows SET value = ? WHERE key = ?')
          .run(change(new Uint8Array(row['value'])), Number(row['key']));
      });
      return Promise.resolve();
    },
    passTime: () => Promise.resolve(),
    end: async () => {
      for (const storage of storages) await storage.close();
      rmSync(directory, { recursive: true });
    },
  };
};
