/**
 * The same bytes sooner: Node's SHA-512 in the place of tweetnacl's, and one check of a signature
 * for all the devices of a history that look at it. A third of a history went into these two; what
 * tweetnacl computes is tested where it belongs (tests/vectors).
 */
import { hash } from 'node:crypto';
import nacl from 'tweetnacl';
import type { CryptoBackend } from '../../src/crypto/backend.ts';
import { createNodeBackend } from '../../src/crypto/node-crypto.node.ts';

const sha512 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(hash('sha512', bytes, { outputEncoding: 'buffer' }));

export const useFastHash = (): void => {
  Object.assign(nacl, { hash: Object.assign(sha512, { hashLength: 64 }) });
};

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** For all devices of one history. */
export const createSharedBackend = (): CryptoBackend => {
  const backend = createNodeBackend();
  const verified = new Map<string, boolean>();
  return {
    ...backend,
    verify: (publicKey, message, signature) => {
      const key = textOf(publicKey) + textOf(signature) + textOf(message);
      const isValid = verified.get(key) ?? backend.verify(publicKey, message, signature) === true;
      verified.set(key, isValid);
      return isValid;
    },
  };
};
