import { describe, expect, test } from 'vitest';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { introduce } from './workload.ts';

const setup = (seed: number, ...names: ReadonlyArray<string>) => {
  const world = new World(seed);
  const net = new Internet(world, { ...noFaults });
  const { backend } = world;
  net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend });
  return { world, net, peers: names.map((name) => new Peer(net, name)) };
};

const two = (seed: number) => {
  const { world, net, peers } = setup(seed, 'alice', 'bob');
  const [alice, bob] = peers;
  if (!alice || !bob) throw new Error('two peers');
  return { world, net, alice, bob };
};

/** Starts a device that was switched off and looks at its conversation. */
const comeBack = async (world: World, peer: Peer, id: string): Promise<void> => {
  peer.start();
  const isThere = (): boolean => peer.state?.conversations.some((c) => c.id === id) === true;
  expect(await world.run(30_000, isThere)).toBe(true);
  await peer.open(id);
};

const say = async (peer: Peer, conversationId: string, text: string): Promise<void> => {
  expect(await peer.do({ type: 'SendMessage', conversationId, text })).toMatchObject({ ok: true });
};

const stateOf = (peer: Peer, text: string) =>
  peer.messages.find((message) => message.text === text)?.delivery?.state;

describe('two people who are never there at the same time', () => {
  test('[MB8] talk through the mailbox: saved, parked, and delivered once an answer tells so', async () => {
    const { world, alice, bob } = two(11);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'are you there?');
    expect(stateOf(alice, 'are you there?')).toBe('saved');
    expect(await world.run(10_000, () => stateOf(alice, 'are you there?') === 'parked')).toBe(true);
    await alice.crash();

    await comeBack(world, bob, pair.bob);
    expect(await world.run(30_000, () => bob.texts.includes('alice: are you there?'))).toBe(true);
    await say(bob, pair.bob, 'I was away');
    expect(await world.run(10_000, () => stateOf(bob, 'I was away') === 'parked')).toBe(true);
    await bob.crash();

    await comeBack(world, alice, pair.alice);
    expect(stateOf(alice, 'are you there?')).toBe('parked');
    expect(await world.run(30_000, () => alice.texts.includes('bob: I was away'))).toBe(true);
    expect(alice.texts).toEqual(['alice: are you there?', 'bob: I was away']);
    expect(await world.run(5000, () => stateOf(alice, 'are you there?') === 'delivered')).toBe(
      true,
    );
    await comeBack(world, bob, pair.bob);
    expect(await world.run(60_000, () => stateOf(bob, 'I was away') === 'delivered')).toBe(true);
    expect([...alice.violations, ...bob.violations]).toEqual([]);
  });

  test('[MB8] a mailbox that has it is nobody who has it', async () => {
    const { world, alice, bob } = two(12);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'only there');
    await world.run(10 * 60_000);
    expect(alice.messages.at(-1)?.delivery).toEqual({
      state: 'parked',
      haveCount: 0,
      peopleCount: 1,
    });
  });

  test('[MB9] with neither a person nor a mailbox nothing is appended; with one of them it is', async () => {
    const { world, net, alice, bob } = two(13);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    net.isRelayUp = false;
    alice.network?.reconsider();
    await world.run(1000);
    const before = net.witness.entryCount;
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'later');
    await world.run(10 * 60_000);
    expect(stateOf(alice, 'later')).toBe('saved');
    net.isRelayUp = true;
    alice.network?.reconsider();
    expect(await world.run(30_000, () => stateOf(alice, 'later') === 'parked')).toBe(true);
    expect(net.witness.entryCount).toBeGreaterThan(before);
  });

  test('[MB9] what a mailbox holds is read before anything is written', async () => {
    const { world, alice, bob } = two(14);
    const pair = await introduce(world, alice, bob);
    await alice.crash();
    await bob.open(pair.bob);
    await say(bob, pair.bob, 'first');
    expect(await world.run(10_000, () => stateOf(bob, 'first') === 'parked')).toBe(true);
    await bob.crash();
    alice.start();
    await say(alice, pair.alice, 'second');
    await alice.open(pair.alice);
    expect(await world.run(30_000, () => stateOf(alice, 'second') === 'parked')).toBe(true);
    expect(alice.texts).toEqual(['bob: first', 'alice: second']);
  });

  test('[MB13] without a mailbox they wait for each other, as ever', async () => {
    const { world, net, alice, bob } = two(15);
    net.mailbox = undefined;
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'hello');
    await world.run(10 * 60_000);
    expect(stateOf(alice, 'hello')).toBe('saved');
    await comeBack(world, bob, pair.bob);
    expect(await world.run(60_000, () => bob.texts.includes('alice: hello'))).toBe(true);
  });

  test('[MB10] a mailbox that was emptied is filled again by who still has it', async () => {
    const { world, net, alice, bob } = two(16);
    const pair = await introduce(world, alice, bob);
    await bob.crash();
    await alice.open(pair.alice);
    await say(alice, pair.alice, 'once more');
    expect(await world.run(10_000, () => stateOf(alice, 'once more') === 'parked')).toBe(true);
    net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
    await world.run(60_000);
    await alice.crash();
    await comeBack(world, bob, pair.bob);
    expect(await world.run(30_000, () => bob.texts.includes('alice: once more'))).toBe(true);
  });
});
