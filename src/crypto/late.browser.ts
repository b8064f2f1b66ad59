/** late.ts in the app's worker: fetched when it is wanted, and again while it is out of reach. */
import { importAgain } from '../base/import-again.ts';
import type { LateCrypto } from './late.ts';

const fetchAgainMs = 5000;

/** Fails where it is out of reach. */
export const fetchLateCrypto = async (): Promise<LateCrypto> =>
  (await importAgain(() => import('./late.ts'))).lateCrypto();

const fetchUntilThere = async (): Promise<LateCrypto> => {
  for (;;) {
    try {
      return await fetchLateCrypto();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, fetchAgainMs));
    }
  }
};

let fetching: Promise<LateCrypto> | undefined;

export const lateCrypto = (): Promise<LateCrypto> => (fetching ??= fetchUntilThere());
