/**
 * [SY] What two peers say on one link: `/sotto/sync/1` (PROTOCOL §7). Frames are deterministic CBOR
 * maps with a `t`; the log entries inside an `update` are canonical Yjs V1 and go through the gate.
 *
 * greet   my nonce, and a tag for each epoch I may speak about: whoever holds the epoch knows it
 * hello   which device I am, sealed under a shared epoch's ephemeral key
 * vector  what I hold of these epochs: a hash, or rows (writer, next seq, head hash)
 * update  entries
 * opset   a hash of the membership operations I hold; ids when hashes differ
 * ops     operations the other lacks, sealed under the shared epoch's ephemeral key
 * signal  what holds for a moment only (see signal.ts), for who gets no gossip over this link
 * seal    the secret of an epoch the other belongs to and does not speak of, sealed to it alone
 */
import { concatBytes, equalBytes, utf8ToBytes } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { CryptoBackend, Signer } from '../crypto/backend.ts';
import { hash } from '../crypto/hash.ts';
import { hmacSha512 } from '../crypto/kdf.ts';
import { secretboxOpen, secretboxSeal } from '../crypto/secretbox.ts';
import { verifySignature } from '../crypto/signature.ts';
import {
  arrayUpTo,
  bytesOf,
  bytesUpTo,
  type CborValue,
  decodeAs,
  encodeCanonical,
  type Read,
  type Readers,
  recordOf,
  taggedOf,
} from './cbor.ts';
import type { EpochKeys } from './epochs/epoch-keys.ts';
import { limits } from './limits.ts';
import { readRow, rowToCbor, type Row } from './row.ts';
import { encodeSeal, readSeal, type Seal } from './epochs/seal.ts';

export type { Row } from './row.ts';

export const tagBytes = 16;
const nonceBytes = 24;

/** What somebody holds of one epoch; `rows` is left out while hashes agree. */
export interface EpochVector {
  readonly mailbox: Uint8Array; // 16 bytes
  readonly vectorHash: Uint8Array;
  readonly rows: ReadonlyArray<Row> | undefined;
}

export type SyncFrame =
  | { readonly t: 'greet'; readonly nonce: Uint8Array; readonly tags: ReadonlyArray<Uint8Array> }
  | { readonly t: 'hello'; readonly tag: Uint8Array; readonly box: Uint8Array }
  | { readonly t: 'vector'; readonly epochs: ReadonlyArray<EpochVector> }
  | { readonly t: 'update'; readonly update: Uint8Array }
  | {
      readonly t: 'opset';
      readonly mailbox: Uint8Array;
      readonly opsHash: Uint8Array;
      readonly ids: ReadonlyArray<Uint8Array> | undefined;
    }
  | { readonly t: 'ops'; readonly mailbox: Uint8Array; readonly box: Uint8Array }
  | { readonly t: 'signal'; readonly frame: Uint8Array }
  | { readonly t: 'seal'; readonly mailbox: Uint8Array; readonly seal: Seal };

const readEpochVector: Read<EpochVector> = (value) => {
  const fields = recordOf(
    { m: bytesOf(16), h: bytesOf(32) },
    { r: arrayUpTo(limits.syncRowsMax, readRow) },
  )(value);
  return fields && { mailbox: fields.m, vectorHash: fields.h, rows: fields.r };
};

