/** A device with many conversations: what one of them costs does not grow with the others. */
import { expect, test } from 'vitest';
import { createOffers } from '../../src/core/sync/offers.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { Storage } from '../../src/storage/port.ts';
import { valueOf } from '../unit/protocol/fixtures.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';

interface Traffic {
  readCount: number;
  /** Of what the list is made from at the next start. */
  summariesWritten: number;
  /** How often the window was told something of its state. */
  statesTold: number;
}

const counting =
  (traffic: Traffic, world: World) =>
  (storage: Storage): Storage => ({
    ...storage,
    get: async (key) => {
      traffic.readCount += 1;
      await new Promise<void>((resolve) => world.schedule(20, resolve)); // as a busy disk
      return storage.get(key);
    },
    list: async (prefix) => {
      const listed = await storage.list(prefix);
      if (listed.ok) traffic.readCount += listed.value.length;
      return listed;
    },
    commit: (writes) => {
      traffic.summariesWritten += writes.filter(({ key }) => key.startsWith('s/')).length;
      return storage.commit(writes);
    },
  });

/** What a start reads and writes with so many groups, until all of them are open and kept. */
const startWith = async (seed: number, groupCount: number): Promise<Traffic> => {
  const world = new World(seed);
  const traffic: Traffic = { readCount: 0, summariesWritten: 0, statesTold: 0 };
  const bob = new Peer(new Internet(world, noFaults), 'bob', {
    wrapStorage: counting(traffic, world),
  });
  bob.start();
  await world.run(60_000, () => bob.state?.phase === 'first-run');
  await bob.do({ type: 'CreateIdentity', name: 'bob' });
  for (let i = 0; i < groupCount; i++) {
    const made = await bob.do({ type: 'CreateGroup', name: `group ${String(i)}` });
    const { conversationId } = valueOf(made);
    await bob.do({ type: 'SendMessage', conversationId, text: 'hello' });
  }
  await world.run(10_000);
  expect(traffic.summariesWritten).toBeGreaterThan(0);
  await bob.crash();
  Object.assign(traffic, { readCount: 0, summariesWritten: 0 });
  const toldBefore = bob.stateCount;
  bob.start();
  await world.run(30_000);
  traffic.statesTold = bob.stateCount - toldBefore;
  expect(bob.state?.conversations).toHaveLength(groupCount + 1);
  return traffic;
};

test('[MY1] opening a conversation reads no more where there are more of them', async () => {
  const [few, more, most] = [
    await startWith(911, 2),
    await startWith(911, 4),
    await startWith(911, 8),
  ];
  const each = (more.readCount - few.readCount) / 2;
  expect((most.readCount - more.readCount) / 4).toBeCloseTo(each, 1);
});

test('[MY2] a start keeps nothing for the list that is kept already', async () => {
  expect((await startWith(912, 3)).summariesWritten).toBe(0);
});

test('[MY3] what comes back from disk is told together, and what is new at once', async () => {
  const world = new World(913);
  const toldAtMs: number[] = [];
  const changed = createOffers({
    clock: {
      now: () => world.nowMs,
      monotonic: () => world.nowMs,
      schedule: (delayMs, run) => world.schedule(delayMs, run),
    },
    network: { setTopics: () => undefined },
    epochs: () => [],
    tell: () => toldAtMs.push(world.nowMs),
  });
  for (let i = 0; i < 5; i++) {
    changed(limits.offersGatherMs);
    await world.run(10);
  }
  expect(toldAtMs).toEqual([]);
  changed();
  await world.run(10);
  expect(toldAtMs).toEqual([50]);
  changed(limits.offersGatherMs);
  await world.run(1000);
  expect(toldAtMs).toEqual([50, 60 + limits.offersGatherMs]);
});

test('[MY6] a start tells its window no more often where more is opened in the background', async () => {
  const [few, many] = [await startWith(914, 2), await startWith(914, 12)];
  expect(many.statesTold - few.statesTold).toBeLessThan(4);
});
