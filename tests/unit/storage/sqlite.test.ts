import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { err, ok } from '../../../src/base/result.ts';
import { createSqliteStorage } from '../../../src/storage/sqlite.node.ts';
import { bytes, valueOf } from '../../contract/storage-bench.ts';

const setupDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'sotto-sqlite-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  return directory;
};

/** A store that was killed after ten commits: its files as they are then. */
const setupKilled = async () => {
  const directory = setupDirectory();
  const path = join(directory, 'alive.db');
  const storage = createSqliteStorage({ path });
  valueOf(await storage.open());
  for (let i = 0; i < 10; i++) {
    const value = new Uint8Array(5000).fill(i);
    valueOf(await storage.commit([{ key: `key-${String(i)}`, value }]));
  }
  const killed = join(directory, 'killed.db');
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, killed + suffix);
  await storage.close();
  return killed;
};

describe('a killed process', () => {
  test('[row 18] loses no commit: they are read back from the write-ahead log', async () => {
    const path = await setupKilled();
    const storage = createSqliteStorage({ path });
    valueOf(await storage.open());
    expect(valueOf(await storage.list('key-'))).toHaveLength(10);
    await storage.close();
  });

  test('[row 20] a torn end of the log takes nothing that was acknowledged', async () => {
    const path = await setupKilled();
    appendFileSync(`${path}-wal`, new Uint8Array(3000).fill(0xaa));
    const storage = createSqliteStorage({ path });
    valueOf(await storage.open());
    expect(valueOf(await storage.list('key-'))).toHaveLength(10);
    await storage.close();
  });

  test('[row 20] leaves a file that is checked: a damaged one is refused', async () => {
    const path = await setupKilled();
    const whole = new DatabaseSync(path);
    whole.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    whole.close();
    const file = readFileSync(path);
    file.fill(0x55, 4096, 12_288);
    writeFileSync(path, file);
    writeFileSync(`${path}-wal`, '');
    expect(await createSqliteStorage({ path }).open()).toEqual(err('open-failed'));
    expect(await createSqliteStorage({ path }).open()).toEqual(err('open-failed'));
  });
});

describe('the file', () => {
  test('[row 25] serves one process at a time', async () => {
    const path = join(setupDirectory(), 'one.db');
    const [first, second] = [createSqliteStorage({ path }), createSqliteStorage({ path })];
    valueOf(await first.open());
    expect(await second.open()).toEqual(err('blocked'));
    await first.close();
    expect(await second.open()).toEqual(ok(undefined));
    await second.close();
  });

  test('[row 22] that is no database is refused and left alone', async () => {
    const path = join(setupDirectory(), 'text.db');
    const text = 'a diary '.repeat(1000);
    writeFileSync(path, text);
    expect(await createSqliteStorage({ path }).open()).toEqual(err('open-failed'));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('[row 26] of a newer version keeps its version and its tables', async () => {
    const path = join(setupDirectory(), 'newer.db');
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 9; CREATE TABLE future (x)');
    newer.close();
    expect(await createSqliteStorage({ path }).open()).toEqual(err('newer-data'));
    const again = new DatabaseSync(path);
    expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: 9 });
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'future' }]);
    again.close();
  });

  test('[ST16] holds nothing of a deleted record once it was closed', async () => {
    const path = join(setupDirectory(), 'erased.db');
    const storage = createSqliteStorage({ path });
    valueOf(await storage.open());
    const canary = Uint8Array.from('canary-of-a-key', (char) => char.charCodeAt(0));
    valueOf(await storage.commit([{ key: 'secret', value: canary }]));
    valueOf(await storage.commit([{ key: 'secret', value: undefined }]));
    valueOf(await storage.commit([{ key: 'other', value: bytes(1) }]));
    await storage.close();
    expect(readFileSync(path).includes(canary)).toBe(false);
  });
});

describe('a commit', () => {
  /** Syncs that are answered one by one, each as the test says. */
  const setupSyncs = async () => {
    const waiting: PromiseWithResolvers<undefined>[] = [];
    const storage = createSqliteStorage({
      path: join(setupDirectory(), 'slow.db'),
      syncFile: () => {
        const sync = Promise.withResolvers<undefined>();
        waiting.push(sync);
        return sync.promise;
      },
    });
    valueOf(await storage.open());
    return { storage, waiting };
  };
  const writeOf = (key: string) => [{ key, value: bytes(1) }];

  test('[ST20] is answered after the sync, and those that come meanwhile share the next', async () => {
    const { storage, waiting } = await setupSyncs();
    const answered: string[] = [];
    const commits = ['a', 'b', 'c'].map(async (key) => {
      valueOf(await storage.commit(writeOf(key)));
      answered.push(key);
    });
    await expect.poll(() => waiting.length).toBe(1);
    expect(answered).toEqual([]);
    waiting[0]?.resolve(undefined);
    await expect.poll(() => waiting.length).toBe(2);
    expect(answered).toEqual(['a']);
    waiting[1]?.resolve(undefined);
    await Promise.all(commits);
    expect(waiting).toHaveLength(2);
    const closed = storage.close();
    await expect.poll(() => waiting.length).toBe(3);
    waiting[2]?.resolve(undefined);
    await closed;
  });

  test('[ST20] that cannot be synced fails, and with it the store, until it is opened again', async () => {
    const { storage, waiting } = await setupSyncs();
    const lost: string[] = [];
    storage.onLost((failure) => lost.push(failure));
    const commit = storage.commit(writeOf('a'));
    await expect.poll(() => waiting.length).toBe(1);
    waiting[0]?.reject(new Error('EIO'));
    expect(await commit).toEqual(err('failed'));
    expect(lost).toEqual(['failed']);
    expect(await storage.get('a')).toEqual(err('failed'));
    expect(await storage.open()).toEqual(ok(undefined));
    valueOf(await storage.get('a'));
  });
});
