/**
 * A person's picture, as far as it can be told without decoding it: by the bytes it begins with a
 * WebP, PNG or JPEG, and no larger than its header says. What a stranger sends is shown only then.
 */
import { limits } from './limits.ts';

export interface PictureHeader {
  readonly type: 'png' | 'jpeg' | 'webp';
  readonly width: number;
  readonly height: number;
}

const startsWith = (bytes: Uint8Array, at: number, expected: ReadonlyArray<number>): boolean =>
  expected.every((byte, i) => bytes[at + i] === byte);

const ascii = (text: string): ReadonlyArray<number> =>
  Array.from(text, (letter) => letter.charCodeAt(0));

/** 0 where the bytes end too early. */
const big16 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const little16 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const little24 = (bytes: Uint8Array, at: number): number =>
  little16(bytes, at) | ((bytes[at + 2] ?? 0) << 16);

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const readPng = (bytes: Uint8Array): PictureHeader | undefined => {
  if (!startsWith(bytes, 0, pngSignature) || !startsWith(bytes, 12, ascii('IHDR')))
    return undefined;
  // A side above 65 535 is too large whatever its upper bytes say.
  const side = (at: number): number => (big16(bytes, at) === 0 ? big16(bytes, at + 2) : Infinity);
  return { type: 'png', width: side(16), height: side(20) };
};

const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** From marker to marker; each segment says how long it is. */
const readJpeg = (bytes: Uint8Array): PictureHeader | undefined => {
  if (!startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return undefined;
  let at = 2;
  while (at + 9 < bytes.length) {
    const marker = bytes[at + 1] ?? 0;
    if (bytes[at] !== 0xff || marker === 0xd9 || marker === 0xda) return undefined;
    if (isFrameHeader(marker)) {
      return { type: 'jpeg', height: big16(bytes, at + 5), width: big16(bytes, at + 7) };
    }
    const length = big16(bytes, at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
};

const readWebp = (bytes: Uint8Array): PictureHeader | undefined => {
  if (!startsWith(bytes, 0, ascii('RIFF')) || !startsWith(bytes, 8, ascii('WEBP')))
    return undefined;
  if (startsWith(bytes, 12, ascii('VP8X'))) {
    return { type: 'webp', width: little24(bytes, 24) + 1, height: little24(bytes, 27) + 1 };
  }
  if (startsWith(bytes, 12, ascii('VP8L')) && bytes[20] === 0x2f) {
    const packed = little24(bytes, 21) | ((bytes[24] ?? 0) << 24);
    return { type: 'webp', width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  if (startsWith(bytes, 12, ascii('VP8 ')) && startsWith(bytes, 23, [0x9d, 0x01, 0x2a])) {
    return {
      type: 'webp',
      width: little16(bytes, 26) & 0x3fff,
      height: little16(bytes, 28) & 0x3fff,
    };
  }
  return undefined;
};

/** [PF1] Total. Undefined: no picture, too many bytes, or too many pixels. */
export const readPicture = (
  bytes: Uint8Array,
  bytesMax: number = limits.pictureBytesMax,
): PictureHeader | undefined => {
  if (bytes.length > bytesMax || bytes.length < 30) return undefined;
  const header = readPng(bytes) ?? readJpeg(bytes) ?? readWebp(bytes);
  const isSide = (pixels: number): boolean => pixels > 0 && pixels <= limits.picturePixelsMax;
  return header && isSide(header.width) && isSide(header.height) ? header : undefined;
};
