/** Attack 20 with whole devices: what somebody can do who has a link, or had one. */
import { describe, expect, test } from 'vitest';
import { Internet, noFaults } from '../simulation/network.ts';
import { Peer } from '../simulation/peer.ts';
import { begin } from '../simulation/workload.ts';
import { World } from '../simulation/world.ts';

const lifeMs = 3_600_000;

const setup = async (seed: number, usesMax: number) => {
  const world = new World(seed);
  const net = new Internet(world, { ...noFaults });
  const peers = ['alice', 'bob', 'dave', 'erin'].map((name) => new Peer(net, name));
  const [alice, bob, dave, erin] = peers;
  if (!alice || !bob || !dave || !erin) throw new Error('four peers');
  for (const peer of peers) await begin(peer);
  const created = await alice.do({ type: 'CreateGroup', name: 'garden' });
  if (!created.ok) throw new Error(created.error);
  const { conversationId } = created.value;
  const invite = await alice.do({
    type: 'PrepareInvite',
    target: { kind: 'conversation', conversationId },
    isOpen: true,
    options: { level: 'member', usesMax, lifeMs },
  });
  if (!invite.ok) throw new Error(invite.error);
  return { world, net, alice, bob, dave, erin, conversationId, invite: invite.value };
};

const groupOf = (peer: Peer): string | undefined =>
  peer.state?.conversations.find(({ kind }) => kind === 'group')?.id;

/** Who is in, as each device that has the group shows it. */
const membersSeenBy = async (world: World, peer: Peer): Promise<ReadonlyArray<string>> => {
  const id = groupOf(peer);
  if (id === undefined) throw new Error(`${peer.name} has no group`);
  await peer.open(id);
  await world.run(1000);
  return (peer.details?.members ?? []).map(({ person }) => person.name).sort();
};

describe('[attack 20] an open link', () => {
  test.each([1, 2, 3, 4])(
    '[IN6] [attack 20] overused at the same time in two places ends the same way everywhere, seed %i',
    async (seed) => {
      const { world, net, alice, bob, dave, erin, invite } = await setup(seed, 2);
      await bob.do({ type: 'Join', link: invite.link });
      expect(await world.run(60_000, () => groupOf(bob) !== undefined)).toBe(true);
      await world.run(5000);
      net.partition([
        ['alice', 'dave'],
        ['bob', 'erin'],
      ]);
      for (const peer of [dave, erin]) await peer.do({ type: 'Join', link: invite.link });
      const areIn = (): boolean => groupOf(dave) !== undefined && groupOf(erin) !== undefined;
      expect(await world.run(60_000, areIn), 'each of the two places lets one in').toBe(true);
      net.heal();
      await world.run(120_000);
      const seen = await membersSeenBy(world, alice);
      expect(seen).toHaveLength(3);
      expect(await membersSeenBy(world, bob)).toEqual(seen);
      const last = seen.includes('dave') ? dave : erin;
      expect(await membersSeenBy(world, last)).toEqual(seen);
    },
    60_000,
  );

  test('[IN6] [attack 20] used up lets nobody in, whoever of the members is there', async () => {
    const { world, alice, bob, dave, invite } = await setup(5, 1);
    await bob.do({ type: 'Join', link: invite.link });
    expect(await world.run(60_000, () => groupOf(bob) !== undefined)).toBe(true);
    await world.run(5000);
    await alice.crash();
    await dave.do({ type: 'Join', link: invite.link });
    await world.run(60_000);
    alice.start();
    await world.run(60_000);
    expect(await membersSeenBy(world, alice)).toEqual(['alice', 'bob']);
    expect(await membersSeenBy(world, bob)).toEqual(['alice', 'bob']);
  });

  test('[IN6] [attack 20] used again by who was removed brings nobody back', async () => {
    const { world, alice, bob, conversationId, invite } = await setup(6, 9);
    await bob.do({ type: 'Join', link: invite.link });
    expect(await world.run(60_000, () => groupOf(bob) !== undefined)).toBe(true);
    await world.run(5000);
    expect(await membersSeenBy(world, alice)).toEqual(['alice', 'bob']);
    const member = alice.details?.members.find(({ person }) => person.name === 'bob');
    await alice.do({ type: 'Remove', conversationId, personId: member?.person.id ?? '' });
    await world.run(5000);
    expect(await membersSeenBy(world, alice)).toEqual(['alice']);
    await bob.do({ type: 'Join', link: invite.link });
    await world.run(60_000);
    expect(await membersSeenBy(world, alice)).toEqual(['alice']);
  });
});
