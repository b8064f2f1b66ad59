import { expect, test } from 'vitest';
import { Paced } from '../../../src/core/blobs/paced.ts';

const setup = () => {
  let nowMs = 0;
  const tasks = new Map<() => void, number>();
  const done: string[] = [];
  const clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    schedule: (delayMs: number, task: () => void) => {
      tasks.set(task, nowMs + delayMs);
      return () => undefined;
    },
  };
  const paced = new Paced<{ readonly name: string }>(clock, 200, ({ name }) => {
    done.push(`${name} ${String(nowMs)}`);
  });
  const runUntil = (endMs: number): void => {
    for (; nowMs <= endMs; nowMs++) {
      for (const [task, atMs] of tasks) {
        if (atMs > nowMs) continue;
        tasks.delete(task);
        task();
      }
    }
  };
  return { paced, done, runUntil };
};

test('[FT24] the first change is acted on at once, those right behind it together', () => {
  const { paced, done, runUntil } = setup();
  const [a, b] = [{ name: 'a' }, { name: 'b' }];
  paced.soon(a);
  paced.soon(a);
  expect(done).toEqual([]); // what changes in the same turn is there by then
  runUntil(50);
  paced.soon(a);
  paced.soon(a);
  paced.soon(b);
  runUntil(1000);
  paced.soon(a);
  runUntil(2000);
  expect(done).toEqual(['a 0', 'b 51', 'a 200', 'a 1001']);
});
