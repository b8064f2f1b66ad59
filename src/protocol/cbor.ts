/**
 * Deterministic CBOR (RFC 8949 §4.2.1): one value, one byte string. Everything signed or hashed in
 * this protocol that is not a fixed layout is written with it.
 *
 * The subset is null, booleans, safe integers, text, byte strings, arrays and maps with text keys;
 * no floats, tags, undefined or indefinite lengths. Text is well-formed and does not begin with
 * U+FEFF. Decoders differ on exactly these edges, and a difference would split replicas, so
 * `decodeCanonical` scans the bytes first, decodes, encodes again and compares.
 */
import { decode, encode, rfc8949EncodeOptions } from 'cborg';
import { assert } from '../base/assert.ts';
import { equalBytes, readU16be, readU32be, utf8ToBytes } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { limits } from './limits.ts';

export type CborValue =
  null | boolean | number | string | Uint8Array | ReadonlyArray<CborValue> | CborMap;

export interface CborMap {
  readonly [key: string]: CborValue;
}

const loneSurrogate = /\p{Surrogate}/u;
const byteOrderMark = '\u{feff}';

/** Text this protocol can carry: well-formed, and not led by a mark that decoders drop. */
export const isWireText = (text: string): boolean =>
  !loneSurrogate.test(text) && !text.startsWith(byteOrderMark);

/** The nearest text that can be carried; for what people type or paste. */
export const toWireText = (text: string): string =>
  text.replace(/^\u{feff}+/u, '').replace(/\p{Surrogate}/gu, '\u{fffd}');

const assertEncodable = (value: CborValue, depthLeft: number): void => {
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return;
  if (typeof value === 'number') {
    assert(Number.isSafeInteger(value), 'a number on the wire is a safe integer');
  } else if (typeof value === 'string') {
    assert(isWireText(value), 'text on the wire is well-formed');
  } else {
    assert(depthLeft > 0, 'a value on the wire is nested no deeper than the limit');
    for (const [key, item] of Object.entries(value)) {
      assert(isWireText(key), 'a map key on the wire is well-formed');
      assertEncodable(item, depthLeft - 1);
    }
  }
};

/** [CB1] The one encoding of a value. The caller vouches for the value; strangers never choose it. */
export const encodeCanonical = (value: CborValue): Uint8Array => {
  assertEncodable(value, limits.cborDepthMax);
  const encoded = encode(value, rfc8949EncodeOptions);
  // A copy: the encoder may hand out bytes it keeps, or a view into a pool. They may hold a key (ER2).
  const own = new Uint8Array(encoded);
  encoded.fill(0);
  return own;
};

const major = { uint: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, simple: 7 } as const;

/** The argument of the head at `at`, or undefined where the head is cut, indefinite or absurd. */
const readHead = (
  bytes: Uint8Array,
  at: number,
): { readonly argument: number; readonly next: number } | undefined => {
  const info = (bytes[at] ?? 0) & 0x1f;
  if (info < 24) return { argument: info, next: at + 1 };
  const width = info === 24 ? 1 : info === 25 ? 2 : info === 26 ? 4 : info === 27 ? 8 : 0;
  if (width === 0 || at + 1 + width > bytes.length) return undefined;
  const next = at + 1 + width;
  if (width === 1) return { argument: bytes[at + 1] ?? 0, next };
  if (width === 2) return { argument: readU16be(bytes, at + 1), next };
  if (width === 4) return { argument: readU32be(bytes, at + 1), next };
  // Above 32 bits only an integer makes sense; as a length this is longer than any input.
  return { argument: Number.MAX_SAFE_INTEGER, next };
};

/**
 * [CB2] One item of the subset, whole and not nested too deep, in one pass without recursion: the
 * decoder behind it recurses, and a few kilobytes of open brackets would end its stack.
 */
const isShallowSubset = (bytes: Uint8Array): boolean => {
  const itemsLeft: number[] = [1];
  let at = 0;
  for (;;) {
    while (itemsLeft.at(-1) === 0) itemsLeft.pop();
    const depth = itemsLeft.length - 1;
    const open = itemsLeft[depth];
    if (open === undefined) return at === bytes.length;
    if (at >= bytes.length) return false;
    itemsLeft[depth] = open - 1;

    const initial = bytes[at] ?? 0;
    const type = initial >>> 5;
    const head = readHead(bytes, at);
    if (head === undefined) return false;
    at = head.next;
    if (type === major.bytes || type === major.text) {
      if (head.argument > bytes.length - at) return false;
      at += head.argument;
    } else if (type === major.array || type === major.map) {
      if (depth >= limits.cborDepthMax || head.argument > bytes.length - at) return false;
      itemsLeft.push(type === major.map ? 2 * head.argument : head.argument);
    } else if (type === major.simple) {
      if (initial < 0xf4 || initial > 0xf6) return false; // false, true, null; no floats
    } else if (type !== major.uint && type !== major.negative) {
      return false; // a tag
    }
  }
};

type Decoded = Result<CborValue, 'malformed'>;

interface DecodeOptions {
  readonly bytesMax: number;
}

/**
 * Of bytes that were encoded and sealed on this device: they are the one encoding, and need not be made
 * again to show it. Total all the same.
 */
export const decodeOwn = (bytes: Uint8Array, { bytesMax }: DecodeOptions): Decoded => {
  if (bytes.length > bytesMax || !isShallowSubset(bytes)) return err('malformed');
  try {
    return ok(decode(bytes, { allowBigInt: false }) as CborValue);
  } catch {
    return err('malformed'); // the decoder throws on what it refuses; the throw stops here.
  }
};

