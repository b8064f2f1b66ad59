import { describe, expect, test } from 'vitest';
import { err, ok } from '../../../src/base/result.ts';
import { createMemoryDisk } from '../../../src/storage/memory-disk.ts';
import { createMemoryStorage } from '../../../src/storage/memory.ts';
import {
  applyAll,
  bytes,
  clocksOf,
  createWriter,
  entryCount,
  openSegment,
} from '../../contract/storage-bench.ts';

/** Virtual time: a delayed task runs when the test says so. */
const setupScheduler = () => {
  const tasks: (() => void)[] = [];
  return {
    schedule: (_delayMs: number, task: () => void) => tasks.push(task),
    /** Runs what is scheduled, one task after the other, up to a number of them. */
    run: async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < 20; j++) await Promise.resolve();
        tasks.shift()?.();
      }
      for (let j = 0; j < 20; j++) await Promise.resolve();
    },
  };
};

const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  const pending = Symbol('pending');
  for (let i = 0; i < 50; i++) await Promise.resolve();
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
};

const setupSlow = async () => {
  const disk = createMemoryDisk();
  const { schedule, run } = setupScheduler();
  const storage = createMemoryStorage({ disk, schedule });
  await storage.open();
  disk.faults.delayMs = 10;
  return { disk, storage, run };
};

const reopened = async (disk: ReturnType<typeof createMemoryDisk>) => {
  disk.faults.delayMs = 0;
  const storage = createMemoryStorage({ disk });
  await storage.open();
  return storage;
};

describe('a slow disk', () => {
  test('[row 19] a commit is answered only after its flush', async () => {
    const { disk, storage, run } = await setupSlow();
    const commit = storage.commit([{ key: 'a', value: bytes(1) }]);
    await run(1);
    expect(await isPending(commit)).toBe(true);
    expect(disk.unflushedCount).toBe(1);
    await run(1);
    expect(await commit).toEqual(ok(undefined));
    expect(disk.unflushedCount).toBe(0);
  });

  test.each([
    { survivors: 1, value: bytes(1) },
    { survivors: 0, value: undefined },
  ])('[row 16] a commit cut off by a crash is whole or absent ($survivors)', async (fate) => {
    const { disk, storage, run } = await setupSlow();
    const batch = [
      { key: 'a', value: bytes(1) },
      { key: 'b', value: bytes(1) },
    ];
    const commit = storage.commit(batch);
    await run(1);
    disk.crash({ survivors: fate.survivors, isNextTorn: true });
    await run(5);
    expect(await isPending(commit)).toBe(true);
    const later = await reopened(disk);
    for (const key of ['a', 'b']) expect(await later.get(key)).toEqual(ok(fate.value));
  });

  test('[ST14] after a crash the old storage changes and answers nothing', async () => {
    const disk = createMemoryDisk();
    const storage = createMemoryStorage({ disk });
    await storage.open();
    const segment = await openSegment(storage);
    disk.crash({ survivors: 0, isNextTorn: false });
    const late = storage.commit([{ key: 'a', value: bytes(1) }]);
    applyAll(segment, createWriter(11).write(1));
    expect(await isPending(late)).toBe(true);
    expect(await isPending(segment.storedClocks())).toBe(true);
    const later = await reopened(disk);
    expect(await later.get('a')).toEqual(ok(undefined));
    expect(entryCount(await openSegment(later), 11)).toBe(0);
  });
});

describe('a crash', () => {
  test('[row 19] takes the un-flushed end of a segment, and may tear the row before it', async () => {
    const disk = createMemoryDisk();
    const storage = createMemoryStorage({ disk });
    await storage.open();
    const segment = await openSegment(storage);
    const writer = createWriter(11);
    applyAll(segment, writer.write(2));
    await clocksOf(segment);
    applyAll(segment, writer.write(4));
    disk.crash({ survivors: 1, isNextTorn: true });
    expect(disk.rows('segment')).toHaveLength(4);
    const later = await openSegment(await reopened(disk));
    expect(entryCount(later, 11)).toBe(3);
    expect(later.setAsideCount).toBe(1);
    expect(disk.setAside('segment')).toHaveLength(1);
  });

  test('[row 19] a commit does not flush the segments for them', async () => {
    const disk = createMemoryDisk();
    const storage = createMemoryStorage({ disk });
    await storage.open();
    applyAll(await openSegment(storage), createWriter(11).write(1));
    await storage.commit([{ key: 'a', value: bytes(1) }]);
    expect(disk.unflushedCount).toBe(1);
  });

  test('[row 20] a damaged record comes back damaged: its seal must tell', async () => {
    const disk = createMemoryDisk();
    const storage = createMemoryStorage({ disk });
    await storage.open();
    await storage.commit([{ key: 'a', value: bytes(1, 2, 3) }]);
    disk.damageRecord('a', (value) => value.map((byte) => byte ^ 1));
    expect(await storage.get('a')).toEqual(ok(bytes(0, 3, 2)));
  });
});

describe('a disk with faults', () => {
  test('[row 23] counts what is stored, and lets go of what is deleted', async () => {
    const disk = createMemoryDisk();
    const storage = createMemoryStorage({ disk });
    await storage.open();
    disk.faults.capacityBytes = 100;
    const put = (key: string, size: number) =>
      storage.commit([{ key, value: new Uint8Array(size) }]);
    expect(await put('a', 60)).toEqual(ok(undefined));
    expect(await put('b', 60)).toEqual(err('disk-full'));
    expect(await put('a', 99)).toEqual(ok(undefined));
    expect(await storage.commit([{ key: 'a', value: undefined }])).toEqual(ok(undefined));
    expect(await put('b', 60)).toEqual(ok(undefined));
    expect(disk.usedBytes).toBe(61);
  });

  test('[row 22] a disk that stops working fails each call until it works again', async () => {
    const disk = createMemoryDisk();
    const storage = createMemoryStorage({ disk });
    await storage.open();
    disk.faults.isFailing = true;
    expect(await storage.get('a')).toEqual(err('failed'));
    expect(await storage.commit([{ key: 'a', value: bytes(1) }])).toEqual(err('failed'));
    disk.faults.isFailing = false;
    expect(await storage.get('a')).toEqual(ok(undefined));
  });

  test('[ST15] the same calls leave the same disk', async () => {
    const run = async (): Promise<string> => {
      const disk = createMemoryDisk();
      const storage = createMemoryStorage({ disk });
      await storage.open();
      const segment = await openSegment(storage);
      applyAll(segment, createWriter(11).write(510));
      await clocksOf(segment);
      await storage.commit([{ key: 'a', value: bytes(1) }]);
      return JSON.stringify([disk.rows('segment'), [...disk.records()]]);
    };
    expect(await run()).toBe(await run());
  });

  test('[ST10] rows are merged beyond their limit', async () => {
    const disk = createMemoryDisk();
    const storage = createMemoryStorage({ disk });
    await storage.open();
    applyAll(await openSegment(storage), createWriter(11).write(501));
    expect(disk.rows('segment')).toHaveLength(1);
  });
});
