/** BIP-39 English: 24 words for 32 bytes, as an encoding only; no key is stretched from them here. */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';

const phraseWords = 24;

/** The word of 11 bits. */
export const bip39Word = (index: number): string => {
  const word = wordlist[index];
  assert(word !== undefined, 'a word index is 0 to 2047');
  return word;
};

/** 24 words with single spaces; the last holds a checksum. */
export const phraseFromEntropy = (entropy: Uint8Array): string => {
  assert(entropy.length === 32, 'a recovery phrase encodes 32 bytes');
  return entropyToMnemonic(entropy, wordlist);
};

export type PhraseError = 'not-24-words' | 'unknown-word' | 'bad-checksum';

/** Total. Forgives capitals and white space, nothing else. */
export const entropyFromPhrase = (text: string): Result<Uint8Array, PhraseError> => {
  const words = text.trim().toLowerCase().split(/\s+/u);
  if (words.length !== phraseWords) return err('not-24-words');
  if (!words.every((word) => wordlist.includes(word))) return err('unknown-word');
  try {
    return ok(mnemonicToEntropy(words.join(' '), wordlist));
  } catch {
    return err('bad-checksum'); // 24 known words leave the library no other reason to throw.
  }
};
