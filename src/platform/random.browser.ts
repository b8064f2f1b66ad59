/** The randomness of a browser, in a window or a worker. */
import type { Random } from './port.ts';

/** Web Crypto gives at most so many bytes at a time. */
const bytesPerCallMax = 65_536;

export const createBrowserRandom = (): Random => ({
  bytes: (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += bytesPerCallMax) {
      crypto.getRandomValues(bytes.subarray(at, at + bytesPerCallMax));
    }
    return bytes;
  },
});
