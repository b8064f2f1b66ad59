/** Every implementation that must give one answer: the three backends, and tweetnacl as the oracle. */
import nacl from 'tweetnacl';
import type { CryptoBackend } from '../../../src/crypto/backend.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { createNobleBackend } from '../../../src/crypto/noble.ts';
import { createWebCryptoBackend } from '../../../src/crypto/webcrypto.browser.ts';

export interface Implementation {
  readonly implementation: string;
  readonly backend: CryptoBackend;
}

const createTweetnaclBackend = (): CryptoBackend => ({
  ...createNobleBackend(),
  verify: (publicKey, message, signature) =>
    nacl.sign.detached.verify(message, signature, publicKey),
  signerFromSeed: (seed) => {
    const { publicKey, secretKey } = nacl.sign.keyPair.fromSeed(seed);
    return { publicKey, sign: (message) => nacl.sign.detached(message, secretKey) };
  },
  agree: (secretKey, publicKey) => nacl.scalarMult(secretKey, publicKey),
});

/** Node's own WebCrypto, through the file that browsers load. */
export const setupWebCrypto = async (): Promise<CryptoBackend> => {
  const backend = await createWebCryptoBackend();
  if (backend === undefined) throw new Error('this Node has no usable WebCrypto Ed25519');
  return backend;
};

export const setupImplementations = async (): Promise<ReadonlyArray<Implementation>> => [
  { implementation: 'node', backend: createNodeBackend() },
  { implementation: 'webcrypto', backend: await setupWebCrypto() },
  { implementation: 'noble', backend: createNobleBackend() },
  { implementation: 'tweetnacl', backend: createTweetnaclBackend() },
];
