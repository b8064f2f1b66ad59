/** Somebody new who opened an invite: what is there by the time they have written their name. */
import { expect, test } from 'vitest';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { must } from '../support/writers.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { begin } from './workload.ts';
import { World } from './world.ts';

const setup = async () => {
  const world = new World(921);
  const net = new Internet(world, { ...noFaults });
  net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
  const [alice, bob] = [new Peer(net, 'alice'), new Peer(net, 'bob')];
  await begin(alice);
  const { conversationId } = must(await alice.do({ type: 'CreateGroup', name: 'garden' }));
  const target = { kind: 'conversation', conversationId } as const;
  const { link } = must(await alice.do({ type: 'PrepareInvite', target, isOpen: true }));
  await world.run(5000);
  bob.start();
  await world.run(60_000, () => bob.state?.phase === 'first-run');
  return { world, bob, link };
};

const relayOf = ({ state }: Peer) => state?.connection.relays[0]?.state;

test('[NP7] who opens an invite is connected to the own relay and leaves nothing there before they join', async () => {
  const { world, bob, link } = await setup();
  await world.run(10_000);
  expect(relayOf(bob)).toBe('connecting'); // without an invite nothing is begun
  must(await bob.do({ type: 'ReadInvite', link }));
  await world.run(10_000);
  expect(relayOf(bob)).toBe('up');
  expect(bob.network?.meetings.size).toBe(0);
  expect(bob.state?.phase).toBe('first-run');

  must(await bob.do({ type: 'CreateIdentity', name: 'bob' }));
  must(await bob.do({ type: 'Join', link }));
  const pressedMs = world.nowMs;
  const isJoined = (): boolean => bob.state?.joins[0]?.stage === 'joined';
  expect(await world.run(60_000, isJoined)).toBe(true);
  expect(world.nowMs - pressedMs).toBeLessThan(1500);
  expect(bob.network?.meetings.size).toBeGreaterThan(0);
});

test('[NP7] a link that cannot be read begins nothing', async () => {
  const { world, bob } = await setup();
  await bob.do({ type: 'ReadInvite', link: 'https://sotto.example/#/i/nothing' });
  await world.run(10_000);
  expect(relayOf(bob)).toBe('connecting');
});
