/**
 * The envelope: one signed and sealed message with its header, the unit in the log (PROTOCOL §5).
 *
 *     off len  field
 *     0   1    kind = 1
 *     1   1    suite = 1
 *     2   16   mailbox
 *     18  32   writerPub
 *     50  8    seq, u64be
 *     58  32   prev, entryHash of the one before; zeros at seq 0
 *     90  24   nonce
 *     114 16   keyCommit
 *     130 2    ciphertext length, u16be
 *     132 n    ciphertext = secretbox(pad(body), nonce, encKey)
 *     ..  64   signature by the writer
 *
 * A secretbox has no associated data and does not commit to its key. The header is bound through
 * the key derivation and the signature; keyCommit makes an envelope open under one key only.
 * Structure and signature need no key, so any peer or mailbox can check and keep envelopes.
 */
import { assert } from '../base/assert.ts';
import {
  concatBytes,
  equalBytes,
  isZero,
  readU16be,
  readU64be,
  u16be,
  u64be,
  utf8ToBytes,
} from '../base/bytes.ts';
import { err, ok, type MaybePromise, type Result } from '../base/result.ts';
import type { CryptoBackend, Signer } from '../crypto/backend.ts';
import { hash } from '../crypto/hash.ts';
import { hmacSha512 } from '../crypto/kdf.ts';
import { secretboxOpen, secretboxOverheadBytes, secretboxSeal } from '../crypto/secretbox.ts';
import { verifySignature } from '../crypto/signature.ts';
import { limits } from './limits.ts';
import { isPaddedLength, pad, paddedLength, unpad } from './padding.ts';

export const envelopeKind = 1;
export const suite = 1;

const keyedHeaderBytes = 114; // what the encryption key is derived from
const headerBytes = 132;
const hashBytes = 32;
const signatureBytes = 64;
export const envelopeOverheadBytes = headerBytes + secretboxOverheadBytes + signatureBytes;
export const skeletonBytes = headerBytes + hashBytes + signatureBytes;

assert(
  paddedLength(limits.bodyBytesMax) + envelopeOverheadBytes <= limits.frameBytesMax,
  'a full body, padded and sealed, fits in a frame',
);

const signatureLabel = utf8ToBytes('sotto1/envelope-sig');

/** A well-formed envelope. The fields are views of `bytes`, which nothing else holds. */
export interface Envelope {
  readonly bytes: Uint8Array;
  readonly mailbox: Uint8Array;
  readonly writerPub: Uint8Array;
  readonly seq: number;
  readonly prev: Uint8Array;
  readonly nonce: Uint8Array;
  readonly keyCommit: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly signature: Uint8Array;
}

/** [EN1] Total: structure only, no keys. Kind, suite, lengths, seq, and prev zero iff seq is 0. */
export const decodeEnvelope = (input: Uint8Array): Result<Envelope, 'malformed-envelope'> => {
  if (input.length < headerBytes || input.length > limits.frameBytesMax) {
    return err('malformed-envelope');
  }
  const bytes = new Uint8Array(input); // stands alone: never keeps a whole network frame alive
  const seq = readU64be(bytes, 50);
  const prev = bytes.subarray(58, 90);
  const ciphertextBytes = readU16be(bytes, 130);
  const isWellFormed =
    bytes[0] === envelopeKind &&
    bytes[1] === suite &&
    bytes.length === headerBytes + ciphertextBytes + signatureBytes &&
    isPaddedLength(ciphertextBytes - secretboxOverheadBytes) &&
    seq !== undefined &&
    seq < limits.seqMax &&
    isZero(prev) === (seq === 0);
  if (!isWellFormed) return err('malformed-envelope');
  return ok({
    bytes,
    mailbox: bytes.subarray(2, 18),
    writerPub: bytes.subarray(18, 50),
    seq,
    prev,
    nonce: bytes.subarray(90, keyedHeaderBytes),
    keyCommit: bytes.subarray(keyedHeaderBytes, 130),
    ciphertext: bytes.subarray(headerBytes, headerBytes + ciphertextBytes),
    signature: bytes.subarray(headerBytes + ciphertextBytes),
  });
};

const ciphertextHash = (ciphertext: Uint8Array): Uint8Array => hash('sotto1/ct', ciphertext);

