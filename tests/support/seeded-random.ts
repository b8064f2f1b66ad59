/** Pseudo-random numbers from a seed, for tests that must replay. */
export interface SeededRandom {
  /** An integer from 0 to `below`, exclusive. */
  below(below: number): number;
  pick<T>(choices: ReadonlyArray<T>): T;
}

/** mulberry32 */
export const createSeededRandom = (seed: number): SeededRandom => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (choices) => {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new Error('there is something to pick from');
      return choice;
    },
  };
};
