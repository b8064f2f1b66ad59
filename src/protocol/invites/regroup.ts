/**
 * A new group made out of an old one, told inside the old one (PROTOCOL §3, Escape): the secret of
 * its first epoch, sealed to each device that belongs to it, and a welcome under a key from that
 * secret. Whoever is left out sees that something was sealed to so many devices, and nothing else.
 */
import { bytesOf, bytesUpTo, recordOf, type CborValue } from '../cbor.ts';
import { readSeal, type Seal } from '../epochs/seal.ts';
import { openPart, partBoxBytesMax, sealPart, type PartSecret } from './sealed-part.ts';
import type { WelcomePart } from './welcome.ts';

export const regroupEntry = { key: 'group-key', part: 'group-part' } as const;

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

export const readGroupPart = recordOf({ epochId: bytesOf(32), box: bytesUpTo(partBoxBytesMax) });

interface EpochSecret {
  readonly epochId: Uint8Array;
  readonly secret: Uint8Array;
}

const secretOf = ({ epochId, secret }: EpochSecret): PartSecret => ({
  id: epochId,
  secret,
  use: 'sotto1/regroup',
});

/** [RG2] A part opens for whoever has the secret of the new epoch, and for nobody else. */
export const sealGroupPart = (
  epoch: EpochSecret,
  nonce: Uint8Array,
  part: WelcomePart,
): CborValue => ({ epochId: epoch.epochId, box: sealPart(secretOf(epoch), nonce, part) });

/** Total. */
export const openGroupPart = (epoch: EpochSecret, box: Uint8Array): WelcomePart | undefined =>
  openPart(secretOf(epoch), box);
