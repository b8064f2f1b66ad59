/**
 * The DER wrappings (RFC 8410) in which platforms take raw keys. Each is a fixed prefix: both key
 * types have 32 bytes, so no length in it ever changes.
 */
import { assert } from '../base/assert.ts';
import { concatBytes } from '../base/bytes.ts';

export type KeyAlgorithm = 'Ed25519' | 'X25519';

/** Last byte of the object identifier 1.3.101.n. */
const algorithmByte = { Ed25519: 0x70, X25519: 0x6e } as const;

// prettier-ignore
const pkcs8Prefix = (algorithm: KeyAlgorithm): Uint8Array => Uint8Array.of(
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, algorithmByte[algorithm],
  0x04, 0x22, 0x04, 0x20,
);

// prettier-ignore
const spkiPrefix = (algorithm: KeyAlgorithm): Uint8Array => Uint8Array.of(
  0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, algorithmByte[algorithm], 0x03, 0x21, 0x00,
);

/** A private key as PKCS#8. Holds the seed: the caller wipes it. */
export const pkcs8 = (algorithm: KeyAlgorithm, seed: Uint8Array): Uint8Array => {
  assert(seed.length === 32, 'a private key has 32 bytes');
  return concatBytes(pkcs8Prefix(algorithm), seed);
};

/** A public key as SubjectPublicKeyInfo. */
export const spki = (algorithm: KeyAlgorithm, publicKey: Uint8Array): Uint8Array => {
  assert(publicKey.length === 32, 'a public key has 32 bytes');
  return concatBytes(spkiPrefix(algorithm), publicKey);
};
