import { describe, expect, test } from 'vitest';
import { kemDecapsulate, kemEncapsulate, kemKeyPair } from '../../../src/crypto/kem.ts';
import {
  kemCiphertextBytes,
  kemPublicKeyBytes,
  kemSecretKeyBytes,
} from '../../../src/crypto/kem-sizes.ts';

const seed = new Uint8Array(64).fill(1);
const coins = new Uint8Array(32).fill(2);

describe('ML-KEM-768', () => {
  test('[CR7] sizes are those of FIPS 203, and the two sides agree', () => {
    const { publicKey, secretKey } = kemKeyPair(seed);
    expect([publicKey.length, secretKey.length]).toEqual([kemPublicKeyBytes, kemSecretKeyBytes]);
    const sent = kemEncapsulate(publicKey, coins);
    if (!sent.ok) throw new Error(sent.error);
    expect(sent.value.ciphertext.length).toBe(kemCiphertextBytes);
    expect(kemDecapsulate(sent.value.ciphertext, secretKey)).toEqual({
      ok: true,
      value: sent.value.secret,
    });
    expect([seed[0], coins[0]]).toEqual([1, 2]); // what the caller passed in is left alone
  });

  test('[CR7] any key and any ciphertext of a stranger gives a value, never a throw', () => {
    const { publicKey, secretKey } = kemKeyPair(seed);
    for (const length of [0, 1183, 1185, 2400]) {
      expect(kemEncapsulate(new Uint8Array(length), coins)).toEqual({
        ok: false,
        error: 'bad-kem-key',
      });
    }
    const unreduced = publicKey.slice().fill(0xff, 0, 3); // two coefficients of 4 095, above 3 328
    expect(kemEncapsulate(unreduced, coins).ok).toBe(false);
    for (const length of [0, 1087, 1089]) {
      expect(kemDecapsulate(new Uint8Array(length), secretKey)).toEqual({
        ok: false,
        error: 'bad-kem-ciphertext',
      });
    }
    expect(kemDecapsulate(new Uint8Array(kemCiphertextBytes), secretKey).ok).toBe(true);
  });

  test('[CR7] a changed ciphertext gives another secret', () => {
    const { publicKey, secretKey } = kemKeyPair(seed);
    const sent = kemEncapsulate(publicKey, coins);
    if (!sent.ok) throw new Error(sent.error);
    for (const at of [0, 500, kemCiphertextBytes - 1]) {
      const changed = sent.value.ciphertext.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const got = kemDecapsulate(changed, secretKey);
      expect(got.ok && got.value).not.toEqual(sent.value.secret);
    }
  });

  test('[CR7] our own lengths are asserted', () => {
    const { publicKey } = kemKeyPair(seed);
    expect(() => kemKeyPair(seed.slice(1))).toThrow('seed has 64');
    expect(() => kemEncapsulate(publicKey, coins.slice(1))).toThrow('coins have 32');
    expect(() => kemDecapsulate(new Uint8Array(1088), new Uint8Array(2399))).toThrow('2 400');
  });
});
