/**
 * Prekeys: what a device publishes so that others can seal an epoch secret to it (PROTOCOL §2).
 * X25519 for now and ML-KEM-768 beside it, per device and conversation, signed by the device.
 */
import { err, ok, type MaybePromise, type Result } from '../../base/result.ts';
import { agreementKeyPair } from '../../crypto/agreement.ts';
import type { CryptoBackend, Signer } from '../../crypto/backend.ts';
import { hash } from '../../crypto/hash.ts';
import { kemPublicKeyBytes } from '../../crypto/kem-sizes.ts';
import { lateCrypto } from '../../crypto/late.ts';
import { bytesOf, naturalOf, oneOf, recordOf } from '../cbor.ts';
import { limits } from '../limits.ts';
import { decodeSigned, signRecord, verifySigned, type Signed } from '../signed-record.ts';

const version = 1;
const signatureLabel = 'sotto1/prekey-sig';
export const prekeyIdBytes = 8;

/** Kept in the vault until no unopened epoch can need it. */
export interface PrekeySecret {
  /** 32 random bytes. */
  readonly x25519Seed: Uint8Array;
  /** 64 random bytes. */
  readonly kemSeed: Uint8Array;
}

export interface Prekey extends Signed {
  /** All bytes, signature included: what travels and what `prekeyId` names. */
  readonly bundle: Uint8Array;
  readonly x25519Pub: Uint8Array;
  readonly kemPub: Uint8Array;
  /** By the device's own clock; only the device itself acts on it. */
  readonly createdAtMs: number;
}

/** [PK1] The signed bundle of a prekey. */
export const createPrekey = async ({
  secret,
  deviceSigner,
  createdAtMs,
}: {
  readonly secret: PrekeySecret;
  readonly deviceSigner: Signer;
  readonly createdAtMs: number;
}): Promise<Uint8Array> => {
  const { kemKeyPair } = await lateCrypto();
  return signRecord(deviceSigner, {
    label: signatureLabel,
    record: {
      v: version,
      x25519Pub: agreementKeyPair(secret.x25519Seed).publicKey,
      kemPub: kemKeyPair(secret.kemSeed).publicKey,
      createdAtMs,
    },
  });
};

const readPrekey = recordOf({
  v: oneOf(version),
  x25519Pub: bytesOf(32),
  kemPub: bytesOf(kemPublicKeyBytes),
  createdAtMs: naturalOf,
});

/** [PK2] Total. The signature is not checked here: `verifyPrekey` does, under the device's key. */
export const decodePrekey = (bundle: Uint8Array): Result<Prekey, 'malformed-prekey'> => {
  const decoded = decodeSigned(bundle, {
    bytesMax: limits.prekeyBundleBytesMax,
    read: readPrekey,
  });
  if (decoded === undefined) return err('malformed-prekey');
  const { x25519Pub, kemPub, createdAtMs } = decoded.record;
  return ok({ bundle: bundle.slice(), x25519Pub, kemPub, createdAtMs, ...decoded.signed });
};

export const verifyPrekey = (
  backend: CryptoBackend,
  prekey: Prekey,
  devSignPub: Uint8Array,
): MaybePromise<boolean> =>
  verifySigned(backend, { label: signatureLabel, publicKey: devSignPub, signed: prekey });

/** [PK3] The first 8 bytes of `H("sotto1/prekey", bundle)`: tells a device which prekey to use. */
export const prekeyId = (bundle: Uint8Array): Uint8Array =>
  hash('sotto1/prekey', bundle).slice(0, prekeyIdBytes);

/** In the place of an id: the box is for the device's inbox. */
export const noPrekeyId: Uint8Array = new Uint8Array(prekeyIdBytes);
