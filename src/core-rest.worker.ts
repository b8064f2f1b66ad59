/** The rest of the worker's root: what opens conversations, says things in them and sends them. */
import { importAgain } from './base/import-again.ts';
import { createCore } from './core/core.ts';
import type { BlobParts, CoreDeps } from './core/deps.ts';
import type { GoOn } from './core/start/starting-core.ts';
import type { CryptoBackend } from './crypto/backend.ts';
import { fetchLateCrypto, lateCrypto } from './crypto/late.browser.ts';
import { createWebCryptoBackend } from './crypto/webcrypto.browser.ts';

export { openIndexedDbSegment } from './storage/indexeddb/indexeddb-segment.browser.ts';

/** Slow, and for browsers without Ed25519 alone: the others do not fetch it. */
const createBackend = async (): Promise<CryptoBackend> =>
  (await createWebCryptoBackend()) ?? (await import('./crypto/noble.ts')).createNobleBackend();

/** Files beside messages: no part of the start. Out of reach now, it is asked for again. */
const loadBlobs = async (): Promise<BlobParts | undefined> => {
  try {
    const [code, { openBrowserBlobs }, { createBrowserCipher }] = await Promise.all([
      importAgain(() => import('./core/blobs/code.ts')),
      importAgain(() => import('./storage/blobs/open.browser.ts')),
      importAgain(() => import('./crypto/chunk-cipher.browser.ts')),
    ]);
    const store = await openBrowserBlobs();
    return { ...code, store, cipher: await createBrowserCipher() };
  } catch {
    return undefined;
  }
};

/** Rejects where something is missing that it cannot be without. */
export const createRest = async (deps: Omit<CoreDeps, 'backend'>): Promise<GoOn> => {
  // A newcomer may lose the network before their first word.
  const isNew = deps.config.wasUsed !== true;
  const [backend] = await Promise.all([createBackend(), isNew ? fetchLateCrypto() : undefined]);
  return (begun) => {
    void lateCrypto();
    return createCore({ ...deps, backend, loadBlobs }, begun);
  };
};
