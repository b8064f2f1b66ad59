/** Of EXIF one thing is read and one is written: how to turn the picture so that it stands upright. */
import { joinBytes } from '../base/bytes.ts';
import { big16, big32, hasText, little16, little32, textBytes, type Bytes } from './bytes.ts';

export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientations: ReadonlyArray<Orientation> = [1, 2, 3, 4, 5, 6, 7, 8];
const orientationTag = 0x0112;
const entryBytes = 12;
/** More than any camera writes; a count beyond it is not believed. */
const entriesMax = 512;

/** `tiff`: the block after "Exif\0\0". Upright where nothing sensible is said. */
export const orientationOf = (tiff: Uint8Array): Orientation => {
  const isLittle = hasText(tiff, 0, 'II');
  if (!isLittle && !hasText(tiff, 0, 'MM')) return 1;
  const read16 = isLittle ? little16 : big16;
  const first = (isLittle ? little32 : big32)(tiff, 4);
  const count = Math.min(read16(tiff, first), entriesMax);
  for (let index = 0; index < count; index++) {
    const entry = first + 2 + index * entryBytes;
    if (entry + entryBytes > tiff.length) return 1;
    if (read16(tiff, entry) !== orientationTag) continue;
    const value = read16(tiff, entry + 8);
    return orientations.find((orientation) => orientation === value) ?? 1;
  }
  return 1;
};

/** A block that says this and nothing else. */
export const orientationOnly = (orientation: Orientation): Bytes =>
  joinBytes([
    textBytes('MM\0*'),
    Uint8Array.of(0, 0, 0, 8, 0, 1),
    Uint8Array.of(1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0),
    Uint8Array.of(0, 0, 0, 0),
  ]);

export const isOnItsSide = (orientation: Orientation): boolean => orientation >= 5;
