/** Small pictures of large ones: what is sent ahead, and what stands there until it comes. */
import { rgbaToThumbHash, thumbHashToRGBA } from 'thumbhash';
import { limits } from '../protocol/limits.ts';
import type { Bytes } from './bytes.ts';
import { fit, type Size } from './fit.ts';

/** The most that a thumbhash is made from. */
const thumbSidePixels = 100;
const qualities = [0.8, 0.6, 0.4, 0.2] as const;

type Drawable = ImageBitmap | HTMLVideoElement;

const drawn = (source: Drawable, { width, height }: Size) => {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  context?.drawImage(source, 0, 0, width, height);
  return { canvas, context };
};

/** WebP; JPEG where a browser cannot write that. */
const encode = async (canvas: OffscreenCanvas, quality: number): Promise<Blob> => {
  const webp = await canvas.convertToBlob({ type: 'image/webp', quality });
  return webp.type === 'image/webp'
    ? webp
    : await canvas.convertToBlob({ type: 'image/jpeg', quality });
};

export const drawPreview = async (source: Drawable, size: Size): Promise<Bytes | undefined> => {
  const { canvas } = drawn(source, fit(size, limits.previewSidePixels));
  for (const quality of qualities) {
    const blob = await encode(canvas, quality);
    if (blob.size <= limits.previewBytesMax) return new Uint8Array(await blob.arrayBuffer());
  }
  return undefined;
};

export const thumbhashOf = (source: Drawable, size: Size): Bytes => {
  const small = fit(size, thumbSidePixels);
  const pixels = drawn(source, small).context?.getImageData(0, 0, small.width, small.height).data;
  return pixels === undefined
    ? new Uint8Array()
    : Uint8Array.from(rgbaToThumbHash(small.width, small.height, pixels));
};

/** The whole picture once more, as pixels and nothing else. */
export const redrawn = (source: ImageBitmap): Promise<Blob> =>
  encode(drawn(source, source).canvas, 0.9);

/** What a stranger calls a thumbhash paints something or nothing. */
export const paintThumbhash = (canvas: HTMLCanvasElement, hash: Bytes): void => {
  if (hash.length < 5 || hash.length > 32) return;
  const { w, h, rgba } = thumbHashToRGBA(hash);
  if (!(w > 0 && h > 0) || rgba.length !== w * h * 4) return;
  canvas.width = w;
  canvas.height = h;
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
};
