/**
 * A slot key that no script can read: a non-extractable HMAC key, kept by the browser beside the
 * database. It protects against copied files, not against script in this origin or whoever can open
 * this browser profile (README, what is promised).
 */
import type { KeySlot } from './port.ts';

const label = new TextEncoder().encode('sotto1/slot');

export const createBrowserKeySlot = (): KeySlot => ({
  create: async (seed) => ({
    keyHandle: await crypto.subtle.importKey(
      'raw',
      seed as BufferSource,
      { name: 'HMAC', hash: 'SHA-512' },
      false,
      ['sign'],
    ),
  }),
  key: async ({ keyHandle }) => {
    const mac = await crypto.subtle.sign('HMAC', keyHandle as CryptoKey, label);
    return new Uint8Array(mac).slice(0, 32);
  },
});
