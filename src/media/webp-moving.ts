/** Many still WebP as one that moves: a browser draws only the still ones. */
import { joinBytes } from '../base/bytes.ts';
import { little32, nameAt, textBytes, type Bytes } from './bytes.ts';
import type { Size } from './fit.ts';

export interface Moment {
  /** A whole WebP, as a browser writes it. */
  readonly picture: Bytes;
  readonly durationMs: number;
}

/** What of a still one is its picture. */
const kinds: ReadonlyArray<string> = ['ALPH', 'VP8 ', 'VP8L'];
const headBytes = 12;
const durationMsMax = 0xff_ffff;
const movesAndIsClear = 0x12; // the flags of an animation, and of one with an alpha channel
const replaces = 0x02; // what was there before is not seen through it

const little = (value: number, byteCount: number): Bytes =>
  Uint8Array.from({ length: byteCount }, (_, at) => Math.floor(value / 256 ** at) % 256);

const chunk = (name: string, ...content: ReadonlyArray<Bytes>): Bytes => {
  const inside = joinBytes(content);
  const filling = new Uint8Array(inside.length % 2);
  return joinBytes([textBytes(name), little(inside.length, 4), inside, filling]);
};

const pictureChunks = (webp: Bytes): ReadonlyArray<Bytes> => {
  const chunks: Bytes[] = [];
  for (let at = headBytes; at + 8 <= webp.length;) {
    const length = little32(webp, at + 4);
    const end = at + 8 + length + (length % 2);
    if (kinds.includes(nameAt(webp, at))) chunks.push(webp.slice(at, end));
    at = end;
  }
  return chunks;
};

/** All of this size; it begins anew for ever. */
export const joinMoments = (moments: ReadonlyArray<Moment>, { width, height }: Size): Bytes => {
  const size = joinBytes([little(width - 1, 3), little(height - 1, 3)]);
  const frames = moments.map(({ picture, durationMs }) =>
    chunk(
      'ANMF',
      new Uint8Array(6), // at the corner
      size,
      little(Math.min(durationMs, durationMsMax), 3),
      Uint8Array.of(replaces),
      ...pictureChunks(picture),
    ),
  );
  return chunk(
    'RIFF',
    textBytes('WEBP'),
    chunk('VP8X', Uint8Array.of(movesAndIsClear, 0, 0, 0), size),
    chunk('ANIM', new Uint8Array(6)), // clear behind it, and no end
    ...frames,
  );
};
