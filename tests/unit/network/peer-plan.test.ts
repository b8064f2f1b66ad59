import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planPeer, type PeerSituation } from '../../../src/network/peers/peer-plan.ts';
import { defaultTiming } from '../../../src/network/timing.ts';

const nowMs = 1_000_000;
const { yieldMs, newcomerMs } = defaultTiming;
const calm: PeerSituation = {
  isWanted: true,
  isFirst: true,
  link: undefined,
  hasDirect: false,
  hasRelayed: false,
  canUpgrade: true,
  isUpgradeOurs: false,
  sinceMs: nowMs,
  reachAfterMs: 0,
  upgradeAfterMs: 0,
};
const relayed = {
  path: 'relayed',
  isOurs: true,
  spentAtMs: nowMs + 90_000,
  isQuiet: false,
} as const;
const plan = (some: Partial<PeerSituation>, atMs = nowMs) =>
  planPeer({ ...calm, ...some }, atMs, defaultTiming);

describe('peer plan', () => {
  test('[NP1] the first dials at once, the other after a while', () => {
    expect(plan({}).action).toBe('reach');
    expect(plan({ isFirst: false })).toEqual({ action: undefined, atMs: nowMs + yieldMs });
    expect(plan({ isFirst: false }, nowMs + yieldMs).action).toBe('reach');
  });

  test('[NP6] who came last to a relay dials at once, and the other leaves it a moment', () => {
    expect(plan({ isFirst: false, wereThere: true }).action).toBe('reach');
    expect(plan({ isFirst: true, wereThere: true }).action).toBe('reach');
    expect(plan({ isFirst: true, wereThere: false }).atMs).toBe(nowMs + newcomerMs);
    expect(plan({ isFirst: false, wereThere: false }).atMs).toBe(nowMs + yieldMs);
    // A connection is there: whoever made it opens the link.
    expect(plan({ isFirst: false, wereThere: true, hasRelayed: true }).atMs).toBe(nowMs + yieldMs);
  });

  test('[NP1] a failed dial waits for its time, whoever dials', () => {
    expect(plan({ reachAfterMs: nowMs + 5 })).toEqual({ action: undefined, atMs: nowMs + 5 });
  });

  test('[NP1] a connection that is there is used before another is dialled', () => {
    expect(plan({ hasRelayed: true }).action).toBe('open');
    expect(plan({ hasDirect: true }).action).toBe('open');
  });

  test('[NP1] a relayed link is upgraded, and moves when the direct connection is up', () => {
    const linked = { link: relayed, hasRelayed: true };
    expect(plan(linked).action).toBe('upgrade');
    expect(plan({ ...linked, isFirst: false }).atMs).toBe(nowMs + yieldMs);
    // [NP10] Only this side can: nobody is waited for.
    expect(plan({ ...linked, isFirst: false, isUpgradeOurs: true }).action).toBe('upgrade');
    expect(plan({ ...linked, hasDirect: true }).action).toBe('open');
    expect(plan({ ...linked, upgradeAfterMs: nowMs + 9 }).atMs).toBe(nowMs + 9);
  });

  test('[NP3] a relayed link is renewed when it is spent: by its opener, else by the other', () => {
    const spent = { ...relayed, spentAtMs: nowMs };
    const stay = { hasRelayed: true, canUpgrade: false };
    expect(plan({ ...stay, link: relayed }).atMs).toBe(nowMs + 90_000);
    expect(plan({ ...stay, link: spent }).action).toBe('renew');
    expect(plan({ ...stay, link: { ...spent, isOurs: false } }).atMs).toBe(nowMs + yieldMs);
    // Renewing comes before upgrading: the relay is about to cut it.
    expect(plan({ hasRelayed: true, link: spent }).action).toBe('renew');
  });

  test('[NP1] a direct link, and a peer nobody wants, need nothing', () => {
    const direct = { path: 'direct', isOurs: false, spentAtMs: Infinity, isQuiet: false } as const;
    expect(plan({ link: direct, hasDirect: true })).toEqual({ action: undefined, atMs: Infinity });
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (hasDirect, hasRelayed) => {
        const { action } = plan({ isWanted: false, hasDirect, hasRelayed });
        expect(action).toBeUndefined();
      }),
    );
  });

  test('[NP4] round a quiet direct link: the first at once, the other after a while', () => {
    const quiet = { path: 'direct', isOurs: true, spentAtMs: Infinity, isQuiet: true } as const;
    const some = { link: quiet, hasDirect: true };
    expect(plan(some).action).toBe('detour');
    expect(plan({ ...some, isFirst: false }).atMs).toBe(nowMs + yieldMs);
    expect(plan({ ...some, reachAfterMs: nowMs + 5 })).toEqual({
      action: undefined,
      atMs: nowMs + 5,
    });
  });

  test('[NP1] somebody wanted without a direct link always has a next step, later or now', () => {
    const time = fc.integer({ min: nowMs - 100_000, max: nowMs + 100_000 });
    fc.assert(
      fc.property(
        fc.record({
          isFirst: fc.boolean(),
          wereThere: fc.option(fc.boolean(), { nil: undefined }),
          link: fc.option(
            fc.record({
              path: fc.constant('relayed' as const),
              isOurs: fc.boolean(),
              spentAtMs: time,
              isQuiet: fc.constant(false),
            }),
            { nil: undefined },
          ),
          hasDirect: fc.boolean(),
          hasRelayed: fc.boolean(),
          canUpgrade: fc.boolean(),
          sinceMs: time,
          reachAfterMs: time,
          upgradeAfterMs: time,
        }),
        (some) => {
          const { action, atMs } = plan(some);
          expect(atMs).toBeLessThan(Infinity);
          expect(action === undefined).toBe(atMs > nowMs);
          // At that time it does come, and not once more "later".
          expect(plan(some, atMs).action).toBeDefined();
        },
      ),
    );
  });
});
