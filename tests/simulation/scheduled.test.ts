/** Messages that go out at a time of their own, in virtual time. */
import { describe, expect, test } from 'vitest';
import { limits } from '../../src/protocol/limits.ts';
import { setupScene, type Scene } from './hostile.ts';
import { conversationIdOf } from './members.ts';
import type { Peer } from './peer.ts';

const minuteMs = 60_000;

const schedule = (
  { history }: Scene,
  peer: Peer,
  draft: { readonly text: string; readonly inMs: number; readonly id?: string },
) => {
  const { text, inMs, ...rest } = draft;
  const atMs = history.world.clock(() => peer.skewMs).now() + inMs;
  const conversationId = conversationIdOf(history, peer);
  return peer.do({ type: 'Schedule', conversationId, draft: { text, atMs, ...rest } });
};

const waitingOf = ({ details }: Peer): ReadonlyArray<string> =>
  (details?.scheduled ?? []).map(({ text }) => text);

describe('a message that goes out later', () => {
  test('[SL1, SL2] waits where it was written, and goes out in turn at its time', async () => {
    const scene = await setupScene(81);
    const { history, alice, bob } = scene;
    await history.world.run(5000);
    await schedule(scene, alice, { text: 'second', inMs: 20 * minuteMs });
    await schedule(scene, alice, { text: 'first', inMs: 10 * minuteMs });
    await history.world.run(5 * minuteMs);
    expect(waitingOf(alice)).toEqual(['first', 'second']);
    expect(waitingOf(bob)).toEqual([]);
    expect(alice.texts).toEqual([]);
    await history.world.run(6 * minuteMs);
    expect(bob.texts).toEqual(['alice: first']);
    expect(waitingOf(alice)).toEqual(['second']);
    await history.world.run(10 * minuteMs);
    expect(bob.texts).toEqual(['alice: first', 'alice: second']);
  });

  test('[SL2] a device that was off sends what came due when it is back, once and in order', async () => {
    const scene = await setupScene(82);
    const { history, alice, bob } = scene;
    await history.world.run(5000);
    for (const [text, minutes] of [
      ['two', 20],
      ['one', 10],
      ['far', 300],
    ] as const) {
      await schedule(scene, alice, { text, inMs: minutes * minuteMs });
    }
    await alice.crash();
    await history.world.run(60 * minuteMs);
    expect(bob.texts).toEqual([]);
    alice.start();
    await history.reopen(alice);
    await history.world.run(minuteMs);
    await alice.crash();
    alice.start();
    await history.reopen(alice);
    await history.world.run(2 * minuteMs);
    expect(bob.texts).toEqual(['alice: one', 'alice: two']);
    expect(waitingOf(alice)).toEqual(['far']);
  });

  test('[SL3] it can be changed, taken back, and sent now', async () => {
    const scene = await setupScene(83);
    const { history, alice, bob } = scene;
    await history.world.run(5000);
    const conversationId = conversationIdOf(history, alice);
    const made = await schedule(scene, alice, { text: 'rough', inMs: 10 * minuteMs });
    if (!made.ok) throw new Error(made.error);
    const { id } = made.value;
    expect(await schedule(scene, alice, { text: 'fine', inMs: 30 * minuteMs, id })).toEqual(made);
    await history.world.run(15 * minuteMs);
    expect(waitingOf(alice)).toEqual(['fine']);
    const gone = await schedule(scene, alice, { text: 'regretted', inMs: minuteMs });
    if (!gone.ok) throw new Error(gone.error);
    await alice.do({ type: 'CancelScheduled', conversationId, id: gone.value.id });
    await alice.do({ type: 'SendScheduled', conversationId, id });
    await history.world.run(5 * minuteMs);
    expect(bob.texts).toEqual(['alice: fine']);
    expect(waitingOf(alice)).toEqual([]);
    const again = await alice.do({ type: 'SendScheduled', conversationId, id });
    expect(again).toEqual({ ok: false, error: 'unknown-message' });
  });

  test('[SL1] so many in one conversation, so far ahead, and never nothing', async () => {
    const scene = await setupScene(84);
    const { history, alice } = scene;
    await history.world.run(5000);
    const far = limits.scheduledAheadMaxMs;
    expect(await schedule(scene, alice, { text: 'x', inMs: far + 1 })).toMatchObject({
      error: 'not-allowed',
    });
    expect(await schedule(scene, alice, { text: ' ', inMs: far })).toMatchObject({
      error: 'empty',
    });
    for (let i = 0; i < limits.scheduledMax; i++) {
      expect((await schedule(scene, alice, { text: String(i), inMs: far })).ok).toBe(true);
    }
    expect(await schedule(scene, alice, { text: 'x', inMs: far })).toMatchObject({
      error: 'too-many',
    });
  });
});
