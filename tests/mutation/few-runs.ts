/** fast-check for mutants: few runs, the same ones each time, and no search for a smaller example. */
import fc from 'fast-check';

const runsMax = 15;

const assert = new Proxy(fc.assert, {
  apply: (target, self: unknown, [property, given]: [unknown, fc.Parameters<unknown>?]) => {
    const numRuns = Math.min(given?.numRuns ?? runsMax, runsMax);
    const outcome: unknown = Reflect.apply(target, self, [
      property,
      { seed: 1, ...given, numRuns, endOnFailure: true },
    ]);
    return outcome;
  },
});

export default { ...fc, assert };
