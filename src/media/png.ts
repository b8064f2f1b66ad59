/** PNG and APNG: a signature, then chunks; the picture is in those that are named here. */
import { joinBytes, u32be } from '../base/bytes.ts';
import { big32, nameAt, textBytes } from './bytes.ts';
import { orientationOf, orientationOnly, type Orientation } from './exif.ts';
import type { Scan } from './scan.ts';

const signatureBytes = 8;
/** Length, name and checksum. */
const frameBytes = 12;
const kinds: ReadonlyArray<string> = [
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'bKGD', 'sBIT'],
  ...['cHRM', 'gAMA', 'iCCP', 'sRGB', 'cICP', 'mDCV', 'cLLI'],
  ...['acTL', 'fcTL', 'fdAT'],
];

const checksum = (bytes: Uint8Array): number => {
  let remainder = 0xffff_ffff;
  for (const byte of bytes) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb8_8320 : remainder >>> 1;
    }
  }
  return (remainder ^ 0xffff_ffff) >>> 0;
};

const exifChunk = (orientation: Orientation): Uint8Array => {
  const block = orientationOnly(orientation);
  const checked = joinBytes([textBytes('eXIf'), block]);
  return joinBytes([u32be(block.length), checked, u32be(checksum(checked))]);
};

/** [MF2] Total. Undefined: no whole PNG. */
export const scanPng = (bytes: Uint8Array): Scan | undefined => {
  const kept: Uint8Array[] = [];
  let orientation: Orientation = 1;
  let isAnimated = false;
  let hasMetadata = false;
  let at = signatureBytes;
  if (nameAt(bytes, at + 4) !== 'IHDR') return undefined;
  while (at + frameBytes <= bytes.length) {
    const end = at + frameBytes + big32(bytes, at);
    if (end > bytes.length) return undefined;
    const name = nameAt(bytes, at + 4);
    if (name === 'acTL') isAnimated = true;
    if (name === 'eXIf') orientation = orientationOf(bytes.subarray(at + 8, end - 4));
    if (kinds.includes(name)) kept.push(bytes.subarray(at, end));
    else hasMetadata = true;
    at = end;
    if (name !== 'IEND') continue;
    const [header = new Uint8Array(), ...rest] = kept;
    const turn = orientation === 1 ? [] : [exifChunk(orientation)];
    return {
      width: big32(bytes, signatureBytes + 8),
      height: big32(bytes, signatureBytes + 12),
      orientation,
      isAnimated,
      hasMetadata: hasMetadata || at < bytes.length,
      kept: [bytes.subarray(0, signatureBytes), header, ...turn, ...rest],
    };
  }
  return undefined;
};
