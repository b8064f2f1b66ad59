import { describe, expect, test } from 'vitest';
import {
  closedFor,
  conversationIdOf,
  leave,
  namesSeenBy,
  personOf,
  remove,
  setLevel,
} from './members.ts';
import { Peer } from './peer.ts';
import { History } from './run.ts';
import { begin } from './workload.ts';

const calm = { messages: 0, isHarsh: false } as const;

const setupGroup = async (
  seed: number,
  peers = 3,
): Promise<{ history: History; alice: Peer; bob: Peer; carol: Peer; all: ReadonlyArray<Peer> }> => {
  const history = new History(seed, { ...calm, peers });
  await history.meet();
  await history.world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  return { history, alice, bob, carol, all: history.peers };
};

const noticesOf = (peer: Peer): ReadonlyArray<string> =>
  peer.items.flatMap((item) => (item.type === 'notice' ? [item.notice.kind] : []));

describe('people of a group', () => {
  test('[RM1, RM2, RM4] who was removed gets nothing that comes after, is told, and reads what is there', async () => {
    const { history, alice, bob, carol } = await setupGroup(1);
    history.say(bob, 'before');
    await history.world.run(3000);
    await remove(history, alice, 'bob');
    await history.world.run(1000);
    expect(closedFor(history, bob)).toBe('removed');
    history.say(alice, 'after');
    await history.world.run(10_000);
    expect(carol.texts).toEqual(['bob: before', 'alice: after']);
    expect(bob.texts).toEqual(['bob: before']);
    expect(namesSeenBy(carol)).toEqual(['alice', 'carol']);
    expect(noticesOf(carol)).toContain('removed');
    expect(noticesOf(alice)).toContain('removed');
    const refused = await bob.do({
      type: 'SendMessage',
      conversationId: history.ids.get(bob) ?? '',
      text: 'no',
    });
    expect(refused).toEqual({ ok: false, error: 'not-allowed' });
  });

  test('[RM5] what waited when its author was removed is blocked, and reaches nobody', async () => {
    const { history, alice, bob, carol } = await setupGroup(2);
    history.net.partition([['bob'], ['alice', 'carol']]);
    await history.world.run(5000);
    history.say(bob, 'nobody is here');
    await remove(history, alice, 'bob');
    await history.world.run(3000);
    history.net.heal();
    await history.world.run(30_000);
    expect(closedFor(history, bob)).toBe('removed');
    expect(bob.messages.map(({ delivery }) => delivery?.state)).toEqual(['blocked']);
    expect([...alice.texts, ...carol.texts]).toEqual([]);
  });

  test('[RM6] who leaves is heard also when nobody was there, and the others go on', async () => {
    const { history, alice, bob, carol } = await setupGroup(3);
    history.net.partition([['bob'], ['alice', 'carol']]);
    await history.world.run(5000);
    await leave(history, bob);
    await history.world.run(1000);
    expect(closedFor(history, bob)).toBe('left');
    await history.world.run(5000);
    expect(namesSeenBy(alice)).toEqual(['alice', 'bob', 'carol']);
    history.net.heal();
    await history.world.run(30_000);
    expect(namesSeenBy(alice)).toEqual(['alice', 'carol']);
    expect(noticesOf(carol)).toContain('left');
    history.say(carol, 'just us');
    await history.world.run(10_000);
    expect(alice.texts).toEqual(['carol: just us']);
    expect(bob.texts).toEqual([]);
  });

  test('[RM7] levels are given and taken; who may what follows', async () => {
    const { history, alice, bob, carol } = await setupGroup(4);
    await setLevel(history, alice, { name: 'bob', level: 'admin' });
    await history.world.run(3000);
    expect(noticesOf(carol)).toContain('level');
    const permits = bob.details?.members.find(({ person }) => person.name === 'carol')?.permits;
    expect(permits).toMatchObject({ levels: [], mayRemove: true });
    await setLevel(history, alice, { name: 'carol', level: 'reader' });
    await history.world.run(3000);
    expect(closedFor(history, carol)).toBe('reader');
    history.say(bob, 'can you read this?');
    await history.world.run(10_000);
    expect(carol.texts).toEqual(['bob: can you read this?']);
    await setLevel(history, alice, { name: 'carol', level: 'member' });
    await history.world.run(3000);
    history.say(carol, 'yes');
    await history.world.run(10_000);
    expect(alice.texts).toEqual(['bob: can you read this?', 'carol: yes']);
    await remove(history, bob, 'carol');
    await history.world.run(3000);
    expect(closedFor(history, carol)).toBe('removed');
  });

  test('[RM7] the only owner hands over and leaves', async () => {
    const { history, alice, bob } = await setupGroup(5);
    const successorId = bob.details?.members.find(({ person }) => person.name === 'bob')?.person.id;
    const conversationId = history.ids.get(alice) ?? '';
    expect(await alice.do({ type: 'Leave', conversationId, successorId })).toMatchObject({
      ok: true,
    });
    await history.world.run(5000);
    expect(namesSeenBy(bob)).toEqual(['bob', 'carol']);
    expect(bob.details?.members.find(({ person }) => person.isMe)?.level).toBe('owner');
  });

  test('[RG3] a new group without somebody has everybody else in it, and that one never hears of it', async () => {
    const { history, alice, bob, carol } = await setupGroup(6);
    const conversationId = history.ids.get(bob) ?? '';
    const personId = personOf(bob, 'alice').id;
    const made = await bob.do({ type: 'NewGroupWithout', conversationId, personId });
    if (!made.ok) throw new Error(made.error);
    await history.world.run(10_000);
    const groupsOf = (peer: Peer): ReadonlyArray<string> =>
      (peer.state?.conversations ?? []).filter(({ kind }) => kind === 'group').map(({ id }) => id);
    expect(groupsOf(alice)).toHaveLength(1);
    const fresh = groupsOf(carol).find((id) => id !== history.ids.get(carol));
    if (fresh === undefined) throw new Error('carol is not in the new group');
    await bob.open(made.value.conversationId);
    await carol.open(fresh);
    await carol.do({ type: 'SendMessage', conversationId: fresh, text: 'here too' });
    await history.world.run(10_000);
    expect(bob.texts.at(-1)).toBe('carol: here too');
    expect(namesSeenBy(bob)).toEqual(['bob', 'carol']);
    await carol.crash();
    carol.start();
    await history.world.run(5000);
    expect(groupsOf(carol)).toHaveLength(2);
  });

  test('[RG4] nobody is drawn into a new group by what does not count of the removed any more', async () => {
    const history = new History(8, { ...calm, peers: 4 });
    await history.meet();
    await history.world.run(1000);
    const [alice, bob, carol, dave] = history.peers;
    if (!alice || !bob || !carol || !dave) throw new Error('four peers');
    history.net.partition([
      ['alice', 'carol'],
      ['bob', 'dave'],
    ]);
    await history.world.run(10_000);
    await remove(history, alice, 'bob');
    const made = await bob.do({
      type: 'NewGroupWithout',
      conversationId: conversationIdOf(history, bob),
      personId: personOf(bob, 'carol').id,
    });
    if (!made.ok) throw new Error(made.error);
    await history.world.run(10_000);
    const groupCountOf = (peer: Peer): number =>
      (peer.state?.conversations ?? []).filter(({ kind }) => kind === 'group').length;
    expect(groupCountOf(dave)).toBe(2); // to whom it counted when it came
    history.net.heal();
    await history.world.run(60_000);
    expect(closedFor(history, bob)).toBe('removed');
    expect(groupCountOf(alice)).toBe(1);
    await alice.crash();
    alice.start();
    await history.world.run(10_000);
    expect(groupCountOf(alice)).toBe(1);
  });

  test('[RM3] nobody comes back through an open link they know, nor anybody else', async () => {
    const { history, alice, bob, carol } = await setupGroup(7);
    const dave = new Peer(history.net, 'dave');
    await begin(dave);
    const conversationId = history.ids.get(alice) ?? '';
    const target = { kind: 'conversation', conversationId } as const;
    const invite = await alice.do({ type: 'PrepareInvite', target, isOpen: true });
    if (!invite.ok) throw new Error(invite.error);
    await history.world.run(3000);
    expect(alice.details?.invites.some(({ isOpen }) => isOpen)).toBe(true);
    await remove(history, alice, 'bob');
    await history.world.run(3000);
    expect(alice.details?.invites.filter(({ isOpen }) => isOpen)).toEqual([]);
    await dave.do({ type: 'Join', link: invite.value.link });
    await history.world.run(60_000);
    expect(dave.state?.conversations.some(({ kind }) => kind === 'group')).toBe(false);
    await bob.do({ type: 'Join', link: invite.value.link });
    await history.world.run(60_000);
    expect(namesSeenBy(carol)).toEqual(['alice', 'carol']);
    expect(closedFor(history, bob)).toBe('removed');
  });
});
