/** The clock and the randomness of Node. */
import { randomFillSync } from 'node:crypto';
import type { Clock, Random } from './port.ts';

export const createNodeClock = (): Clock => ({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
});

export const createNodeRandom = (): Random => ({
  bytes: (length) => randomFillSync(new Uint8Array(length)),
});
