import { describe, expect, test } from 'vitest';
import { SideBySide } from '../../../src/core/blobs/side-by-side.ts';

/** Each is done when it is told so. */
const setup = (atOnceMax: number) => {
  const begun: number[] = [];
  const ends = new Map<number, (isDone: boolean) => void>();
  const work = new SideBySide<number>(atOnceMax, (item) => {
    begun.push(item);
    return new Promise((resolve) => ends.set(item, resolve));
  });
  const end = async (item: number, isDone = true): Promise<void> => {
    ends.get(item)?.(isDone);
    await Promise.resolve(); // of the answer
    await Promise.resolve(); // of what follows it
  };
  return { begun, work, end };
};

describe('[FT22] chunks that are asked for', () => {
  test('[FT22] are given so many at once, whenever they are asked for', async () => {
    const { begun, work, end } = setup(3);
    work.add([1]);
    expect(begun).toEqual([1]);
    await Promise.resolve();
    work.add([2, 3, 4, 5]); // while the only one is under way
    expect(begun).toEqual([1, 2, 3]);
    await end(2);
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  test('[FT22] are given where they are asked for in the moment when the last one ends', async () => {
    const { begun, work, end } = setup(2);
    work.add([1]);
    void end(1);
    for (let item = 2; item < 9; item++) {
      work.add([item]);
      await end(item);
    }
    expect(begun).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(work.isIdle).toBe(true);
  });

  test('are dropped when the link of who asked is gone', async () => {
    const { begun, work, end } = setup(1);
    work.add([1, 2, 3]);
    await end(1, false);
    expect(begun).toEqual([1]);
    expect(work.waitingCount).toBe(0);
    work.add([4]);
    expect(begun).toEqual([1, 4]);
  });
});
