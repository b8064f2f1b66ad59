/** Sealing and opening envelopes (PROTOCOL §5); what they look like is in envelope.ts. */
import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes, isZero, u16be, u64be } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Signer } from '../crypto/backend.ts';
import { hmacSha512 } from '../crypto/kdf.ts';
import { secretboxOpen, secretboxSeal } from '../crypto/secretbox.ts';
import { envelopeKind, keyedHeaderBytes, signedMessage, suite, type Envelope } from './envelope.ts';
import { limits } from './limits.ts';
import { pad, unpad } from './padding.ts';

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
  assert(prev.length === 32 && nonce.length === 24, 'prev has 32 bytes, a nonce 24');
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
