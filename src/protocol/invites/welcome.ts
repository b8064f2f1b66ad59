/**
 * The welcome: everything a newcomer needs to take part (PROTOCOL §4, §10). It can be larger than
 * one entry, so it travels in numbered parts. Every part carries the hashes of all parts, which
 * together name the welcome: a part is good or bad by itself, and a stranger's part cannot spoil
 * somebody else's welcome. Secrets are boxed to the newcomer's prekeys, never in the clear.
 */
import { concatBytes, equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CryptoBackend } from '../../crypto/backend.ts';
import { hash } from '../../crypto/hash.ts';
import {
  arrayUpTo,
  bytesOf,
  bytesUpTo,
  type CborValue,
  decodeAs,
  encodeCanonical,
  intIn,
  oneOf,
  recordOf,
  textUpTo,
} from '../cbor.ts';
import {
  type IdentityLog,
  identityLogBytesMax,
  readIdentityLogBytes,
  verifyLogSignatures,
} from '../membership/identity.ts';
import { limits } from '../limits.ts';
import type { DeviceBundle } from '../membership/op-bodies.ts';
import { type ControlOp, convIdOf, decodeOp, keyOf, verifyOpSignature } from '../membership/ops.ts';
import { encodeSeal, readSeal, type Seal } from '../epochs/seal.ts';

const version = 1;
const hashBytes = 32;
const partOverheadBytes = limits.invitePartsMax * hashBytes + 64;
const chunkBytes = limits.opsPayloadBytesMax - partOverheadBytes;
const welcomeBytesMax = limits.invitePartsMax * chunkBytes;

export interface Welcome {
  /** The conversation's control ops, parents first. */
  readonly ops: ReadonlyArray<Uint8Array>;
  /** The `invite`: one of `ops` in a group, of the inviter's own notes for a direct. */
  readonly inviteOp: Uint8Array;
  readonly inviterLog: Uint8Array;
  /** The epoch to start in, and its secret for each of the newcomer's devices. */
  readonly epochId: Uint8Array;
  readonly seals: ReadonlyArray<Seal>;
  /** Secrets of older epochs, as the adder chose to share history. */
  readonly olderSeals: ReadonlyArray<Seal>;
  readonly relays: ReadonlyArray<string>;
  /** Newest prekeys of the members' devices. */
  readonly bundles: ReadonlyArray<DeviceBundle>;
}

// ---------------------------------------------------------------- the whole

const readWelcome = recordOf({
  v: oneOf(version),
  ops: arrayUpTo(limits.welcomeOpsMax, bytesUpTo(limits.opBytesMax)),
  inviteOp: bytesUpTo(limits.opBytesMax),
  inviterLog: bytesUpTo(identityLogBytesMax),
  epochId: bytesOf(32),
  seals: arrayUpTo(limits.welcomeSealsMax, readSeal),
  olderSeals: arrayUpTo(limits.welcomeSealsMax, readSeal),
  relays: arrayUpTo(limits.relaysMax, textUpTo(limits.relayAddressBytesMax)),
  bundles: arrayUpTo(
    limits.devicesMax,
    recordOf({ devSignPub: bytesOf(32), bundle: bytesUpTo(limits.prekeyBundleBytesMax) }),
  ),
});

export const encodeWelcome = (welcome: Welcome): Uint8Array =>
  encodeCanonical({
    v: version,
    ops: welcome.ops,
    inviteOp: welcome.inviteOp,
    inviterLog: welcome.inviterLog,
    epochId: welcome.epochId,
    seals: welcome.seals.map(encodeSeal),
    olderSeals: welcome.olderSeals.map(encodeSeal),
    relays: welcome.relays,
    bundles: welcome.bundles.map(({ devSignPub, bundle }) => ({ devSignPub, bundle })),
  });

/** [WE1] Total. Nothing in it is believed before `verifyWelcomeInvite` and the resolver. */
export const decodeWelcome = (bytes: Uint8Array): Result<Welcome, 'malformed-welcome'> => {
  const welcome = decodeAs(bytes, { bytesMax: welcomeBytesMax, read: readWelcome });
  if (welcome === undefined) return err('malformed-welcome');
  const { ops, inviteOp, inviterLog, epochId, seals, olderSeals, relays, bundles } = welcome;
  return ok({ ops, inviteOp, inviterLog, epochId, seals, olderSeals, relays, bundles });
};

/** The conversation that these operations make; they all belong to one, or are left out later. */
export const convIdIn = (ops: ReadonlyArray<Uint8Array>): Uint8Array | undefined => {
  for (const bytes of ops) {
    const op = decodeOp(bytes);
    if (op.ok && op.value.body.type === 'create') return convIdOf(op.value.body);
  }
  return undefined;
};

