import { describe, expect, test } from 'vitest';
import { bip39Word, entropyFromPhrase, phraseFromEntropy } from '../../../src/crypto/words.ts';

const zeros = new Uint8Array(32);
const zeroPhrase = `${'abandon '.repeat(23)}art`;

describe('recovery phrase', () => {
  test('[CR8] the vectors of the BIP for 256 bits', () => {
    expect(phraseFromEntropy(zeros)).toBe(zeroPhrase);
    expect(phraseFromEntropy(new Uint8Array(32).fill(0xff))).toBe(`${'zoo '.repeat(23)}vote`);
    expect(phraseFromEntropy(new Uint8Array(32).fill(0x7f))).toBe(
      'legal winner thank year wave sausage worth useful '.repeat(2) +
        'legal winner thank year wave sausage worth title',
    );
  });

  test('[CR8] capitals and white space are forgiven', () => {
    const typed = `  ${zeroPhrase.toUpperCase().replaceAll(' ', '\n\t ')}  `;
    expect(entropyFromPhrase(typed)).toEqual({ ok: true, value: zeros });
  });

  test('[CR8] each mistake has its name', () => {
    const words = zeroPhrase.split(' ');
    const errorOf = (text: string): unknown => {
      const result = entropyFromPhrase(text);
      return result.ok ? 'accepted' : result.error;
    };
    expect(errorOf('')).toBe('not-24-words');
    expect(errorOf(words.slice(1).join(' '))).toBe('not-24-words');
    expect(errorOf(`${zeroPhrase} abandon`)).toBe('not-24-words');
    expect(errorOf(zeroPhrase.replace('art', 'artt'))).toBe('unknown-word');
    expect(errorOf(zeroPhrase.replace('art', 'abandon'))).toBe('bad-checksum');
    expect(errorOf(zeroPhrase.replace('abandon', 'ability'))).toBe('bad-checksum');
    // A valid phrase of twelve words is another wallet's, not ours.
    expect(errorOf(`${'abandon '.repeat(11)}about`)).toBe('not-24-words');
  });

  test('[CR8] 2 048 different words, and no other index', () => {
    const words = Array.from({ length: 2048 }, (_, i) => bip39Word(i));
    expect(new Set(words).size).toBe(2048);
    expect([words[0], words[2047]]).toEqual(['abandon', 'zoo']);
    for (const index of [-1, 2048, 0.5]) expect(() => bip39Word(index)).toThrow('word index');
    expect(() => phraseFromEntropy(new Uint8Array(16))).toThrow('encodes 32 bytes');
  });
});