const readers: Readers<SyncFrame> = {
  greet: (map) => {
    const fields = recordOf({
      t: (v) => v,
      nonce: bytesOf(32),
      tags: arrayUpTo(limits.syncTagsMax, bytesOf(tagBytes)),
    })(map);
    return fields && { t: 'greet', nonce: fields.nonce, tags: fields.tags };
  },
  hello: (map) => {
    const fields = recordOf({ t: (v) => v, tag: bytesOf(tagBytes), box: bytesUpTo(1024) })(map);
    return fields && { t: 'hello', tag: fields.tag, box: fields.box };
  },
  vector: (map) => {
    const fields = recordOf({
      t: (v) => v,
      epochs: arrayUpTo(limits.syncEpochsMax, readEpochVector),
    })(map);
    return fields && { t: 'vector', epochs: fields.epochs };
  },
  update: (map) => {
    const fields = recordOf({ t: (v) => v, update: bytesUpTo(limits.syncFrameBytesMax) })(map);
    return fields && { t: 'update', update: fields.update };
  },
  opset: (map) => {
    const fields = recordOf(
      { t: (v) => v, mailbox: bytesOf(16), opsHash: bytesOf(32) },
      { ids: arrayUpTo(limits.syncOpIdsMax, bytesOf(32)) },
    )(map);
    return (
      fields && { t: 'opset', mailbox: fields.mailbox, opsHash: fields.opsHash, ids: fields.ids }
    );
  },
  ops: (map) => {
    const fields = recordOf({
      t: (v) => v,
      mailbox: bytesOf(16),
      box: bytesUpTo(limits.syncFrameBytesMax),
    })(map);
    return fields && { t: 'ops', mailbox: fields.mailbox, box: fields.box };
  },
  signal: (map) => {
    const fields = recordOf({ t: (v) => v, frame: bytesUpTo(limits.signalBytesMax) })(map);
    return fields && { t: 'signal', frame: fields.frame };
  },
  seal: (map) => {
    const fields = recordOf({ t: (v) => v, mailbox: bytesOf(16), seal: readSeal })(map);
    return fields && { t: 'seal', mailbox: fields.mailbox, seal: fields.seal };
  },
};

const vectorToCbor = (vector: EpochVector): CborValue => ({
  m: vector.mailbox,
  h: vector.vectorHash,
  ...(vector.rows && {
    r: vector.rows.map(rowToCbor),
  }),
});

export const encodeSyncFrame = (frame: SyncFrame): Uint8Array => {
  if (frame.t === 'vector') {
    return encodeCanonical({ t: frame.t, epochs: frame.epochs.map(vectorToCbor) });
  }
  if (frame.t === 'opset') {
    const { t, mailbox, opsHash, ids } = frame;
    return encodeCanonical({ t, mailbox, opsHash, ...(ids && { ids }) });
  }
  if (frame.t === 'seal') {
    const { t, mailbox, seal } = frame;
    return encodeCanonical({ t, mailbox, seal: encodeSeal(seal) });
  }
  return encodeCanonical({ ...frame });
};

/** [SY1] Total: any frame a peer can send is one of the above or `malformed-frame`. */
export const decodeSyncFrame = (bytes: Uint8Array): Result<SyncFrame, 'malformed-frame'> => {
  const frame = decodeAs(bytes, {
    bytesMax: limits.syncFrameBytesMax,
    read: taggedOf(readers),
  });
  return frame ? ok(frame) : err('malformed-frame');
};

// ---------------------------------------------------------------- who is there

/** One end of a link, as the other end sees it. */
export interface LinkEnd {
  readonly peerId: string;
  readonly nonce: Uint8Array; // 32 bytes
}

/** [SY2] Tells whoever holds the epoch, and nobody else, that this end holds it too. */
export const epochTag = (ephemeralKey: Uint8Array, end: LinkEnd): Uint8Array =>
  hmacSha512(
    ephemeralKey,
    concatBytes(utf8ToBytes('sotto1/tag'), end.nonce, utf8ToBytes(end.peerId)),
  ).subarray(0, tagBytes);

const transcript = (epochId: Uint8Array, from: LinkEnd, to: LinkEnd): Uint8Array =>
  concatBytes(
    utf8ToBytes('sotto1/hello'),
    Uint8Array.of(0),
    epochId,
    from.nonce,
    to.nonce,
    hash('sotto1/peer', utf8ToBytes(from.peerId)),
    hash('sotto1/peer', utf8ToBytes(to.peerId)),
  );

