/** Numbers and names in the bytes of a file. Total: what lies beyond the end reads as 0. */
export type Bytes = Uint8Array<ArrayBuffer>;

const at8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

export const big16 = (bytes: Uint8Array, at: number): number =>
  (at8(bytes, at) << 8) | at8(bytes, at + 1);
export const big32 = (bytes: Uint8Array, at: number): number =>
  ((big16(bytes, at) << 16) | big16(bytes, at + 2)) >>> 0;
export const little16 = (bytes: Uint8Array, at: number): number =>
  at8(bytes, at) | (at8(bytes, at + 1) << 8);
export const little24 = (bytes: Uint8Array, at: number): number =>
  little16(bytes, at) | (at8(bytes, at + 2) << 16);
export const little32 = (bytes: Uint8Array, at: number): number =>
  (little16(bytes, at) | (little16(bytes, at + 2) << 16)) >>> 0;

/** Four letters, as most formats name their parts. */
export const nameAt = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 4));

export const hasText = (bytes: Uint8Array, at: number, text: string): boolean =>
  at + text.length <= bytes.length &&
  Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0));

export const textBytes = (text: string): Bytes =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));
