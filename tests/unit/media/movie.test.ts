import { expect, test } from 'vitest';
import { joinBytes } from '../../../src/base/bytes.ts';
import { type Bytes } from '../../../src/media/bytes.ts';
import { cleanMovie } from '../../../src/media/movie.ts';
import { peaksOf } from '../../../src/media/peaks.ts';
import { fit } from '../../../src/media/fit.ts';
import { cameraMovie, fragmentedMovie, movieWith, secret } from '../../support/media-files.ts';

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const clean = async (file: Bytes) => {
  const read = (from: number, count: number) => Promise.resolve(file.slice(from, from + count));
  const result = await cleanMovie(file.length, read);
  if (!result.ok) return result.error;
  const pieces = result.value.pieces.map((piece) =>
    piece instanceof Uint8Array ? piece : file.subarray(piece.from, piece.to),
  );
  return { ...result.value, bytes: joinBytes(pieces) };
};

test('[MF4] places, devices and dates of a film are emptied where they stand', async () => {
  const file = movieWith();
  const result = await clean(file);
  if (typeof result === 'string') throw new Error(result);
  expect(result.hasMetadata).toBe(true);
  expect(result.hasHiddenTrack).toBe(false);
  expect(result.bytes.length).toBe(file.length);
  expect(text(result.bytes)).not.toContain(secret);
  expect(text(result.bytes)).not.toContain('\xd0\xd0');
  expect(text(result.bytes)).toContain('frames of the film');
});

test('[MF4] a track that nobody sees or hears is told of', async () => {
  expect(await clean(movieWith({ hasPlaces: true }))).toMatchObject({ hasHiddenTrack: true });
});

test('[MF4] of a film of a camera stays what plays, where it was, and nothing that its maker added', async () => {
  const { file, frames } = cameraMovie();
  const result = await clean(file);
  if (typeof result === 'string') throw new Error(result);
  expect(result).toMatchObject({ hasMetadata: true, hasHiddenTrack: false });
  expect(result.bytes.length).toBe(file.length);
  const [before, after] = [text(file), text(result.bytes)];
  for (const told of [secret, 'MAKR', 'gpmd', 'GpSb', 'beam', 'priv', 'gps ', 'freeGPS']) {
    expect(before).toContain(told);
    expect(after).not.toContain(told);
  }
  for (const needed of [...frames, 'avc1', 'codec', 'stsz', 'stsc', 'url ', 'mvhd']) {
    expect(after.indexOf(needed), needed).toBe(before.indexOf(needed));
  }
  // Where the tables say that it is, the first frame is.
  const at = before.indexOf('stco') + 12;
  const [offset] = [file, result.bytes].map((bytes) => new DataView(bytes.buffer).getUint32(at));
  expect(after.slice(offset, (offset ?? 0) + 17)).toBe(frames[0]);
  expect(await clean(result.bytes)).toMatchObject({ hasMetadata: false, hasHiddenTrack: false });
});

test('[MF4] a film whose tables do not say where its frames are keeps all of them, and what is hidden is told of', async () => {
  const { file } = cameraMovie();
  file.set(Uint8Array.of(0xff, 0xff), text(file).indexOf('stsz') + 14);
  const result = await clean(file);
  if (typeof result === 'string') throw new Error(result);
  expect(result.hasHiddenTrack).toBe(true);
  expect(text(result.bytes)).toContain(`between ${secret}`);
});

test('[MF4] of a film in fragments stays what plays of each, and nothing that stands in or between them', async () => {
  const { file, frames } = fragmentedMovie();
  const result = await clean(file);
  if (typeof result === 'string') throw new Error(result);
  expect(result).toMatchObject({ hasMetadata: true, hasHiddenTrack: false });
  expect(result.bytes.length).toBe(file.length);
  const [before, after] = [text(file), text(result.bytes)];
  for (const told of [secret, 'udta', 'meta', 'uuid', 'emsg', '\xd0\xd0']) {
    expect(before).toContain(told);
    expect(after).not.toContain(told);
  }
  for (const needed of [...frames, 'moof', 'traf', 'tfhd', 'trun', 'trex', 'tfra', 'mfro']) {
    expect(after.indexOf(needed), needed).toBe(before.indexOf(needed));
  }
  expect(await clean(result.bytes)).toMatchObject({ hasMetadata: false, hasHiddenTrack: false });
});

test('[MF4] fragments that do not say where their frames are keep all of them, and what is hidden is told of', async () => {
  const { file, frames } = fragmentedMovie();
  const at = text(file).indexOf('trun') + 12;
  for (const wrong of [Uint8Array.of(0x7f, 0xff, 0xff, 0xff), Uint8Array.of(0x80, 0, 0, 0)]) {
    const bent = file.slice();
    bent.set(wrong, at); // leads out of the file
    const result = await clean(bent);
    if (typeof result === 'string') throw new Error(result);
    expect(result.hasHiddenTrack).toBe(true);
    for (const frame of frames) expect(text(result.bytes)).toContain(frame);
    expect(text(result.bytes)).not.toContain('udta');
  }
});

test('[MF4] what has no header of a film is none', async () => {
  expect(await clean(movieWith().slice(0, 40))).toBe('corrupt');
  expect(await clean(new Uint8Array(64))).toBe('corrupt');
});

test('[MF6] a recording is drawn in at most 64 parts, the loudest as high as can be', () => {
  const samples = Float32Array.from({ length: 6400 }, (_, index) => (index < 3200 ? 0.1 : -0.4));
  const peaks = peaksOf(samples);
  expect(peaks.length).toBe(64);
  expect([peaks[0], peaks[63]]).toEqual([64, 255]);
  expect(peaksOf(new Float32Array(100)).every((peak) => peak === 0)).toBe(true);
  expect(peaksOf(new Float32Array()).length).toBe(0);
});

test('[MF5] a preview keeps the shape and never grows', () => {
  expect(fit({ width: 4000, height: 3000 }, 480)).toEqual({ width: 480, height: 360 });
  expect(fit({ width: 20, height: 10 }, 480)).toEqual({ width: 20, height: 10 });
  expect(fit({ width: 1, height: 50_000 }, 480)).toEqual({ width: 1, height: 480 });
});
