/**
 * What two people compare to know that nobody sits between them (PROTOCOL §2): four words while
 * joining, sixty digits at any time. Both depend on root keys only, so new devices change nothing.
 * Iterating makes it slow to search for a key whose words or digits look alike.
 */
import { assert } from '../../base/assert.ts';
import { compareBytes, concatBytes, readU32be, utf8ToBytes } from '../../base/bytes.ts';
import { sha512 } from '../../crypto/hash.ts';
import { lateCrypto } from '../../crypto/late.ts';
import { identityIdOf } from '../membership/identity-id.ts';

const iterations = 5200;

/** SHA-512 over the input, then again and again over (result ‖ input). */
const iteratedHash = (input: Uint8Array): Uint8Array => {
  let digest = sha512(input);
  for (let i = 1; i < iterations; i++) digest = sha512(concatBytes(digest, input));
  return digest;
};

const wordBits = 11n;

/** [CW1] The same four words on both sides, whoever invited whom. */
export const comparisonWords = async (
  rootPubA: Uint8Array,
  rootPubB: Uint8Array,
  inviteId: Uint8Array,
): Promise<[string, string, string, string]> => {
  assert(rootPubA.length === 32 && rootPubB.length === 32, 'a root key has 32 bytes');
  const { bip39Word } = await lateCrypto();
  const roots = [rootPubA, rootPubB].sort(compareBytes);
  const label = utf8ToBytes('sotto1/comparison-words');
  const digest = iteratedHash(concatBytes(label, ...roots, inviteId));
  let bits = 0n;
  for (const byte of digest.subarray(0, 6)) bits = (bits << 8n) | BigInt(byte);
  bits >>= 4n; // the first 44 of 48 bits
  const word = (at: bigint): string =>
    bip39Word(Number((bits >> (wordBits * (3n - at))) & ((1n << wordBits) - 1n)));
  return [word(0n), word(1n), word(2n), word(3n)];
};

/** 30 digits of one person: six groups of five, each from 40 bits. */
const digitsOf = (rootPub: Uint8Array): string => {
  assert(rootPub.length === 32, 'a root key has 32 bytes');
  const label = utf8ToBytes('sotto1/safety-number');
  const digest = iteratedHash(concatBytes(label, rootPub, identityIdOf(rootPub)));
  const groups = [0, 5, 10, 15, 20, 25].map((at) => {
    const value = (digest[at] ?? 0) * 2 ** 32 + readU32be(digest, at + 1);
    return String(value % 100_000).padStart(5, '0');
  });
  return groups.join('');
};

/** [CW2] 60 digits, the smaller half first, so that both people see the same. */
export const safetyNumber = (rootPubA: Uint8Array, rootPubB: Uint8Array): string =>
  [digitsOf(rootPubA), digitsOf(rootPubB)].sort().join('');
