/** The portable chunk cipher: where a page has no WebCrypto, and where everything has to be synchronous. */
import { gcm } from '@noble/ciphers/aes.js';
import { sha512 } from '@noble/hashes/sha2.js';
import type { ChunkCipher } from './chunk-cipher.ts';

export const createNobleCipher = (): ChunkCipher => ({
  seal: ({ key, nonce, plaintext }) => gcm(key, nonce).encrypt(plaintext),
  open: ({ key, nonce, box }) => {
    try {
      return gcm(key, nonce).decrypt(box);
    } catch {
      return undefined; // noble throws on a tag that does not fit
    }
  },
  sha512: (head, bytes) => sha512.create().update(head).update(bytes).digest(),
});
