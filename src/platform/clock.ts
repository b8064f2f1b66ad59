/** The clock of browsers, windows and workers, and of Node: all three have the same. */
import type { Clock } from './port.ts';

export const createClock = (): Clock => ({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
});
