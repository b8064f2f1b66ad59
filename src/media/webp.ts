/** WebP: a RIFF of chunks; an extended one says in a byte of flags which there are. */
import { joinBytes } from '../base/bytes.ts';
import { hasText, little16, little24, little32, nameAt, textBytes } from './bytes.ts';
import { orientationOf, orientationOnly, type Orientation } from './exif.ts';
import type { Scan } from './scan.ts';

const headBytes = 12;
const exifFlag = 0x08;
const metadataFlags = 0x0c; // EXIF and XMP
const kinds: ReadonlyArray<string> = ['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP'];

interface Size {
  readonly width: number;
  readonly height: number;
}

const sizeOf = (name: string, content: Uint8Array): Size | undefined => {
  if (name === 'VP8X') {
    return { width: little24(content, 4) + 1, height: little24(content, 7) + 1 };
  }
  if (name === 'VP8L' && content[0] === 0x2f) {
    const packed = little32(content, 1);
    return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
  }
  if (name === 'VP8 ' && hasText(content, 3, '\x9d\x01\x2a')) {
    return { width: little16(content, 6) & 0x3fff, height: little16(content, 8) & 0x3fff };
  }
  return undefined;
};

const little32Bytes = (value: number): Uint8Array =>
  Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);

const exifChunk = (orientation: Orientation): Uint8Array => {
  const block = orientationOnly(orientation);
  return joinBytes([textBytes('EXIF'), little32Bytes(block.length), block]);
};

/** The flags say what is left. */
const extended = (chunk: Uint8Array, orientation: Orientation): Uint8Array => {
  const flags = (chunk[8] ?? 0) & ~metadataFlags;
  const patched = chunk.slice();
  patched[8] = orientation === 1 ? flags : flags | exifFlag;
  return patched;
};

/** [MF2] Total. Undefined: no whole WebP. */
export const scanWebp = (bytes: Uint8Array): Scan | undefined => {
  const whole = Math.min(bytes.length, 8 + little32(bytes, 4));
  const chunks: Uint8Array[] = [];
  let size: Size | undefined;
  let orientation: Orientation = 1;
  let isExtended = false;
  let isAnimated = false;
  let hasMetadata = whole < bytes.length;
  let at = headBytes;
  while (at + 8 <= whole) {
    const length = little32(bytes, at + 4);
    const end = at + 8 + length + (length & 1);
    if (end > whole) return undefined;
    const name = nameAt(bytes, at);
    const content = bytes.subarray(at + 8, at + 8 + length);
    size ??= sizeOf(name, content);
    if (name === 'VP8X') isExtended = true;
    if (name === 'ANMF') isAnimated = true;
    if (name === 'EXIF') {
      const tiff = hasText(content, 0, 'Exif\0\0') ? content.subarray(6) : content;
      orientation = orientationOf(tiff);
    }
    if (kinds.includes(name)) chunks.push(bytes.subarray(at, end));
    else hasMetadata = true;
    at = end;
  }
  if (size === undefined) return undefined;
  const turned = isExtended ? orientation : 1; // Only an extended file may say how to turn.
  const parts = chunks.map((chunk) =>
    nameAt(chunk, 0) === 'VP8X' ? extended(chunk, turned) : chunk,
  );
  if (turned !== 1) parts.push(exifChunk(turned));
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  const head = joinBytes([textBytes('RIFF'), little32Bytes(length), textBytes('WEBP')]);
  return { ...size, orientation: turned, isAnimated, hasMetadata, kept: [head, ...parts] };
};
