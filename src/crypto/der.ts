/**
 * The DER wrappings (RFC 8410) in which platforms take raw keys. Each is a fixed prefix: both key
 * types have 32 bytes, so no length in it ever changes.
 */
import { assert } from '../base/assert.ts';

export type KeyAlgorithm = 'Ed25519' | 'X25519';

/** Last byte of the object identifier 1.3.101.n. */
const algorithmByte = { Ed25519: 0x70, X25519: 0x6e } as const;

const wrap = (prefix: ReadonlyArray<number>, key: Uint8Array): Uint8Array<ArrayBuffer> => {
  assert(key.length === 32, 'an Ed25519 or X25519 key has 32 bytes');
  const wrapped = new Uint8Array(prefix.length + key.length);
  wrapped.set(prefix);
  wrapped.set(key, prefix.length);
  return wrapped;
};

/** A private key as PKCS#8. Holds the seed: the caller wipes it. */
export const pkcs8 = (algorithm: KeyAlgorithm, seed: Uint8Array): Uint8Array<ArrayBuffer> => {
  const start = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65];
  return wrap([...start, algorithmByte[algorithm], 0x04, 0x22, 0x04, 0x20], seed);
};

/** A public key as SubjectPublicKeyInfo. */
export const spki = (algorithm: KeyAlgorithm, publicKey: Uint8Array): Uint8Array<ArrayBuffer> => {
  const start = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65];
  return wrap([...start, algorithmByte[algorithm], 0x03, 0x21, 0x00], publicKey);
};
