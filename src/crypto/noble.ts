/**
 * The backend that runs anywhere, synchronous and slow: Ed25519 from noble's point arithmetic (its
 * own `verify` follows other rules than PROTOCOL §1.1), X25519 from tweetnacl.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import nacl from 'tweetnacl';
import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import type { CryptoBackend, Signer } from './backend.ts';
import { createBoundedCache, parsedKeysMax } from './bounded-cache.ts';
import { sha512 } from './hash.ts';
import { publicKeyFromSeed } from './signature.ts';

const { Point } = ed25519;
type CurvePoint = typeof Point.BASE;

const littleEndianToBigint = (bytes: Uint8Array): bigint =>
  BigInt(`0x${toHex(bytes.slice().reverse())}`);

/** Null where the bytes are no point of the curve. */
const parsePoint = (publicKey: Uint8Array): CurvePoint | null => {
  try {
    return Point.fromBytes(publicKey);
  } catch {
    return null; // noble throws when x has no square root; the throw stops here.
  }
};

/** `encode([S]B − [k]A) == R`, byte for byte, no cofactor. Expects what signature.ts let through. */
const isEquationTrue = (
  key: CurvePoint,
  { publicKey, message, signature }: Record<'publicKey' | 'message' | 'signature', Uint8Array>,
): boolean => {
  const encodedR = signature.subarray(0, 32);
  const s = littleEndianToBigint(signature.subarray(32));
  const digest = sha512(concatBytes(encodedR, publicKey, message));
  const k = littleEndianToBigint(digest) % Point.Fn.ORDER;
  const r = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k));
  return equalBytes(r.toBytes(), encodedR);
};

const signerOver = (ownSeed: Uint8Array): Signer => ({
  publicKey: publicKeyFromSeed(ownSeed),
  sign: (message) => ed25519.sign(message, ownSeed),
});

export const createNobleBackend = (): CryptoBackend => {
  const keys = createBoundedCache<CurvePoint | null>(parsedKeysMax);
  return {
    name: 'noble',
    verify: (publicKey, message, signature) => {
      const key = keys.getOrMake(toHex(publicKey), () => parsePoint(publicKey));
      return key !== null && isEquationTrue(key, { publicKey, message, signature });
    },
    signerFromSeed: (seed) => signerOver(seed.slice()),
    createDeviceKey: (seed) => ({
      handle: { keyHandle: seed.slice() },
      signer: signerOver(seed.slice()),
    }),
    deviceSigner: ({ keyHandle }, publicKey) => {
      assert(keyHandle instanceof Uint8Array, 'this backend keeps a device key as its seed');
      const signer = signerOver(keyHandle.slice());
      assert(equalBytes(signer.publicKey, publicKey), 'a stored device key is the one asked for');
      return signer;
    },
    agree: (secretKey, publicKey) => nacl.scalarMult(secretKey, publicKey),
  };
};
