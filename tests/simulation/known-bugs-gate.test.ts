/** Bugs in the second half of the gate (src/replication/gate.ts), switched on here alone. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type * as Gate from '../../src/replication/gate.ts';
import { signedPart } from '../../src/replication/signatures.ts';
import { breakTheChain, outcome, setupScene, talk } from './hostile.ts';

const bug = vi.hoisted((): { on: 'no-chain-check' | 'skip-dedup' | undefined } => ({
  on: undefined,
}));

vi.mock('../../src/replication/gate.ts', async (importOriginal) => {
  const real = await importOriginal<typeof Gate>();
  /** Whatever a run says comes before it counts as what is held. */
  const withoutChain: typeof real.checkRun = (backend, held, run) =>
    real.checkRun(backend, { ...held, hashAt: () => run.envelopes[0]?.prev }, run);
  /** What is held already is taken again. */
  const withoutDedup: typeof real.checkRun = async (backend, held, run) => {
    const checked = await real.checkRun(backend, held, run);
    if (!checked.ok) return checked;
    return { ok: true, value: { ...checked.value, fresh: await signedPart(backend, run) } };
  };
  const checkRun: typeof real.checkRun = (...args) => {
    if (bug.on === 'no-chain-check') return withoutChain(...args);
    return bug.on === 'skip-dedup' ? withoutDedup(...args) : real.checkRun(...args);
  };
  return { ...real, checkRun };
});

afterEach(() => {
  bug.on = undefined;
});

describe('a gate with a hole', () => {
  const forkedGossip = async (): Promise<ReadonlyArray<string>> => {
    const scene = await setupScene();
    const forged = breakTheChain(scene);
    await talk(scene, 10);
    expect(forged.count).toBeGreaterThan(0);
    return outcome(scene);
  };

  test('[SM5] no-chain-check is caught when a member signs another history', async () => {
    expect(await forkedGossip()).toEqual([]);
    bug.on = 'no-chain-check';
    expect(await forkedGossip()).toContain('I8 a conversation of bob stopped');
  });

  const conversation = async (on: typeof bug.on): Promise<ReadonlyArray<string>> => {
    const scene = await setupScene();
    bug.on = on;
    await talk(scene, 3);
    return outcome(scene);
  };

  test('[SM5] skip-dedup is caught as soon as an entry comes twice', async () => {
    expect(await conversation(undefined)).toEqual([]);
    const stopped = /^I8 a conversation of \w+ stopped$/u;
    expect((await conversation('skip-dedup')).some((broken) => stopped.test(broken))).toBe(true);
  });
});
