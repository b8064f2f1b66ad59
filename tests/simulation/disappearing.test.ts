/** Messages that go by themselves, on devices that are there and on one that is off meanwhile. */
import { describe, expect, test } from 'vitest';
import { act, write } from './content.ts';
import { setupScene, type Scene } from './hostile.ts';
import { conversationIdOf } from './members.ts';
import type { Peer } from './peer.ts';

const minuteMs = 60_000;

const texts = ({ items }: Peer): ReadonlyArray<string> =>
  items.flatMap((item) => (item.type === 'message' ? [item.text] : []));

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
