import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { kemDecapsulate, kemEncapsulate, kemKeyPair } from '../../src/crypto/kem.ts';
import { sha512 } from '../../src/crypto/hash.ts';
import { hasVectorFiles, readVectors, say } from './support/files.ts';

describe('ML-KEM-768', () => {
  test('[CR7] one fixed history of our own: seed and coins give these bytes', () => {
    const { publicKey, secretKey } = kemKeyPair(new Uint8Array(64).fill(1));
    const sent = kemEncapsulate(publicKey, new Uint8Array(32).fill(2));
    if (!sent.ok) throw new Error(sent.error);
    expect(kemDecapsulate(sent.value.ciphertext, secretKey)).toEqual({
      ok: true,
      value: sent.value.secret,
    });
    const digest = (bytes: Uint8Array): string => toHex(sha512(bytes).subarray(0, 8));
    expect({
      publicKey: digest(publicKey),
      secretKey: digest(secretKey),
      ciphertext: digest(sent.value.ciphertext),
      secret: digest(sent.value.secret),
    }).toMatchInlineSnapshot(`
      {
        "ciphertext": "526ad294ca2ffce5",
        "publicKey": "f23cc894f03be9b7",
        "secret": "26744dcec2075bc3",
        "secretKey": "85470b929f6cf457",
      }
    `);
  });

  test.skipIf(!hasVectorFiles)('[CR7] every case of mlkem_768_keygen_seed.json', () => {
    const cases = readVectors('mlkem_768_keygen_seed.json');
    for (const vector of cases) {
      const { publicKey, secretKey } = kemKeyPair(vector.bytes('seed'));
      expect(toHex(publicKey) === vector.text('ek'), vector.name).toBe(true);
      expect(toHex(secretKey) === vector.text('dk'), vector.name).toBe(true);
    }
    say(`ML-KEM-768 key generation: ${String(cases.length)} cases`);
  });

  test.skipIf(!hasVectorFiles)('[CR7] every case of mlkem_768_encaps.json', () => {
    const cases = readVectors('mlkem_768_encaps.json');
    for (const vector of cases) {
      const sent = kemEncapsulate(vector.bytes('ek'), vector.bytes('m'));
      if (vector.result === 'valid') {
        if (!sent.ok) throw new Error(`${sent.error}: ${vector.name}`);
        expect(toHex(sent.value.ciphertext) === vector.text('c'), vector.name).toBe(true);
        expect(toHex(sent.value.secret), vector.name).toBe(vector.text('K'));
      } else {
        expect(sent, vector.name).toEqual({ ok: false, error: 'bad-kem-key' });
      }
    }
    say(`ML-KEM-768 encapsulation: ${String(cases.length)} cases`);
  });

  test.skipIf(!hasVectorFiles)('[CR7] every case of mlkem_768.json', () => {
    const cases = readVectors('mlkem_768.json');
    for (const vector of cases) {
      const seed = vector.bytes('seed');
      if (seed.length !== 64) {
        // Our own seed, so a wrong length is a broken program and not a peer's doing.
        expect(() => kemKeyPair(seed), vector.name).toThrow('a KEM seed has 64 bytes');
        expect(vector.result, vector.name).toBe('invalid');
        continue;
      }
      const { publicKey, secretKey } = kemKeyPair(seed);
      expect(toHex(publicKey) === vector.text('ek'), vector.name).toBe(true);
      const got = kemDecapsulate(vector.bytes('c'), secretKey);
      const said = got.ok ? toHex(got.value) : got.error;
      expect(said, vector.name).toBe(
        vector.result === 'valid' ? vector.text('K') : 'bad-kem-ciphertext',
      );
    }
    say(`ML-KEM-768 decapsulation: ${String(cases.length)} cases`);
  });
});
