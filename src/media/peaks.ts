/** How loud a recording is over its length, in few bytes: what is drawn of a voice message. */
import { limits } from '../protocol/limits.ts';
import type { Bytes } from './bytes.ts';

/** [MF6] The loudest sample of each part, against the loudest of all. */
export const peaksOf = (samples: Float32Array): Bytes => {
  const count = Math.min(limits.peaksMax, samples.length);
  const parts = Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * samples.length) / count);
    const to = Math.floor(((index + 1) * samples.length) / count);
    return samples.subarray(from, to).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  });
  const loudest = Math.max(...parts, 0.01); // Silence is not blown up to noise.
  return Uint8Array.from(parts, (peak) => Math.round((peak / loudest) * 255));
};
