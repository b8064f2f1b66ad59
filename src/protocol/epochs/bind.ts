/**
 * The bind: seq 0 of every log. It says under the device's own signature whose log this is, closes
 * what the device wrote before, and publishes its newest prekey (PROTOCOL §5). These bytes are the
 * whole body of the seq-0 envelope, sealed under the epoch's bind key.
 */
import { assert } from '../../base/assert.ts';
import { err, ok, type MaybePromise, type Result } from '../../base/result.ts';
import type { CryptoBackend, Signer } from '../../crypto/backend.ts';
import { arrayUpTo, bytesOf, bytesUpTo, intIn, recordOf, tupleOf } from '../cbor.ts';
import { limits } from '../limits.ts';
import { decodeSigned, signRecord, verifySigned, type Signed } from '../signed-record.ts';

const signatureLabel = 'sotto1/bind';

/** The last entry of a log that is now closed; what comes after it is back-dated. */
export interface Closing {
  readonly writerPub: Uint8Array;
  readonly seq: number;
  readonly hash: Uint8Array;
}

export interface Bind {
  readonly epochId: Uint8Array;
  readonly devSignPub: Uint8Array;
  readonly incarnation: number;
  readonly writerPub: Uint8Array;
  /** The logs written since the device's previous bind. */
  readonly closes: ReadonlyArray<Closing>;
  /** The device's newest prekey; checked by `decodePrekey` and `verifyPrekey` where it is used. */
  readonly prekeyBundle: Uint8Array;
}

/** [BI1] Signed by the device; the writer key is bound to it by this and nothing else. */
export const encodeBind = (bind: Bind, deviceSigner: Signer): MaybePromise<Uint8Array> => {
  assert(bind.closes.length <= limits.closesMax, 'a bind closes no more logs than the limit');
  return signRecord(deviceSigner, {
    label: signatureLabel,
    record: {
      epochId: bind.epochId,
      devSignPub: bind.devSignPub,
      incarnation: bind.incarnation,
      writerPub: bind.writerPub,
      closes: bind.closes.map(({ writerPub, seq, hash }) => [writerPub, seq, hash]),
      prekeyBundle: bind.prekeyBundle,
    },
  });
};

const readBind = recordOf({
  epochId: bytesOf(32),
  devSignPub: bytesOf(32),
  incarnation: intIn(0, limits.incarnationsMax - 1),
  writerPub: bytesOf(32),
  closes: arrayUpTo(
    limits.closesMax,
    tupleOf(bytesOf(32), intIn(0, limits.seqMax - 1), bytesOf(32)),
  ),
  prekeyBundle: bytesUpTo(limits.prekeyBundleBytesMax),
});

/** [BI2] Total. Nothing in it is believed before `verifyBind`. */
export const decodeBind = (bytes: Uint8Array): Result<Bind & Signed, 'malformed-bind'> => {
  const decoded = decodeSigned(bytes, { bytesMax: limits.bodyBytesMax, read: readBind });
  if (decoded === undefined) return err('malformed-bind');
  const { record, signed } = decoded;
  const closes = record.closes.map(([writerPub, seq, hash]) => ({ writerPub, seq, hash }));
  return ok({ ...record, closes, ...signed });
};

/** Whether the device it names signed it. Epoch, writer and recipients are the caller's to check. */
export const verifyBind = (backend: CryptoBackend, bind: Bind & Signed): MaybePromise<boolean> =>
  verifySigned(backend, { label: signatureLabel, publicKey: bind.devSignPub, signed: bind });
