/** Runs one case of the contract of stored files over a real store, alone in its origin. */
import { createIndexedDbBlobs } from '../../../src/storage/blobs/indexeddb.browser.ts';
import { openOpfsBlobs } from '../../../src/storage/blobs/opfs.browser.ts';
import type { BlobStore } from '../../../src/storage/blobs/port.ts';
import { blobContract } from '../../contract/blobs.ts';
import type { BlobOrder } from './page.ts';

const openOpfs = async (): Promise<BlobStore> => {
  const store = await openOpfsBlobs();
  if (store === undefined) throw new Error('this worker has no private file system');
  return store;
};

const clear = async (store: BlobStore): Promise<void> => {
  const names = await store.names();
  for (const name of names.ok ? names.value : []) await store.remove(name);
  await store.close();
};

const run = async ({ kind, title }: BlobOrder): Promise<void> => {
  const open =
    kind === 'opfs'
      ? openOpfs
      : (): Promise<BlobStore> => Promise.resolve(createIndexedDbBlobs('files'));
  await clear(await open());
  await blobContract.find((one) => one.title === title)?.run(open);
};

self.addEventListener('message', ({ data }: MessageEvent<BlobOrder>) => {
  run(data).then(
    () => {
      self.postMessage(undefined);
    },
    (thrown: unknown) => {
      self.postMessage(String(thrown));
    },
  );
});
