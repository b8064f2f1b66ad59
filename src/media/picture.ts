/**
 * A picture, as far as it can be known and cleaned without decoding it. Its measures come from the
 * header, before a decoder allocates anything; what says where, when, with what and by whom it was
 * taken is cut out, and no pixel changes.
 */
import { err, ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import { scanAvif } from './avif.ts';
import { joinBytes } from '../base/bytes.ts';
import { type Bytes } from './bytes.ts';
import { isOnItsSide } from './exif.ts';
import { scanGif } from './gif.ts';
import { scanJpeg } from './jpeg.ts';
import { scanPng } from './png.ts';
import type { Scan } from './scan.ts';
import { isPictureType, sniff, type PictureType } from './sniff.ts';
import { scanWebp } from './webp.ts';

export interface Picture {
  readonly type: PictureType;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly isAnimated: boolean;
  readonly hasMetadata: boolean;
  /** The same picture without them; undefined: only a new drawing of it would be. */
  readonly cleaned: (() => Bytes) | undefined;
}

export type PictureProblem =
  | 'not-a-picture'
  | 'corrupt' // begins like one, and is not
  | 'too-many-pixels';

const scanners: Readonly<Record<PictureType, (bytes: Uint8Array) => Scan | undefined>> = {
  'image/jpeg': scanJpeg,
  'image/png': scanPng,
  'image/gif': scanGif,
  'image/webp': scanWebp,
  'image/avif': scanAvif,
};

/** [MF2] Total: any bytes give a picture or a reason. */
export const readPicture = (bytes: Uint8Array): Result<Picture, PictureProblem> => {
  const type = sniff(bytes);
  if (!isPictureType(type)) return err('not-a-picture');
  const scan = scanners[type](bytes);
  if (scan === undefined || scan.width === 0 || scan.height === 0) return err('corrupt');
  if (scan.width * scan.height > limits.attachedPixelsMax) return err('too-many-pixels');
  const isTurned = isOnItsSide(scan.orientation);
  const { isAnimated, hasMetadata, kept } = scan;
  return ok({
    type,
    width: isTurned ? scan.height : scan.width,
    height: isTurned ? scan.width : scan.height,
    isAnimated,
    hasMetadata,
    cleaned: type === 'image/avif' ? undefined : () => joinBytes(kept),
  });
};

/**
 * What a picture of somebody else's is drawn as; undefined: not at all. Its measures are those of its
 * own header, whatever its message says, so that no decoder allocates without bound. What goes ahead
 * of a picture stands still: it is shown also to who wants less motion.
 */
export const drawableType = (
  bytes: Uint8Array,
  as: 'preview' | 'whole',
): PictureType | undefined => {
  const read = readPicture(bytes);
  if (!read.ok) return undefined;
  const { type, width, height, isAnimated } = read.value;
  const isSmall = Math.max(width, height) <= limits.previewSidePixels;
  return as === 'whole' || (isSmall && !isAnimated) ? type : undefined;
};
