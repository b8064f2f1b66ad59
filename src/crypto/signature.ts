/**
 * Ed25519 under one strict profile (PROTOCOL §1.1). Verifiers of the world disagree about odd
 * signatures; in a replicated log that would split replicas. So everything they disagree about is
 * refused here, from the bytes alone, before a backend is asked:
 *
 * - lengths are 32 and 64;
 * - the y of the key and of R are canonical, that is below p = 2^255 − 19;
 * - neither the key nor R is of small order;
 * - S is below the group order L.
 *
 * What is left is `encode([S]B − [k]A) == R`, byte for byte and without the cofactor, which the
 * backend computes (webcrypto.browser.ts refuses a platform that computes something else).
 */
import nacl from 'tweetnacl';
import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { MaybePromise } from '../base/result.ts';
import type { CryptoBackend } from './backend.ts';

const publicKeyBytes = 32;
const signatureBytes = 64;
const signBit = 0x80;

/** The number as 32 little-endian bytes. */
const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

const fieldPrime = littleEndian(2n ** 255n - 19n);
const groupOrder = littleEndian(2n ** 252n + 27742317777372353535851937790883648493n);

/** y of the eight points whose order divides 8; five values, because x and −x share one. */
const smallOrderYs: ReadonlySet<string> = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4
  '0100000000000000000000000000000000000000000000000000000000000000', // order 1
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 2
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', // order 8
]);

/** Little-endian; only for public values, because it stops at the first difference. */
const isBelow = (value: Uint8Array, bound: Uint8Array): boolean => {
  for (let i = bound.length - 1; i >= 0; i--) {
    const difference = (value[i] ?? 0) - (bound[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
};

/** Canonical and not of small order. Whether it is on the curve the backend says. */
const isStrictPoint = (encoded: Uint8Array): boolean => {
  const y = encoded.slice();
  y[31] = (y[31] ?? 0) & ~signBit;
  return isBelow(y, fieldPrime) && !smallOrderYs.has(toHex(y));
};

const isStrict = (publicKey: Uint8Array, signature: Uint8Array): boolean =>
  publicKey.length === publicKeyBytes &&
  signature.length === signatureBytes &&
  isBelow(signature.subarray(32), groupOrder) &&
  isStrictPoint(publicKey) &&
  isStrictPoint(signature.subarray(0, 32));

export interface SignedMessage {
  readonly publicKey: Uint8Array;
  /** Exactly the signed bytes, label first. */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Total: any bytes give true or false, and the same on every backend. Synchronous when it is. */
export const verifySignature = (
  backend: CryptoBackend,
  { publicKey, message, signature }: SignedMessage,
): MaybePromise<boolean> =>
  isStrict(publicKey, signature) && backend.verify(publicKey, message, signature);

/** The Ed25519 public key (RFC 8032 §5.1.5) of a 32-byte seed. */
export const publicKeyFromSeed = (seed: Uint8Array): Uint8Array => {
  assert(seed.length === 32, 'an Ed25519 seed has 32 bytes');
  return nacl.sign.keyPair.fromSeed(seed).publicKey;
};
