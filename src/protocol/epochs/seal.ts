/**
 * Sealing an epoch secret to devices (PROTOCOL §4). One ephemeral key E for all; per recipient
 *
 *     k   = HKDF(epochId, DH(E, prekey) [‖ ss], "sotto1/seal" ‖ E ‖ prekey ‖ H(ct))
 *     box = prekeyId8 ‖ [ct] ‖ secretbox(secret, nonce 0, k)
 *
 * with ss and ct from ML-KEM-768, and H(ct) empty without it. The zero nonce is safe because k is
 * used once: E is fresh. A device whose prekey is not known, or is no good, is sealed to its
 * certified inbox key, with zeros as prekeyId8. Boxes stand in the order of `recipientsDigest`;
 * `secretHash` of the epoch op authenticates each of them alone.
 */
import { assert } from '../../base/assert.ts';
import { compareBytes, concatBytes, equalBytes, isZero, utf8ToBytes } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { agree, agreementKeyPair, type AgreementKeyPair } from '../../crypto/agreement.ts';
import type { CryptoBackend } from '../../crypto/backend.ts';
import { hash } from '../../crypto/hash.ts';
import { hkdf } from '../../crypto/kdf.ts';
import { kemCiphertextBytes } from '../../crypto/kem-sizes.ts';
import { lateCrypto } from '../../crypto/late.ts';
import { secretboxOpen, secretboxOverheadBytes, secretboxSeal } from '../../crypto/secretbox.ts';
import { arrayUpTo, bytesOf, intIn, recordOf, type CborValue, type Read } from '../cbor.ts';
import { secretHash as secretHashOf } from './epoch-keys.ts';
import { limits } from '../limits.ts';
import { decodePrekey, noPrekeyId, prekeyId, prekeyIdBytes, type PrekeySecret } from './prekey.ts';

const secretBytes = 32;
const sealedBytes = secretBytes + secretboxOverheadBytes;
const plainBoxBytes = prekeyIdBytes + sealedBytes;
const hybridBoxBytes = prekeyIdBytes + kemCiphertextBytes + sealedBytes;
const zeroNonce = new Uint8Array(24);
const nothing = new Uint8Array(0);
const sealLabel = utf8ToBytes('sotto1/seal');

export interface SealRecipient {
  readonly devSignPub: Uint8Array;
  /** Certified in the identity log; used until a prekey is known. */
  readonly inboxPub: Uint8Array;
  /** The device's newest bundle whose signature was verified. */
  readonly prekey: Uint8Array | undefined;
}

/** The payload of one `seal` entry: boxes `first`, `first + 1`, … of the recipients. */
export interface Seal {
  readonly epochId: Uint8Array;
  readonly ephemeralPub: Uint8Array;
  readonly first: number;
  readonly boxes: ReadonlyArray<Uint8Array>;
}

/** [SE1] Names a set of devices: the digest of their keys in byte order. */
export const recipientsDigest = (devSignPubs: ReadonlyArray<Uint8Array>): Uint8Array =>
  hash('sotto1/recipients', concatBytes(...[...devSignPubs].sort(compareBytes)));

interface BoxKeyInput {
  readonly epochId: Uint8Array;
  readonly ephemeralPub: Uint8Array;
  /** The recipient's X25519 key: of the prekey, or the inbox. */
  readonly recipientPub: Uint8Array;
  readonly shared: Uint8Array;
  readonly kem: { readonly secret: Uint8Array; readonly ciphertext: Uint8Array } | undefined;
}

const boxKey = ({ epochId, ephemeralPub, recipientPub, shared, kem }: BoxKeyInput): Uint8Array =>
  hkdf({
    salt: epochId,
    ikm: concatBytes(shared, kem?.secret ?? nothing),
    info: concatBytes(
      sealLabel,
      ephemeralPub,
      recipientPub,
      kem === undefined ? nothing : hash('sotto1/seal-ct', kem.ciphertext),
    ),
  });

