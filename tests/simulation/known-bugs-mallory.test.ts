/** Bugs that only a member who lies brings to light, each switched on here alone. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type * as Witness from '../../src/core/conversation/membership/fork-witness.ts';
import type * as Fault from '../../src/core/epochs/run-fault.ts';
import type * as Ops from '../../src/protocol/membership/ops.ts';
import type { Lie } from './mallory/mallory.ts';
import { runHistory } from './run.ts';

type Bug = 'tells-nobody-of-forks' | 'believes-any-name' | 'blames-who-passes-forks-on';

const bug = vi.hoisted((): { on: Bug | undefined } => ({ on: undefined }));

vi.mock('../../src/core/conversation/membership/fork-witness.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Witness>();
  class ForkWitness extends real.ForkWitness {
    override due(): ReturnType<Witness.ForkWitness['due']> {
      return bug.on === 'tells-nobody-of-forks' ? [] : super.due();
    }
  }
  return { ...real, ForkWitness };
});

vi.mock('../../src/protocol/membership/ops.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Ops>();
  const verifyOpSignature: typeof real.verifyOpSignature = (...args) =>
    bug.on === 'believes-any-name' ? Promise.resolve(true) : real.verifyOpSignature(...args);
  return { ...real, verifyOpSignature };
});

vi.mock('../../src/core/epochs/run-fault.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Fault>();
  const faultOf: typeof real.faultOf = (...args) =>
    bug.on === 'blames-who-passes-forks-on' ? 'invalid' : real.faultOf(...args);
  return { ...real, faultOf };
});

afterEach(() => {
  bug.on = undefined;
});

const caught: ReadonlyArray<{
  readonly bug: Bug;
  readonly lie: Lie;
  readonly seed: number;
  readonly promise: string;
}> = [
  { bug: 'tells-nobody-of-forks', lie: 'forkOwnLog', seed: 1, promise: 'I3' },
  { bug: 'believes-any-name', lie: 'actAsAnother', seed: 2, promise: 'I2' },
  { bug: 'blames-who-passes-forks-on', lie: 'forkOwnLog', seed: 5, promise: 'I8' },
];

describe('bugs that a liar brings to light', () => {
  test.each(caught)(
    '[SM5] $bug is caught by seed $seed, in which mallory lies ($lie)',
    async ({ bug: on, lie, seed, promise }) => {
      const options = { peers: 3, messages: 8, isHarsh: false, hasMallory: true } as const;
      const withLiar = { ...options, lies: [lie] };
      expect((await runHistory(seed, withLiar)).broken).toEqual([]);
      bug.on = on;
      const { broken } = await runHistory(seed, withLiar);
      expect(broken.filter((sentence) => sentence.startsWith(promise))).not.toEqual([]);
      expect((await runHistory(seed, { ...options, hasMallory: false })).broken).toEqual([]);
    },
    120_000,
  );
});
