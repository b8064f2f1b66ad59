/**
 * Does one thing at a time, and once more where it was asked for meanwhile or is not finished: a
 * call that comes between the last look and the end is not lost. The task tells whether there is more.
 */
export const createRerun = (task: () => Promise<boolean>): (() => void) => {
  let isRunning = false;
  let isDue = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (isDue) {
      isDue = false;
      if (await task()) isDue = true;
    }
    isRunning = false;
  };
  return () => {
    isDue = true;
    if (!isRunning) void run();
  };
};
