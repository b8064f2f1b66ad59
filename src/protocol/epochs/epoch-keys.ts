/**
 * The key schedule of an epoch (PROTOCOL §5): everything it needs follows from its id and secret.
 * An invite uses the same schedule as a pseudo-epoch whose id is the invite's (PROTOCOL §10).
 */
import { assert } from '../../base/assert.ts';
import { concatBytes, toBase64url, u32be, u64be, utf8ToBytes } from '../../base/bytes.ts';
import { hash } from '../../crypto/hash.ts';
import { hkdf, hmacSha512 } from '../../crypto/kdf.ts';
import { publicKeyFromSeed } from '../../crypto/signature.ts';
import { limits } from '../limits.ts';
import { mailboxIdOf } from '../mailbox.ts';

/** What outlives the secret when a device erases it (PROTOCOL §9). */
export interface EpochKeys {
  readonly epochId: Uint8Array;
  /** Ed25519 seed that certifies writers to a blind mailbox. */
  readonly admitSeed: Uint8Array;
  readonly admitPub: Uint8Array;
  readonly mailboxId: Uint8Array;
  /** The part of the mailbox id that each envelope carries. */
  readonly mailbox16: Uint8Array;
  /** Gossip topic. */
  readonly topic: string;
  /** Makes the meeting keys of each day. */
  readonly rdv: Uint8Array;
  /** Seals what is left at a meeting. */
  readonly rdvSeal: Uint8Array;
  /** The message key of every seq 0. */
  readonly bind: Uint8Array;
  /** Seals signals. */
  readonly ephemeral: Uint8Array;
}

const assertEpoch = (epochId: Uint8Array, secret: Uint8Array): void => {
  assert(epochId.length === 32, 'an epoch id has 32 bytes');
  assert(secret.length === 32, 'an epoch secret has 32 bytes');
};

/** The keys of an epoch that do not follow from one another. */
export type EpochRoots = Pick<
  EpochKeys,
  'epochId' | 'admitSeed' | 'topic' | 'rdv' | 'rdvSeal' | 'bind' | 'ephemeral'
>;

/** All keys of an epoch, also where its secret is gone. The public one costs most, and may be known. */
export const epochKeysOf = (
  roots: EpochRoots,
  admitPub = publicKeyFromSeed(roots.admitSeed),
): EpochKeys => {
  const mailboxId = mailboxIdOf(admitPub);
  return { ...roots, admitPub, mailboxId, mailbox16: mailboxId.slice(0, 16) };
};

/** [EK1] Each key is `HKDF(epochId, secret, "sotto1/<name>")`. */
export const deriveEpochKeys = (
  epochId: Uint8Array,
  secret: Uint8Array,
  admitPub?: Uint8Array,
): EpochKeys => {
  assertEpoch(epochId, secret);
  const derive = (info: string): Uint8Array => hkdf({ salt: epochId, ikm: secret, info });
  const roots = {
    epochId,
    admitSeed: derive('sotto1/admit'),
    topic: toBase64url(derive('sotto1/topic')),
    rdv: derive('sotto1/rdv'),
    rdvSeal: derive('sotto1/rdv-seal'),
    bind: derive('sotto1/bind'),
    ephemeral: derive('sotto1/ephemeral'),
  };
  return epochKeysOf(roots, admitPub);
};

const assertIncarnation = (incarnation: number): void => {
  assert(
    Number.isInteger(incarnation) && incarnation >= 0 && incarnation < limits.incarnationsMax,
    'an incarnation is below its limit',
  );
};

/** [EK3] The chain key for seq 1 of one device's log in this epoch. 32 bytes. */
export const chainKey = ({
  epochId,
  secret,
  devSignPub,
  incarnation,
}: {
  readonly epochId: Uint8Array;
  readonly secret: Uint8Array;
  readonly devSignPub: Uint8Array;
  readonly incarnation: number;
}): Uint8Array => {
  assertEpoch(epochId, secret);
  assert(devSignPub.length === 32, 'a device key has 32 bytes');
  assertIncarnation(incarnation);
  const info = concatBytes(utf8ToBytes('sotto1/chain'), devSignPub, u32be(incarnation));
  return hkdf({ salt: epochId, ikm: secret, info });
};

/**
 * [EK4] `(MK ‖ CK') = HMAC-SHA-512(CK, u64be(seq))`: the key of this entry and the chain key of the
 * next. One way; whoever keeps only `next` cannot open this entry again. Seq 0 is not on the chain.
 */
export const ratchet = (
  key: Uint8Array,
  seq: number,
): { readonly messageKey: Uint8Array; readonly next: Uint8Array } => {
  assert(key.length === 32, 'a chain key has 32 bytes');
  assert(seq >= 1 && seq < limits.seqMax, 'the chain starts at seq 1');
  const step = hmacSha512(key, u64be(seq));
  return { messageKey: step.slice(0, 32), next: step.slice(32) };
};

/** [EK5] Ed25519 seed of a writer: a pseudonym no outsider can link to another epoch's. */
export const writerSeed = ({
  deviceSecret,
  epochId,
  incarnation,
}: {
  readonly deviceSecret: Uint8Array;
  readonly epochId: Uint8Array;
  readonly incarnation: number;
}): Uint8Array => {
  assert(deviceSecret.length === 32, 'a device secret has 32 bytes');
  assert(epochId.length === 32, 'an epoch id has 32 bytes');
  assertIncarnation(incarnation);
  const info = concatBytes(utf8ToBytes('sotto1/writer'), epochId, u32be(incarnation));
  return hkdf({ ikm: deviceSecret, info });
};

/** [EK6] What the epoch op says of its secret; authenticates each sealed box alone. */
export const secretHash = (secret: Uint8Array): Uint8Array => hash('sotto1/secret', secret);
