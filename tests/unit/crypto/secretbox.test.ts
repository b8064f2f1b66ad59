import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../../../src/base/bytes.ts';
import {
  secretboxOpen,
  secretboxOverheadBytes,
  secretboxSeal,
} from '../../../src/crypto/secretbox.ts';

const key = new Uint8Array(32).fill(1);
const nonce = new Uint8Array(24).fill(2);
const plaintext = Uint8Array.of(3, 4, 5);

const bytesOf = (hex: string): Uint8Array => {
  const bytes = fromHex(hex);
  if (!bytes.ok) throw new Error(bytes.error);
  return bytes.value;
};

describe('secretbox', () => {
  test('[CR3] the example of the NaCl paper (Bernstein, Lange, Schwabe) to the byte', () => {
    const box = secretboxSeal({
      key: bytesOf('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389'),
      nonce: bytesOf('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37'),
      plaintext: bytesOf(
        'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc' +
          'e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31' +
          '0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde' +
          '048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864' +
          '5e0705',
      ),
    });
    expect(toHex(box)).toBe(
      'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce' +
        '48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972' +
        '71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae' +
        '90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3' +
        '7973f622a43d14a6599b1f654cb45a74e355a5',
    );
  });

  test('[CR3] opens what was sealed; both results own exactly their bytes', () => {
    const box = secretboxSeal({ key, nonce, plaintext });
    expect(box.length).toBe(plaintext.length + secretboxOverheadBytes);
    expect(box.buffer.byteLength).toBe(box.length);
    const opened = secretboxOpen({ key, nonce, box });
    expect(opened).toEqual(plaintext);
    expect(opened?.buffer.byteLength).toBe(plaintext.length);
  });

  test('[CR3] an empty text seals and opens', () => {
    const box = secretboxSeal({ key, nonce, plaintext: new Uint8Array(0) });
    expect(secretboxOpen({ key, nonce, box })).toEqual(new Uint8Array(0));
  });

  test('[CR3] every single flipped bit of the box is found', () => {
    const box = secretboxSeal({ key, nonce, plaintext });
    for (let bit = 0; bit < box.length * 8; bit++) {
      const changed = box.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(secretboxOpen({ key, nonce, box: changed }), `bit ${String(bit)}`).toBeUndefined();
    }
  });

  test('[CR3] a cut, a longer and an empty box do not open', () => {
    const box = secretboxSeal({ key, nonce, plaintext });
    for (let length = 0; length < box.length; length++) {
      expect(secretboxOpen({ key, nonce, box: box.slice(0, length) })).toBeUndefined();
    }
    expect(secretboxOpen({ key, nonce, box: Uint8Array.of(...box, 0) })).toBeUndefined();
  });

  test('[CR3] lengths of key and nonce are asserted', () => {
    const box = secretboxSeal({ key, nonce, plaintext });
    expect(() => secretboxSeal({ key: key.slice(1), nonce, plaintext })).toThrow('key has 32');
    expect(() => secretboxSeal({ key, nonce: nonce.slice(1), plaintext })).toThrow('nonce has 24');
    expect(() => secretboxOpen({ key: key.slice(1), nonce, box })).toThrow('key has 32');
    expect(() => secretboxOpen({ key, nonce: nonce.slice(1), box })).toThrow('nonce has 24');
  });
});