export interface ExpectedInvite {
  /** As derived from the link's secret. */
  readonly invPub: Uint8Array;
  /** As the link says. */
  readonly inviterRootHash: Uint8Array;
}

export interface VerifiedInvite {
  readonly inviteOp: ControlOp;
  readonly inviterLog: IdentityLog;
}

/**
 * [WE2] A welcome is believed only if it holds an `invite` for this link, signed by a device of the
 * identity that the link names. For a group the op must also be valid in the welcome's own ops.
 */
export const verifyWelcomeInvite = async (
  backend: CryptoBackend,
  welcome: Pick<Welcome, 'inviteOp' | 'inviterLog'>,
  expected: ExpectedInvite,
): Promise<Result<VerifiedInvite, 'not-from-inviter'>> => {
  const inviterLog = readIdentityLogBytes(welcome.inviterLog);
  const decoded = decodeOp(welcome.inviteOp);
  if (inviterLog === undefined || !decoded.ok) return err('not-from-inviter');
  const inviteOp = decoded.value;
  const isFromInviter =
    equalBytes(inviterLog.identityId, expected.inviterRootHash) &&
    equalBytes(inviteOp.identityId, expected.inviterRootHash) &&
    inviterLog.certifiedKeys.has(keyOf(inviteOp.devSignPub)) &&
    inviteOp.body.type === 'invite' &&
    equalBytes(inviteOp.body.invPub, expected.invPub) &&
    (await verifyLogSignatures(backend, inviterLog)) &&
    (await verifyOpSignature(backend, inviteOp));
  return isFromInviter ? ok({ inviteOp, inviterLog }) : err('not-from-inviter');
};

// ---------------------------------------------------------------- parts

export interface WelcomePart {
  /** Of all parts, joined. */
  readonly hashes: Uint8Array;
  readonly index: number;
  readonly bytes: Uint8Array;
}

const partHash = (bytes: Uint8Array): Uint8Array => hash('sotto1/welcome-part', bytes);

/** [WE3] At most `invitePartsMax` parts, each small enough for one entry. */
export const splitWelcome = (
  bytes: Uint8Array,
): Result<ReadonlyArray<WelcomePart>, 'welcome-too-big'> => {
  if (bytes.length > welcomeBytesMax) return err('welcome-too-big');
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    chunks.push(bytes.slice(at, at + chunkBytes));
  }
  const hashes = concatBytes(...chunks.map(partHash));
  return ok(chunks.map((chunk, index) => ({ hashes, index, bytes: chunk })));
};

export const encodeWelcomePart = ({ hashes, index, bytes }: WelcomePart): CborValue => ({
  hashes,
  index,
  bytes,
});

const readPart = recordOf({
  hashes: bytesUpTo(limits.invitePartsMax * hashBytes),
  index: intIn(0, limits.invitePartsMax - 1),
  bytes: bytesUpTo(chunkBytes),
});

/** [WE4] Total. A part that reads is the one its hashes name. */
export const decodeWelcomePart = (
  payload: CborValue,
): Result<WelcomePart, 'malformed-welcome-part'> => {
  const part = readPart(payload);
  if (part === undefined || part.hashes.length % hashBytes !== 0) {
    return err('malformed-welcome-part');
  }
  const named = part.hashes.subarray(part.index * hashBytes, (part.index + 1) * hashBytes);
  return equalBytes(named, partHash(part.bytes)) ? ok(part) : err('malformed-welcome-part');
};

/**
 * [WE5] The welcomes of which all parts are there, in the order in which they became whole. Parts
 * may come in any order, repeated, and mixed with those of other welcomes; all must have come from
 * `decodeWelcomePart`. How many to keep is the caller's limit.
 */
export const joinWelcomes = (parts: ReadonlyArray<WelcomePart>): ReadonlyArray<Uint8Array> => {
  const partsByWelcome = new Map<string, Map<number, Uint8Array>>();
  const whole: Uint8Array[] = [];
  for (const { hashes, index, bytes } of parts) {
    const id = toHex(hash('sotto1/welcome', hashes));
    const known = partsByWelcome.get(id) ?? new Map<number, Uint8Array>();
    partsByWelcome.set(id, known);
    if (known.has(index)) continue;
    known.set(index, bytes);
    const count = hashes.length / hashBytes;
    if (known.size === count) {
      whole.push(concatBytes(...Array.from({ length: count }, (_, at) => known.get(at) ?? bytes)));
    }
  }
  return whole;
};
