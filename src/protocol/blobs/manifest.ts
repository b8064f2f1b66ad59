/**
 * What a message says of a file that goes with it: how to find, check, open and show it. It travels
 * in the sealed `text` payload, so who can read the message can read the file, and nobody else.
 *
 *     {s: 1, key[32], prefix[4], name, type, size, shape, root, preview?: [id[32], size]}
 *
 * `root` is the ids of all data chunks where they are few, else that of the one index above them.
 */
import { concatBytes, toHex } from '../../base/bytes.ts';
import { hash } from '../../crypto/hash.ts';
import {
  booleanOf,
  bytesOf,
  bytesUpTo,
  encodeCanonical,
  intIn,
  oneOf,
  recordOf,
  textUpTo,
  tupleOf,
  type CborValue,
  type Read,
} from '../cbor.ts';
import { limits } from '../limits.ts';
import { isShownAs, safeFileName, safeMediaType } from './file-name.ts';
import { chunkIdBytes, chunkPrefixBytes, fileSizesOf } from './file-size.ts';

/** AES-256-GCM, chunk ids by SHA-512. */
const suite = 1;

export type FileShape =
  | { readonly kind: 'file' }
  | {
      readonly kind: 'image';
      readonly width: number;
      readonly height: number;
      readonly isAnimated: boolean;
      readonly thumbhash: Uint8Array;
    }
  | {
      readonly kind: 'video';
      readonly width: number;
      readonly height: number;
      readonly durationMs: number;
      readonly thumbhash: Uint8Array;
    }
  | { readonly kind: 'voice'; readonly durationMs: number; readonly peaks: Uint8Array };

export interface Manifest {
  /** Of this file alone. */
  readonly key: Uint8Array;
  readonly prefix: Uint8Array;
  /** Safe to show and to save under. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly shape: FileShape;
  readonly root: Uint8Array;
  readonly preview?: { readonly id: Uint8Array; readonly sizeBytes: number };
}

const plainFile: FileShape = { kind: 'file' };
const side = intIn(1, Number.MAX_SAFE_INTEGER);
const duration = intIn(0, Number.MAX_SAFE_INTEGER);
const thumbhash = bytesUpTo(limits.thumbhashBytesMax);

const readPlain = tupleOf(oneOf('file'));
const readImage = tupleOf(oneOf('image'), side, side, booleanOf, thumbhash);
const readVideo = tupleOf(oneOf('video'), side, side, duration, thumbhash);
const readVoice = tupleOf(oneOf('voice'), duration, bytesUpTo(limits.peaksMax));

const readShape: Read<FileShape> = (value) => {
  if (readPlain(value) !== undefined) return plainFile;
  const image = readImage(value);
  if (image !== undefined) {
    const [kind, width, height, isAnimated, hash4] = image;
    return { kind, width, height, isAnimated, thumbhash: hash4 };
  }
  const video = readVideo(value);
  if (video !== undefined) {
    const [kind, width, height, durationMs, hash4] = video;
    return { kind, width, height, durationMs, thumbhash: hash4 };
  }
  const voice = readVoice(value);
  return voice && { kind: voice[0], durationMs: voice[1], peaks: voice[2] };
};

const encodeShape = (shape: FileShape): CborValue => {
  switch (shape.kind) {
    case 'file':
      return ['file'];
    case 'image':
      return ['image', shape.width, shape.height, shape.isAnimated, shape.thumbhash];
    case 'video':
      return ['video', shape.width, shape.height, shape.durationMs, shape.thumbhash];
    case 'voice':
      return ['voice', shape.durationMs, shape.peaks];
  }
};

const isDrawable = (width: number, height: number): boolean =>
  width <= limits.pictureSideMax &&
  height <= limits.pictureSideMax &&
  width * height <= limits.attachedPixelsMax;

/** [BL6] What cannot be what it says it is, is a file like any other. */
export const honestShape = (shape: FileShape, mediaType: string): FileShape => {
  if (shape.kind === 'file' || !isShownAs(shape.kind, mediaType)) return plainFile;
  if (shape.kind !== 'voice' && !isDrawable(shape.width, shape.height)) return plainFile;
  const isEndless = shape.kind !== 'image' && shape.durationMs > limits.durationMsMax;
  return isEndless ? plainFile : shape;
};

/** No two chunks of one file are equal: their nonces differ. */
export const hasRepeatedId = (ids: Uint8Array): boolean => {
  const seen = new Set<string>();
  for (let at = 0; at < ids.length; at += chunkIdBytes) {
    seen.add(toHex(ids.subarray(at, at + chunkIdBytes)));
  }
  return seen.size * chunkIdBytes !== ids.length;
};

const readRecord = recordOf(
  {
    s: oneOf(suite),
    key: bytesOf(32),
    prefix: bytesOf(chunkPrefixBytes),
    name: textUpTo(limits.fileNameBytesMax),
    type: textUpTo(limits.mediaTypeBytesMax),
    size: intIn(0, limits.fileBytesMax),
    shape: readShape,
    root: bytesUpTo(limits.chunkIdsInlineMax * chunkIdBytes),
  },
  { preview: tupleOf(bytesOf(chunkIdBytes), intIn(1, limits.previewBytesMax)) },
);

/** [BL1] Total. `root` has the one length that the size gives it, and names no chunk twice. */
export const readManifest: Read<Manifest> = (value) => {
  const record = readRecord(value);
  if (record === undefined) return undefined;
  const { key, prefix, size: sizeBytes, root, preview } = record;
  const ahead = preview && { id: preview[0], sizeBytes: preview[1] };
  if (root.length !== fileSizesOf(sizeBytes).rootCount * chunkIdBytes) return undefined;
  if (hasRepeatedId(concatBytes(root, ahead?.id ?? new Uint8Array(0)))) return undefined;
  const mediaType = safeMediaType(record.type);
  return {
    key,
    prefix,
    name: safeFileName(record.name),
    mediaType,
    sizeBytes,
    shape: honestShape(record.shape, mediaType),
    root,
    ...(ahead && { preview: ahead }),
  };
};

export const encodeManifest = (manifest: Manifest): CborValue => ({
  s: suite,
  key: manifest.key,
  prefix: manifest.prefix,
  name: manifest.name,
  type: manifest.mediaType,
  size: manifest.sizeBytes,
  shape: encodeShape(manifest.shape),
  root: manifest.root,
  ...(manifest.preview && { preview: [manifest.preview.id, manifest.preview.sizeBytes] }),
});

/** [BL3] Names the file among those who can read the message: nobody else knows the key in it. */
export const blobIdOf = (manifest: Manifest): Uint8Array =>
  hash('sotto1/blob', encodeCanonical(encodeManifest(manifest)));
