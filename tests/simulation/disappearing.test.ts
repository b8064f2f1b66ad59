/** Messages that go by themselves, on devices that are there and on one that is off meanwhile. */
import { describe, expect, test } from 'vitest';
import { act, write } from './content.ts';
import { setupScene, type Scene } from './hostile.ts';
import { conversationIdOf, personOf } from './members.ts';
import type { Peer } from './peer.ts';

const minuteMs = 60_000;

const texts = ({ items }: Peer): ReadonlyArray<string> =>
  items.flatMap((item) => (item.type === 'message' ? [item.text] : []));

/** Who set it, and to how many minutes. */
const timersSeen = ({ items }: Peer): ReadonlyArray<string> =>
  items.flatMap((item) =>
    item.type === 'notice' && item.notice.kind === 'timer'
      ? [`${item.notice.by.name}: ${String((item.notice.timerMs ?? 0) / minuteMs)}`]
      : [],
  );

const read = async ({ history }: Scene, peer: Peer): Promise<void> => {
  const done = await peer.do({
    type: 'MarkRead',
    conversationId: conversationIdOf(history, peer),
  });
  expect(done.ok).toBe(true);
};

describe('disappearing', () => {
  test('[EX5] a message goes, with its edits, from who read it and from its author', async () => {
    const scene = await setupScene(71);
    const { history, alice, bob, carol } = scene;
    await write(history, alice, 'stays');
    await act(history, alice, (conversationId) => ({
      ...{ type: 'SetTimer', conversationId, timerMs: 10 * minuteMs },
    }));
    await history.world.run(5000);
    const key = await write(history, alice, 'goes');
    await history.world.run(20_000);
    await act(history, alice, (conversationId) => ({
      ...{ type: 'EditMessage', conversationId, key, text: 'goes, too', mentions: [] },
    }));
    await history.world.run(20_000);
    await read(scene, bob);
    await history.world.run(1000);
    const shown = bob.items.find((item) => item.key === key);
    expect(shown).toMatchObject({ text: 'goes, too' });
    const left = shown?.type === 'message' ? shown.disappearing?.expiresAtMs : undefined;
    expect(left).toBeGreaterThan(0);
    // Carol has not read it: her timer has not begun.
    const unread = carol.items.find((item) => item.key === key);
    expect(unread?.type === 'message' && unread.disappearing?.expiresAtMs).toBe(undefined);

    await history.world.run(12 * minuteMs);
    expect(texts(bob)).toEqual(['stays']);
    expect(texts(alice)).toEqual(['stays']);
    expect(texts(carol)).toContain('goes, too');
    await read(scene, carol);
    await history.world.run(12 * minuteMs);
    expect(texts(carol)).toEqual(['stays']);
  });

  test('[TI2] who changes the timer stands in the timeline of everybody', async () => {
    const { history, alice, bob } = await setupScene(73);
    const set = async (timerMs: number | undefined): Promise<void> => {
      await act(history, alice, (conversationId) => ({
        ...{ type: 'SetTimer', conversationId, timerMs },
      }));
      await history.world.run(5000);
    };
    await set(10 * minuteMs);
    await write(history, alice, 'between');
    await set(undefined);
    await history.world.run(15_000);
    for (const peer of [alice, bob]) {
      expect(timersSeen(peer)).toEqual(['alice: 10', 'alice: 0']);
      const between = peer.items.slice(-2);
      expect(between.map(({ type }) => type)).toEqual(['message', 'notice']);
    }
  });

  test('[TI2] in a conversation of two as well, at once and where nobody is there to hear', async () => {
    const { history, alice, bob } = await setupScene(74);
    const conversationId = conversationIdOf(history, alice);
    await history.world.run(5000);
    const personId = personOf(alice, 'bob').id;
    const made = await alice.do({ type: 'MessagePerson', conversationId, personId });
    if (!made.ok) throw new Error(made.error);
    const { conversationId: id } = made.value;
    await alice.do({ type: 'SendMessage', conversationId: id, text: 'hi' });
    await history.world.run(15_000);
    const there = bob.state?.conversations.find(({ kind }) => kind === 'direct')?.id ?? '';
    await bob.do({ type: 'AnswerRequest', conversationId: there, isAccepted: true });
    await history.world.run(5000);
    await bob.crash();
    await history.world.run(60_000);
    await alice.open(id);
    await alice.do({ type: 'SetTimer', conversationId: id, timerMs: 10 * minuteMs });
    await alice.do({ type: 'SendMessage', conversationId: id, text: 'goes' });
    await history.world.run(1000);
    const atOnce = alice.items.slice(-2);
    expect(atOnce.map(({ type }) => type)).toEqual(['notice', 'message']);
    expect(timersSeen(alice)).toEqual(['alice: 10']);
    bob.start();
    await history.reopen(bob);
    await history.world.run(30_000);
    await bob.open(there);
    expect(timersSeen(bob)).toEqual(['alice: 10']);
    expect(alice.items.slice(-2).map(({ key }) => key)).toEqual(atOnce.map(({ key }) => key));
    expect(alice.messages.at(-1)?.delivery?.state).toBe('delivered');
  });

  test('[EX4] a device that was off shows nothing of it when it is back', async () => {
    const scene = await setupScene(72);
    const { history, alice, bob } = scene;
    await act(history, alice, (conversationId) => ({
      ...{ type: 'SetTimer', conversationId, timerMs: 10 * minuteMs },
    }));
    await history.world.run(5000);
    await write(history, alice, 'goes');
    await history.world.run(20_000);
    await read(scene, bob);
    await history.world.run(1000);
    await bob.crash();
    await history.world.run(30 * minuteMs);
    bob.start();
    await history.reopen(bob);
    await history.world.run(1000);
    expect(texts(bob)).toEqual([]);
  });
});
