/**
 * Sizes say less when few of them occur: a body travels as `u32 length ‖ body ‖ zeros` in buckets
 * of 128 bytes to 8 KiB by doubling, above that by PADMÉ (at most 12 % more; Nikitin et al., PURBs).
 * PROTOCOL §5.
 */
import { assert } from '../base/assert.ts';
import { concatBytes, isZero, readU32be, u32be } from '../base/bytes.ts';
import { limits } from './limits.ts';

const lengthBytes = 4;
const bucketBytesMin = 128;
const bucketBytesMax = 8192;

/** Keeps as many leading bits of the length as the length's own magnitude needs bits. */
export const padme = (length: number): number => {
  const exponent = 31 - Math.clz32(length);
  const mantissaBits = 32 - Math.clz32(exponent);
  const unit = 2 ** (exponent - mantissaBits);
  return Math.ceil(length / unit) * unit;
};

const bucketFor = (length: number): number => {
  if (length > bucketBytesMax) return padme(length);
  let bucket = bucketBytesMin;
  while (bucket < length) bucket *= 2;
  return bucket;
};

/** [PD1] How long the padded form of so many bytes is. */
export const paddedLength = (bodyBytes: number): number => bucketFor(lengthBytes + bodyBytes);

/** [PD2] Whether padding ever gives this length. */
export const isPaddedLength = (length: number): boolean =>
  length <= paddedLength(limits.bodyBytesMax) && bucketFor(length) === length;

export const pad = (body: Uint8Array): Uint8Array => {
  assert(body.length <= limits.bodyBytesMax, 'a body is within its limit');
  const padded = new Uint8Array(paddedLength(body.length));
  padded.set(concatBytes(u32be(body.length), body));
  return padded;
};

/** [PD3] Total: the body, or undefined unless these are the one padded form of it. */
export const unpad = (padded: Uint8Array): Uint8Array | undefined => {
  if (padded.length < lengthBytes) return undefined;
  const bodyBytes = readU32be(padded, 0);
  if (bodyBytes > limits.bodyBytesMax || paddedLength(bodyBytes) !== padded.length) {
    return undefined;
  }
  const end = lengthBytes + bodyBytes;
  return isZero(padded.subarray(end)) ? padded.slice(lengthBytes, end) : undefined;
};
