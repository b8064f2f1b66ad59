/** GIF: a screen, then frames and extensions; comments and XMP are extensions that no frame needs. */
import { hasText, little16 } from './bytes.ts';
import type { Scan } from './scan.ts';

const screenBytes = 13;
const tableBytes = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

/** Behind the last of a row of sub-blocks; undefined: the file ends within. */
const endOfBlocks = (bytes: Uint8Array, from: number): number | undefined => {
  let at = from;
  while (at < bytes.length) {
    const length = bytes[at] ?? 0;
    at += 1 + length;
    if (length === 0) return at;
  }
  return undefined;
};

const isNeeded = (bytes: Uint8Array, at: number): boolean => {
  const label = bytes[at + 1];
  const isLoop = hasText(bytes, at + 3, 'NETSCAPE2.0') || hasText(bytes, at + 3, 'ANIMEXTS1.0');
  return label === 0xf9 || (label === 0xff && isLoop);
};

/** [MF2] Total. Undefined: no whole GIF. */
export const scanGif = (bytes: Uint8Array): Scan | undefined => {
  let at = screenBytes + tableBytes(bytes[10] ?? 0);
  const kept = [bytes.subarray(0, at)];
  let frameCount = 0;
  let hasMetadata = false;
  while (at < bytes.length) {
    const kind = bytes[at];
    if (kind === 0x3b) {
      if (frameCount === 0) return undefined;
      kept.push(bytes.subarray(at, at + 1));
      return {
        width: little16(bytes, 6),
        height: little16(bytes, 8),
        orientation: 1,
        isAnimated: frameCount > 1,
        hasMetadata: hasMetadata || at + 1 < bytes.length,
        kept,
      };
    }
    if (kind !== 0x21 && kind !== 0x2c) return undefined;
    const isFrame = kind === 0x2c;
    const from = isFrame ? at + 11 + tableBytes(bytes[at + 9] ?? 0) : at + 2;
    const end = endOfBlocks(bytes, from);
    if (end === undefined) return undefined;
    if (isFrame) frameCount += 1;
    if (isFrame || isNeeded(bytes, at)) kept.push(bytes.subarray(at, end));
    else hasMetadata = true;
    at = end;
  }
  return undefined;
};
