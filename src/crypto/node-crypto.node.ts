/**
 * node:crypto: fast, and synchronous on purpose, so that a simulated history replays from its seed
 * without a thread pool deciding what comes first.
 */
import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  sign as nodeSign,
  verify as nodeVerify,
  type KeyObject,
} from 'node:crypto';
import nacl from 'tweetnacl';
import { assert } from '../base/assert.ts';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { CryptoBackend, Signer } from './backend.ts';
import { createBoundedCache, parsedKeysMax } from './bounded-cache.ts';
import { pkcs8, spki, type KeyAlgorithm } from './der.ts';

/** Node returns Buffers; the rest of the program knows plain bytes only. */
const plain = (buffer: Uint8Array): Uint8Array => new Uint8Array(buffer);

const view = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const privateKeyObject = (algorithm: KeyAlgorithm, seed: Uint8Array): KeyObject => {
  const der = pkcs8(algorithm, seed);
  const key = createPrivateKey({ key: view(der), format: 'der', type: 'pkcs8' });
  der.fill(0);
  return key;
};

const publicKeyObject = (algorithm: KeyAlgorithm, publicKey: Uint8Array): KeyObject =>
  createPublicKey({ key: view(spki(algorithm, publicKey)), format: 'der', type: 'spki' });

const keyBytes = 32;

/** An SPKI ends with the key. */
const publicKeyOf = (key: KeyObject): Uint8Array =>
  plain(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-keyBytes));

const signerOver = (seed: Uint8Array): Signer => {
  const key = privateKeyObject('Ed25519', seed);
  return {
    publicKey: publicKeyOf(key),
    sign: (message) => plain(nodeSign(null, message, key)),
  };
};

/** OpenSSL refuses a public key of small order; tweetnacl then gives the zeros that say so. */
const agree = (secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array => {
  try {
    const shared = diffieHellman({
      privateKey: privateKeyObject('X25519', secretKey),
      publicKey: publicKeyObject('X25519', publicKey),
    });
    return plain(shared);
  } catch {
    return nacl.scalarMult(secretKey, publicKey);
  }
};

export const createNodeBackend = (): CryptoBackend => {
  const keys = createBoundedCache<KeyObject>(parsedKeysMax);
  return {
    name: 'node',
    verify: (publicKey, message, signature) => {
      const key = keys.getOrMake(toHex(publicKey), () => publicKeyObject('Ed25519', publicKey));
      return nodeVerify(null, message, key, signature);
    },
    signerFromSeed: signerOver,
    createDeviceKey: (seed) => ({
      handle: { keyHandle: seed.slice() },
      signer: signerOver(seed),
    }),
    deviceSigner: ({ keyHandle }, publicKey) => {
      assert(keyHandle instanceof Uint8Array, 'this backend keeps a device key as its seed');
      const signer = signerOver(keyHandle);
      assert(equalBytes(signer.publicKey, publicKey), 'a stored device key is the one asked for');
      return signer;
    },
    agree,
  };
};
