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
 * Structure and signature need no key, so any peer or mailbox can check and keep envelopes; sealing
 * and opening are in envelope-box.ts, which nothing that holds no key imports.
 */
import { assert } from '../base/assert.ts';
import { concatBytes, isZero, readU16be, readU64be, utf8ToBytes } from '../base/bytes.ts';
import { err, ok, type MaybePromise, type Result } from '../base/result.ts';
import type { CryptoBackend } from '../crypto/backend.ts';
import { hash } from '../crypto/hash.ts';
import { verifySignature } from '../crypto/signature.ts';
import { limits } from './limits.ts';
import { isPaddedLength, paddedLength } from './padding.ts';

export const envelopeKind = 1;
export const suite = 1;

export const keyedHeaderBytes = 114; // what the encryption key is derived from
const headerBytes = 132;
const hashBytes = 32;
const secretboxOverheadBytes = 16; // its tag
const signatureBytes = 64;
export const envelopeOverheadBytes = headerBytes + secretboxOverheadBytes + signatureBytes;
export const skeletonBytes = headerBytes + hashBytes + signatureBytes;

assert(
  paddedLength(limits.bodyBytesMax) + envelopeOverheadBytes <= limits.frameBytesMax,
  'a full body, padded and sealed, fits in a frame',
);

const signatureLabel = utf8ToBytes('sotto1/envelope-sig');

/** A well-formed envelope. The fields are views of `bytes`. */
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
  if (input.length > limits.frameBytesMax) return err('malformed-envelope'); // not worth a copy
  return viewEnvelope(new Uint8Array(input)); // stands alone: never keeps a whole network frame alive
};

/** The same over bytes that stand alone already, and that nobody changes: they are not copied. */
export const viewEnvelope = (bytes: Uint8Array): Result<Envelope, 'malformed-envelope'> => {
  if (bytes.length < headerBytes) return err('malformed-envelope');
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

const ciphertextHashOf = (ciphertext: Uint8Array): Uint8Array => hash('sotto1/ct', ciphertext);

/** What follows from an envelope, which never changes: gate, log and fold each ask for it. */
const ciphertextHashes = new WeakMap<Envelope, Uint8Array>();
const entryHashes = new WeakMap<Envelope, Uint8Array>();

const ciphertextHash = (envelope: Envelope): Uint8Array => {
  const known = ciphertextHashes.get(envelope);
  if (known !== undefined) return known;
  const made = ciphertextHashOf(envelope.ciphertext);
  ciphertextHashes.set(envelope, made);
  return made;
};

/** [EN2] 228 bytes that prove an entry without its content: header, ciphertext hash, signature. */
export const skeletonOf = (envelope: Envelope): Uint8Array => {
  const { bytes, signature } = envelope;
  return concatBytes(bytes.subarray(0, headerBytes), ciphertextHash(envelope), signature);
};

/** [EN3] Names an entry: the next one's `prev`, and the hash in vectors, cuts and closings. */
export const entryHash = (envelope: Envelope): Uint8Array => {
  const known = entryHashes.get(envelope);
  if (known !== undefined) return known;
  const made = hash('sotto1/envelope', skeletonOf(envelope));
  entryHashes.set(envelope, made);
  return made;
};

const signedParts = (header: Uint8Array, ofCiphertext: Uint8Array): Uint8Array =>
  concatBytes(signatureLabel, header, ofCiphertext);

/** What the writer signs: header and ciphertext hash, so that a skeleton can be verified too. */
export const signedMessage = (header: Uint8Array, ciphertext: Uint8Array): Uint8Array =>
  signedParts(header, ciphertextHashOf(ciphertext));

/** [EN6] Whether the writer named in the header signed header and ciphertext. */
export const verifyEnvelope = (backend: CryptoBackend, envelope: Envelope): MaybePromise<boolean> =>
  verifySignature(backend, {
    publicKey: envelope.writerPub,
    message: signedParts(envelope.bytes.subarray(0, headerBytes), ciphertextHash(envelope)),
    signature: envelope.signature,
  });
