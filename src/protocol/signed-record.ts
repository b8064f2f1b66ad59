/**
 * A record signed by a device: `canonical CBOR ‖ 64-byte signature over (label ‖ CBOR)`. The bytes
 * are kept as received; nothing is ever encoded again to check a signature.
 */
import { concatBytes, utf8ToBytes } from '../base/bytes.ts';
import type { MaybePromise } from '../base/result.ts';
import type { CryptoBackend, Signer } from '../crypto/backend.ts';
import { verifySignature } from '../crypto/signature.ts';
import { decodeAs, encodeCanonical, type CborValue, type Read } from './cbor.ts';

const signatureBytes = 64;

/** What was signed and by what signature; who must have signed it, the caller knows. */
export interface Signed {
  /** The record's CBOR, without the label. */
  readonly signedBytes: Uint8Array;
  readonly signature: Uint8Array;
}

const messageOf = (label: string, signedBytes: Uint8Array): Uint8Array =>
  concatBytes(utf8ToBytes(label), signedBytes);

export const signRecord = async (
  signer: Signer,
  { label, record }: { readonly label: string; readonly record: CborValue },
): Promise<Uint8Array> => {
  const signedBytes = encodeCanonical(record);
  return concatBytes(signedBytes, await signer.sign(messageOf(label, signedBytes)));
};

/** Total. The signature is cut off, not checked. */
export const decodeSigned = <T>(
  input: Uint8Array,
  { bytesMax, read }: { readonly bytesMax: number; readonly read: Read<T> },
): { readonly record: T; readonly signed: Signed } | undefined => {
  if (input.length > bytesMax) return undefined;
  const signedBytes = input.slice(0, -signatureBytes);
  const record = decodeAs(signedBytes, { bytesMax, read });
  return record === undefined
    ? undefined
    : { record, signed: { signedBytes, signature: input.slice(-signatureBytes) } };
};

export const verifySigned = (
  backend: CryptoBackend,
  {
    label,
    publicKey,
    signed,
  }: { readonly label: string; readonly publicKey: Uint8Array; readonly signed: Signed },
): MaybePromise<boolean> =>
  verifySignature(backend, {
    publicKey,
    message: messageOf(label, signed.signedBytes),
    signature: signed.signature,
  });
