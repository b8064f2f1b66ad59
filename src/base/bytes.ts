/**
 * Bytes: joining, comparing, numbers, text. The platform-free layers have no TextEncoder and no
 * Buffer, so the little they need of them lives here.
 */
import { base64urlnopad, hex, utf8 } from '@scure/base';
import { assert } from './assert.ts';
import { err, ok, type Result } from './result.ts';

export type Bytes = Uint8Array;

/** Of however many parts. */
export const joinBytes = (parts: ReadonlyArray<Uint8Array>): Uint8Array<ArrayBuffer> => {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};

export const concatBytes = (...parts: ReadonlyArray<Uint8Array>): Uint8Array => joinBytes(parts);

/** Compares in time that depends on the length alone. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
};

/** Orders as unsigned bytes, shorter first on a common prefix. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
};

export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

export const toHex = (bytes: Uint8Array): string => hex.encode(bytes);

export const fromHex = (text: string): Result<Uint8Array, 'bad-hex'> => {
  try {
    return ok(hex.decode(text));
  } catch {
    return err('bad-hex'); // @scure/base throws on bad input; the throw stops here.
  }
};

export const toBase64url = (bytes: Uint8Array): string => base64urlnopad.encode(bytes);

/** Strict: one text for each byte string, no padding, no white space. */
export const fromBase64url = (text: string): Result<Uint8Array, 'bad-base64url'> => {
  try {
    return ok(base64urlnopad.decode(text));
  } catch {
    return err('bad-base64url');
  }
};

export const utf8ToBytes = (text: string): Uint8Array => utf8.decode(text);

/** Total: ill-formed UTF-8 becomes an error, never a replacement character. */
export const bytesToUtf8 = (bytes: Uint8Array): Result<string, 'bad-utf8'> => {
  try {
    return ok(utf8.encode(bytes));
  } catch {
    return err('bad-utf8');
  }
};

/**
 * A character for each byte: it orders as the bytes do and, where many are kept, takes a fifth of the
 * room of as many arrays.
 */
export const bytesToLatin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** The bytes of such a text. */
export const latin1ToBytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));

export const u16be = (value: number): Uint8Array => {
  assert(Number.isInteger(value) && value >= 0 && value <= 0xffff, 'a u16 fits in two bytes');
  return Uint8Array.of(value >>> 8, value & 0xff);
};

export const u32be = (value: number): Uint8Array<ArrayBuffer> => {
  assert(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff, 'a u32 fits in 4 bytes');
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};

export const u64be = (value: number): Uint8Array => {
  assert(Number.isSafeInteger(value) && value >= 0, 'a u64 here is a safe, unsigned integer');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
};

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export const readU16be = (bytes: Uint8Array, at: number): number => viewOf(bytes).getUint16(at);

export const readU32be = (bytes: Uint8Array, at: number): number => viewOf(bytes).getUint32(at);

/** Undefined where the number is above 2^53 − 1: no field of this protocol may be. */
export const readU64be = (bytes: Uint8Array, at: number): number | undefined => {
  const value = viewOf(bytes).getBigUint64(at);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
};
