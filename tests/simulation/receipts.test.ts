import { describe, expect, test } from 'vitest';
import type { ConversationSummary, Sharing } from '../../src/core/api.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

const calm = { messages: 0, isHarsh: false } as const;
const everything: Sharing = { receipts: true, typing: true, presence: true };

const setup = async (peers = 3) => {
  const history = new History(11, { ...calm, peers });
  await history.meet();
  await history.world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob) throw new Error('two peers at least');
  const idOf = (peer: Peer): string => history.ids.get(peer) ?? '';
  const read = async (peer: Peer): Promise<void> => {
    await peer.do({ type: 'MarkRead', conversationId: idOf(peer) });
    await history.world.run(100); // until the screen was told
  };
  const share = (peer: Peer, sharing: Partial<Sharing>) =>
    peer.do({ type: 'SetSharing', sharing: { ...everything, ...sharing } });
  const summary = (peer: Peer): ConversationSummary | undefined =>
    peer.state?.conversations.find(({ id }) => id === idOf(peer));
  const stateOf = (peer: Peer, text: string): string | undefined =>
    peer.messages.find((message) => message.text === text)?.delivery?.state;
  return { history, alice, bob, carol, idOf, read, share, summary, stateOf };
};

describe('reading', () => {
  test('[RU4, RU5] is told to the author, who sees when, and is no message', async () => {
    const { history, alice, bob, read, summary, stateOf, idOf } = await setup(2);
    history.say(alice, 'hello');
    await history.world.run(3000);
    expect(summary(bob)?.unreadCount).toBe(1);
    expect(stateOf(alice, 'hello')).toBe('delivered');
    await read(bob);
    expect(summary(bob)?.unreadCount).toBe(0);
    await history.world.run(1000);
    expect(stateOf(alice, 'hello')).toBe('delivered'); // batched
    await history.world.run(4000);
    expect(stateOf(alice, 'hello')).toBe('read');
    const key = alice.messages[0]?.key ?? '';
    const details = await alice.do({ type: 'InspectMessage', conversationId: idOf(alice), key });
    if (!details.ok) throw new Error(details.error);
    const [holder] = details.value.holders;
    expect(holder?.person.name).toBe('bob');
    expect(holder?.readAtMs).toBeGreaterThan(0);
    expect(summary(alice)).toMatchObject({ unreadCount: 0, waitingCount: 0 });
    expect(alice.arrivals).toEqual([]);
    await alice.crash();
    alice.start();
    await history.reopen(alice);
    await history.world.run(1000);
    expect(stateOf(alice, 'hello')).toBe('read');
  });

  test('[RU5] many messages are told of in one entry, and nothing twice', async () => {
    const { history, alice, bob, read } = await setup(2);
    for (let i = 0; i < 10; i++) {
      history.say(alice, `m${String(i)}`);
      await history.world.run(150);
      await read(bob);
    }
    await history.world.run(20_000);
    const before = bob.network?.publishedCount ?? 0;
    expect(before).toBeLessThanOrEqual(3);
    await read(bob);
    await history.world.run(20_000);
    expect(bob.network?.publishedCount).toBe(before);
  });

  test('[RU5] is no reason for a new epoch: it is told with what is written next', async () => {
    const { history, alice, bob, read, stateOf } = await setup(2);
    history.say(alice, 'hello');
    await history.world.run(3000);
    await history.world.run(2 * 24 * 3_600_000); // an answer would begin a new epoch
    await read(bob);
    await history.world.run(20_000);
    expect(stateOf(alice, 'hello')).toBe('read');
  });

  test('[RU6] off is mutual, and on again tells what was read meanwhile', async () => {
    const { history, alice, bob, read, share, stateOf } = await setup(2);
    await share(bob, { receipts: false });
    history.say(alice, 'to bob');
    history.say(bob, 'to alice');
    await history.world.run(3000);
    await read(bob);
    await read(alice);
    await history.world.run(20_000);
    expect(stateOf(alice, 'to bob')).toBe('delivered');
    expect(stateOf(bob, 'to alice')).toBe('delivered'); // alice told, and bob is not shown
    await share(bob, { receipts: true });
    await history.world.run(20_000);
    expect(stateOf(bob, 'to alice')).toBe('read');
    expect(stateOf(alice, 'to bob')).toBe('read');
  });

  test('[RU2, RU3] late ones are unread, and from any message on it can be again', async () => {
    const { history, alice, bob, carol, read, summary, idOf } = await setup(3);
    if (!carol) throw new Error('three peers');
    history.net.partition([['carol'], ['alice', 'bob']]);
    await history.world.run(10_000);
    history.say(carol, 'from the dark');
    await history.world.run(1000);
    history.say(alice, 'one');
    await history.world.run(1000);
    history.say(alice, 'two');
    await history.world.run(3000);
    await read(bob);
    expect(summary(bob)).toMatchObject({ unreadCount: 0, newKey: undefined, lateKeys: [] });
    history.net.heal();
    await history.world.run(60_000);
    expect(bob.texts).toContain('carol: from the dark');
    expect(summary(bob)?.unreadCount).toBe(1);
    await read(bob);
    const key = bob.messages.find(({ text }) => text === 'two')?.key ?? '';
    const unread = await bob.do({ type: 'MarkUnread', conversationId: idOf(bob), key });
    expect(unread.ok).toBe(true);
    const from = bob.messages.findIndex(({ text }) => text === 'two');
    await bob.crash();
    bob.start();
    await history.reopen(bob);
    await history.world.run(500);
    expect(summary(bob)?.unreadCount).toBe(bob.messages.length - from);
    expect(await bob.do({ type: 'MarkUnread', conversationId: idOf(bob), key: 'no' })).toEqual({
      ok: false,
      error: 'unknown-message',
    });
  });
});
