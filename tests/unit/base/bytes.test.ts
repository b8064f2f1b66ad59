import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesToLatin1, compareBytes, latin1ToBytes } from '../../../src/base/bytes.ts';

test('[PJ1] bytes kept as text come back, and order as they did', () => {
  const bytes = fc.uint8Array({ maxLength: 6 });
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const [textA, textB] = [bytesToLatin1(a), bytesToLatin1(b)];
      expect(latin1ToBytes(textA)).toEqual(a);
      expect(Math.sign(compareBytes(a, b))).toBe(textA === textB ? 0 : textA < textB ? -1 : 1);
    }),
  );
});
