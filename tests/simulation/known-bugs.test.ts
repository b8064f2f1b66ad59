import { describe, expect, test } from 'vitest';
import { runHistory } from './run.ts';

/** A seed that notices each, found by trying a few; without the bug each keeps every promise. */
const caught = [
  { bug: 'ack-before-flush', seed: 1, messages: 12 },
  { bug: 'swallow-quota', seed: 4, messages: 12 },
  { bug: 'no-catch-up', seed: 1, messages: 12 },
  { bug: 'reuse-nonce', seed: 1, messages: 4 },
] as const;

describe('bugs made on purpose', () => {
  test.each(caught)(
    '[SM5] $bug is caught by seed $seed',
    async ({ bug, seed, messages }) => {
      const options = { peers: 2, messages, isHarsh: true } as const;
      expect((await runHistory(seed, { ...options, bug })).broken).not.toEqual([]);
      expect((await runHistory(seed, options)).broken).toEqual([]);
    },
    120_000,
  );
});
