/** A part of a welcome in a box, for whoever has a secret; each use has a key of its own. */
import { concatBytes } from '../../base/bytes.ts';
import { hkdf } from '../../crypto/kdf.ts';
import { secretboxOpen, secretboxSeal } from '../../crypto/secretbox.ts';
import { decodeAs, encodeCanonical } from '../cbor.ts';
import { limits } from '../limits.ts';
import { decodeWelcomePart, encodeWelcomePart, type WelcomePart } from './welcome.ts';

export interface PartSecret {
  /** What the secret belongs to: an epoch, or an invite. */
  readonly id: Uint8Array;
  readonly secret: Uint8Array;
  readonly use: 'sotto1/regroup' | 'sotto1/inv-welcome';
}

const nonceBytes = 24;
const plaintextBytesMax = limits.opsPayloadBytesMax + 4096;
export const partBoxBytesMax = plaintextBytesMax + 64;

const partKey = ({ id, secret, use }: PartSecret): Uint8Array =>
  hkdf({ salt: id, ikm: secret, info: use });

/** `nonce ‖ box`. */
export const sealPart = (of: PartSecret, nonce: Uint8Array, part: WelcomePart): Uint8Array => {
  const plaintext = encodeCanonical(encodeWelcomePart(part));
  return concatBytes(nonce, secretboxSeal({ key: partKey(of), nonce, plaintext }));
};

/** Total. */
export const openPart = (of: PartSecret, sealed: Uint8Array): WelcomePart | undefined => {
  if (sealed.length < nonceBytes) return undefined;
  const nonce = sealed.subarray(0, nonceBytes);
  const box = sealed.subarray(nonceBytes);
  const plaintext = secretboxOpen({ key: partKey(of), nonce, box });
  const read = { bytesMax: plaintextBytesMax, read: decodeWelcomePart };
  const part = plaintext && decodeAs(plaintext, read);
  return part?.ok === true ? part.value : undefined;
};
