import { describe, expect, test } from 'vitest';
import { createRerun } from '../../../src/core/rerun.ts';

describe('something that is asked for again and again', () => {
  test('[OB1] is done once more where it was asked for while it ran, and then rests', async () => {
    let count = 0;
    const ends: (() => void)[] = [];
    const rerun = createRerun(async () => {
      count += 1;
      await new Promise<void>((resolve) => ends.push(resolve));
      return false;
    });
    const end = async (): Promise<void> => {
      ends.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    };
    rerun();
    rerun();
    rerun();
    await end();
    expect(count).toBe(2);
    await end();
    expect(count).toBe(2);
    rerun();
    await end();
    expect(count).toBe(3);
  });

  test('[OB1] goes on by itself while there is more', async () => {
    let left = 3;
    createRerun(async () => {
      left -= 1;
      return left > 0;
    })();
    await new Promise((resolve) => setImmediate(resolve));
    expect(left).toBe(0);
  });
});
