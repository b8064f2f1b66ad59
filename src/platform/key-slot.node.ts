/**
 * A slot key as plain bytes beside the database: Node has no place that keeps a secret from whoever
 * can read its files. What protects them is who may read the folder.
 */
import { assert } from '../base/assert.ts';
import type { KeySlot } from './port.ts';

export const createPlainKeySlot = (): KeySlot => ({
  create: async (seed) => ({ keyHandle: seed.slice() }),
  key: async ({ keyHandle }) => {
    assert(keyHandle instanceof Uint8Array, 'in Node a key handle is bytes');
    return keyHandle;
  },
});
