/** The program ends at every single step of sending and of receiving: whole or absent, never half. */
import { describe, expect, test } from 'vitest';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { introduce } from './workload.ts';
import { World } from './world.ts';

/** Two people who have written before, at rest. */
const setup = async () => {
  const world = new World(16);
  const net = new Internet(world, { ...noFaults });
  const alice = new Peer(net, 'alice');
  const bob = new Peer(net, 'bob');
  const ids = await introduce(world, alice, bob);
  await alice.open(ids.alice);
  await bob.open(ids.bob);
  await alice.do({ type: 'SendMessage', conversationId: ids.alice, text: 'before' });
  await world.run(10_000);
  expect(bob.texts).toEqual(['alice: before']);
  // Slower than the network: there are steps at which something is written and not yet stored.
  for (const { disk } of [alice, bob]) disk.faults.delayMs = 40;
  const say = (text: string) =>
    alice.execute({ type: 'SendMessage', conversationId: ids.alice, text });
  const runEvents = (count: number): Promise<boolean> => {
    const end = world.eventCount + count;
    return world.run(60_000, () => world.eventCount >= end);
  };
  return { world, net, alice, bob, ids, say, runEvents };
};
type Scene = Awaited<ReturnType<typeof setup>>;

const restart = async ({ world, ids }: Scene, peer: Peer): Promise<void> => {
  await peer.crash();
  peer.start();
  await world.run(1000);
  await peer.open(peer.name === 'alice' ? ids.alice : ids.bob);
};

/** One more message goes through, and both screens are alike. */
const untilAlike = async ({ world, alice, bob, ids }: Scene): Promise<ReadonlyArray<string>> => {
  await alice.do({ type: 'SendMessage', conversationId: ids.alice, text: 'after' });
  const isAlike = (): boolean =>
    bob.texts.at(-1) === 'alice: after' && alice.texts.join() === bob.texts.join();
  expect(await world.run(120_000, isAlike)).toBe(true);
  return bob.texts;
};

const stepsMax = 200;

describe('killed', () => {
  test('[SM8] [row 16] at any step between the key press and the acknowledgement: there or not, never half', async () => {
    const outcomes = new Set<string>();
    let ackedAfter = 0;
    for (let step = 0; step < stepsMax && ackedAfter < 3; step++) {
      const scene = await setup();
      const acks: boolean[] = [];
      void scene.say('once').then(({ ok }) => acks.push(ok));
      await scene.runEvents(step);
      const isAcked = acks.includes(true);
      if (isAcked) ackedAfter += 1;
      await restart(scene, scene.alice);
      const texts = await untilAlike(scene);
      const has = texts.includes('alice: once');
      if (isAcked) expect(has, `step ${String(step)}`).toBe(true);
      expect(texts).toEqual(['alice: before', ...(has ? ['alice: once'] : []), 'alice: after']);
      outcomes.add(`${isAcked ? 'acked' : 'open'}, ${has ? 'there' : 'absent'}`);
    }
    expect(ackedAfter).toBe(3);
    expect([...outcomes]).toEqual(expect.arrayContaining(['open, absent', 'acked, there']));
  }, 120_000);

  test('[SM8] [row 17] at any step between the frame and the store: said to be there only if it is, shown once', async () => {
    const outcomes = new Set<string>();
    let toldAfter = 0;
    for (let step = 0; step < stepsMax && toldAfter < 3; step++) {
      const scene = await setup();
      const { world, net, alice, bob } = scene;
      const delivered = (): boolean => alice.messages.at(-1)?.delivery?.state === 'delivered';
      const before = net.deliveredCount;
      void scene.say('once');
      await world.run(10_000, () => net.deliveredCount > before);
      await scene.runEvents(step);
      const isTold = delivered();
      if (isTold) toldAfter += 1;
      net.partition([['alice'], ['bob']]); // what bob shows now is what his disk holds
      await restart(scene, bob);
      await world.run(5000);
      const has = bob.texts.includes('alice: once');
      if (isTold) expect(has, `step ${String(step)}`).toBe(true);
      outcomes.add(`${isTold ? 'told' : 'not told'}, ${has ? 'there' : 'absent'}`);
      net.heal();
      expect(await untilAlike(scene)).toEqual(['alice: before', 'alice: once', 'alice: after']);
    }
    expect(toldAfter).toBe(3);
    expect([...outcomes]).toEqual(expect.arrayContaining(['not told, absent', 'told, there']));
  }, 120_000);
});
