import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../../../src/protocol/limits.ts';
import { readPicture } from '../../../src/protocol/picture.ts';
import { encodeProfile, readProfile } from '../../../src/protocol/profile.ts';
import { jpegOf, pngOf, webpOf } from '../../support/pictures.ts';

describe('pictures', () => {
  test.each([
    ['png', pngOf],
    ['jpeg', jpegOf],
    ['webp', webpOf],
  ] as const)('[PF1] a %s is known by its first bytes, with its size', (type, make) => {
    expect(readPicture(make(256, 200))).toEqual({ type, width: 256, height: 200 });
    expect(readPicture(make(limits.picturePixelsMax, 1))?.type).toBe(type);
    expect(readPicture(make(limits.picturePixelsMax + 1, 1))).toBeUndefined();
    expect(readPicture(make(1, 0))).toBeUndefined();
    expect(readPicture(make(1, 1).subarray(0, 20))).toBeUndefined();
  });

  test('[PF1] every kind of webp says its size in its own way', () => {
    const webp = (form: string, ...header: ReadonlyArray<number>): Uint8Array => {
      const bytes = new Uint8Array(40);
      bytes.set(new TextEncoder().encode(`RIFF    WEBP${form}`));
      bytes.set(header, 20);
      return bytes;
    };
    const size = { type: 'webp', width: 300, height: 200 };
    const extended = [0, 0, 0, 0, 43, 1, 0, 199, 0, 0];
    expect(readPicture(webp('VP8X', ...extended))).toEqual(size);
    // A side of 2^16 + 300 is no side of 300.
    expect(readPicture(webp('VP8X', ...extended.with(6, 1)))).toBeUndefined();
    const packed = 299 | (199 << 14);
    const lossless = [packed & 0xff, (packed >> 8) & 0xff, (packed >> 16) & 0xff, packed >> 24];
    expect(readPicture(webp('VP8L', 0x2f, ...lossless))).toEqual(size);
    expect(readPicture(webp('VP8L', 0x2e, ...lossless))).toBeUndefined();
    const lossy = [0, 0, 0, 0x9d, 1, 0x2a, 44, 1, 200, 0];
    expect(readPicture(webp('VP8 ', ...lossy))).toEqual(size);
    expect(readPicture(webp('VP8 ', ...lossy.with(5, 0x2b)))).toBeUndefined();
    expect(readPicture(webp('VP8?', ...lossy))).toBeUndefined();
    const other = webp('VP8 ', ...lossy);
    other[0] = 0x53; // not RIFF
    expect(readPicture(other)).toBeUndefined();
  });

  test('[PF1] a jpeg is read from marker to marker up to its frame, and no further', () => {
    const frame = [0xff, 0xc2, 0, 17, 8, 0, 200, 1, 44];
    const jpeg = (...segments: ReadonlyArray<number>): Uint8Array => {
      const bytes = new Uint8Array(60);
      bytes.set([0xff, 0xd8, ...segments]);
      return bytes;
    };
    const size = { type: 'jpeg', width: 300, height: 200 };
    const comment = [0xff, 0xfe, 0, 2];
    expect(readPicture(jpeg(...comment, ...frame))).toEqual(size);
    for (const table of [0xc4, 0xc8, 0xcc, 0xbf, 0xd0]) {
      expect(readPicture(jpeg(0xff, table, 0, 3, 9, ...frame))).toEqual(size);
    }
    expect(readPicture(jpeg(...frame.with(1, 0xcf)))).toEqual(size);
    for (const bad of [
      [0xff, 0xd9, 0, 2],
      [0xff, 0xda, 0, 2],
      [0xff, 0xfe, 0, 1],
      [0xff, 0xfe, 0, 3, 9, 0xfe, 0xc0, 0, 2],
    ]) {
      expect(readPicture(jpeg(...bad, ...frame))).toBeUndefined();
    }
    const other = jpeg(...frame);
    other[1] = 0xd7; // not the start of an image
    expect(readPicture(other)).toBeUndefined();
    expect(readPicture(pngOf(8, 8).with(12, 0))).toBeUndefined(); // no header first
  });

  test('[PF1] nothing else is one, and no bytes make reading throw', () => {
    const bomb = pngOf(1, 1);
    bomb[16] = 0xff; // a side of four thousand million
    expect(readPicture(bomb)).toBeUndefined();
    const large = new Uint8Array(limits.pictureBytesMax + 1);
    large.set(pngOf(8, 8));
    expect(readPicture(large)).toBeUndefined();
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>');
    expect(readPicture(svg)).toBeUndefined();
    fc.assert(
      fc.property(fc.constantFrom(pngOf, jpegOf, webpOf), fc.uint8Array(), (make, noise) => {
        const bytes = make(8, 8);
        bytes.set(noise.subarray(0, bytes.length - 4), 4);
        readPicture(bytes);
      }),
    );
  });
});

describe('profiles', () => {
  test('[PF2] come out as they went in', () => {
    const profile = {
      name: 'Ana',
      status: 'in the garden',
      picture: pngOf(8, 8),
      isPresenceHidden: true,
    };
    expect(readProfile(encodeProfile(profile))).toEqual(profile);
    expect(readProfile(encodeProfile({ name: 'Ana', status: '' }))).toEqual({ name: 'Ana' });
  });

  test('[PF2] what is too long, or no profile, is none', () => {
    expect(readProfile({ name: 'Ana', status: 'x'.repeat(limits.statusBytesMax + 1) })).toBe(
      undefined,
    );
    const picture = new Uint8Array(limits.pictureBytesMax + 1);
    expect(readProfile({ name: 'Ana', picture })).toBeUndefined();
    expect(readProfile({ status: 'nameless' })).toBeUndefined();
    expect(readProfile(null)).toBeUndefined();
  });
});
