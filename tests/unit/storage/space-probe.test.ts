import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSpaceProbe } from '../../../src/storage/indexeddb/space-probe.browser.ts';

const kib = 1024;

const setup = async () => {
  const disk = { freeBytes: 8 * kib * kib, grown: [] as number[] };
  const file = {
    write: (bytes: Uint8Array) => {
      disk.grown.push(bytes.length);
      return Math.min(bytes.length, disk.freeBytes);
    },
    truncate: () => undefined,
    close: () => undefined,
  };
  const handle = { createSyncAccessHandle: () => Promise.resolve(file) };
  const folder = { getFileHandle: () => Promise.resolve(handle) };
  vi.stubGlobal('navigator', { storage: { getDirectory: () => Promise.resolve(folder) } });
  const probe = createSpaceProbe();
  await probe.open();
  return { disk, probe };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('[ST22] the first write waits for all of the margin, the next ones for a part of it', async () => {
  const { disk, probe } = await setup();
  expect(probe.hasRoomFor(1000)).toBe(true);
  expect(probe.hasRoomFor(1000)).toBe(true);
  expect(disk.grown[0]).toBeGreaterThan(1024 * kib);
  expect(disk.grown[1]).toBeLessThan(256 * kib);
});

test('[ST22] behind a write the whole is looked for, once in a while', async () => {
  const { disk, probe } = await setup();
  for (let at = 0; at < 3; at++) probe.hasRoomFor(1000);
  vi.advanceTimersByTime(500);
  probe.hasRoomFor(1000);
  vi.advanceTimersByTime(500);
  expect(disk.grown.filter((bytes) => bytes >= 1024 * kib).length).toBe(2);
});

test('[ST22] a disk without the margin is noticed behind a write, and refuses the next', async () => {
  const { disk, probe } = await setup();
  probe.hasRoomFor(1000);
  disk.freeBytes = 512 * kib;
  expect(probe.hasRoomFor(1000)).toBe(true);
  vi.advanceTimersByTime(500);
  expect(probe.hasRoomFor(1000)).toBe(false);
  disk.freeBytes = 8 * kib * kib;
  expect(probe.hasRoomFor(1000)).toBe(true);
});

test('[ST22] a full disk refuses every write, also in the midst of others', async () => {
  const { disk, probe } = await setup();
  probe.hasRoomFor(1000);
  disk.freeBytes = 16 * kib;
  expect(probe.hasRoomFor(1000)).toBe(false);
  expect(probe.hasRoomFor(1000)).toBe(false);
});
