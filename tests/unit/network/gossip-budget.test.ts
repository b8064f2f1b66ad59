import { describe, expect, test } from 'vitest';
import { createGossipBudget, type Spending } from '../../../src/network/gossip-budget.ts';
import { limits } from '../../../src/protocol/limits.ts';

const { gossipBurstMax, gossipPerSecondMax, peersDeniedMax } = limits;

const setup = () => {
  let nowMs = 0;
  const budget = createGossipBudget(() => nowMs);
  return {
    /** What became of so many frames that came at once. */
    bring: (count: number, peerId = 'mallory'): Readonly<Record<Spending, number>> => {
      const became = { ask: 0, skip: 0, deny: 0 };
      for (let i = 0; i < count; i++) became[budget.spend(peerId)] += 1;
      return became;
    },
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
};

describe('gossip of one peer', () => {
  test('[NG6] what comes at once is looked at up to the limit, then left, then held against it', () => {
    const { bring } = setup();
    expect(bring(gossipBurstMax)).toEqual({ ask: gossipBurstMax, skip: 0, deny: 0 });
    expect(bring(gossipBurstMax)).toEqual({ ask: 0, skip: gossipBurstMax, deny: 0 });
    expect(bring(1)).toEqual({ ask: 0, skip: 0, deny: 1 });
  });

  test('[NG6] at the rate that is allowed everything is looked at, for however long', () => {
    const { bring, wait } = setup();
    bring(gossipBurstMax);
    for (let second = 0; second < 100; second++) {
      wait(1000);
      expect(bring(gossipPerSecondMax).ask).toBe(gossipPerSecondMax);
    }
  });

  test('[NG6] time fills what was spent and no more', () => {
    const { bring, wait } = setup();
    bring(2 * gossipBurstMax);
    wait(1000 * 60 * 60);
    expect(bring(gossipBurstMax + 1)).toEqual({ ask: gossipBurstMax, skip: 1, deny: 0 });
  });

  test('[NG6] peers do not pay for each other, and of too many the quietest is forgotten', () => {
    const { bring } = setup();
    bring(2 * gossipBurstMax);
    expect(bring(1, 'bob').ask).toBe(1);
    for (let i = 0; i < peersDeniedMax - 2; i++) bring(1, `peer ${String(i)}`);
    expect(bring(1).deny).toBe(1);
    for (let i = 0; i < peersDeniedMax; i++) bring(1, `other ${String(i)}`);
    expect(bring(1).ask).toBe(1);
  });
});
