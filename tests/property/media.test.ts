/** The readers of files are total: whatever bytes come, they answer and never throw. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Bytes } from '../../src/media/bytes.ts';
import { cleanMovie } from '../../src/media/movie.ts';
import { readPicture } from '../../src/media/picture.ts';
import { sniff } from '../../src/media/sniff.ts';
import * as files from '../support/media-files.ts';

const whole: ReadonlyArray<Bytes> = [
  files.jpegWith({ orientation: 6 }),
  files.pngWith({ isAnimated: true }),
  files.webpWith(),
  files.webpWith({ isAnimated: true }),
  files.gifWith({ frames: 2 }),
  files.avifWith(),
  files.movieWith({ hasPlaces: true }),
  files.cameraMovie().file,
  files.fragmentedMovie().file,
];

/** A whole file, with some bytes changed and its end cut off or followed by noise. */
const hostile = fc
  .tuple(
    fc.constantFrom(...whole),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 8 }),
    fc.nat(400),
    fc.uint8Array({ maxLength: 30 }),
  )
  .map(([file, changes, cut, noise]) => {
    const bytes = Uint8Array.from([
      ...file.subarray(0, file.length - (cut % file.length)),
      ...noise,
    ]);
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });

const anything = fc.oneof(
  hostile,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
);

test('[MF2] any bytes give a picture or a reason, and a cleaned one is a picture', () => {
  fc.assert(
    fc.property(anything, (bytes) => {
      sniff(bytes);
      const picture = readPicture(bytes);
      if (!picture.ok || picture.value.cleaned === undefined) return;
      const { width, height, isAnimated } = picture.value;
      const again = readPicture(picture.value.cleaned());
      if (!again.ok) throw new Error(`cleaning made it ${again.error}`);
      expect(again.value).toMatchObject({ width, height, isAnimated });
      expect(again.value.cleaned?.()).toEqual(picture.value.cleaned());
    }),
    { numRuns: 4000 },
  );
});

test('[MF4] any bytes give a film or a reason, as long as before', async () => {
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      const read = (from: number, count: number) =>
        Promise.resolve(bytes.slice(from, from + count));
      const film = await cleanMovie(bytes.length, read);
      if (!film.ok) return;
      const length = film.value.pieces.reduce(
        (sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : piece.to - piece.from),
        0,
      );
      expect(length).toBeLessThanOrEqual(bytes.length);
    }),
    { numRuns: 2000 },
  );
});
