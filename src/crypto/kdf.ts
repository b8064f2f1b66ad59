/** Derivation: HKDF-SHA-512 (RFC 5869) and HMAC-SHA-512 (RFC 2104). The library wipes its scratch. */
import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { assert } from '../base/assert.ts';
import { utf8ToBytes } from '../base/bytes.ts';

const hkdfBytesMax = 255 * 64; // RFC 5869 §2.3

export interface HkdfInput {
  /** Empty when absent, as in `HKDF(ikm, info)` of PROTOCOL §1. */
  readonly salt?: Uint8Array;
  readonly ikm: Uint8Array;
  /** A label, or a label joined with fields. */
  readonly info: string | Uint8Array;
  /** In bytes; 32 when absent. */
  readonly length?: number;
}

export const hkdf = ({ salt, ikm, info, length = 32 }: HkdfInput): Uint8Array => {
  assert(
    Number.isInteger(length) && length > 0 && length <= hkdfBytesMax,
    'HKDF gives 1 to 16 320 bytes',
  );
  const infoBytes = typeof info === 'string' ? utf8ToBytes(info) : info;
  return nobleHkdf(sha512, ikm, salt, infoBytes, length);
};

/** 64 bytes. */
export const hmacSha512 = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  hmac(sha512, key, data);