/** Randomness as an argument; `Random` of the platform port is one. */
export interface RandomSource {
  bytes(length: number): Uint8Array;
}

interface SealContext {
  readonly backend: CryptoBackend;
  readonly epochId: Uint8Array;
  readonly ephemeral: AgreementKeyPair;
  readonly secret: Uint8Array;
}

interface SealTarget {
  readonly id: Uint8Array;
  readonly x25519Pub: Uint8Array;
  readonly kem: BoxKeyInput['kem'];
}

/** Undefined where the target's key is of small order. */
const sealBox = async (
  { backend, epochId, ephemeral, secret }: SealContext,
  { id, x25519Pub, kem }: SealTarget,
): Promise<Uint8Array | undefined> => {
  const shared = await agree(backend, {
    secretKey: ephemeral.secretKey,
    publicKey: x25519Pub,
  });
  if (!shared.ok) return undefined;
  const key = boxKey({
    epochId,
    ephemeralPub: ephemeral.publicKey,
    recipientPub: x25519Pub,
    shared: shared.value,
    kem,
  });
  const sealed = secretboxSeal({ key, nonce: zeroNonce, plaintext: secret });
  return concatBytes(id, kem?.ciphertext ?? nothing, sealed);
};

/** Undefined where the bundle cannot be used: its device published a key that is none. */
const prekeyTarget = async (
  bundle: Uint8Array,
  coins: Uint8Array | undefined,
): Promise<SealTarget | undefined> => {
  const prekey = decodePrekey(bundle);
  if (!prekey.ok) return undefined;
  const { x25519Pub, kemPub } = prekey.value;
  const id = prekeyId(bundle);
  if (coins === undefined) return { id, x25519Pub, kem: undefined };
  const { kemEncapsulate } = await lateCrypto();
  const kem = kemEncapsulate(kemPub, coins);
  return kem.ok ? { id, x25519Pub, kem: kem.value } : undefined;
};

/**
 * [SE2] Seals the secret to each recipient, in their order, in seals of at most 24 boxes. A device
 * that can be sealed to in no way, or need not, gets an empty box, so that the others keep their places.
 */
export const sealSecret = async (
  backend: CryptoBackend,
  random: RandomSource,
  {
    epochId,
    secret,
    recipients,
    isHybrid,
  }: {
    readonly epochId: Uint8Array;
    readonly secret: Uint8Array;
    /** In the order of `recipientsDigest`; undefined: the device that seals, which has it. */
    readonly recipients: ReadonlyArray<SealRecipient | undefined>;
    /** With ML-KEM where a prekey is known. */
    readonly isHybrid: boolean;
  },
): Promise<ReadonlyArray<Seal>> => {
  assert(epochId.length === 32 && secret.length === secretBytes, 'ids and secrets have 32 bytes');
  assert(recipients.length <= limits.devicesMax, 'no more devices than a conversation may have');
  const ephemeral = agreementKeyPair(random.bytes(32));
  const context = { backend, epochId, ephemeral, secret };
  const boxes: Uint8Array[] = [];
  for (const recipient of recipients) {
    if (recipient === undefined) {
      boxes.push(nothing);
      continue;
    }
    const { inboxPub, prekey } = recipient;
    const target = prekey && (await prekeyTarget(prekey, isHybrid ? random.bytes(32) : undefined));
    const toInbox = { id: noPrekeyId, x25519Pub: inboxPub, kem: undefined };
    const box = (target && (await sealBox(context, target))) ?? (await sealBox(context, toInbox));
    boxes.push(box ?? nothing);
  }
  const seals: Seal[] = [];
  for (let first = 0; first < boxes.length; first += limits.sealBoxesMax) {
    seals.push({
      epochId,
      ephemeralPub: ephemeral.publicKey,
      first,
      boxes: boxes.slice(first, first + limits.sealBoxesMax),
    });
  }
  return seals;
};

export type OpenSealError = 'not-for-us' | 'bad-box' | 'wrong-secret';

