/**
 * WebCrypto: what browsers have, fast, with device keys that never become readable bytes again.
 * Browsers gained Ed25519 and X25519 one at a time, so each is tried before it is trusted: without
 * (or with other rules for) Ed25519 there is no such backend and the root takes noble; without
 * X25519 this one uses tweetnacl.
 */
import nacl from 'tweetnacl';
import { assert } from '../base/assert.ts';
import { equalBytes, fromHex, toHex } from '../base/bytes.ts';
import type { CryptoBackend, Signer } from './backend.ts';
import { createBoundedCache, parsedKeysMax } from './bounded-cache.ts';
import { pkcs8 } from './der.ts';
import { publicKeyFromSeed } from './signature.ts';

type Verify = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>;
type Agree = (secretKey: Uint8Array, publicKey: Uint8Array) => Promise<Uint8Array>;

/**
 * A key with a component of order 8, and two signatures that satisfy the equation once both sides
 * are multiplied by the cofactor. Without it, as PROTOCOL §1.1 asks, only the second holds. A
 * platform that says otherwise would split the log from everybody else's.
 */
const probe = {
  publicKey: '6a84d583f06569edb3f5ed77df65544b27d6948b4f0b2cb76f33dd8413b20719',
  signatures: [
    {
      message: '00',
      signature:
        '6b12d4d055bd943206034b402ebe601bf715a3bbe772cdac6ab65b94d9a07bf6' +
        '4a90b0821cd0e4b65ba3fc4b4b290121ba8480023b621d22c94a91c3534c470a',
      isValid: false,
    },
    {
      message: '0a',
      signature:
        '6b12d4d055bd943206034b402ebe601bf715a3bbe772cdac6ab65b94d9a07bf6' +
        '9910fe87a973688b5b2a9b8e528d2e730efbf2f1c1377d2ffa996174a9ba0901',
      isValid: true,
    },
  ],
} as const;

/** What tweetnacl says: to ask it would take 20 ms of every start. */
export const agreementProbe = {
  secretKey: '01'.repeat(32),
  publicKey: 'ce8d3ad1ccb633ec7b70c17814a5c76ecd029685050d344745ba05870e587d59',
  shared: '2ed76ab549b1e73c031eb49c9448f0798aea81b698279a0c3dc3e49fbfc4b953',
} as const;

const bytesOfHex = (text: string): Uint8Array => {
  const bytes = fromHex(text);
  assert(bytes.ok, 'a constant is well-formed hex');
  return bytes.value;
};

/** A copy WebCrypto's types accept: theirs exclude shared memory. */
const owned = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

/** The platform's own; undefined outside a secure context. */
const platformSubtle = (): SubtleCrypto | undefined => {
  const platform: { readonly subtle?: SubtleCrypto } = globalThis.crypto;
  return platform.subtle;
};

/** A key that signs and cannot be read back. The PKCS#8 copy of the seed is wiped. */
const importSeed = async (subtle: SubtleCrypto, seed: Uint8Array): Promise<CryptoKey> => {
  const der = pkcs8('Ed25519', seed);
  try {
    return await subtle.importKey('pkcs8', der, 'Ed25519', false, ['sign']);
  } finally {
    der.fill(0);
  }
};

const createVerify = (subtle: SubtleCrypto): Verify => {
  const keys = createBoundedCache<Promise<CryptoKey | undefined>>(parsedKeysMax);
  const importPublic = (publicKey: Uint8Array): Promise<CryptoKey | undefined> =>
    subtle.importKey('raw', owned(publicKey), 'Ed25519', false, ['verify']).catch(() => undefined); // some platforms refuse a key off the curve here, others in verify
  return async (publicKey, message, signature) => {
    const key = await keys.getOrMake(toHex(publicKey), () => importPublic(publicKey));
    return key !== undefined && subtle.verify('Ed25519', key, owned(signature), owned(message));
  };
};

const createPlatformAgree =
  (subtle: SubtleCrypto): Agree =>
  async (secretKey, publicKey) => {
    const der = pkcs8('X25519', secretKey);
    try {
      const own = await subtle.importKey('pkcs8', der, 'X25519', false, ['deriveBits']);
      const theirs = await subtle.importKey('raw', owned(publicKey), 'X25519', false, []);
      return new Uint8Array(await subtle.deriveBits({ name: 'X25519', public: theirs }, own, 256));
    } finally {
      der.fill(0);
    }
  };

const fallbackAgree: Agree = (secretKey, publicKey) =>
  Promise.resolve(nacl.scalarMult(secretKey, publicKey));

const createSigner = (subtle: SubtleCrypto, key: CryptoKey, publicKey: Uint8Array): Signer => ({
  publicKey,
  sign: async (message) => new Uint8Array(await subtle.sign('Ed25519', key, owned(message))),
});

/** Whether Ed25519 is there and follows the one equation. */
const isEd25519Usable = async (subtle: SubtleCrypto, verify: Verify): Promise<boolean> => {
  try {
    await importSeed(subtle, new Uint8Array(32));
    const publicKey = bytesOfHex(probe.publicKey);
    for (const { message, signature, isValid } of probe.signatures) {
      const said = await verify(publicKey, bytesOfHex(message), bytesOfHex(signature));
      if (said !== isValid) return false;
    }
    return true;
  } catch {
    return false; // an unknown algorithm is a NotSupportedError
  }
};

const isX25519Usable = async (agreeOnPlatform: Agree): Promise<boolean> => {
  const { secretKey, publicKey, shared } = agreementProbe;
  try {
    const agreed = await agreeOnPlatform(bytesOfHex(secretKey), bytesOfHex(publicKey));
    return equalBytes(agreed, bytesOfHex(shared));
  } catch {
    return false;
  }
};

const createAgree = async (subtle: SubtleCrypto): Promise<Agree> => {
  const agreeOnPlatform = createPlatformAgree(subtle);
  if (!(await isX25519Usable(agreeOnPlatform))) return fallbackAgree;
  return async (secretKey, publicKey) => {
    try {
      return await agreeOnPlatform(secretKey, publicKey);
    } catch {
      // WebCrypto refuses a key of small order; tweetnacl then gives the zeros that say so.
      return fallbackAgree(secretKey, publicKey);
    }
  };
};

/** Undefined where Ed25519 is missing or follows other rules than PROTOCOL §1.1. */
export const createWebCryptoBackend = async (
  subtle: SubtleCrypto | undefined = platformSubtle(),
): Promise<CryptoBackend | undefined> => {
  if (subtle === undefined) return undefined;
  const verify = createVerify(subtle);
  if (!(await isEd25519Usable(subtle, verify))) return undefined;

  const createDeviceKey = async (
    seed: Uint8Array,
  ): Promise<{ handle: { keyHandle: CryptoKey }; signer: Signer }> => {
    const publicKey = publicKeyFromSeed(seed);
    const key = await importSeed(subtle, seed);
    return { handle: { keyHandle: key }, signer: createSigner(subtle, key, publicKey) };
  };
  return {
    name: 'webcrypto',
    verify,
    agree: await createAgree(subtle),
    createDeviceKey,
    signerFromSeed: async (seed) => (await createDeviceKey(seed)).signer,
    deviceSigner: async ({ keyHandle }, publicKey) => {
      // A seed is what noble kept before this browser learned Ed25519.
      const key = keyHandle instanceof Uint8Array ? await importSeed(subtle, keyHandle) : keyHandle;
      assert(key instanceof CryptoKey, 'this backend keeps a device key as a CryptoKey');
      return createSigner(subtle, key, publicKey);
    },
  };
};
