/** How a program ends that runs until it is told: on Ctrl-C, on SIGTERM, and when npm has gone. */

const stopWithinMs = 2_500;
const orphanCheckMs = 500;

/** npm puts a shell in between, which ends on SIGTERM without passing it on. */
const whenOrphaned = (task: () => void): void => {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) task();
  }, orphanCheckMs).unref();
};

export const stopOnSignal = (stop: () => Promise<unknown>): void => {
  let isStopping = false;
  const end = (): void => {
    if (isStopping) return; // npm passes on what the terminal has said already
    isStopping = true;
    // A connection that does not want to end must not keep the process.
    setTimeout(() => process.exit(0), stopWithinMs).unref();
    void stop().finally(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  if (process.env['npm_lifecycle_event'] !== undefined) whenOrphaned(end);
};
