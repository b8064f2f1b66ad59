/** What moves, drawn anew moment by moment: few enough of them and small enough for a sticker. */
import { limits } from '../protocol/limits.ts';
import type { Bytes } from './bytes.ts';
import { fit, type Size } from './fit.ts';
import { joinMoments, type Moment } from './webp-moving.ts';

/** Each a coarser try than the one before. */
const tries = [
  { sidePixels: 320, momentsMax: 32, quality: 0.6 },
  { sidePixels: 240, momentsMax: 24, quality: 0.5 },
  { sidePixels: 192, momentsMax: 16, quality: 0.3 },
] as const;
type Try = (typeof tries)[number];

/** Where a picture does not say how long, or says what no browser would play. */
const usualMs = 100;
const shortestMs = 20;

const drawMoment = async (frame: VideoFrame, size: Size, quality: number) => {
  const canvas = new OffscreenCanvas(size.width, size.height);
  canvas.getContext('2d')?.drawImage(frame, 0, 0, size.width, size.height);
  const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
  return blob.type === 'image/webp' ? new Uint8Array(await blob.arrayBuffer()) : undefined;
};

/** Undefined: too large, or this browser writes no WebP. */
const drawMoments = async (
  decoder: ImageDecoder,
  frameCount: number,
  { sidePixels, momentsMax, quality }: Try,
): Promise<Bytes | undefined> => {
  const each = Math.ceil(frameCount / momentsMax);
  const moments: Moment[] = [];
  let size: Size | undefined;
  let byteCount = 0;
  for (let frameIndex = 0; frameIndex < frameCount; frameIndex += each) {
    const { image } = await decoder.decode({ frameIndex });
    size ??= fit({ width: image.displayWidth, height: image.displayHeight }, sidePixels);
    const saidMs = (image.duration ?? 0) / 1000;
    const ms = saidMs < shortestMs ? usualMs : saidMs;
    const picture = await drawMoment(image, size, quality);
    image.close();
    if (picture === undefined) return undefined;
    const shown = Math.min(each, frameCount - frameIndex);
    moments.push({ picture, durationMs: Math.round(ms * shown) });
    byteCount += picture.length;
    if (byteCount > limits.stickerBytesMax) return undefined;
  }
  const drawn = size && joinMoments(moments, size);
  return drawn !== undefined && drawn.length <= limits.stickerBytesMax ? drawn : undefined;
};

/** Undefined: this browser cannot take it apart, or it does not become small enough. */
export const drawMoving = async (data: Bytes, type: string): Promise<Bytes | undefined> => {
  if (!('ImageDecoder' in globalThis)) return undefined; // whatever the types say
  const decoder = new ImageDecoder({ data, type });
  try {
    await Promise.all([decoder.completed, decoder.tracks.ready]);
    const frameCount = decoder.tracks.selectedTrack?.frameCount ?? 0;
    for (const each of tries) {
      const drawn = frameCount === 0 ? undefined : await drawMoments(decoder, frameCount, each);
      if (drawn !== undefined) return drawn;
    }
    return undefined;
  } catch {
    return undefined; // of a type it does not know, or damaged behind its header
  } finally {
    decoder.close();
  }
};
