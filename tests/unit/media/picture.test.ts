import { describe, expect, test } from 'vitest';
import { drawableType, readPicture, type Picture } from '../../../src/media/picture.ts';
import { sniff } from '../../../src/media/sniff.ts';
import { textBytes } from '../../../src/media/bytes.ts';
import { joinMoments } from '../../../src/media/webp-moving.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { isStickerPicture } from '../../../src/protocol/stickers.ts';
import {
  avifWith,
  exifOf,
  gifWith,
  jpegWith,
  movieWith,
  pngWith,
  secret,
  webpWith,
} from '../../support/media-files.ts';
import { orientationOf, orientationOnly } from '../../../src/media/exif.ts';

const read = (bytes: Uint8Array): Picture => {
  const result = readPicture(bytes);
  if (!result.ok) throw new Error(result.error);
  return result.value;
};

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const holds = (bytes: Uint8Array, what: string): boolean => text(bytes).includes(what);

const cleaned = (bytes: Uint8Array): Uint8Array => read(bytes).cleaned?.() ?? new Uint8Array();

describe('what a file is', () => {
  test('[MF1] its first bytes say it', () => {
    const types = [jpegWith({}), pngWith(), gifWith(), webpWith(), avifWith(), movieWith()];
    expect(types.map(sniff)).toEqual([
      'image/jpeg',
      'image/png',
      'image/gif',
      'image/webp',
      'image/avif',
      'video/mp4',
    ]);
    expect(sniff(textBytes('\x1a\x45\xdf\xa3'))).toBe('video/webm');
    expect(sniff(textBytes('OggS'))).toBe('audio/ogg');
    expect(sniff(textBytes('....ftypqt  '))).toBe('video/quicktime');
  });

  test.each(['<svg xmlns="http://www.w3.org/2000/svg"/>', '<!doctype html>', '', 'MZ', 'RIFF....'])(
    '[MF1] %j is nothing that is drawn',
    (start) => {
      expect(sniff(textBytes(start))).toBeUndefined();
      expect(readPicture(textBytes(start))).toEqual({ ok: false, error: 'not-a-picture' });
    },
  );
});

describe('measures', () => {
  test('[MF2] are read from the header and stand upright', () => {
    const sizes = [jpegWith({}), jpegWith({ orientation: 6 }), pngWith(), webpWith(), avifWith()];
    expect(sizes.map(read).map(({ width, height }) => [width, height])).toEqual([
      [60, 40],
      [40, 60],
      [40, 60],
      [40, 60],
      [60, 40],
    ]);
  });

  test('[MF2] too many pixels are refused, before anything decodes them', () => {
    const side = Math.floor(Math.sqrt(limits.attachedPixelsMax));
    expect(readPicture(pngWith({ width: side, height: side })).ok).toBe(true);
    for (const file of [
      pngWith({ width: side + 1, height: side + 1 }),
      pngWith({ width: 0xffff_ffff, height: 0xffff_ffff }),
      jpegWith({ width: 65_535, height: 65_535 }),
      avifWith({ width: 10_000, height: 10_000 }),
    ]) {
      expect(readPicture(file)).toEqual({ ok: false, error: 'too-many-pixels' });
    }
  });

  test('[MF2] no side, or no end: corrupt', () => {
    const whole = jpegWith({});
    for (const file of [
      jpegWith({ width: 0 }),
      whole.subarray(0, whole.length - secret.length - 2),
      pngWith().subarray(0, 80),
      webpWith().subarray(0, 40),
      gifWith().subarray(0, 30),
      avifWith().subarray(0, 40),
      textBytes('\xff\xd8\xff\xd9'),
    ]) {
      expect(readPicture(file)).toEqual({ ok: false, error: 'corrupt' });
    }
  });

  test('[MF2] what moves is known', () => {
    const moving = [
      gifWith({ frames: 2 }),
      pngWith({ isAnimated: true }),
      webpWith({ isAnimated: true }),
    ];
    const still = [gifWith(), pngWith(), webpWith(), jpegWith({})];
    expect(moving.map((file) => read(file).isAnimated)).toEqual([true, true, true]);
    expect(still.map((file) => read(file).isAnimated)).toEqual([false, false, false, false]);
  });
});

