/**
 * What two peers say of files: `/sotto/blob/1`, beside the link on which each has proved its device.
 * Frames are deterministic CBOR maps with a `t`, but for a chunk, which is read and written where it
 * lies: `0x00 ‖ m[16] ‖ id[32] ‖ u32 slot ‖ sealed`; no map begins with a zero. `m` is the mailbox of
 * an epoch that both hold: a file belongs to a conversation, and is spoken of with its members only.
 *
 * ask     what do you hold of these files?
 * have    so much: a bit for each slot; unasked, when that has changed
 * want    send me these chunks: who wants grants, and nothing else is sent
 * chunk   one of them
 * lack    these are not here, or do not go this way
 */
import { concatBytes, readU32be, u32be } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import {
  anyValue,
  arrayUpTo,
  bytesOf,
  bytesUpTo,
  decodeAs,
  encodeCanonical,
  intIn,
  type Read,
  type Readers,
  recordOf,
  taggedOf,
  tupleOf,
} from '../cbor.ts';
import { limits } from '../limits.ts';

/** Of the largest file, and its indexes. */
const slotsMax = Math.ceil((limits.fileBytesMax * 1.13) / limits.chunkBytes);
export const haveBytesMax = Math.ceil(slotsMax / 8);

export interface Held {
  readonly id: Uint8Array;
  /** A bit for each slot, the first in the highest place; empty: nothing. */
  readonly bits: Uint8Array;
}

interface InScope {
  readonly mailbox: Uint8Array;
}

export type ChunkFrame = InScope & {
  readonly t: 'chunk';
  readonly id: Uint8Array;
  readonly slot: number;
  /** Of a frame that was read: a part of it. */
  readonly sealed: Uint8Array;
};

type WordFrame =
  | (InScope & { readonly t: 'ask'; readonly ids: ReadonlyArray<Uint8Array> })
  | (InScope & { readonly t: 'have'; readonly held: ReadonlyArray<Held> })
  | (InScope & {
      readonly t: 'want' | 'lack';
      readonly id: Uint8Array;
      readonly slots: ReadonlyArray<number>;
    });

export type BlobFrame = WordFrame | ChunkFrame;

const slot = intIn(0, slotsMax);
const common = { t: anyValue, m: bytesOf(16) };
const readAsk = recordOf({ ...common, ids: arrayUpTo(limits.blobAskedMax, bytesOf(32)) });
const readHave = recordOf({
  ...common,
  held: arrayUpTo(limits.blobAskedMax, tupleOf(bytesOf(32), bytesUpTo(haveBytesMax))),
});
const readSlots = recordOf({
  ...common,
  id: bytesOf(32),
  slots: arrayUpTo(limits.blobServedMax, slot),
});
const slotsFrame =
  (t: 'want' | 'lack'): Read<WordFrame> =>
  (value) => {
    const fields = readSlots(value);
    return fields && { t, mailbox: fields.m, id: fields.id, slots: fields.slots };
  };

const readers: Readers<WordFrame> = {
  ask: (value) => {
    const fields = readAsk(value);
    return fields && { t: 'ask', mailbox: fields.m, ids: fields.ids };
  },
  have: (value) => {
    const fields = readHave(value);
    const held = fields?.held.map(([id, bits]) => ({ id, bits }));
    return fields && held && { t: 'have', mailbox: fields.m, held };
  },
  want: slotsFrame('want'),
  lack: slotsFrame('lack'),
};

const chunkMark = 0;
const chunkAt = { mailbox: 1, id: 17, slot: 49, sealed: 53 } as const;

const decodeChunk = (bytes: Uint8Array): Result<ChunkFrame, 'malformed-frame'> => {
  if (bytes.length < chunkAt.sealed) return err('malformed-frame');
  const at = slot(readU32be(bytes, chunkAt.slot));
  const sealed = bytes.subarray(chunkAt.sealed);
  if (at === undefined || sealed.length > limits.sealedChunkBytesMax) return err('malformed-frame');
  const mailbox = bytes.slice(chunkAt.mailbox, chunkAt.id);
  return ok({ t: 'chunk', mailbox, id: bytes.slice(chunkAt.id, chunkAt.slot), slot: at, sealed });
};

/** [BL7] Total: any bytes are one of the frames, or malformed. */
export const decodeBlobFrame = (bytes: Uint8Array): Result<BlobFrame, 'malformed-frame'> => {
  if (bytes[0] === chunkMark) return decodeChunk(bytes);
  const frame = decodeAs(bytes, { bytesMax: limits.blobFrameBytesMax, read: taggedOf(readers) });
  return frame ? ok(frame) : err('malformed-frame');
};

/** In memory of its own, that may be given away. */
export const encodeBlobFrame = (frame: BlobFrame): Uint8Array => {
  const { mailbox: m, ...words } = frame;
  switch (words.t) {
    case 'chunk':
      return concatBytes(Uint8Array.of(chunkMark), m, words.id, u32be(words.slot), words.sealed);
    case 'have':
      return encodeCanonical({ m, t: 'have', held: words.held.map(({ id, bits }) => [id, bits]) });
    default:
      return encodeCanonical({ m, ...words });
  }
};
