/** Fixed inputs: the same bytes in every run, so that golden values can be compared. */
import { expect } from 'vitest';
import { hash } from '../../../src/crypto/hash.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import type { Signer } from '../../../src/crypto/backend.ts';
import { concatBytes, utf8ToBytes } from '../../../src/base/bytes.ts';
import type { Result } from '../../../src/base/result.ts';
import { decodeEnvelope, type Envelope } from '../../../src/protocol/envelope.ts';
import type { RandomSource } from '../../../src/protocol/epochs/seal.ts';

export const backend = createNodeBackend();

/** So many bytes that look random and are always the same for a name. */
export const fixedBytes = (name: string, length = 32): Uint8Array => {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    hash('sotto1/test-fixture', utf8ToBytes(`${name} ${String(i)}`)),
  );
  return concatBytes(...blocks).slice(0, length);
};

/** A source that gives the same bytes in every run. */
export const fixedRandom = (name: string): RandomSource => {
  let drawn = 0;
  return {
    bytes: (length) => {
      drawn += 1;
      return fixedBytes(`${name} draw ${String(drawn)}`, length);
    },
  };
};

export const fixedSigner = async (name: string): Promise<Signer> =>
  backend.signerFromSeed(fixedBytes(`${name} seed`));

/** The value of a result that must be one. */
export const valueOf = <T, E>(result: Result<T, E>): T => {
  expect(result).toMatchObject({ ok: true });
  if (!result.ok) throw new Error('unreachable after the expectation');
  return result.value;
};

export const envelopeOf = (bytes: Uint8Array): Envelope => valueOf(decodeEnvelope(bytes));

/** A copy with one bit turned over. */
export const flipBit = (bytes: Uint8Array, bit: number): Uint8Array => {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
};

export const everyBitFlip = (bytes: Uint8Array): ReadonlyArray<Uint8Array> =>
  Array.from({ length: bytes.length * 8 }, (_, bit) => flipBit(bytes, bit));