/** [EN2] 228 bytes that prove an entry without its content: header, ciphertext hash, signature. */
export const skeletonOf = ({ bytes, ciphertext, signature }: Envelope): Uint8Array =>
  concatBytes(bytes.subarray(0, headerBytes), ciphertextHash(ciphertext), signature);

/** [EN3] Names an entry: the next one's `prev`, and the hash in vectors, cuts and closings. */
export const entryHash = (envelope: Envelope): Uint8Array =>
  hash('sotto1/envelope', skeletonOf(envelope));

/** What the writer signs: header and ciphertext hash, so that a skeleton can be verified too. */
const signedMessage = (header: Uint8Array, ciphertext: Uint8Array): Uint8Array =>
  concatBytes(signatureLabel, header, ciphertextHash(ciphertext));

/** `(encKey ‖ keyCommit) = HMAC-SHA-512(MK, bytes[0..114])[0..48]` */
const deriveKeys = (
  messageKey: Uint8Array,
  keyedHeader: Uint8Array,
): { readonly encryptionKey: Uint8Array; readonly keyCommit: Uint8Array } => {
  assert(messageKey.length === 32, 'a message key has 32 bytes');
  const derived = hmacSha512(messageKey, keyedHeader);
  return { encryptionKey: derived.slice(0, 32), keyCommit: derived.slice(32, 48) };
};

export interface EnvelopeInput {
  /** The first 16 bytes of the epoch's mailbox id. */
  readonly mailbox: Uint8Array;
  readonly writer: Signer;
  readonly seq: number;
  /** `entryHash` of the writer's entry before; 32 zeros at seq 0. */
  readonly prev: Uint8Array;
  /** 24 random bytes. Random although the key is used once: two tabs or a restored backup may
   * come to the same seq. */
  readonly nonce: Uint8Array;
  readonly messageKey: Uint8Array;
  readonly body: Uint8Array;
}

/** [EN4] Seals and signs one body; the result always decodes, verifies and opens. */
export const sealEnvelope = async (input: EnvelopeInput): Promise<Uint8Array> => {
  const { mailbox, writer, seq, prev, nonce, messageKey, body } = input;
  assert(mailbox.length === 16, 'a mailbox prefix has 16 bytes');
  assert(writer.publicKey.length === 32, 'a writer key has 32 bytes');
  assert(seq < limits.seqMax, 'a log ends below the sequence limit');
  assert(prev.length === hashBytes && nonce.length === 24, 'prev has 32 bytes, a nonce 24');
  assert(isZero(prev) === (seq === 0), 'only the first entry has no predecessor');

  const keyedHeader = concatBytes(
    Uint8Array.of(envelopeKind, suite),
    mailbox,
    writer.publicKey,
    u64be(seq),
    prev,
    nonce,
  );
  const { encryptionKey, keyCommit } = deriveKeys(messageKey, keyedHeader);
  const ciphertext = secretboxSeal({ key: encryptionKey, nonce, plaintext: pad(body) });
  const header = concatBytes(keyedHeader, keyCommit, u16be(ciphertext.length));
  const signature = await writer.sign(signedMessage(header, ciphertext));
  return concatBytes(header, ciphertext, signature);
};

export type OpenError = 'wrong-key' | 'bad-tag' | 'bad-padding';

/** [EN5] The body. The key commitment is checked before anything is decrypted. */
export const openEnvelope = (
  { bytes, nonce, keyCommit, ciphertext }: Envelope,
  messageKey: Uint8Array,
): Result<Uint8Array, OpenError> => {
  const derived = deriveKeys(messageKey, bytes.subarray(0, keyedHeaderBytes));
  if (!equalBytes(derived.keyCommit, keyCommit)) return err('wrong-key');
  const padded = secretboxOpen({ key: derived.encryptionKey, nonce, box: ciphertext });
  if (padded === undefined) return err('bad-tag');
  const body = unpad(padded);
  return body === undefined ? err('bad-padding') : ok(body);
};

/** [EN6] Whether the writer named in the header signed header and ciphertext. */
export const verifyEnvelope = (
  backend: CryptoBackend,
  { bytes, writerPub, ciphertext, signature }: Envelope,
): MaybePromise<boolean> =>
  verifySignature(backend, {
    publicKey: writerPub,
    message: signedMessage(bytes.subarray(0, headerBytes), ciphertext),
    signature,
  });
