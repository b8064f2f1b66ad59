import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { signalKind } from '../../src/protocol/signal.ts';
import type { Peer } from './peer.ts';
import { History } from './run.ts';

const calm = { messages: 0, isHarsh: false } as const;
const everything = { receipts: true, typing: true, presence: true };

const setup = async () => {
  const history = new History(5, { ...calm, peers: 3 });
  await history.meet();
  await history.world.run(1000);
  const [alice, bob, carol] = history.peers;
  if (!alice || !bob || !carol) throw new Error('three peers');
  for (const peer of history.peers) history.say(peer, `hello from ${peer.name}`);
  await history.world.run(5000);
  const tell = (peer: Peer) =>
    peer.do({ type: 'TellTyping', conversationId: history.ids.get(peer) ?? '' });
  const typingAt = (peer: Peer): ReadonlyArray<string> =>
    peer.state?.conversations
      .find(({ id }) => id === history.ids.get(peer))
      ?.typing.map(({ name }) => name) ?? [];
  /** What alice sends to bob by gossip, as somebody on the way hands it on. */
  const onTheWay = (change: (signal: Uint8Array) => Uint8Array): { count: number } => {
    const seen = { count: 0 };
    history.net.arriving = (frame, { from, to, by }) => {
      const isSignal = by === 'gossip' && frame[0] === signalKind;
      if (!isSignal || from !== 'alice' || to !== 'bob') return frame.slice();
      seen.count += 1;
      return change(frame);
    };
    return seen;
  };
  return { history, alice, bob, carol, tell, typingAt, onTheWay };
};

describe('who is writing', () => {
  test('[TY1, TY2] is shown to those who are there, for a while, and kept nowhere', async () => {
    const { history, alice, bob, carol, tell, typingAt } = await setup();
    const sizes = history.peers.map(({ disk }) => disk.usedBytes);
    const before = alice.network?.publishedCount ?? 0;
    await tell(alice);
    await tell(alice);
    await history.world.run(1000);
    expect(alice.network?.publishedCount).toBe(before + 1);
    expect(typingAt(bob)).toEqual(['alice']);
    expect(typingAt(carol)).toEqual(['alice']);
    expect(typingAt(alice)).toEqual([]);
    await history.world.run(6000);
    expect(typingAt(bob)).toEqual([]);
    expect(history.peers.map(({ disk }) => disk.usedBytes)).toEqual(sizes);
    await tell(alice);
    await history.world.run(1000);
    history.say(alice, 'done');
    await history.world.run(1000);
    expect(bob.texts).toContain('alice: done');
    expect(typingAt(bob)).toEqual([]);
  });

  test('[TY1] off is mutual', async () => {
    const { history, alice, bob, carol, tell, typingAt } = await setup();
    await bob.do({ type: 'SetSharing', sharing: { ...everything, typing: false } });
    await tell(alice);
    await tell(bob);
    await history.world.run(1000);
    expect(typingAt(bob)).toEqual([]);
    expect(typingAt(alice)).toEqual([]);
    expect(typingAt(carol)).toEqual(['alice']);
  });

  test('[TY1] reaches those whom only a relay joins', async () => {
    const { history, alice, bob, tell, typingAt } = await setup();
    history.net.faults.relayedPercent = 100;
    history.net.partition([['alice'], ['bob', 'carol']]);
    await history.world.run(10_000);
    history.net.heal();
    await history.world.run(30_000);
    await tell(alice);
    await history.world.run(1000);
    expect(typingAt(bob)).toEqual(['alice']);
  });

  test('[SG3] what is played again later, or changed on the way, shows nothing', async () => {
    const { history, alice, bob, tell, typingAt, onTheWay } = await setup();
    const recorded: Uint8Array[] = [];
    const first = onTheWay((signal) => {
      recorded.push(signal.slice());
      return signal.slice();
    });
    await tell(alice);
    await history.world.run(1000);
    expect(typingAt(bob)).toEqual(['alice']);
    expect(first.count).toBeGreaterThan(0);
    await history.world.run(8000);
    const played = onTheWay(() => recorded[0]?.slice() ?? new Uint8Array());
    await tell(alice);
    await history.world.run(500);
    expect(played.count).toBeGreaterThan(0);
    expect(typingAt(bob)).toEqual([]);
    await history.world.run(8000);
    const changed = onTheWay((signal) => {
      const copy = signal.slice();
      copy[60] = (copy[60] ?? 0) ^ 1;
      return copy;
    });
    await tell(alice);
    await history.world.run(500);
    expect(changed.count).toBeGreaterThan(0);
    expect(typingAt(bob)).toEqual([]);
    expect(toHex(recorded[0] ?? new Uint8Array())).not.toBe('');
  });

  test('[SG3] a clock that is an hour off is not heard, one that is a minute off is', async () => {
    const { history, alice, bob, tell, typingAt } = await setup();
    alice.skewMs = 60_000;
    await tell(alice);
    await history.world.run(500);
    expect(typingAt(bob)).toEqual(['alice']);
    await history.world.run(8000);
    alice.skewMs = 3_600_000;
    await tell(alice);
    await history.world.run(500);
    expect(typingAt(bob)).toEqual([]);
  });
});
