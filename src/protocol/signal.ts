/**
 * A signal: something that is true for a moment and kept nowhere (PROTOCOL §8), such as "is writing".
 *
 *     off len  field
 *     0   1    kind = 2
 *     1   16   mailbox
 *     17  24   nonce
 *     41  n    secretbox(signed record, nonce, ephemeral key of the epoch)
 *
 * The record names the device, a counter that only grows, when it ends, and what is said. It is
 * signed, since every member of the epoch holds the key.
 */
import { concatBytes, equalBytes } from '../base/bytes.ts';
import type { MaybePromise } from '../base/result.ts';
import type { CryptoBackend, Signer } from '../crypto/backend.ts';
import { secretboxOpen, secretboxSeal } from '../crypto/secretbox.ts';
import { bytesOf, naturalOf, recordOf, textUpTo } from './cbor.ts';
import type { EpochKeys } from './epochs/epoch-keys.ts';
import { limits } from './limits.ts';
import { decodeSigned, signRecord, verifySigned, type Signed } from './signed-record.ts';

export const signalKind = 2;
const label = 'sotto1/signal';
const mailboxBytes = 16;
const nonceBytes = 24;
const headerBytes = 1 + mailboxBytes + nonceBytes;

export interface Signal {
  readonly devSignPub: Uint8Array;
  readonly counter: number;
  /** By the clock of its device. */
  readonly endsAtMs: number;
  /** `typing`, or what a later version says. */
  readonly what: string;
}

const readSignal = recordOf({
  dev: bytesOf(32),
  n: naturalOf,
  ends: naturalOf,
  what: textUpTo(limits.entryTypeBytesMax),
});

export const sealSignal = async (
  keys: EpochKeys,
  { counter, endsAtMs, what }: Omit<Signal, 'devSignPub'>,
  { device, nonce }: { readonly device: Signer; readonly nonce: Uint8Array },
): Promise<Uint8Array> => {
  const record = { dev: device.publicKey, n: counter, ends: endsAtMs, what };
  const plaintext = await signRecord(device, { label, record });
  const box = secretboxSeal({ key: keys.ephemeral, nonce, plaintext });
  return concatBytes(Uint8Array.of(signalKind), keys.mailbox16, nonce, box);
};

/** Of which epoch it is; undefined: no signal. */
export const mailboxOfSignal = (frame: Uint8Array): Uint8Array | undefined => {
  const isOne =
    frame[0] === signalKind && frame.length > headerBytes && frame.length <= limits.signalBytesMax;
  return isOne ? frame.slice(1, 1 + mailboxBytes) : undefined;
};

/** [SG1] Total. What it says, and the signature that must be its device's; undefined: of no member. */
export const openSignal = (
  keys: EpochKeys,
  frame: Uint8Array,
): { readonly signal: Signal; readonly signed: Signed } | undefined => {
  const mailbox = mailboxOfSignal(frame);
  if (mailbox === undefined || !equalBytes(mailbox, keys.mailbox16)) return undefined;
  const nonce = frame.subarray(1 + mailboxBytes, headerBytes);
  const box = frame.subarray(headerBytes);
  const plaintext = secretboxOpen({ key: keys.ephemeral, nonce, box });
  const opened =
    plaintext && decodeSigned(plaintext, { bytesMax: limits.signalBytesMax, read: readSignal });
  if (opened === undefined) return undefined;
  const { dev, n, ends, what } = opened.record;
  return {
    signal: { devSignPub: dev, counter: n, endsAtMs: ends, what },
    signed: opened.signed,
  };
};

/** [SG2] A member cannot speak for another. */
export const verifySignal = (
  backend: CryptoBackend,
  { signal, signed }: { readonly signal: Signal; readonly signed: Signed },
): MaybePromise<boolean> => verifySigned(backend, { label, publicKey: signal.devSignPub, signed });