export interface HelloInput {
  readonly keys: EpochKeys;
  readonly from: LinkEnd;
  readonly to: LinkEnd;
}

/**
 * [SY3] `from` proves to `to` which device it is: a signature over both ends and the epoch, sealed
 * under the epoch's ephemeral key. It works on this link, in this direction, and nowhere else.
 */
export const sealHello = async (
  { keys, from, to }: HelloInput,
  device: Signer,
  boxNonce: Uint8Array,
): Promise<Uint8Array> => {
  const signature = await device.sign(transcript(keys.epochId, from, to));
  const plaintext = concatBytes(device.publicKey, signature);
  return concatBytes(boxNonce, secretboxSeal({ key: keys.ephemeral, nonce: boxNonce, plaintext }));
};

/** The device public key that said hello, if everything about it holds. */
export const openHello = async (
  backend: CryptoBackend,
  { keys, from, to }: HelloInput,
  box: Uint8Array,
): Promise<Result<Uint8Array, 'bad-hello'>> => {
  const plaintext = openSealed(keys.ephemeral, box);
  if (plaintext?.length !== 96) return err('bad-hello');
  const publicKey = plaintext.slice(0, 32);
  const isValid = await verifySignature(backend, {
    publicKey,
    message: transcript(keys.epochId, from, to),
    signature: plaintext.slice(32),
  });
  return isValid ? ok(publicKey) : err('bad-hello');
};

// ---------------------------------------------------------------- membership operations

/** [SY4] Equal for equal sets of operations, whatever their order of arrival. */
export const opsHashOf = (sortedIds: ReadonlyArray<Uint8Array>): Uint8Array =>
  hash('sotto1/opset', concatBytes(...sortedIds));

/** Operations in their order, in parts of about so many bytes. */
export const opParts = (
  ops: ReadonlyArray<Uint8Array>,
  bytesMax: number,
): ReadonlyArray<ReadonlyArray<Uint8Array>> => {
  const parts: Uint8Array[][] = [];
  let bytes = Infinity;
  for (const op of ops) {
    if (bytes + op.length > bytesMax) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)?.push(op);
    bytes += op.length;
  }
  return parts;
};

/** Seals operations for devices that share the epoch: `nonce ‖ secretbox(CBOR list)`. */
export const sealOps = (
  keys: EpochKeys,
  nonce: Uint8Array,
  ops: ReadonlyArray<Uint8Array>,
): Uint8Array =>
  concatBytes(
    nonce,
    secretboxSeal({ key: keys.ephemeral, nonce, plaintext: encodeCanonical([...ops]) }),
  );

export const openOps = (
  keys: EpochKeys,
  box: Uint8Array,
): Result<ReadonlyArray<Uint8Array>, 'malformed-ops'> => {
  const plaintext = openSealed(keys.ephemeral, box);
  const ops =
    plaintext &&
    decodeAs(plaintext, {
      bytesMax: limits.syncFrameBytesMax,
      read: arrayUpTo(limits.syncOpIdsMax, bytesUpTo(limits.opBytesMax)),
    });
  return ops ? ok(ops) : err('malformed-ops');
};

const openSealed = (key: Uint8Array, box: Uint8Array): Uint8Array | undefined =>
  box.length < nonceBytes
    ? undefined
    : secretboxOpen({ key, nonce: box.subarray(0, nonceBytes), box: box.subarray(nonceBytes) });

/** [SY5] Equal vectors mean equal content only with equal head hashes: both are in the hash. */
export const vectorHashOf = (sortedRows: ReadonlyArray<Row>): Uint8Array =>
  hash('sotto1/vector', encodeCanonical(sortedRows.map(rowToCbor)));

export const sameRow = (a: Row, b: Row): boolean =>
  a.nextSeq === b.nextSeq && equalBytes(a.headHash, b.headHash);