describe('cleaning', () => {
  const files = {
    jpeg: jpegWith({ orientation: 6 }),
    png: pngWith(),
    webp: webpWith(),
    gif: gifWith(),
  };

  test.each(Object.entries(files))(
    '[MF3] nothing that a camera tells is left in a %s',
    (_, file) => {
      expect(read(file).hasMetadata).toBe(true);
      expect(holds(file, secret)).toBe(true);
      expect(holds(cleaned(file), secret)).toBe(false);
    },
  );

  test.each(Object.entries(files))(
    '[MF3] a cleaned %s is the same picture, and clean',
    (_, file) => {
      const { width, height, isAnimated } = read(file);
      const again = read(cleaned(file));
      expect(again).toMatchObject({ width, height, isAnimated });
      expect(cleaned(cleaned(file))).toEqual(cleaned(file));
    },
  );

  test('[MF3] colours, frames and loops stay', () => {
    expect(holds(cleaned(files.jpeg), 'ICC_PROFILE')).toBe(true);
    expect(holds(cleaned(files.jpeg), 'JFIF')).toBe(true);
    expect(holds(cleaned(gifWith({ frames: 3 })), 'NETSCAPE2.0')).toBe(true);
  });

  test('[MF3] how to turn it is all that stays of what the camera wrote', () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8] as const) {
      for (const order of ['II', 'MM'] as const) {
        expect(orientationOf(exifOf(orientation, order))).toBe(orientation);
      }
      expect(orientationOf(orientationOnly(orientation))).toBe(orientation);
    }
    expect(orientationOf(exifOf(9))).toBe(1);
    expect(holds(cleaned(jpegWith({ orientation: 1 })), 'Exif')).toBe(false);
    expect(holds(cleaned(files.jpeg), 'Exif')).toBe(true);
  });

  test('[MF3] an AVIF cannot be cut; it has to be drawn anew', () => {
    expect(read(avifWith()).cleaned).toBeUndefined();
  });
});

test('[MF2] what somebody else sends is drawn by the measures of its own header, and small where it goes ahead', () => {
  const small = pngWith({ width: 480, height: 300 });
  const wide = pngWith({ width: 481, height: 10 });
  expect(drawableType(small, 'preview')).toBe('image/png');
  expect(drawableType(wide, 'preview')).toBeUndefined();
  expect(drawableType(wide, 'whole')).toBe('image/png');
  // A few bytes that would take gigabytes to draw.
  expect(drawableType(pngWith({ width: 30_000, height: 30_000 }), 'whole')).toBeUndefined();
  expect(drawableType(textBytes('<svg onload="x()"/>'), 'whole')).toBeUndefined();
});

test('[SK4] many still pictures are one that moves, with nothing but what they show', () => {
  const still = webpWith({ orientation: 1 });
  const moments = [100, 20_000_000].map((durationMs) => ({ picture: still, durationMs }));
  const moving = joinMoments(moments, { width: 300, height: 200 });
  const { type, width, height, isAnimated, hasMetadata } = read(moving);
  expect({ type, width, height }).toEqual({ type: 'image/webp', width: 300, height: 200 });
  expect({ isAnimated, hasMetadata }).toEqual({ isAnimated: true, hasMetadata: false });
  expect(text(moving).split('ANMF')).toHaveLength(3);
  expect(holds(moving, secret)).toBe(false);
  expect(isStickerPicture(moving)).toBe(true);
});

test('[SK5] what goes ahead of a picture does not move, the picture itself may', () => {
  expect(drawableType(webpWith({ isAnimated: false }), 'preview')).toBe('image/webp');
  expect(drawableType(webpWith({ isAnimated: true }), 'preview')).toBeUndefined();
  expect(drawableType(webpWith({ isAnimated: true }), 'whole')).toBe('image/webp');
});
