import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { hkdf, hmacSha512 } from '../../src/crypto/kdf.ts';
import { sha512 } from '../../src/crypto/hash.ts';
import { utf8ToBytes } from '../../src/base/bytes.ts';
import { bytesOf, hasVectorFiles, readVectors, say } from './support/files.ts';

describe('hashing and derivation', () => {
  test('[CR1] SHA-512 of FIPS 180-4: "abc"', () => {
    expect(toHex(sha512(utf8ToBytes('abc')))).toBe(
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
        '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    );
  });

  test('[CR2] HMAC-SHA-512 of RFC 4231, cases 1, 2 and 6', () => {
    const tagOf = (key: Uint8Array, text: string): string =>
      toHex(hmacSha512(key, utf8ToBytes(text)));
    expect(tagOf(new Uint8Array(20).fill(0x0b), 'Hi There')).toBe(
      '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde' +
        'daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
    );
    expect(tagOf(utf8ToBytes('Jefe'), 'what do ya want for nothing?')).toBe(
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554' +
        '9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    );
    const longKey = new Uint8Array(131).fill(0xaa);
    expect(tagOf(longKey, 'Test Using Larger Than Block-Size Key - Hash Key First')).toBe(
      '80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352' +
        '6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598',
    );
  });

  test('[CR2] HKDF is the expand of the extract of RFC 5869, built from HMAC', () => {
    const ikm = new Uint8Array(22).fill(0x0b);
    const salt = bytesOf('000102030405060708090a0b0c');
    const info = bytesOf('f0f1f2f3f4f5f6f7f8f9');
    const prk = hmacSha512(salt, ikm);
    const first = hmacSha512(prk, Uint8Array.of(...info, 1));
    const second = hmacSha512(prk, Uint8Array.of(...first, ...info, 2));
    const expected = Uint8Array.of(...first, ...second);
    expect(hkdf({ salt, ikm, info, length: 128 })).toEqual(expected);
    expect(hkdf({ salt, ikm, info })).toEqual(expected.slice(0, 32));
    // RFC 5869's inputs of test case 1, with SHA-512 instead of SHA-256.
    expect(toHex(hkdf({ salt, ikm, info, length: 42 }))).toBe(
      '832390086cda71fb47625bb5ceb168e4c8e26a1a16ed34d9fc7fe92c1481579338da362cb8d9f925d7cb',
    );
  });

  test.skipIf(!hasVectorFiles)('[CR2] every case of hkdf_sha512.json', () => {
    const cases = readVectors('hkdf_sha512.json');
    for (const vector of cases) {
      const derive = (): string =>
        toHex(
          hkdf({
            salt: vector.bytes('salt'),
            ikm: vector.bytes('ikm'),
            info: vector.bytes('info'),
            length: vector.number('size'),
          }),
        );
      if (vector.result === 'valid') expect(derive(), vector.name).toBe(vector.text('okm'));
      else expect(derive, vector.name).toThrow('HKDF gives');
    }
    say(`HKDF-SHA-512: ${String(cases.length)} cases`);
  });

  test.skipIf(!hasVectorFiles)('[CR2] every case of hmac_sha512.json', () => {
    const cases = readVectors('hmac_sha512.json');
    for (const vector of cases) {
      const tag = hmacSha512(vector.bytes('key'), vector.bytes('msg'));
      const isTag = toHex(tag.subarray(0, vector.number('tagSize') / 8)) === vector.text('tag');
      expect(isTag, vector.name).toBe(vector.result === 'valid');
    }
    say(`HMAC-SHA-512: ${String(cases.length)} cases`);
  });
});
