/** A sticker out of any picture: drawn anew, small, and as WebP, so that nothing of its file is left. */
import { err, ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import type { Bytes } from './bytes.ts';
import { drawPreview } from './draw.browser.ts';
import { fit, type Size } from './fit.ts';
import { drawMoving } from './moving.browser.ts';
import { readPicture } from './picture.ts';
import { sniff } from './sniff.ts';

export type StickerProblem =
  | 'unusable' // no picture, or this browser cannot write it small enough
  | 'moves'; // the same of one that moves: it would have to stand still

const drawStill = async (bytes: Bytes, type: string): Promise<Bytes | undefined> => {
  const bitmap = await createImageBitmap(new Blob([bytes], { type })).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const drawn = await drawPreview(bitmap, bitmap);
  bitmap.close();
  return drawn !== undefined && sniff(drawn) === 'image/webp' ? drawn : undefined;
};

/** [SK4] What moves goes on moving, or is refused. */
export const drawSticker = async (file: Blob): Promise<Result<Bytes, StickerProblem>> => {
  if (file.size > limits.imageBytesMax) return err('unusable');
  const buffer = await file.arrayBuffer().catch(() => undefined);
  const bytes = buffer && new Uint8Array(buffer);
  const picture = bytes && readPicture(bytes);
  if (bytes === undefined || picture?.ok !== true) return err('unusable');
  const { type, isAnimated } = picture.value;
  const drawn = await (isAnimated ? drawMoving(bytes, type) : drawStill(bytes, type));
  if (drawn === undefined) return err(isAnimated ? 'moves' : 'unusable');
  return ok(drawn);
};

interface KeptSticker {
  readonly shape: Size & { readonly isAnimated: boolean };
  /** What goes ahead of it: itself, or of one that moves its first moment. */
  readonly preview: Bytes | undefined;
}

/** What a kept one is said to be when it is given on; undefined: no picture. */
export const readSticker = async (picture: Bytes): Promise<KeptSticker | undefined> => {
  const read = readPicture(picture);
  if (!read.ok) return undefined;
  const { width, height, type, isAnimated } = read.value;
  const still = isAnimated ? await drawStill(picture, type) : picture;
  return {
    shape: { ...fit({ width, height }, limits.stickerSidePixels), isAnimated },
    preview: still === undefined || still.length > limits.previewBytesMax ? undefined : still,
  };
};