/** [CB3] Total: any bytes give the value they are the one encoding of, or `malformed`. */
export const decodeCanonical = (bytes: Uint8Array, options: DecodeOptions): Decoded => {
  const decoded = decodeOwn(bytes, options);
  if (!decoded.ok) return decoded;
  try {
    // Catches what the decoder forgives: long heads, unsorted or repeated keys, ill-formed text.
    const again = new Uint8Array(encode(decoded.value, rfc8949EncodeOptions));
    return equalBytes(again, bytes) ? decoded : err('malformed');
  } catch {
    return err('malformed');
  }
};

// ---------------------------------------------------------------- readers

/** Total: a decoded value as a `T`, or undefined. Codecs are composed of these. */
export type Read<T> = (value: CborValue) => T | undefined;

type ReadOf<R> = R extends Read<infer T> ? T : never;
type Shape = Readonly<Record<string, Read<unknown>>>;
type RecordOf<S extends Shape> = { readonly [K in keyof S]: ReadOf<S[K]> };
type PartialOf<S extends Shape> = { readonly [K in keyof S]?: ReadOf<S[K]> };

export const anyValue: Read<CborValue> = (value) => value;

export const booleanOf: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** Exactly so many bytes. */
export const bytesOf =
  (length: number): Read<Uint8Array> =>
  (value) =>
    value instanceof Uint8Array && value.length === length ? value : undefined;

export const bytesUpTo =
  (bytesMax: number): Read<Uint8Array> =>
  (value) =>
    value instanceof Uint8Array && value.length <= bytesMax ? value : undefined;

/** Both ends included. */
export const intIn =
  (min: number, max: number): Read<number> =>
  (value) =>
    typeof value === 'number' && value >= min && value <= max ? value : undefined;

/** Counts and times: zero or more. */
export const naturalOf: Read<number> = intIn(0, Number.MAX_SAFE_INTEGER);

export const textUpTo =
  (bytesMax: number): Read<string> =>
  (value) =>
    typeof value === 'string' && utf8ToBytes(value).length <= bytesMax ? value : undefined;

export const oneOf =
  <const T extends ReadonlyArray<string | number>>(...values: T): Read<T[number]> =>
  (value) =>
    values.find((candidate) => candidate === value);

export const arrayUpTo =
  <T>(itemsMax: number, read: Read<T>): Read<ReadonlyArray<T>> =>
  (value) => {
    if (!Array.isArray(value) || value.length > itemsMax) return undefined;
    const items: T[] = [];
    for (const raw of value as ReadonlyArray<CborValue>) {
      const item = read(raw);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  };

/** An array of exactly these, in this order. */
export const tupleOf =
  <T extends ReadonlyArray<Read<unknown>>>(
    ...reads: T
  ): Read<{ readonly [I in keyof T]: ReadOf<T[I]> }> =>
  (value) => {
    if (!Array.isArray(value) || value.length !== reads.length) return undefined;
    const items = reads.map((read, i) => read((value as ReadonlyArray<CborValue>)[i] ?? null));
    // The one place where items read one by one become the tuple their readers describe.
    return items.includes(undefined)
      ? undefined
      : (items as { readonly [I in keyof T]: ReadOf<T[I]> });
  };

const isCborMap = (value: CborValue): value is CborMap =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Uint8Array);

interface RecordReader {
  <S extends Shape>(shape: S): Read<RecordOf<S>>;
  <S extends Shape, O extends Shape>(shape: S, optional: O): Read<RecordOf<S> & PartialOf<O>>;
}

/** A map with all keys of `shape`, any of `optional`, and no other. */
export const recordOf: RecordReader =
  <S extends Shape, O extends Shape>(shape: S, optional?: O): Read<RecordOf<S> & PartialOf<O>> =>
  (value) => {
    if (!isCborMap(value)) return undefined;
    const fields: Record<string, unknown> = {};
    for (const [key, raw] of Object.entries(value)) {
      const read = Object.hasOwn(shape, key)
        ? shape[key]
        : optional !== undefined && Object.hasOwn(optional, key)
          ? optional[key]
          : undefined;
      const field = read?.(raw);
      if (field === undefined) return undefined;
      fields[key] = field;
    }
    const isWhole = Object.keys(shape).every((key) => Object.hasOwn(fields, key));
    // The one place where fields read one by one become the type their shape describes.
    return isWhole ? (fields as RecordOf<S> & PartialOf<O>) : undefined;
  };

/** Decodes and reads in one step, for formats that are one CBOR value. */
export const decodeAs = <T>(
  bytes: Uint8Array,
  { bytesMax, read }: { readonly bytesMax: number; readonly read: Read<T> },
): T | undefined => {
  const decoded = decodeCanonical(bytes, { bytesMax });
  return decoded.ok ? read(decoded.value) : undefined;
};

/** Frames that say in `t` what they are: who reads which. */
export type Readers<Frame extends { readonly t: string }> = {
  readonly [T in Frame['t']]: Read<Frame>;
};

/** The frame that its `t` says it is, of these. */
export const taggedOf =
  <Frame extends { readonly t: string }>(readers: Readers<Frame>): Read<Frame> =>
  (value) => {
    if (typeof value !== 'object' || value === null || !('t' in value)) return undefined;
    const { t } = value;
    const isKnown = typeof t === 'string' && Object.hasOwn(readers, t);
    return isKnown ? readers[t as Frame['t']](value) : undefined;
  };

/** Total: one of these frames, or malformed. */
export const decoderOf =
  <Frame extends { readonly t: string }>(bytesMax: number, readers: Readers<Frame>) =>
  (bytes: Uint8Array): Result<Frame, 'malformed'> => {
    const frame = decodeAs(bytes, { bytesMax, read: taggedOf(readers) });
    return frame ? ok(frame) : err('malformed');
  };
