/**
 * XSalsa20-Poly1305. No associated data and no commitment to the key: protocol/envelope.ts binds
 * the header through the key and adds `keyCommit` (PROTOCOL §5). A nonce is the caller's to draw.
 */
import nacl from 'tweetnacl';
import { assert } from '../base/assert.ts';

export const secretboxOverheadBytes = 16;

interface KeyAndNonce {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 24 bytes, never twice under one key. */
  readonly nonce: Uint8Array;
}

const assertLengths = ({ key, nonce }: KeyAndNonce): void => {
  assert(key.length === 32, 'a secretbox key has 32 bytes');
  assert(nonce.length === 24, 'a secretbox nonce has 24 bytes');
};

/** As long as the plaintext and `secretboxOverheadBytes`. */
export const secretboxSeal = (
  input: KeyAndNonce & { readonly plaintext: Uint8Array },
): Uint8Array => {
  assertLengths(input);
  // tweetnacl returns a view into a longer buffer; a copy clones and transfers at its own size.
  return nacl.secretbox(input.plaintext, input.nonce, input.key).slice();
};

/** Undefined when the box was not sealed under this key and nonce, or was changed since. */
export const secretboxOpen = (
  input: KeyAndNonce & { readonly box: Uint8Array },
): Uint8Array | undefined => {
  assertLengths(input);
  const scratch = nacl.secretbox.open(input.box, input.nonce, input.key);
  if (scratch === null) return undefined;
  const plaintext = scratch.slice();
  scratch.fill(0);
  return plaintext;
};
