import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Epoch } from '../../../src/core/epochs/epoch.ts';
import { Forwarding } from '../../../src/core/sync/forwarding.ts';
import { lackingIn, theirEpochOf } from '../../../src/core/sync/their-epoch.ts';
import { limits } from '../../../src/protocol/limits.ts';
import type { Row } from '../../../src/protocol/row.ts';
import type { Run } from '../../../src/replication/runs.ts';
import { World } from '../../simulation/world.ts';

/** Only which one it is matters here. */
const epoch = Object.create(Epoch.prototype) as Epoch;
const alice = new Uint8Array(32).fill(1);

const runOf = (fromSeq: number, count: number): Run =>
  ({ writerPub: alice, fromSeq, envelopes: Array.from({ length: count }) }) as unknown as Run;

/** One log that grows by what comes, among so many devices. */
const setup = (deviceCount = 3) => {
  const world = new World(1);
  const log = { held: 0, dueCount: 0 };
  const forwarding = new Forwarding({
    clock: world.clock(() => 0),
    logs: { heldCount: () => log.held },
    deviceCount: () => deviceCount,
    onDue: () => {
      log.dueCount += 1;
    },
  });
  const take = (fromSeq: number, count: number): void => {
    forwarding.coming(epoch, [runOf(fromSeq, count)]);
    log.held = Math.max(log.held, fromSeq + count);
  };
  const mayGo = (): number => forwarding.endOf(epoch, alice) ?? log.held;
  return { world, forwarding, log, take, mayGo };
};

describe('what others wrote', () => {
  test('[FW1] waits, and goes on by itself', async () => {
    const { world, log, take, mayGo } = setup();
    take(0, 2);
    expect(mayGo()).toBe(0);
    await world.run(limits.forwardDelayMs - 1);
    expect(mayGo()).toBe(0);
    await world.run(limits.forwardDelayMs + 1);
    expect([mayGo(), log.dueCount]).toEqual([2, 1]);
    await world.run(60_000);
    expect(world.waitingCount).toBe(0);
  });

  test('[FW1] while all that came waits no link looks through it, and is told when it may', async () => {
    const { world, forwarding, log, take } = setup();
    expect(forwarding.holdsBack(epoch)).toBe(false);
    take(0, 1);
    expect([forwarding.holdsBack(epoch), log.dueCount]).toEqual([true, 0]);
    await world.run(2 * limits.forwardDelayMs + 1);
    expect([forwarding.holdsBack(epoch), log.dueCount]).toEqual([false, 1]);
  });

  test('[FW1] each entry waits its time and no longer, however often and in whatever runs it comes', async () => {
    const steps = fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 3000 }),
        back: fc.integer({ min: 0, max: 4 }),
        count: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { world, log, take, mayGo } = setup();
        const cameMs: number[] = [];
        const check = (): void => {
          const may = mayGo();
          for (const [seq, ms] of cameMs.entries()) {
            const age = world.nowMs - ms;
            // The oldest of a log that is young holds back those after it, for its own time at most.
            if (age > 2 * limits.forwardDelayMs) expect(may).toBeGreaterThan(seq);
            if (age < limits.forwardDelayMs) expect(may).toBeLessThanOrEqual(seq);
          }
        };
        for (const { afterMs, back, count } of all) {
          await world.run(afterMs);
          check();
          const from = Math.max(0, log.held - back);
          take(from, count);
          while (cameMs.length < log.held) cameMs.push(world.nowMs);
          check();
        }
        await world.run(2 * limits.forwardDelayMs);
        expect(mayGo()).toBe(log.held);
      }),
      { numRuns: 60 },
    );
  });

  test('[FW2] in a crowd everybody waits longer, and says less often what they hold', async () => {
    const { world, forwarding, take, mayGo } = setup(limits.smallGroupDevicesMax + 1);
    const few = setup().forwarding.vectorDelays;
    const many = forwarding.vectorDelays;
    expect(many.senderMs).toBeGreaterThan(few.senderMs);
    expect(many.othersMs).toBeGreaterThan(few.othersMs);
    take(0, 1);
    await world.run(limits.forwardCrowdDelayMs);
    expect(mayGo()).toBe(0);
    await world.run(limits.forwardCrowdDelayMs);
    expect(mayGo()).toBe(1);
  });
});

test('what a device holds and we lack is counted, and is none once it has come', () => {
  const writers = [1, 2, 3].map((id) => new Uint8Array(32).fill(id));
  const counts = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(counts, fc.array(counts, { maxLength: 6 }), (said, growths) => {
      const theirs = theirEpochOf(epoch);
      theirs.ahead = writers.map((writerPub, at): Row => ({
        writerPub,
        nextSeq: said[at] ?? 0,
        headHash: writerPub,
      }));
      const held = [0, 0, 0];
      const logs = {
        heldCount: (_epoch: Epoch, writerPub: Uint8Array) => held[(writerPub[0] ?? 0) - 1] ?? 0,
      };
      for (const growth of growths) {
        const lacking = said.reduce((sum, n, at) => sum + Math.max(0, n - (held[at] ?? 0)), 0);
        expect(lackingIn(theirs, logs)).toBe(lacking);
        for (const [at, more] of growth.entries()) held[at] = (held[at] ?? 0) + more;
      }
    }),
  );
});
