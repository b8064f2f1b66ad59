/**
 * Signatures that verifiers of the world disagree about, made from chosen scalars and the eight
 * points of small order, with the answer of PROTOCOL §1.1 worked out by index arithmetic and not by
 * any verifier.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, toHex } from '../../../src/base/bytes.ts';
import { sha512 } from '../../../src/crypto/hash.ts';
import { bytesOf } from './files.ts';

const { Point } = ed25519;
type CurvePoint = typeof Point.BASE;

export const groupOrder = Point.Fn.ORDER;
const fieldPrime = Point.Fp.ORDER;

export interface EdgeCase {
  readonly name: string;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly isValid: boolean;
}

export const bigintOf = (bytes: Uint8Array): bigint =>
  BigInt(`0x${toHex(bytes.slice().reverse())}`);

/** 32 bytes, little-endian. */
export const encodeBigint = (value: bigint): Uint8Array =>
  bytesOf(value.toString(16).padStart(64, '0')).reverse();

/** Sets the bit that stands for an odd x. */
const withSign = (encoded: Uint8Array): Uint8Array => {
  const signed = encoded.slice();
  signed[31] = (signed[31] ?? 0) | 0x80;
  return signed;
};

/** A point of order 8; its multiples are all points of small order. */
const torsionGenerator = Point.fromBytes(
  bytesOf('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
);

const torsion = (index: number): CurvePoint => torsionGenerator.multiplyUnsafe(BigInt(index));

/** The eight encodings of the points of small order. */
export const smallOrderEncodings: ReadonlyArray<Uint8Array> = Array.from({ length: 8 }, (_, i) =>
  torsion(i).toBytes(),
);

/**
 * Every encoding with y ≥ p, with both signs, and the two where x is 0 and its sign says odd: bytes
 * that a lenient decoder takes for a point.
 */
export const nonCanonicalEncodings: ReadonlyArray<Uint8Array> = [
  ...Array.from({ length: 19 }, (_, y) => encodeBigint(fieldPrime + BigInt(y))).flatMap(
    (encoded) => [encoded, withSign(encoded)],
  ),
  withSign(encodeBigint(1n)),
  withSign(encodeBigint(fieldPrime - 1n)),
];

const ownScalar = 0x1234_5678_9abc_def0_1234_5678_9abc_def0n;
const nonceScalar = 0x0fed_cba9_8765_4321_0fed_cba9_8765_4321n;

const ownPoint = Point.BASE.multiply(ownScalar);
const noncePoint = Point.BASE.multiply(nonceScalar);

const challenge = (encodedR: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint =>
  bigintOf(sha512(concatBytes(encodedR, publicKey, message))) % groupOrder;

const respond = (r: bigint, k: bigint): bigint => (r + k * ownScalar) % groupOrder;

/**
 * A = aB + tT, R = rB + uT, S = r + ka: the equation times 8 always holds; without the cofactor it
 * holds iff kt + u is a multiple of 8. Both answers occur for t ≠ 0.
 */
const mixedOrderCase = (t: number, u: number, number: number): EdgeCase => {
  const publicKey = ownPoint.add(torsion(t)).toBytes();
  const encodedR = noncePoint.add(torsion(u)).toBytes();
  const message = Uint8Array.of(number);
  const k = challenge(encodedR, publicKey, message);
  return {
    name: `mixed order: key +${String(t)}T, R +${String(u)}T, message ${String(number)}`,
    publicKey,
    message,
    signature: concatBytes(encodedR, encodeBigint(respond(nonceScalar, k))),
    isValid: (k * BigInt(t) + BigInt(u)) % 8n === 0n,
  };
};

export const mixedOrderCases = (messagesPerPair: number): ReadonlyArray<EdgeCase> =>
  Array.from({ length: 64 * messagesPerPair }, (_, i) =>
    mixedOrderCase(i & 7, (i >> 3) & 7, i >> 6),
  );

/** Key chosen, R chosen, S such that a lenient verifier is as pleased as it can be. */
const oddEncodingCases = (encoding: Uint8Array): ReadonlyArray<EdgeCase> => {
  const message = Uint8Array.of(7);
  const goodKey = ownPoint.toBytes();
  const goodR = noncePoint.toBytes();
  const k = challenge(encoding, goodKey, message);
  const name = toHex(encoding);
  return [
    {
      name: `odd key ${name}`, // for a key of order 1, R = rB and S = r satisfy the equation
      publicKey: encoding,
      message,
      signature: concatBytes(goodR, encodeBigint(nonceScalar)),
      isValid: false,
    },
    {
      name: `odd R ${name}`, // for R of order 1, S = ka satisfies it
      publicKey: goodKey,
      message,
      signature: concatBytes(encoding, encodeBigint(respond(0n, k))),
      isValid: false,
    },
    {
      name: `odd key and R ${name}`,
      publicKey: encoding,
      message,
      signature: concatBytes(encoding, encodeBigint(0n)),
      isValid: false,
    },
  ];
};

export const smallOrderCases = (): ReadonlyArray<EdgeCase> =>
  smallOrderEncodings.flatMap(oddEncodingCases);

export const nonCanonicalCases = (): ReadonlyArray<EdgeCase> =>
  nonCanonicalEncodings.flatMap(oddEncodingCases);

/** One honest signature, and it again with S + L, S + 2L … as far as 32 bytes reach. */
export const malleatedCases = (): ReadonlyArray<EdgeCase> => {
  const honest = mixedOrderCase(0, 0, 0);
  const s = bigintOf(honest.signature.subarray(32));
  return Array.from({ length: 15 }, (_, times) => ({
    ...honest,
    name: `S + ${String(times)}L`,
    signature: concatBytes(
      honest.signature.subarray(0, 32),
      encodeBigint(s + BigInt(times) * groupOrder),
    ),
    isValid: times === 0,
  }));
};
