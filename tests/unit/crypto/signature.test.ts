import { ed25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import type { CryptoBackend } from '../../../src/crypto/backend.ts';
import { agree } from '../../../src/crypto/agreement.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { createNobleBackend } from '../../../src/crypto/noble.ts';
import { publicKeyFromSeed, verifySignature } from '../../../src/crypto/signature.ts';
import { setupImplementations } from '../../vectors/support/backends.ts';
import {
  encodeBigint,
  groupOrder,
  nonCanonicalEncodings,
  smallOrderEncodings,
} from '../../vectors/support/edge-signatures.ts';

const seed = new Uint8Array(32).fill(9);
const message = Uint8Array.of(1, 2, 3);

/** Says yes to everything and remembers whether it was asked. */
const setupCredulous = (): { backend: CryptoBackend; asked: () => number } => {
  let asked = 0;
  const backend: CryptoBackend = {
    ...createNobleBackend(),
    verify: () => {
      asked += 1;
      return true;
    },
  };
  return { backend, asked: () => asked };
};

const signed = async (): Promise<{ publicKey: Uint8Array; signature: Uint8Array }> => {
  const signer = await createNodeBackend().signerFromSeed(seed);
  return { publicKey: signer.publicKey, signature: await signer.sign(message) };
};

const withR = (signature: Uint8Array, encodedR: Uint8Array): Uint8Array =>
  Uint8Array.of(...encodedR, ...signature.subarray(32));

const withS = (signature: Uint8Array, s: bigint): Uint8Array =>
  Uint8Array.of(...signature.subarray(0, 32), ...encodeBigint(s));

describe('the strict profile, before any backend is asked', () => {
  test('[CR4] what passes is asked; wrong lengths are not', async () => {
    const { publicKey, signature } = await signed();
    const { backend, asked } = setupCredulous();
    expect(verifySignature(backend, { publicKey, message, signature })).toBe(true);
    expect(asked()).toBe(1);
    for (const length of [0, 31, 33, 64]) {
      const key = new Uint8Array(length).fill(1);
      expect(verifySignature(backend, { publicKey: key, message, signature })).toBe(false);
    }
    for (const length of [0, 32, 63, 65, 128]) {
      const cut = new Uint8Array(length).fill(1);
      expect(verifySignature(backend, { publicKey, message, signature: cut })).toBe(false);
    }
    expect(asked()).toBe(1);
  });

  test('[CR4] S is below L: L − 1 is asked, L and everything above is not', async () => {
    const { publicKey, signature } = await signed();
    const { backend, asked } = setupCredulous();
    const isAsked = (s: bigint): unknown =>
      verifySignature(backend, { publicKey, message, signature: withS(signature, s) });
    expect(isAsked(0n)).toBe(true);
    expect(isAsked(groupOrder - 1n)).toBe(true);
    for (const s of [groupOrder, groupOrder + 1n, 2n * groupOrder, 2n ** 255n, 2n ** 256n - 1n]) {
      expect(isAsked(s), s.toString(16)).toBe(false);
    }
    expect(asked()).toBe(2);
  });

  test('[CR4] no odd encoding reaches a backend, neither as key nor as R', async () => {
    const { publicKey, signature } = await signed();
    const { backend, asked } = setupCredulous();
    const odd = [...smallOrderEncodings, ...nonCanonicalEncodings];
    expect(odd.length).toBe(48);
    for (const encoding of odd) {
      expect(verifySignature(backend, { publicKey: encoding, message, signature })).toBe(false);
      expect(
        verifySignature(backend, { publicKey, message, signature: withR(signature, encoding) }),
      ).toBe(false);
    }
    expect(asked()).toBe(0);
  });

  test('[CR4] the greatest canonical y that is not of small order is asked', async () => {
    const { signature } = await signed();
    const { backend } = setupCredulous();
    const publicKey = encodeBigint(2n ** 255n - 21n); // p − 2
    expect(verifySignature(backend, { publicKey, message, signature })).toBe(true);
  });
});

describe('signatures on every implementation', () => {
  test('[CR4] a key that is no point of the curve verifies nothing and throws nothing', async () => {
    const { signature } = await signed();
    const offCurve = encodeBigint(2n);
    expect(() => ed25519.Point.fromBytes(offCurve)).toThrow(); // y = 2 has no x on this curve
    for (const { implementation, backend } of await setupImplementations()) {
      const verify = (): unknown =>
        verifySignature(backend, { publicKey: offCurve, message, signature });
      expect(await verify(), implementation).toBe(false);
      expect(await verify(), `${implementation}, from its cache`).toBe(false);
    }
  });

  test('[CR4] signers of one seed make one key and one signature', async () => {
    const { publicKey, signature } = await signed();
    for (const { implementation, backend } of await setupImplementations()) {
      const signer = await backend.signerFromSeed(seed);
      expect(signer.publicKey, implementation).toEqual(publicKey);
      expect(await signer.sign(message), implementation).toEqual(signature);
    }
    expect(publicKeyFromSeed(seed)).toEqual(publicKey);
    expect(() => publicKeyFromSeed(seed.slice(1))).toThrow('seed has 32 bytes');
  });

  test('[CR12] node and noble answer at once, so that a simulated history replays', async () => {
    const { publicKey, signature } = await signed();
    for (const backend of [createNodeBackend(), createNobleBackend()]) {
      expect(verifySignature(backend, { publicKey, message, signature })).toBe(true);
      expect(agree(backend, { secretKey: seed, publicKey: publicKeyOf(7) })).toHaveProperty(
        'ok',
        true,
      );
      expect(backend.signerFromSeed(seed)).not.toBeInstanceOf(Promise);
      expect(backend.createDeviceKey(seed)).not.toBeInstanceOf(Promise);
    }
  });
});

/** Some X25519 public key: any 32 bytes that are not of small order. */
const publicKeyOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
