/** Where a browser keeps files: its private file system where the worker has one, else IndexedDB. */
import { createIndexedDbBlobs } from './indexeddb.browser.ts';
import { openOpfsBlobs } from './opfs.browser.ts';
import type { BlobStore } from './port.ts';

export const openBrowserBlobs = async (): Promise<BlobStore> =>
  (await openOpfsBlobs()) ?? createIndexedDbBlobs('sotto-files');
