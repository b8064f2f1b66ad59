/**
 * A new group made out of an old one, told inside the old one (PROTOCOL §3, Escape): the secret of
 * its first epoch, sealed to each device that belongs to it, and a welcome under a key from that
 * secret. Whoever is left out sees that something was sealed to so many devices, and nothing else.
 */
import { concatBytes } from '../../base/bytes.ts';
import { hkdf } from '../../crypto/kdf.ts';
import { secretboxOpen, secretboxSeal } from '../../crypto/secretbox.ts';
import {
  bytesOf,
  bytesUpTo,
  decodeAs,
  encodeCanonical,
  recordOf,
  type CborValue,
} from '../cbor.ts';
import { readSeal, type Seal } from '../epochs/seal.ts';
import { limits } from '../limits.ts';
import { decodeWelcomePart, encodeWelcomePart, type WelcomePart } from './welcome.ts';

export const regroupEntry = { key: 'group-key', part: 'group-part' } as const;

const nonceBytes = 24;
const boxBytesMax = limits.opsPayloadBytesMax + 4096;

export interface GroupKey {
  readonly secretHash: Uint8Array;
  readonly seal: Seal;
}

export const encodeGroupKey = ({ secretHash, seal }: GroupKey): CborValue => ({
  secretHash,
  seal: { ...seal },
});

/** [RG1] Total, as `readGroupPart`. */
export const readGroupKey = recordOf({ secretHash: bytesOf(32), seal: readSeal });

export const readGroupPart = recordOf({ epochId: bytesOf(32), box: bytesUpTo(boxBytesMax) });

interface EpochSecret {
  readonly epochId: Uint8Array;
  readonly secret: Uint8Array;
}

const partKey = ({ epochId, secret }: EpochSecret): Uint8Array =>
  hkdf({ salt: epochId, ikm: secret, info: 'sotto1/regroup' });

/** [RG2] A part opens for whoever has the secret of the new epoch, and for nobody else. */
export const sealGroupPart = (
  epoch: EpochSecret,
  nonce: Uint8Array,
  part: WelcomePart,
): CborValue => {
  const plaintext = encodeCanonical(encodeWelcomePart(part));
  const sealed = secretboxSeal({ key: partKey(epoch), nonce, plaintext });
  return { epochId: epoch.epochId, box: concatBytes(nonce, sealed) };
};

/** Total. */
export const openGroupPart = (epoch: EpochSecret, box: Uint8Array): WelcomePart | undefined => {
  if (box.length < nonceBytes) return undefined;
  const nonce = box.subarray(0, nonceBytes);
  const sealed = box.subarray(nonceBytes);
  const plaintext = secretboxOpen({ key: partKey(epoch), nonce, box: sealed });
  const value = plaintext && decodeAs(plaintext, { bytesMax: boxBytesMax, read: (part) => part });
  const part = value === undefined ? undefined : decodeWelcomePart(value);
  return part?.ok === true ? part.value : undefined;
};
