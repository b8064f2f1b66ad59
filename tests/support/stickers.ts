/** Stickers as headers only: no decoder would show them, and all that is checked of them is there. */
import { joinBytes, u32be } from '../../src/base/bytes.ts';
import { textBytes } from '../../src/media/bytes.ts';
import { bytesFrom } from './files.ts';

interface Drawn {
  readonly side?: number;
  readonly sizeBytes?: number;
  readonly type?: string;
}

/** Differs by its seed. */
export const stickerPicture = (
  seed: number,
  { side = 256, sizeBytes = 900, type = 'WEBP' }: Drawn = {},
): Uint8Array<ArrayBuffer> => {
  const little24 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16);
  const head = joinBytes([
    textBytes('RIFF'),
    u32be(sizeBytes - 8).reverse(),
    textBytes(`${type}VP8X`),
    u32be(10).reverse(),
    Uint8Array.of(0, 0, 0, 0),
    little24(side - 1),
    little24(side - 1),
  ]);
  return joinBytes([head, bytesFrom(seed, sizeBytes - head.length)]);
};
