import nacl from 'tweetnacl';
import { describe, expect, test, vi } from 'vitest';
import { agree, agreementKeyPair } from '../../../src/crypto/agreement.ts';
import type { CryptoBackend, KeyHandle } from '../../../src/crypto/backend.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { createNobleBackend } from '../../../src/crypto/noble.ts';
import { verifySignature } from '../../../src/crypto/signature.ts';
import { agreementProbe, createWebCryptoBackend } from '../../../src/crypto/webcrypto.browser.ts';
import { setupWebCrypto } from '../../vectors/support/backends.ts';

const seed = new Uint8Array(32).fill(11);
const message = Uint8Array.of(1, 2, 3);

const setupBackends = async (): Promise<ReadonlyArray<CryptoBackend>> => [
  createNodeBackend(),
  createNobleBackend(),
  await setupWebCrypto(),
];

/** Node's WebCrypto with some algorithms taken away, as in an older browser. */
const subtleWithout = (...missing: ReadonlyArray<string>): SubtleCrypto =>
  new Proxy(globalThis.crypto.subtle, {
    get: (subtle, name: keyof SubtleCrypto) => {
      if (name !== 'importKey') return subtle[name].bind(subtle);
      return (...request: Parameters<SubtleCrypto['importKey']>) =>
        missing.some((algorithm) => request.includes(algorithm))
          ? Promise.reject(new DOMException('unknown algorithm', 'NotSupportedError'))
          : subtle.importKey(...request);
    },
  });

const subtleThatVerifies = (verdict: boolean): SubtleCrypto =>
  new Proxy(globalThis.crypto.subtle, {
    get: (subtle, name: keyof SubtleCrypto) =>
      name === 'verify' ? () => Promise.resolve(verdict) : subtle[name].bind(subtle),
  });

describe('device keys', () => {
  test('[CR9] a stored handle signs again for the same public key, on every backend', async () => {
    for (const backend of await setupBackends()) {
      const { handle, signer } = await backend.createDeviceKey(seed);
      const stored: KeyHandle = structuredClone(handle); // what a database does with it
      const again = await backend.deviceSigner(stored, signer.publicKey);
      expect(again.publicKey, backend.name).toEqual(signer.publicKey);
      const signature = await again.sign(message);
      const isValid = await verifySignature(backend, {
        publicKey: signer.publicKey,
        message,
        signature,
      });
      expect(isValid, backend.name).toBe(true);
    }
  });

  test('[CR9] WebCrypto keeps a key that cannot be exported, only used to sign', async () => {
    const backend = await setupWebCrypto();
    const { handle } = await backend.createDeviceKey(seed);
    const key = handle.keyHandle;
    if (!(key instanceof CryptoKey)) throw new Error('the handle is not a CryptoKey');
    expect(key.extractable).toBe(false);
    expect(key.usages).toEqual(['sign']);
    for (const format of ['pkcs8', 'jwk', 'raw'] as const) {
      await expect(crypto.subtle.exportKey(format, key), format).rejects.toThrow();
    }
  });

  test('[CR9] the caller may wipe its seed at once: no backend still reads it', async () => {
    for (const backend of await setupBackends()) {
      const own = seed.slice();
      const device = backend.createDeviceKey(own);
      const signerPromise = backend.signerFromSeed(own);
      own.fill(0);
      const { handle, signer } = await device;
      const expected = await (await createNobleBackend().signerFromSeed(seed)).sign(message);
      expect(await signer.sign(message), backend.name).toEqual(expected);
      expect(await (await signerPromise).sign(message), backend.name).toEqual(expected);
      const again = await backend.deviceSigner(handle, signer.publicKey);
      expect(await again.sign(message), backend.name).toEqual(expected);
    }
  });

  test('[CR9] WebCrypto takes over the seed that noble kept before the browser knew Ed25519', async () => {
    const before = await createNobleBackend().createDeviceKey(seed);
    const webcrypto = await setupWebCrypto();
    const after = await webcrypto.deviceSigner(before.handle, before.signer.publicKey);
    expect(await after.sign(message)).toEqual(await before.signer.sign(message));
  });

  test('[CR9] a handle of another kind or another key is a broken invariant', async () => {
    const other = new Uint8Array(32).fill(1);
    for (const backend of [createNodeBackend(), createNobleBackend()]) {
      const { handle, signer } = await backend.createDeviceKey(seed);
      expect(() => backend.deviceSigner({ keyHandle: 'x' }, signer.publicKey)).toThrow(
        'as its seed',
      );
      expect(() => backend.deviceSigner(handle, other)).toThrow('the one asked for');
    }
    const webcrypto = await setupWebCrypto();
    await expect(webcrypto.deviceSigner({ keyHandle: 'x' }, other)).rejects.toThrow('a CryptoKey');
  });
});

