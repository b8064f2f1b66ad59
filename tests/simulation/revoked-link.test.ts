import { describe, expect, test } from 'vitest';
import { createMemoryMailbox } from '../support/memory-mailbox.ts';
import { Internet, noFaults } from './network.ts';
import { Peer } from './peer.ts';
import { World } from './world.ts';
import { begin } from './workload.ts';

describe('an open link that was taken back', () => {
  test('[IN5] [attack 20] leads nowhere, also while those who used it are there and its maker is not', async () => {
    const world = new World(3);
    const net = new Internet(world, noFaults);
    const [alice, bob, dave] = ['alice', 'bob', 'dave'].map((name) => new Peer(net, name));
    if (!alice || !bob || !dave) throw new Error('three peers');
    for (const peer of [alice, bob, dave]) await begin(peer);
    const created = await alice.do({ type: 'CreateGroup', name: 'garden' });
    if (!created.ok) throw new Error(created.error);
    const target = { kind: 'conversation', conversationId: created.value.conversationId } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true });
    if (!invite.ok) throw new Error(invite.error);
    await bob.do({ type: 'Join', link: invite.value.link });
    const hasGroup = (peer: Peer): boolean =>
      peer.state?.conversations.some(({ kind }) => kind === 'group') === true;
    expect(await world.run(60_000, () => hasGroup(bob))).toBe(true);
    await world.run(5000);
    await alice.do({ type: 'RevokeInvite', inviteId: invite.value.inviteId });
    await world.run(5000);
    await alice.crash();
    await dave.do({ type: 'Join', link: invite.value.link });
    expect(await world.run(60_000, () => hasGroup(dave))).toBe(false);
  });
});

test('[IN8] killed while a link is taken back, its maker says so in its room after the restart', async () => {
  const outcomes = new Set<boolean>();
  for (let waitMs = 20; waitMs <= 240; waitMs += 20) {
    const world = new World(7);
    const net = new Internet(world, noFaults);
    const { backend } = world;
    net.mailbox = createMemoryMailbox({ now: () => world.nowMs, backend });
    const [alice, dave] = [new Peer(net, 'alice'), new Peer(net, 'dave')];
    for (const peer of [alice, dave]) await begin(peer);
    const created = await alice.do({ type: 'CreateGroup', name: 'garden' });
    if (!created.ok) throw new Error(created.error);
    const { conversationId } = created.value;
    await alice.open(conversationId);
    const target = { kind: 'conversation', conversationId } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true });
    if (!invite.ok) throw new Error(invite.error);
    await world.run(20_000); // the welcome lies in the mailbox
    alice.disk.faults.delayMs = 40;
    void alice.execute({ type: 'RevokeInvite', inviteId: invite.value.inviteId });
    await world.run(waitMs);
    await alice.crash();
    alice.disk.faults.delayMs = 0;
    alice.start();
    await world.run(20_000);
    alice.openNow(conversationId);
    await world.run(1000);
    const isRevoked = alice.details?.invites.length === 0;
    await alice.crash();
    await dave.do({ type: 'Join', link: invite.value.link });
    await world.run(60_000);
    const isIn = dave.state?.conversations.some(({ kind }) => kind === 'group');
    expect(isIn, `after ${String(waitMs)} ms`).toBe(!isRevoked);
    outcomes.add(isRevoked);
  }
  expect(outcomes).toEqual(new Set([false, true]));
}, 240_000);
