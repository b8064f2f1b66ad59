import { expect, test } from 'vitest';
import { isSameValue } from '../../../src/base/same-value.ts';

test.each([
  [1, 1],
  [undefined, undefined],
  [NaN, NaN],
  [
    [1, { a: 'x' }],
    [1, { a: 'x' }],
  ],
  [{ a: undefined }, { a: undefined }],
  [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
])('%j and %j are the same', (a, b) => {
  expect(isSameValue(a, b)).toBe(true);
});

test.each([
  [1, '1'],
  [null, {}],
  [[], {}],
  [[1], [1, 2]],
  [{ a: 1 }, { a: 2 }],
  [{ a: undefined }, { b: undefined }],
  [{ a: [{ b: 1 }] }, { a: [{ b: 2 }] }],
  [Uint8Array.of(1), Uint8Array.of(2)],
  [Uint8Array.of(1), [1]],
])('%j and %j are not', (a, b) => {
  expect(isSameValue(a, b)).toBe(false);
  expect(isSameValue(b, a)).toBe(false);
});