describe('feature detection', () => {
  test('[CR11] no secure context, no backend', async () => {
    vi.stubGlobal('crypto', {});
    try {
      expect(await createWebCryptoBackend()).toBeUndefined();
    } finally {
      vi.unstubAllGlobals();
    }
    expect(await createWebCryptoBackend()).toBeDefined();
  });

  test('[CR11] without Ed25519 there is no WebCrypto backend', async () => {
    expect(await createWebCryptoBackend(subtleWithout('Ed25519'))).toBeUndefined();
  });

  test('[CR11] a platform with other rules for signatures is not used', async () => {
    // Always true is what a cofactored verifier says to both probes; always false, a broken one.
    expect(await createWebCryptoBackend(subtleThatVerifies(true))).toBeUndefined();
    expect(await createWebCryptoBackend(subtleThatVerifies(false))).toBeUndefined();
  });

  test('[CR11] what is asked of X25519 is answered as tweetnacl does', () => {
    const [secretKey, publicKey, shared] = [
      agreementProbe.secretKey,
      agreementProbe.publicKey,
      agreementProbe.shared,
    ].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex')));
    expect(publicKey).toEqual(nacl.scalarMult.base(new Uint8Array(32).fill(2)));
    expect(shared).toEqual(
      nacl.scalarMult(secretKey ?? new Uint8Array(), publicKey ?? new Uint8Array()),
    );
  });

  test('[CR11] without X25519 the agreement alone falls back to tweetnacl', async () => {
    const backend = await createWebCryptoBackend(subtleWithout('X25519'));
    if (backend === undefined) throw new Error('Ed25519 is there');
    const own = agreementKeyPair(seed);
    const theirs = agreementKeyPair(new Uint8Array(32).fill(12));
    const pair = { secretKey: own.secretKey, publicKey: theirs.publicKey };
    expect(await agree(backend, pair)).toEqual(await agree(createNodeBackend(), pair));
    const zeros = { secretKey: own.secretKey, publicKey: new Uint8Array(32) };
    expect(await agree(backend, zeros)).toEqual({ ok: false, error: 'low-order-key' });
  });
});

describe('agreement', () => {
  test('[CR6] both sides get one secret, on every pair of backends', async () => {
    const alice = agreementKeyPair(seed);
    const bob = agreementKeyPair(new Uint8Array(32).fill(12));
    const seen = new Set<string>();
    for (const backend of await setupBackends()) {
      for (const [mine, theirs] of [
        [alice, bob],
        [bob, alice],
      ] as const) {
        const shared = await agree(backend, {
          secretKey: mine.secretKey,
          publicKey: theirs.publicKey,
        });
        seen.add(shared.ok ? String(shared.value) : shared.error);
      }
    }
    expect(seen.size).toBe(1);
    expect(seen.has('low-order-key')).toBe(false);
  });

  test('[CR6] node and WebCrypto compute it themselves, tweetnacl only explains a refusal', async () => {
    const own = agreementKeyPair(seed);
    const theirs = agreementKeyPair(new Uint8Array(32).fill(12));
    const backends = [createNodeBackend(), await setupWebCrypto()];
    const fallback = vi.spyOn(nacl, 'scalarMult');
    try {
      for (const backend of backends) {
        await agree(backend, { secretKey: own.secretKey, publicKey: theirs.publicKey });
        expect(fallback, backend.name).not.toHaveBeenCalled();
        await agree(backend, { secretKey: own.secretKey, publicKey: new Uint8Array(32) });
        expect(fallback, backend.name).toHaveBeenCalledOnce();
        fallback.mockClear();
      }
    } finally {
      fallback.mockRestore();
    }
  });

  test('[CR6] lengths are asserted and the secret key is a copy of the seed', () => {
    const own = seed.slice();
    const pair = agreementKeyPair(own);
    own.fill(0);
    expect(pair.secretKey).toEqual(seed);
    const backend = createNodeBackend();
    const short = new Uint8Array(31);
    expect(() => agreementKeyPair(short)).toThrow('seed has 32 bytes');
    expect(() => agree(backend, { ...pair, publicKey: short })).toThrow('public key has 32');
    expect(() => agree(backend, { ...pair, secretKey: short })).toThrow('secret key has 32');
  });
});
