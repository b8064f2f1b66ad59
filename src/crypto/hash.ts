/** Hashing. SHA-512 is noble's; every use in the protocol has a label of its own (PROTOCOL §1). */
import { sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import { assert } from '../base/assert.ts';
import { concatBytes, utf8ToBytes } from '../base/bytes.ts';

const hashBytes = 32;
const separator = Uint8Array.of(0);
// Printable ASCII only: a label without a zero byte cannot be confused with another label's input.
const labelPattern = /^sotto1\/[\x21-\x7e]+$/;

export const sha512 = (bytes: Uint8Array): Uint8Array => nobleSha512(bytes);

/** `label ‖ 0x00` of each label, of which there are few: every entry is hashed twice. */
const prefixes = new Map<string, Uint8Array>();

const prefixOf = (label: string): Uint8Array => {
  const known = prefixes.get(label);
  if (known !== undefined) return known;
  assert(labelPattern.test(label), 'a hash label is ASCII and starts with sotto1/');
  const prefix = concatBytes(utf8ToBytes(label), separator);
  prefixes.set(label, prefix);
  return prefix;
};

/** `H(label, x) = SHA-512(label ‖ 0x00 ‖ x)[0..32]`. Input may be secret: the library wipes its scratch. */
export const hash = (label: string, bytes: Uint8Array): Uint8Array =>
  nobleSha512.create().update(prefixOf(label)).update(bytes).digest().slice(0, hashBytes);
