/** The contract of stored files, over every adapter that runs in Node. */
import 'fake-indexeddb/auto';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileBlobs } from '../../src/storage/blobs/files.node.ts';
import { createIndexedDbBlobs } from '../../src/storage/blobs/indexeddb.browser.ts';
import { createBlobDisk, createMemoryBlobs } from '../../src/storage/blobs/memory.ts';
import type { BlobStore } from '../../src/storage/blobs/port.ts';
import { blobContract } from './blobs.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-blobs-'));
});
afterAll(() => rm(folder, { recursive: true }));

const adapters: ReadonlyArray<readonly [string, (id: string) => () => BlobStore]> = [
  [
    'memory',
    () => {
      const disk = createBlobDisk();
      return () => createMemoryBlobs(disk);
    },
  ],
  ['files', (id) => () => createFileBlobs(join(folder, id))],
  ['indexeddb', (id) => () => createIndexedDbBlobs(id)],
];

describe.each(adapters)('blob contract: %s', (name, create) => {
  for (const [at, { title, run }] of blobContract.entries()) {
    test(title, async () => {
      const open = create(`${name}-${String(at)}`);
      await run(() => Promise.resolve(open()));
    });
  }
});

test('[BS7] [row 23] a full disk refuses, and keeps what was there', async () => {
  const disk = createBlobDisk();
  const store = createMemoryBlobs(disk);
  const chunk = { slot: 0, bytes: new Uint8Array(1000) };
  expect(await store.write('a', [chunk])).toEqual({ ok: true, value: undefined });
  disk.capacityBytes = 1500;
  expect(await store.write('b', [chunk])).toEqual({ ok: false, error: 'disk-full' });
  disk.capacityBytes = Infinity;
  expect((await store.read('a', 0, 1000)).ok).toBe(true);
  expect(await store.write('b', [chunk])).toEqual({ ok: true, value: undefined });
});

test('[BS8] a disk that takes a chunk and does not give it back has not written it', async () => {
  await symlink('/dev/null', join(folder, 'nowhere'));
  const store = createFileBlobs(folder);
  const chunk = { slot: 0, bytes: new Uint8Array(1000).fill(1) };
  expect(await store.write('nowhere', [chunk])).toEqual({ ok: false, error: 'failed' });
  expect(await store.write('somewhere', [chunk])).toEqual({ ok: true, value: undefined });
  await store.close();
});
