/**
 * Plain sender keys, as far as their cost goes: each member has a chain and a signing key of its own
 * and tells them to each other member in a box. A message is one sealing and one signature; whoever
 * is added gets the key of every member; after a removal every member makes a new one. No history, no
 * proof of who belongs, nothing against a quantum computer.
 */
import nacl from 'tweetnacl';
import { hkdf, hmacSha512 } from '../../../src/crypto/kdf.ts';
import type { Signer } from '../../../src/crypto/backend.ts';
import { backend, random } from './devices.ts';

const keyBytes = 64; // chain key and public key
const boxOverheadBytes = 32 + 24 + nacl.secretbox.overheadLength; // its ephemeral key and nonce

/** One member tells its key to so many others, and each of them opens it. Bytes that travel. */
export const tellKey = async (others: number): Promise<number> => {
  const own = random.bytes(32);
  const theirs = nacl.box.keyPair().publicKey;
  const key = random.bytes(keyBytes);
  for (let i = 0; i < others; i++) {
    for (const end of ['seal', 'open']) {
      const shared = await backend.agree(own, theirs);
      const box = hkdf({ ikm: shared, info: end });
      nacl.secretbox(key, random.bytes(24), box);
    }
  }
  return others * (keyBytes + boxOverheadBytes);
};

/** One message is sealed, signed, checked and opened once. Bytes that travel. */
export const sendPlain = async (signer: Signer, body: Uint8Array): Promise<number> => {
  const step = hmacSha512(random.bytes(32), new Uint8Array(8));
  const nonce = random.bytes(24);
  const sealed = nacl.secretbox(body, nonce, step.slice(0, 32));
  const signature = await signer.sign(sealed);
  await backend.verify(signer.publicKey, sealed, signature);
  nacl.secretbox.open(sealed, nonce, step.slice(0, 32));
  return sealed.length + nonce.length + signature.length;
};
