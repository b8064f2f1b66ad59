/** Somebody new who opened an invite: what is there by the time they have written their name. */
import { expect, test, vi } from 'vitest';
import { decodeMailboxRequest } from '../../src/protocol/mailbox-frames.ts';
import { limits } from '../../src/protocol/limits.ts';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { must } from '../support/writers.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { begin } from './workload.ts';
import { World } from './world.ts';

const setup = async () => {
  const world = new World(921);
  const net = new Internet(world, { ...noFaults });
  const mailbox = createMemoryMailbox({ now: () => world.nowMs, backend: world.backend });
  const polledMs: number[] = [];
  net.mailbox = {
    status: mailbox.status,
    answer: (request: Uint8Array, from: string) => {
      const decoded = decodeMailboxRequest(request);
      if (from === 'bob' && decoded.ok && decoded.value.t === 'poll') polledMs.push(world.nowMs);
      return mailbox.answer(request, from);
    },
  };
  const [alice, bob] = [new Peer(net, 'alice'), new Peer(net, 'bob')];
  await begin(alice);
  const { conversationId } = must(await alice.do({ type: 'CreateGroup', name: 'garden' }));
  const target = { kind: 'conversation', conversationId } as const;
  const { link } = must(await alice.do({ type: 'PrepareInvite', target, isOpen: true }));
  await world.run(5000);
  bob.start();
  await world.run(60_000, () => bob.state?.phase === 'first-run');
  return { world, bob, link, polledMs };
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

test('[MB30] who joins asks the mailbox at once, of the room and of the group', async () => {
  const { world, bob, link, polledMs } = await setup();
  must(await bob.do({ type: 'ReadInvite', link }));
  await world.run(10_000);
  const pressedMs = world.nowMs;
  must(await bob.do({ type: 'CreateIdentity', name: 'bob', invite: link }));
  must(await bob.do({ type: 'Join', link }));
  const isJoined = (): boolean => bob.state?.joins[0]?.stage === 'joined';
  expect(await world.run(60_000, isJoined)).toBe(true);
  const joinedMs = world.nowMs;
  await world.run(10_000);
  const [first = 0, second = 0, ...others] = polledMs;
  expect(first - pressedMs).toBeLessThan(limits.mailboxGatherMs / 2);
  expect(second - joinedMs).toBeLessThan(limits.mailboxGatherMs / 2);
  expect(others.length).toBeLessThan(3); // what changes then is gathered
});

test('[NP11] their keys are made while they write their name, and lie on no disk before they begin', async () => {
  const { world, bob, link } = await setup();
  const making = vi.spyOn(world.backend, 'createDeviceKey');
  const emptyBytes = bob.disk.usedBytes;
  must(await bob.do({ type: 'ReadInvite', link }));
  await world.run(10_000);
  expect(making).toHaveBeenCalledTimes(1);
  expect(bob.disk.usedBytes).toBe(emptyBytes);
  must(await bob.do({ type: 'CreateIdentity', name: 'bob' }));
  expect(making).toHaveBeenCalledTimes(1);
  expect(bob.disk.usedBytes).toBeGreaterThan(emptyBytes);
});

test('[NP12] the link is followed from the moment they begin, whatever becomes of it', async () => {
  const { world, bob, link } = await setup();
  const invite = link.replace('#/i/', '#/i/A'); // nobody can read that one
  must(await bob.do({ type: 'CreateIdentity', name: 'bob', invite }));
  await world.run(1000);
  expect(bob.state?.phase).toBe('ready');
  expect(bob.state?.joins).toEqual([]);

  const { world: other, bob: dave, link: good } = await setup();
  must(await dave.do({ type: 'CreateIdentity', name: 'dave', invite: good }));
  const isJoined = (): boolean => dave.state?.joins[0]?.stage === 'joined';
  expect(await other.run(60_000, isJoined)).toBe(true);
  must(await dave.do({ type: 'Join', link: good }));
  expect(dave.state?.joins.length).toBe(1);
});
