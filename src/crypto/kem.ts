/** ML-KEM-768 (FIPS 203). Used only together with X25519 (PROTOCOL §1); coins come from outside. */
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import { kemCiphertextBytes, kemSecretKeyBytes } from './kem-sizes.ts';

export interface KemKeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

/** `seed` is d ‖ z of FIPS 203, 64 random bytes. */
export const kemKeyPair = (seed: Uint8Array): KemKeyPair => {
  assert(seed.length === 64, 'a KEM seed has 64 bytes');
  return ml_kem768.keygen(seed);
};

/** `coins` are 32 random bytes, used for this alone: they give away the secret. */
export const kemEncapsulate = (
  publicKey: Uint8Array,
  coins: Uint8Array,
): Result<{ readonly ciphertext: Uint8Array; readonly secret: Uint8Array }, 'bad-kem-key'> => {
  assert(coins.length === 32, 'KEM coins have 32 bytes');
  try {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, coins);
    return ok({ ciphertext: cipherText, secret: sharedSecret });
  } catch {
    return err('bad-kem-key'); // noble throws on a wrong length or a coefficient above the modulus.
  }
};

/**
 * A changed ciphertext of the right length gives a different secret, not an error (implicit
 * rejection): whoever uses the secret must authenticate what it opens.
 */
export const kemDecapsulate = (
  ciphertext: Uint8Array,
  secretKey: Uint8Array,
): Result<Uint8Array, 'bad-kem-ciphertext'> => {
  assert(secretKey.length === kemSecretKeyBytes, 'a KEM secret key has 2 400 bytes');
  if (ciphertext.length !== kemCiphertextBytes) return err('bad-kem-ciphertext');
  return ok(ml_kem768.decapsulate(ciphertext, secretKey));
};
