import { expect, test } from 'vitest';
import { conversationIdOf, personOf } from './members.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

const groupsOf = (peer: Peer): ReadonlyArray<string> =>
  (peer.state?.conversations ?? []).filter(({ kind }) => kind === 'group').map(({ id }) => id);

const keyOf = (peer: Peer, text: string): string => {
  const found = peer.messages.find((message) => message.text === text);
  if (found === undefined) throw new Error(`${peer.name} does not see "${text}"`);
  return found.key;
};

/** Alice founded the group; Bob makes a new one with everybody but her. */
const setup = async (seed: number) => {
  const history = new History(seed, { messages: 0, isHarsh: false, peers: 3 });
  await history.meet();
  const { world } = history;
  await world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  const oldId = (peer: Peer): string => conversationIdOf(history, peer);
  history.say(alice, 'from alice');
  await world.run(3000);
  history.say(carol, 'from carol');
  await world.run(3000);
  const regroup = async (): Promise<void> => {
    const personId = personOf(bob, 'alice').id;
    const command = { type: 'NewGroupWithout', conversationId: oldId(bob), personId } as const;
    const made = await bob.do(command);
    if (!made.ok) throw new Error(made.error);
    await world.run(10_000);
  };
  const freshId = (peer: Peer): string => {
    const fresh = groupsOf(peer).find((id) => id !== oldId(peer));
    if (fresh === undefined) throw new Error(`${peer.name} is not in the new group`);
    return fresh;
  };
  return { history, world, alice, bob, carol, oldId, freshId, regroup };
};

test('[RG6] who was in the old group reads it above the new one, also after a restart', async () => {
  const { world, alice, bob, carol, freshId, regroup } = await setup(31);
  await regroup();
  for (const peer of [bob, carol]) {
    // It is no news there.
    const fresh = peer.state?.conversations.find(({ id }) => id === freshId(peer));
    expect(fresh?.unreadCount).toBe(0);
  }
  await carol.open(freshId(carol));
  await carol.do({ type: 'SendMessage', conversationId: freshId(carol), text: 'here too' });
  await world.run(10_000);
  await bob.open(freshId(bob));
  const all = ['alice: from alice', 'carol: from carol', 'carol: here too'];
  for (const peer of [bob, carol]) {
    expect(peer.texts).toEqual(all);
    expect(peer.messages.map(({ isPast }) => isPast)).toEqual([true, true, undefined]);
    const anew = peer.items.findIndex(
      (item) => item.type === 'notice' && item.notice.kind === 'regrouped',
    );
    expect(peer.items[anew]).toMatchObject({ notice: { without: { name: 'alice' } } });
    expect(anew).toBeGreaterThan(
      peer.items.findIndex(({ key }) => key === keyOf(peer, 'from carol')),
    );
  }
  expect(groupsOf(alice)).toHaveLength(1);
  await carol.crash();
  carol.start();
  await world.run(5000);
  await carol.open(freshId(carol));
  expect(carol.texts).toEqual(all);
});

test('[RG6] who was left out says nothing more in the past, and can still take back their words', async () => {
  const { history, world, alice, bob, carol, oldId, freshId, regroup } = await setup(32);
  await regroup();
  await bob.open(freshId(bob));
  const past = ['alice: from alice', 'carol: from carol'];
  expect(bob.texts).toEqual(past);
  const [ofAlice, ofCarol] = [keyOf(alice, 'from alice'), keyOf(alice, 'from carol')];
  const conversationId = oldId(alice);
  history.say(alice, 'later');
  await alice.do({ type: 'EditMessage', conversationId, key: ofAlice, text: 'never said' });
  await alice.do({ type: 'React', conversationId, key: ofCarol, emoji: '💥', isOn: true });
  await world.run(10_000);
  await carol.open(oldId(carol));
  expect(carol.texts).toEqual(['alice: never said', 'carol: from carol', 'alice: later']);
  expect(carol.messages[1]?.reactions).toHaveLength(1);
  expect(bob.texts).toEqual(past);
  expect(bob.messages.flatMap(({ reactions }) => reactions)).toEqual([]);
  await alice.do({ type: 'DeleteMessages', conversationId, keys: [ofAlice], from: 'everyone' });
  await world.run(10_000);
  expect(bob.messages[0]?.deletion).toBeDefined();
  expect(bob.messages[0]?.text).toBe('');
});

test('[RG6] what was deleted with the old group is gone from above the new one', async () => {
  const { world, bob, oldId, freshId, regroup } = await setup(33);
  await regroup();
  await bob.do({ type: 'Leave', conversationId: oldId(bob) });
  await world.run(3000);
  await bob.open(freshId(bob));
  expect(bob.texts).toEqual(['alice: from alice', 'carol: from carol']);
  const deleted = await bob.do({ type: 'DeleteConversation', conversationId: oldId(bob) });
  expect(deleted.ok).toBe(true);
  bob.openNow(freshId(bob));
  await world.run(3000);
  expect(bob.texts).toEqual([]);
});
