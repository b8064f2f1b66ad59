/** JPEG: from marker to marker, and through the scans to the end of the image. */
import { joinBytes } from '../base/bytes.ts';
import { big16, hasText, textBytes } from './bytes.ts';
import { orientationOf, orientationOnly, type Orientation } from './exif.ts';
import type { Scan } from './scan.ts';

const startOfScan = 0xda;
const endOfImage = 0xd9;
const comment = 0xfe;
const exifMark = 'Exif\0\0';
/** Of a JFIF header without a thumbnail. */
const jfifBytes = 18;

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const isApplication = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef;
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

/** Colours need these; every other application segment can say something about people. */
const isNeeded = (segment: Uint8Array): boolean =>
  (hasText(segment, 4, 'JFIF\0') && segment.length === jfifBytes) ||
  (segment[1] === 0xe2 && hasText(segment, 4, 'ICC_PROFILE\0')) ||
  (segment[1] === 0xee && hasText(segment, 4, 'Adobe'));

/** Where the compressed data from `from` on ends: at the next marker that means something. */
const endOfEntropy = (bytes: Uint8Array, from: number): number => {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at;
  }
  return bytes.length;
};

const exifSegment = (orientation: Orientation): Uint8Array => {
  const block = joinBytes([textBytes(exifMark), orientationOnly(orientation)]);
  return joinBytes([Uint8Array.of(0xff, 0xe1, 0, block.length + 2), block]);
};

/** [MF2] Total. Undefined: no whole JPEG. */
export const scanJpeg = (bytes: Uint8Array): Scan | undefined => {
  const kept: Uint8Array[] = [];
  let size: { readonly width: number; readonly height: number } | undefined;
  let orientation: Orientation = 1;
  let hasMetadata = false;
  let at = 2;
  while (at + 4 <= bytes.length || bytes[at + 1] === endOfImage) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // A marker may be filled up before it.
      continue;
    }
    if (marker === endOfImage) {
      if (size === undefined) return undefined;
      kept.push(bytes.subarray(at, at + 2));
      const turn = orientation === 1 ? [] : [exifSegment(orientation)];
      return {
        ...size,
        orientation,
        isAnimated: false,
        hasMetadata: hasMetadata || at + 2 < bytes.length,
        kept: [bytes.subarray(0, 2), ...turn, ...kept],
      };
    }
    const end = at + 2 + big16(bytes, at + 2);
    if (end < at + 4 || end > bytes.length) return undefined;
    const segment = bytes.subarray(at, end);
    if (isFrame(marker)) size ??= { height: big16(bytes, at + 5), width: big16(bytes, at + 7) };
    if (marker === 0xe1 && hasText(segment, 4, exifMark)) {
      orientation = orientationOf(segment.subarray(4 + exifMark.length));
    }
    const isLeftOut = marker === comment || (isApplication(marker) && !isNeeded(segment));
    if (isLeftOut) hasMetadata = true;
    else kept.push(segment);
    at = end;
    if (marker === startOfScan) {
      at = endOfEntropy(bytes, end);
      kept.push(bytes.subarray(end, at));
    }
  }
  return undefined;
};
