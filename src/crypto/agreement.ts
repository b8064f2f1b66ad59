/** X25519 (RFC 7748). An all-zero result is refused, whoever computed it. */
import nacl from 'tweetnacl';
import { assert } from '../base/assert.ts';
import { isZero } from '../base/bytes.ts';
import { err, ok, type MaybePromise, type Result } from '../base/result.ts';
import type { CryptoBackend } from './backend.ts';

export interface AgreementKeyPair {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 32 bytes, a copy of the seed; clamped where it is used. */
  readonly secretKey: Uint8Array;
}

export const agreementKeyPair = (seed: Uint8Array): AgreementKeyPair => {
  assert(seed.length === 32, 'an agreement seed has 32 bytes');
  return { publicKey: nacl.scalarMult.base(seed), secretKey: seed.slice() };
};

const refuseZero = (shared: Uint8Array): Result<Uint8Array, 'low-order-key'> =>
  isZero(shared) ? err('low-order-key') : ok(shared);

/**
 * 32 shared bytes, to be used only as input of `hkdf`. A public key of small order, which would
 * give the same secret to everybody, is an error. Synchronous when the backend is.
 */
export const agree = (
  backend: CryptoBackend,
  { secretKey, publicKey }: AgreementKeyPair,
): MaybePromise<Result<Uint8Array, 'low-order-key'>> => {
  assert(secretKey.length === 32, 'an agreement secret key has 32 bytes');
  assert(publicKey.length === 32, 'an agreement public key has 32 bytes');
  const shared = backend.agree(secretKey, publicKey);
  return shared instanceof Promise ? shared.then(refuseZero) : refuseZero(shared);
};
