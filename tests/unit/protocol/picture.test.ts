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
