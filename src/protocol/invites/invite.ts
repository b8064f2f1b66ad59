/**
 * Invites: the link, what is derived from its secret, and the request of who follows it
 * (PROTOCOL §10). A link travels through any channel, so reading one is total and says why not.
 *
 *     off len  field
 *     0   1    version = 1
 *     1   1    flags: 1 group (else direct), 2 open
 *     2   32   secret
 *     34  32   inviter: H("sotto1/identity", rootPub)
 *     66  8    expiry in ms, u64be
 *     74  1    number of relays, then of each: u8 length ‖ UTF-8
 *     ..  4    checksum = H("sotto1/invite-link", all before)[0..4]
 *
 * Later versions keep the version first and the checksum last, so that damage and age can be told
 * apart.
 */
import { assert } from '../../base/assert.ts';
import {
  bytesToUtf8,
  concatBytes,
  equalBytes,
  fromBase64url,
  readU64be,
  toBase64url,
  u64be,
  utf8ToBytes,
} from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { agreementKeyPair } from '../../crypto/agreement.ts';
import type { CryptoBackend, Signer } from '../../crypto/backend.ts';
import { hash } from '../../crypto/hash.ts';
import { hkdf } from '../../crypto/kdf.ts';
import { arrayUpTo, bytesOf, bytesUpTo, type CborValue, recordOf, textUpTo } from '../cbor.ts';
import {
  type IdentityLog,
  identityLogBytesMax,
  readIdentityLogBytes,
  verifyLogSignatures,
} from '../membership/identity.ts';
import { inviteIdOf, verifyJoinProof } from './join-proof.ts';
import { limits } from '../limits.ts';
import type { DeviceBundle } from '../membership/op-bodies.ts';

export { type JoinClaim, joinProof } from './join-proof.ts';

const version = 1;
const checksumBytes = 4;
const fixedBytes = 75;
const flag = { group: 1, open: 2 } as const;

export interface InviteLink {
  readonly kind: 'direct' | 'group';
  readonly secret: Uint8Array;
  /** The identity id of who invites: a welcome from anybody else is not believed. */
  readonly inviterRootHash: Uint8Array;
  readonly relays: ReadonlyArray<string>;
  /** A hint for honest software; nothing is decided by it. */
  readonly expiresAtMs: number;
  /** Anyone with the link is in; otherwise somebody approves. */
  readonly isOpen: boolean;
}

// ---------------------------------------------------------------- link

const checksumOf = (payload: Uint8Array): Uint8Array =>
  hash('sotto1/invite-link', payload).slice(0, checksumBytes);

const relayBytes = (relay: string): Uint8Array => {
  const text = utf8ToBytes(relay);
  assert(text.length < limits.relayAddressBytesMax, 'a relay address fits in a link');
  return concatBytes(Uint8Array.of(text.length), text);
};

/** [IN2] `base` is the page's address without a fragment. Only the fragment holds the secret. */
export const encodeInviteLink = (base: string, link: InviteLink): string => {
  assert(link.relays.length <= limits.relaysPerInviteMax, 'a link names few relays');
  assert(
    link.secret.length === 32 && link.inviterRootHash.length === 32,
    'secrets and root hashes have 32 bytes',
  );
  const flags = (link.kind === 'group' ? flag.group : 0) | (link.isOpen ? flag.open : 0);
  const payload = concatBytes(
    Uint8Array.of(version, flags),
    link.secret,
    link.inviterRootHash,
    u64be(link.expiresAtMs),
    Uint8Array.of(link.relays.length),
    ...link.relays.map(relayBytes),
  );
  return `${base}#/i/${toBase64url(concatBytes(payload, checksumOf(payload)))}`;
};

const readRelays = (bytes: Uint8Array, count: number): ReadonlyArray<string> | undefined => {
  const relays: string[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const end = at + 1 + (bytes[at] ?? 0);
    const relay = bytesToUtf8(bytes.subarray(at + 1, end));
    if (!relay.ok) return undefined;
    relays.push(relay.value);
    at = end;
  }
  return at === bytes.length ? relays : undefined;
};

const readPayload = (payload: Uint8Array): InviteLink | undefined => {
  const flags = payload[1] ?? 0;
  const relaysCount = payload[fixedBytes - 1] ?? 0;
  if (payload.length < fixedBytes || flags > (flag.group | flag.open)) return undefined;
  if (relaysCount > limits.relaysPerInviteMax) return undefined;
  const expiresAtMs = readU64be(payload, 66);
  const relays = readRelays(payload.subarray(fixedBytes), relaysCount);
  if (expiresAtMs === undefined || relays === undefined) return undefined;
  return {
    kind: (flags & flag.group) === 0 ? 'direct' : 'group',
    isOpen: (flags & flag.open) !== 0,
    secret: payload.slice(2, 34),
    inviterRootHash: payload.slice(34, 66),
    expiresAtMs,
    relays,
  };
};

export type InviteLinkError = 'mangled' | 'newer-version';

const readCode = (code: string): Result<InviteLink, InviteLinkError> => {
  const bytes = fromBase64url(code);
  if (!bytes.ok) return err('mangled');
  const payload = bytes.value.slice(0, -checksumBytes);
  const isWhole = equalBytes(bytes.value.slice(-checksumBytes), checksumOf(payload));
  if (!isWhole) return err('mangled');
  if ((payload[0] ?? 0) > version) return err('newer-version');
  const link = payload[0] === version ? readPayload(payload) : undefined;
  return link === undefined ? err('mangled') : ok(link);
};

