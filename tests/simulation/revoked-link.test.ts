import { describe, expect, test } from 'vitest';
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
