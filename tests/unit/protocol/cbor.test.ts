import { describe, expect, test } from 'vitest';
import { fromHex, toHex, utf8ToBytes } from '../../../src/base/bytes.ts';
import {
  arrayUpTo,
  booleanOf,
  bytesOf,
  bytesUpTo,
  decodeAs,
  decodeCanonical,
  encodeCanonical,
  intIn,
  isWireText,
  naturalOf,
  oneOf,
  recordOf,
  textUpTo,
  toWireText,
  tupleOf,
  type CborValue,
} from '../../../src/protocol/cbor.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { valueOf } from './fixtures.ts';

const bytesMax = 4096;
const decodeHex = (text: string) => decodeCanonical(valueOf(fromHex(text)), { bytesMax });
const malformed = { ok: false, error: 'malformed' };

/** So many arrays inside one another. */
const nested = (depth: number, leaf: CborValue = 0): CborValue =>
  depth === 0 ? leaf : [nested(depth - 1, leaf)];

describe('encoding', () => {
  // Values of RFC 8949 appendix A, and the order of §4.2.1: by bytes of the encoded key.
  test.each<[CborValue, string]>([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [1000, '1903e8'],
    [1_000_000_000_000, '1b000000e8d4a51000'],
    [Number.MAX_SAFE_INTEGER, '1b001fffffffffffff'],
    [-1, '20'],
    [-1000, '3903e7'],
    [Number.MIN_SAFE_INTEGER, '3b001ffffffffffffe'],
    [null, 'f6'],
    [true, 'f5'],
    [false, 'f4'],
    ['ü', '62c3bc'],
    [Uint8Array.of(1, 2, 3, 4), '4401020304'],
    [[1, [2, 3]], '8201820203'],
    [{}, 'a0'],
    [{ aa: 1, b: 2, a: 3 }, 'a3616103616202626161' + '01'],
  ])('[CB1] %j has one encoding', (value, encoded) => {
    expect(toHex(encodeCanonical(value))).toBe(encoded);
    expect(decodeHex(encoded)).toEqual({ ok: true, value });
  });

  test('[CB1] the bytes handed out are the caller’s own, to transfer or erase', () => {
    for (const value of [null, { text: 'x' }, new Uint8Array(300)]) {
      const encoded = encodeCanonical(value);
      expect(encoded.buffer.byteLength).toBe(encoded.length);
      encoded.fill(0);
      expect(decodeCanonical(encodeCanonical(value), { bytesMax })).toEqual({ ok: true, value });
    }
  });

  test.each<[string, CborValue]>([
    ['a fraction', 1.5],
    ['an integer that is not safe', 2 ** 53],
    ['infinity', Infinity],
    ['a lone surrogate', 'a\ud800'],
    ['a byte order mark', '\ufeffa'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['one level too many', nested(limits.cborDepthMax + 1)],
  ])('[CB1] %s is the program’s mistake', (_, value) => {
    expect(() => encodeCanonical(value)).toThrow('on the wire');
  });
});

describe('decoding', () => {
  test.each([
    ['nothing', ''],
    ['undefined', 'f7'],
    ['a half float of an integer', 'f93c00'],
    ['a double', 'fb3ff8000000000000'],
    ['infinity', 'f97c00'],
    ['another simple value', 'e0'],
    ['a simple value in two bytes', 'f8ff'],
    ['a tag', 'c001'],
    ['an indefinite array', '9f01ff'],
    ['an indefinite text', '7f6161ff'],
    ['a reserved head', '1c'],
    ['a break', 'ff'],
    ['an integer in more bytes than needed', '1817'],
    ['a length in more bytes than needed', '580101'],
    ['an integer above 2^53 − 1', '1b0020000000000000'],
    ['an integer below −(2^53 − 1)', '3b001fffffffffffff'],
    ['the largest head', '1bffffffffffffffff'],
    ['unsorted keys', 'a2616201616101'],
    ['keys in the older length-first order', 'a262616101616202'],
    ['a key twice', 'a2616101616101'],
    ['a key that is a number', 'a10101'],
    ['a key that is bytes', 'a1416101'],
    ['ill-formed text', '61ff'],
    ['a surrogate in UTF-8', '63eda080'],
    ['overlong UTF-8', '62c080'],
    ['text led by a byte order mark', '64efbbbf61'],
    ['a cut array', '8201'],
    ['a cut map', 'a16161'],
    ['a cut byte string', '4201'],
    ['a cut head', '19ff'],
    ['a second value', '0000'],
    ['an array of 2^32 items', '9affffffff'],
    ['a map of 2^63 items', 'bb7fffffffffffffff'],
    ['a byte string of 2^64 bytes', '5bffffffffffffffff'],
  ])('[CB2] %s is malformed', (_, encoded) => {
    expect(decodeHex(encoded)).toEqual(malformed);
  });

  test('[CB2] depth is bounded before the recursive decoder runs', () => {
    const deepest = encodeCanonical(nested(limits.cborDepthMax));
    expect(decodeCanonical(deepest, { bytesMax }).ok).toBe(true);
    const tooDeep = new Uint8Array([0x81, ...deepest]);
    expect(decodeCanonical(tooDeep, { bytesMax })).toEqual(malformed);
    for (const opening of [0x81, 0xa1, 0x9f]) {
      const brackets = new Uint8Array(1_000_000).fill(opening);
      expect(decodeCanonical(brackets, { bytesMax: brackets.length })).toEqual(malformed);
    }
  });

  test('[CB2] whatever is no array and no map may lie at the deepest place', () => {
    for (const leaf of [null, true, 7, 'x', Uint8Array.of(1)]) {
      const value = nested(limits.cborDepthMax, leaf);
      expect(decodeCanonical(encodeCanonical(value), { bytesMax })).toEqual({ ok: true, value });
    }
  });

  test('[CB1] lengths beyond 16 bits', () => {
    const length = 2 ** 16;
    for (const value of [
      new Uint8Array(length),
      'x'.repeat(length),
      Array.from({ length }, () => 0),
    ]) {
      const encoded = encodeCanonical(value);
      expect(decodeCanonical(encoded, { bytesMax: encoded.length }).ok).toBe(true);
      const cut = encoded.subarray(0, -1);
      expect(decodeCanonical(cut, { bytesMax: encoded.length })).toEqual(malformed);
    }
  });

  test('[CB3] the limit counts bytes, itself included', () => {
    const encoded = encodeCanonical('abc');
    expect(decodeCanonical(encoded, { bytesMax: encoded.length }).ok).toBe(true);
    expect(decodeCanonical(encoded, { bytesMax: encoded.length - 1 })).toEqual(malformed);
  });

  test('[CB3] no key reaches a prototype', () => {
    const value = valueOf(decodeHex('a1695f5f70726f746f5f5fa1616101'));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(recordOf({ a: naturalOf })(value)).toBeUndefined();
    expect(recordOf({ constructor: naturalOf })({})).toBeUndefined();
  });
});

describe('readers', () => {
  test('[CB4] each takes its own values and no other', () => {
    const samples: ReadonlyArray<CborValue> = [null, true, 7, 'x', Uint8Array.of(1), [1], { a: 1 }];
    const taken = (read: (value: CborValue) => unknown) =>
      samples.filter((sample) => read(sample) !== undefined);
    expect(taken(booleanOf)).toEqual([true]);
    expect(taken(naturalOf)).toEqual([7]);
    expect(taken(textUpTo(1))).toEqual(['x']);
    expect(taken(bytesOf(1))).toEqual([Uint8Array.of(1)]);
    expect(taken(bytesUpTo(9))).toEqual([Uint8Array.of(1)]);
    expect(taken(arrayUpTo(9, naturalOf))).toEqual([[1]]);
    expect(taken(tupleOf(naturalOf))).toEqual([[1]]);
    expect(taken(recordOf({ a: naturalOf }))).toEqual([{ a: 1 }]);
    expect(taken(recordOf({}, { a: naturalOf }))).toEqual([{ a: 1 }]);
    expect(taken(oneOf('x', 7))).toEqual([7, 'x']);
  });

  test('[CB4] limits include both ends', () => {
    expect([1, 2, 3, 4].map(intIn(2, 3))).toEqual([undefined, 2, 3, undefined]);
    expect(naturalOf(-1)).toBeUndefined();
    expect(bytesOf(2)(new Uint8Array(3))).toBeUndefined();
    expect(bytesUpTo(2)(new Uint8Array(3))).toBeUndefined();
    expect(textUpTo(2)('é')).toBe('é');
    expect(textUpTo(1)('é')).toBeUndefined();
    expect(arrayUpTo(1, naturalOf)([1, 2])).toBeUndefined();
    expect(tupleOf(naturalOf, naturalOf)([1])).toBeUndefined();
    expect(tupleOf(naturalOf)([1, 2])).toBeUndefined();
  });

  test('[CB4] one bad part refuses the whole', () => {
    expect(arrayUpTo(3, naturalOf)([1, 'x', 3])).toBeUndefined();
    expect(tupleOf(naturalOf, textUpTo(9))([1, 2])).toBeUndefined();
    expect(recordOf({ a: naturalOf })({ a: 'x' })).toBeUndefined();
  });

  test('[CB4] a record has all its keys, perhaps the optional ones, and no other', () => {
    const read = recordOf({ a: naturalOf }, { b: naturalOf });
    expect(read({ a: 1 })).toEqual({ a: 1 });
    expect(read({ a: 1, b: 2 })).toEqual({ a: 1, b: 2 });
    expect(read({ b: 2 })).toBeUndefined();
    expect(read({ a: 1, b: 'x' })).toBeUndefined();
    expect(read({ a: 1, c: 3 })).toBeUndefined();
  });

  test('[CB4] decoding and reading in one step', () => {
    const encoded = encodeCanonical({ a: 1 });
    expect(decodeAs(encoded, { bytesMax, read: recordOf({ a: naturalOf }) })).toEqual({ a: 1 });
    expect(decodeAs(encoded, { bytesMax: 1, read: recordOf({ a: naturalOf }) })).toBeUndefined();
    expect(decodeAs(utf8ToBytes('?'), { bytesMax, read: naturalOf })).toBeUndefined();
  });
});

test('[CB5] what people paste becomes text that can be carried', () => {
  for (const text of ['\ufeff\ufeffa', 'a\ud800b', '\udc00', '\ud83d\ude00', '']) {
    const clean = toWireText(text);
    expect(isWireText(clean)).toBe(true);
    expect(decodeCanonical(encodeCanonical(clean), { bytesMax })).toEqual({
      ok: true,
      value: clean,
    });
  }
  expect(toWireText('a\ud800b')).toBe('a\ufffdb');
  expect(toWireText('\ufeff\ufeffa')).toBe('a');
  expect(toWireText('👩‍🚀 a\ufeffb')).toBe('👩‍🚀 a\ufeffb');
});