// The marker begins a fragment, or the text itself where only the fragment was pasted.
const marker = /(?:^|#)\/?i\//u;

/**
 * [IN3] Total. Finds the link in whatever was pasted: a whole address, the fragment alone, with
 * white space or words around it, or wrapped over several lines.
 */
export const decodeInviteLink = (text: string): Result<InviteLink, InviteLinkError> => {
  const pasted = text.trim();
  const found = marker.exec(pasted);
  if (found === null || pasted.length > 2 * limits.linkCharsMax) return err('mangled');
  const rest = pasted.slice(found.index + found[0].length);
  const code = /^[\w-]*/u.exec(rest)?.[0] ?? '';
  const link = readCode(code);
  if (link.ok || link.error === 'newer-version') return link;
  // Mail programs wrap long lines.
  const unwrapped = /^[\w-]*/u.exec(rest.replace(/\s+/gu, ''))?.[0] ?? '';
  return readCode(unwrapped);
};

// ---------------------------------------------------------------- what the secret gives

export interface DerivedInvite {
  /** Also the id of the pseudo-epoch in which both sides meet. */
  readonly inviteId: Uint8Array;
  readonly invPub: Uint8Array;
  readonly invSigner: Signer;
  /** The pseudo-epoch's secret: same schedule, mailbox and meeting as any epoch's. */
  readonly pseudoSecret: Uint8Array;
  readonly boxSeed: Uint8Array;
}

/** [IN1] Everything that follows from the 32 bytes in a link. */
export const deriveInvite = async (
  backend: CryptoBackend,
  secret: Uint8Array,
): Promise<DerivedInvite> => {
  const signSeed = hkdf({ ikm: secret, info: 'sotto1/inv-sign' });
  const invSigner = await backend.signerFromSeed(signSeed);
  const invPub = invSigner.publicKey;
  return {
    inviteId: inviteIdOf(invPub),
    invPub,
    invSigner,
    pseudoSecret: hkdf({ ikm: secret, info: 'sotto1/inv-epoch' }),
    boxSeed: hkdf({ ikm: secret, info: 'sotto1/inv-box' }),
  };
};

/**
 * [HI3] The X25519 seed to which members seal what the link shares. No op tells it: members and
 * holders of other links know an invite's room, and not this.
 */
export const historySeedOf = (secret: Uint8Array): Uint8Array =>
  hkdf({ ikm: secret, info: 'sotto1/inv-history' });

/** What the invite says of it, so that every member can seal to it. */
export const historyPubOf = (secret: Uint8Array): Uint8Array =>
  agreementKeyPair(historySeedOf(secret)).publicKey;

// ---------------------------------------------------------------- request

/** What somebody who follows a link sends, sealed in the pseudo-epoch. */
export interface JoinRequest {
  readonly identityLog: Uint8Array;
  readonly devSignPub: Uint8Array;
  readonly prekeyBundles: ReadonlyArray<DeviceBundle>;
  readonly name: string;
  readonly nonce: Uint8Array;
  readonly proof: Uint8Array;
}

export const encodeJoinRequest = (request: JoinRequest): CborValue => ({
  identityLog: request.identityLog,
  devSignPub: request.devSignPub,
  prekeyBundles: request.prekeyBundles.map(({ devSignPub, bundle }) => ({ devSignPub, bundle })),
  name: request.name,
  nonce: request.nonce,
  proof: request.proof,
});

const readJoinRequest = recordOf({
  identityLog: bytesUpTo(identityLogBytesMax),
  devSignPub: bytesOf(32),
  prekeyBundles: arrayUpTo(
    limits.bundlesPerOpMax,
    recordOf({ devSignPub: bytesOf(32), bundle: bytesUpTo(limits.prekeyBundleBytesMax) }),
  ),
  name: textUpTo(limits.nameBytesMax),
  nonce: bytesOf(16),
  proof: bytesOf(64),
});

/** Total. */
export const decodeJoinRequest = (
  payload: CborValue,
): Result<JoinRequest, 'malformed-join-request'> => {
  const request = readJoinRequest(payload);
  return request === undefined ? err('malformed-join-request') : ok(request);
};

/** [IN7] Who asks: a root-signed log that names the asking device, and proof of the link. */
export const verifyJoinRequest = async (
  backend: CryptoBackend,
  request: JoinRequest,
  invPub: Uint8Array,
): Promise<Result<IdentityLog, 'bad-join-request'>> => {
  const log = readIdentityLogBytes(request.identityLog);
  if (log === undefined) return err('bad-join-request');
  const { devSignPub, nonce, proof } = request;
  const isOwnDevice = log.devices.some((device) => equalBytes(device.devSignPub, devSignPub));
  const claim = { inviteId: inviteIdOf(invPub), identityId: log.identityId, devSignPub, nonce };
  const isVerified =
    isOwnDevice &&
    (await verifyJoinProof(backend, { ...claim, invPub, proof })) &&
    (await verifyLogSignatures(backend, log));
  return isVerified ? ok(log) : err('bad-join-request');
};
