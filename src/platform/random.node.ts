/** The randomness of Node. */
import { randomFillSync } from 'node:crypto';
import type { Random } from './port.ts';

export const createNodeRandom = (): Random => ({
  bytes: (length) => randomFillSync(new Uint8Array(length)),
});
