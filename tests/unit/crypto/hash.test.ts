import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { utf8ToBytes } from '../../../src/base/bytes.ts';
import { hash, sha512 } from '../../../src/crypto/hash.ts';
import { hkdf } from '../../../src/crypto/kdf.ts';

describe('labelled hashing', () => {
  test('[CR1] H(label, x) is SHA-512(label ‖ 0 ‖ x) cut to 32 bytes', () => {
    const input = Uint8Array.of(1, 2, 3);
    const oracle = createHash('sha512')
      .update('sotto1/test\0')
      .update(input)
      .digest()
      .subarray(0, 32);
    expect(hash('sotto1/test', input)).toEqual(new Uint8Array(oracle));
    expect(hash('sotto1/test', input).buffer.byteLength).toBe(32);
    expect(input).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('[CR1] the end of the label cannot move into the input', () => {
    const left = hash('sotto1/ab', utf8ToBytes('c'));
    expect(left).not.toEqual(hash('sotto1/abc', new Uint8Array(0)));
    expect(left).not.toEqual(hash('sotto1/a', utf8ToBytes('bc')));
  });

  test.each(['', 'sotto1/', 'sotto2/x', 'sotto1/a b', 'sotto1/ä', 'sotto1/a\0', 'sotto1/a\n'])(
    '[CR1] %j is no label',
    (label) => {
      expect(() => hash(label, new Uint8Array(0))).toThrow('a hash label is ASCII');
    },
  );

  test('[CR1] SHA-512 of lengths around its block of 128 bytes equals node:crypto', () => {
    for (const length of [0, 1, 111, 112, 113, 127, 128, 129, 239, 240, 256, 4096]) {
      const bytes = new Uint8Array(length).fill(length & 0xff);
      const oracle = createHash('sha512').update(bytes).digest();
      expect(sha512(bytes), String(length)).toEqual(new Uint8Array(oracle));
    }
  });
});

describe('derivation', () => {
  const ikm = new Uint8Array(32).fill(5);

  test('[CR2] no salt is an empty salt, and a label as text is its bytes', () => {
    const expected = hkdf({ salt: new Uint8Array(0), ikm, info: utf8ToBytes('sotto1/a') });
    expect(hkdf({ ikm, info: 'sotto1/a' })).toEqual(expected);
    expect(expected.length).toBe(32);
  });

  test.each([0, -1, 1.5, 255 * 64 + 1, Number.NaN])('[CR2] %d bytes cannot be asked for', (n) => {
    expect(() => hkdf({ ikm, info: 'sotto1/a', length: n })).toThrow('HKDF gives');
  });
});
