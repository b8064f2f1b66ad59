/** A sticker out of any picture: drawn anew, small, and as WebP, so that nothing of its file is left. */
import { limits } from '../protocol/limits.ts';
import type { Bytes } from './bytes.ts';
import { drawPreview } from './draw.browser.ts';
import { fit, type Size } from './fit.ts';
import { readPicture } from './picture.ts';
import { sniff } from './sniff.ts';

/** Undefined: it is no picture, or this browser cannot write it small enough. */
export const drawSticker = async (file: Blob): Promise<Bytes | undefined> => {
  if (file.size > limits.imageBytesMax) return undefined;
  const bytes = await file.arrayBuffer().catch(() => undefined);
  const picture = bytes && readPicture(new Uint8Array(bytes));
  if (bytes === undefined || picture?.ok !== true) return undefined;
  const { type, width, height } = picture.value;
  const bitmap = await createImageBitmap(new Blob([bytes], { type })).catch(() => undefined);
  if (bitmap === undefined) return undefined;
  const drawn = await drawPreview(bitmap, { width, height });
  bitmap.close();
  return drawn !== undefined && sniff(drawn) === 'image/webp' ? drawn : undefined;
};

/** What a kept one is said to be when it is given on; undefined: no picture. */
export const stickerSize = (
  picture: Bytes,
): (Size & { readonly isAnimated: boolean }) | undefined => {
  const read = readPicture(picture);
  if (!read.ok) return undefined;
  const { width, height, isAnimated } = read.value;
  return { ...fit({ width, height }, limits.stickerSidePixels), isAnimated };
};
