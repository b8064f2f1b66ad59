/**
 * Frames of `/sotto/mailbox/1` about sealed chunks of small files, for both ends. They lie in the
 * mailbox of the epoch in which their message was written: who may read it knows that mailbox, and
 * nobody else. Whoever keeps it sees ciphertext of a few sizes, named by its hash.
 *
 * hold    which of these chunks do you keep?
 * take    give me these; as many as fit in a reply, the first ones
 * leave   keep this one, by the certificate of a writer whose entries lie there
 * drop    let go of these: who left them knows what the tag is a hash of
 */
import { assert } from '../base/assert.ts';
import { hash } from '../crypto/hash.ts';
import {
  arrayUpTo,
  booleanOf,
  bytesOf,
  bytesUpTo,
  decoderOf,
  encodeCanonical,
  oneOf,
  type Read,
  type Readers,
  recordOf,
  textUpTo,
} from './cbor.ts';
import { limits } from './limits.ts';

assert(
  limits.mailboxChunksTakenMax * (limits.sealedChunkBytesMax + 8) + 1024 <
    limits.mailboxFrameBytesMax,
  'a reply with chunks fits in a mailbox frame',
);

export const dropSecretBytes = 16;

export const dropTagOf = (secret: Uint8Array): Uint8Array => hash('sotto1/drop', secret);

export type ChunkRequest =
  | {
      readonly t: 'hold' | 'take';
      readonly mailboxId: Uint8Array;
      readonly ids: ReadonlyArray<Uint8Array>;
    }
  | {
      readonly t: 'leave';
      readonly mailboxId: Uint8Array;
      readonly admitPub: Uint8Array;
      readonly writerPub: Uint8Array;
      readonly cert: Uint8Array;
      readonly dropTag: Uint8Array;
      readonly sealed: Uint8Array;
    }
  | {
      readonly t: 'drop';
      readonly mailboxId: Uint8Array;
      readonly secret: Uint8Array;
      readonly ids: ReadonlyArray<Uint8Array>;
    };

/** It lies there durably; a quota is used up; it may not lie there. */
const outcomes = ['stored', 'full', 'refused'] as const;
export type LeaveOutcome = (typeof outcomes)[number];

export type ChunkReply =
  | { readonly t: 'holds'; readonly held: ReadonlyArray<boolean> }
  /** In the order asked for; empty where one is not there. */
  | { readonly t: 'chunks'; readonly chunks: ReadonlyArray<Uint8Array> }
  | { readonly t: 'left'; readonly outcome: LeaveOutcome }
  | { readonly t: 'dropped' }
  /** Also by one that keeps no files, or does not know what they are. */
  | { readonly t: 'refused'; readonly why: string };

/** Of what a slot of a file can be: whole rows of ids, or padded plaintext, and a tag of 16 bytes. */
export const isChunkLength = (bytes: number): boolean =>
  bytes <= limits.sealedChunkBytesMax && bytes >= 512 + 16 && (bytes - 16) % 32 === 0;

const tag = textUpTo(8);
const id = bytesOf(32);
const ids = arrayUpTo(limits.mailboxChunkIdsMax, id);
const readIds = recordOf({ t: tag, id, ids });
const readDrop = recordOf({ t: tag, id, secret: bytesOf(dropSecretBytes), ids });
const readLeave = recordOf({
  ...{ t: tag, id, admit: id, writer: id, cert: bytesOf(64), drop: id },
  sealed: bytesUpTo(limits.sealedChunkBytesMax),
});

const readAsk =
  (t: 'hold' | 'take'): Read<ChunkRequest> =>
  (map) => {
    const fields = readIds(map);
    return fields && { t, mailboxId: fields.id, ids: fields.ids };
  };

const requestReaders: Readers<ChunkRequest> = {
  hold: readAsk('hold'),
  take: readAsk('take'),
  leave: (map) => {
    const fields = readLeave(map);
    if (fields === undefined) return undefined;
    const { id: mailboxId, admit: admitPub, writer: writerPub, drop: dropTag } = fields;
    const { cert, sealed } = fields;
    return { t: 'leave', mailboxId, admitPub, writerPub, cert, dropTag, sealed };
  },
  drop: (map) => {
    const fields = readDrop(map);
    return fields && { t: 'drop', mailboxId: fields.id, secret: fields.secret, ids: fields.ids };
  },
};

const readHolds = recordOf({ t: tag, held: arrayUpTo(limits.mailboxChunkIdsMax, booleanOf) });
const readChunks = recordOf({
  t: tag,
  chunks: arrayUpTo(limits.mailboxChunksTakenMax, bytesUpTo(limits.sealedChunkBytesMax)),
});
const readLeft = recordOf({ t: tag, outcome: oneOf(...outcomes) });
const readDropped = recordOf({ t: tag });
const readRefused = recordOf({ t: tag, why: textUpTo(32) });

const replyReaders: Readers<ChunkReply> = {
  holds: (map) => {
    const fields = readHolds(map);
    return fields && { t: 'holds', held: fields.held };
  },
  chunks: (map) => {
    const fields = readChunks(map);
    return fields && { t: 'chunks', chunks: fields.chunks };
  },
  left: (map) => {
    const fields = readLeft(map);
    return fields && { t: 'left', outcome: fields.outcome };
  },
  dropped: (map) => readDropped(map) && { t: 'dropped' },
  refused: (map) => {
    const fields = readRefused(map);
    return fields && { t: 'refused', why: fields.why };
  },
};

/** [MB20] Total. */
export const decodeChunkRequest = decoderOf(limits.mailboxFrameBytesMax, requestReaders);

/** [MB20] Total. */
export const decodeChunkReply = decoderOf(limits.mailboxFrameBytesMax, replyReaders);

export const encodeChunkRequest = (request: ChunkRequest): Uint8Array => {
  const { t, mailboxId } = request;
  if (t !== 'leave') {
    const { ids: asked } = request;
    const common = { t, id: mailboxId, ids: asked };
    return encodeCanonical(t === 'drop' ? { ...common, secret: request.secret } : common);
  }
  const { admitPub, writerPub, cert, dropTag, sealed } = request;
  const names = { id: mailboxId, admit: admitPub, writer: writerPub, drop: dropTag };
  return encodeCanonical({ t, ...names, cert, sealed });
};

export const encodeChunkReply = (reply: ChunkReply): Uint8Array => encodeCanonical({ ...reply });
