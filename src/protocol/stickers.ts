/**
 * Stickers: small pictures with what each says, and packs of them as one file. A sticker is named by
 * a hash of its picture, a pack by a hash of all of it: whoever has the same has it under one name.
 */
import { err, ok, type Result } from '../base/result.ts';
import { hash } from '../crypto/hash.ts';
import {
  anyValue,
  arrayUpTo,
  bytesUpTo,
  decodeCanonical,
  encodeCanonical,
  oneOf,
  recordOf,
  textUpTo,
  tupleOf,
} from './cbor.ts';
import { isPlainLine } from './content-payloads.ts';
import { limits } from './limits.ts';
import { readPicture } from './picture.ts';
import { isStickerWord } from './sticker-message.ts';

export interface Sticker {
  /** A word or an emoji: what it says to those who hear it. */
  readonly word: string;
  /** A WebP, still or moving. */
  readonly picture: Uint8Array;
}

export interface StickerPack {
  readonly name: string;
  readonly stickers: ReadonlyArray<Sticker>;
}

export type PackFault =
  | 'malformed-pack'
  | 'pack-too-large'
  | 'too-many-stickers'
  | 'bad-name' // of the pack or of a sticker: empty, too long, or with what is not seen
  | 'not-a-sticker'; // no WebP, too many bytes, or too many pixels

/** Its length is looked at by itself, so that too many are said to be too many. */
const entries = arrayUpTo(Infinity, anyValue);
const readRecord = recordOf({ v: oneOf(1), name: textUpTo(1024), stickers: entries });
const readEntry = tupleOf(textUpTo(1024), bytesUpTo(limits.stickerPackBytesMax));

export const isStickerPicture = (bytes: Uint8Array): boolean =>
  readPicture(bytes, limits.stickerBytesMax)?.type === 'webp';

/** [SK1] Total: any bytes are a pack, whole and within its limits, or a reason why not. */
export const readPack = (bytes: Uint8Array): Result<StickerPack, PackFault> => {
  if (bytes.length > limits.stickerPackBytesMax) return err('pack-too-large');
  const decoded = decodeCanonical(bytes, { bytesMax: limits.stickerPackBytesMax });
  const record = decoded.ok ? readRecord(decoded.value) : undefined;
  if (record === undefined) return err('malformed-pack');
  if (record.stickers.length > limits.stickersPerPackMax) return err('too-many-stickers');
  if (!isPlainLine(record.name, limits.nameBytesMax)) return err('bad-name');
  const stickers: Sticker[] = [];
  for (const value of record.stickers) {
    const entry = readEntry(value);
    if (entry === undefined) return err('malformed-pack');
    const [word, picture] = entry;
    if (!isStickerWord(word)) return err('bad-name');
    if (!isStickerPicture(picture)) return err('not-a-sticker');
    stickers.push({ word, picture });
  }
  return stickers.length === 0 ? err('malformed-pack') : ok({ name: record.name, stickers });
};

export const encodePack = ({ name, stickers }: StickerPack): Uint8Array =>
  encodeCanonical({ v: 1, name, stickers: stickers.map(({ word, picture }) => [word, picture]) });

/** Of its file. */
export const packIdOf = (bytes: Uint8Array): Uint8Array => hash('sotto1/sticker-pack', bytes);

export const stickerIdOf = (picture: Uint8Array): Uint8Array => hash('sotto1/sticker', picture);