export interface OpenSealInput {
  readonly epochId: Uint8Array;
  /** From the epoch op. */
  readonly secretHash: Uint8Array;
  readonly ephemeralPub: Uint8Array;
  readonly box: Uint8Array;
  /** This device's prekeys in the conversation that are not erased. */
  readonly prekeys: ReadonlyArray<{ readonly secret: PrekeySecret; readonly bundle: Uint8Array }>;
  readonly inboxSeed: Uint8Array;
}

/** Which of this device's keys the box names. */
const findOwnKeys = (
  id: Uint8Array,
  { prekeys, inboxSeed }: OpenSealInput,
): { readonly x25519Seed: Uint8Array; readonly kemSeed: Uint8Array | undefined } | undefined => {
  if (isZero(id)) return { x25519Seed: inboxSeed, kemSeed: undefined };
  return prekeys.find(({ bundle }) => equalBytes(prekeyId(bundle), id))?.secret;
};

/**
 * [SE3] Total. `not-for-us`: it names a prekey that is not ours (any more). `bad-box`: it does not
 * open. `wrong-secret`: it opens to something that the epoch op does not promise.
 */
export const openSealBox = async (
  backend: CryptoBackend,
  input: OpenSealInput,
): Promise<Result<Uint8Array, OpenSealError>> => {
  const { epochId, ephemeralPub, box } = input;
  const isHybrid = box.length === hybridBoxBytes;
  if (!isHybrid && box.length !== plainBoxBytes) return err('bad-box');
  const own = findOwnKeys(box.subarray(0, prekeyIdBytes), input);
  if (own === undefined) return err('not-for-us');
  if (isHybrid && own.kemSeed === undefined) return err('bad-box');

  const pair = agreementKeyPair(own.x25519Seed);
  const shared = await agree(backend, { secretKey: pair.secretKey, publicKey: ephemeralPub });
  if (!shared.ok) return err('bad-box');
  const kem = isHybrid && own.kemSeed ? await openKem(box, own.kemSeed) : undefined;
  const key = boxKey({
    epochId,
    ephemeralPub,
    recipientPub: pair.publicKey,
    shared: shared.value,
    kem,
  });
  const secret = secretboxOpen({ key, nonce: zeroNonce, box: box.subarray(-sealedBytes) });
  if (secret === undefined) return err('bad-box');
  return equalBytes(secretHashOf(secret), input.secretHash) ? ok(secret) : err('wrong-secret');
};

const openKem = async (
  box: Uint8Array,
  kemSeed: Uint8Array,
): Promise<NonNullable<BoxKeyInput['kem']>> => {
  const { kemDecapsulate, kemKeyPair } = await lateCrypto();
  const ciphertext = box.subarray(prekeyIdBytes, prekeyIdBytes + kemCiphertextBytes);
  const secret = kemDecapsulate(ciphertext, kemKeyPair(kemSeed).secretKey);
  assert(secret.ok, 'a ciphertext of the right length always gives a secret');
  return { secret: secret.value, ciphertext };
};

/** The payload of a `seal` entry; also a part of welcomes and sync frames. */
export const encodeSeal = ({ epochId, ephemeralPub, first, boxes }: Seal): CborValue => ({
  epochId,
  ephemeralPub,
  first,
  boxes,
});

const readBox: Read<Uint8Array> = (value) =>
  value instanceof Uint8Array && [0, plainBoxBytes, hybridBoxBytes].includes(value.length)
    ? value
    : undefined;

/** [SE4] Total; a box has one of three lengths, the empty one included. */
export const readSeal: Read<Seal> = recordOf({
  epochId: bytesOf(32),
  ephemeralPub: bytesOf(32),
  first: intIn(0, limits.devicesMax - 1),
  boxes: arrayUpTo(limits.sealBoxesMax, readBox),
});

export const decodeSeal = (payload: CborValue): Result<Seal, 'malformed-seal'> => {
  const seal = readSeal(payload);
  return seal === undefined ? err('malformed-seal') : ok(seal);
};
