/** How busy the machine is: a benchmark waits a while for quiet, and says what it got. */
import { cpus, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const lookMs = 1000;
const quietIdlePercent = 80;

interface Ticks {
  readonly idle: number;
  readonly all: number;
}

const ticks = (): Ticks => {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
};

const idlePercent = async (): Promise<number> => {
  const before = ticks();
  await delay(lookMs);
  const after = ticks();
  return (100 * (after.idle - before.idle)) / Math.max(1, after.all - before.all);
};

/** Waits until four fifths are idle, at most this long; the answer is how idle it was at the end. */
export const untilQuiet = async (withinMs: number): Promise<number> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const idle = await idlePercent();
    if (idle >= quietIdlePercent || performance.now() > deadline) return idle;
  }
};

export const machineLine = (): string => {
  const [load = 0] = loadavg();
  return `${cpus().length} cores, load ${load.toFixed(1)}, Node ${process.version}`;
};
