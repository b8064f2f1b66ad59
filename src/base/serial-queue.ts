import { err, ok, type Result } from './result.ts';

/** One thing at a time, in order, with a limit on how many wait. */
export interface SerialQueue {
  /** Runs the task after all earlier ones; refuses at once when too many wait. */
  run<T>(task: () => Promise<T>): Promise<Result<T, 'queue-full'>>;
  readonly waiting: number;
}

export const createSerialQueue = (waitingMax: number): SerialQueue => {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    get waiting() {
      return waiting;
    },
    run: async <T>(task: () => Promise<T>) => {
      if (waiting >= waitingMax) return err('queue-full');
      waiting += 1;
      const mine = tail.then(task);
      // The next task starts whether or not this one failed; the failure goes to its own caller.
      tail = mine.then(
        () => undefined,
        () => undefined,
      );
      try {
        return ok(await mine);
      } finally {
        waiting -= 1;
      }
    },
  };
};
