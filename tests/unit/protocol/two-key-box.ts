/**
 * Mallory's tool for the key-commitment test: one secretbox that opens under two keys.
 *
 * Poly1305 is a polynomial over p = 2^130 − 5 whose key comes from the box key. With two box keys,
 * asking for one tag under both gives a linear equation in any single 16-byte block; where its
 * solution does not fit in 16 bytes, another value of a second free block gives another equation.
 */
import nacl from 'tweetnacl';
import { concatBytes, u32be } from '../../../src/base/bytes.ts';

/** Part of tweetnacl that its types leave out. */
const { lowlevel } = nacl as unknown as {
  readonly lowlevel: {
    crypto_stream(
      out: Uint8Array,
      at: number,
      length: number,
      nonce: Uint8Array,
      key: Uint8Array,
    ): number;
  };
};

const prime = 2n ** 130n - 5n;
const word = 2n ** 128n;
const blockBytes = 16;

const readNumber = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);

const writeNumber = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: blockBytes }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  for (let left = exponent, square = base; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
};

const positive = (value: bigint): bigint => ((value % prime) + prime) % prime;

/** The one-time key of a box: the clamped r, and s. */
const authKey = (
  key: Uint8Array,
  nonce: Uint8Array,
): { readonly r: bigint; readonly s: bigint } => {
  const stream = new Uint8Array(32);
  lowlevel.crypto_stream(stream, 0, stream.length, nonce, key);
  const clamp = 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  return { r: readNumber(stream.slice(0, 16)) & clamp, s: readNumber(stream.slice(16)) };
};

const evaluate = (blocks: ReadonlyArray<bigint>, r: bigint): bigint =>
  blocks.reduce((sum, block) => ((sum + block + word) * r) % prime, 0n);

/**
 * A box over `plaintext` under the first key that opens under the second too, to other bytes. The
 * last two blocks of the plaintext are given up for it.
 */
export const sealUnderTwoKeys = ({
  keys: [firstKey, secondKey],
  nonce,
  plaintext,
}: {
  readonly keys: readonly [Uint8Array, Uint8Array];
  readonly nonce: Uint8Array;
  readonly plaintext: Uint8Array;
}): Uint8Array => {
  const ciphertext = nacl.secretbox(plaintext, nonce, firstKey).slice(blockBytes);
  const [a, b] = [authKey(firstKey, nonce), authKey(secondKey, nonce)];
  const slope = positive(a.r - b.r); // the last block is multiplied by r once
  const inverse = power(slope, prime - 2n);
  for (let attempt = 0; attempt < 1000; attempt += 1) {
    ciphertext.set(u32be(attempt), ciphertext.length - 2 * blockBytes);
    const body = ciphertext.slice(0, -blockBytes);
    const blocks = Array.from({ length: body.length / blockBytes }, (_, i) =>
      readNumber(body.subarray(i * blockBytes, (i + 1) * blockBytes)),
    );
    const difference = evaluate([...blocks, 0n], b.r) + b.s - evaluate([...blocks, 0n], a.r) - a.s;
    for (let carry = -4n; carry <= 4n; carry += 1n) {
      const last = positive((difference + carry * word) * inverse);
      if (last >= word) continue;
      const tags = [a, b].map(({ r, s }) => (evaluate([...blocks, last], r) + s) % word);
      if (tags[0] !== tags[1]) continue;
      return concatBytes(writeNumber(tags[0] ?? 0n), body, writeNumber(last));
    }
  }
  throw new Error('no block fits; about one attempt in two should');
};
