/** Partitions of every kind: three ways, one way only, a key that is late, a line that is slow. */
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { decodeSyncFrame, encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { envelopesIn } from '../support/whole-state.ts';
import { outcome, setupScene, talk, type Scene } from './hostile.ts';
import type { Peer } from './peer.ts';

const pairs = [
  ['alice', 'bob'],
  ['bob', 'carol'],
  ['alice', 'carol'],
] as const;

/** Every order of these things. */
const ordersOf = <T>(things: ReadonlyArray<T>): ReadonlyArray<ReadonlyArray<T>> =>
  things.length < 2
    ? [things]
    : things.flatMap((first) =>
        ordersOf(things.filter((thing) => thing !== first)).map((rest) => [first, ...rest]),
      );

const orders = ordersOf(pairs).map((steps) => ({
  order: steps.map((pair) => pair.join('+')).join(', then '),
  steps,
}));

const people = ['alice', 'bob', 'carol'] as const;

const textsOfAll = ({ alice, bob, carol }: Scene): ReadonlyArray<ReadonlyArray<string>> =>
  [alice, bob, carol].map(({ texts }) => texts);

describe('a split into three', () => {
  test.each(orders)(
    '[SM2] [row 8] healed in pairs, $order: all have all alike',
    async ({ steps }) => {
      const scene = await setupScene(8);
      const { history } = scene;
      await talk(scene, 1);
      await history.world.run(5000);
      history.net.partition(people.map((name) => [name]));
      await history.world.run(5000);
      await talk(scene, 3);
      await history.world.run(5000);
      expect(textsOfAll(scene).map(({ length }) => length)).toEqual([6, 6, 6]); // they are apart
      for (const pair of steps) {
        history.net.partition([
          pair,
          people.filter((name) => name !== pair[0] && name !== pair[1]),
        ]);
        await history.world.run(30_000);
      }
      // Nobody ever reached everybody at one time.
      const [first, ...others] = textsOfAll(scene);
      expect(first).toHaveLength(12);
      for (const texts of others) expect(texts).toEqual(first);
      expect(await outcome(scene)).toEqual([]);
    },
  );
});

/** What the first sends does not reach the second; the other way it does. */
const deafen = ({ history }: Scene, from: string, to: string): (() => void) => {
  const { net } = history;
  const canReach = net.canReach.bind(net);
  net.canReach = (a, b) => canReach(a, b) && !(a === from && b === to);
  return () => {
    net.canReach = canReach;
  };
};

const lastDelivery = ({ messages }: Peer) => messages.at(-1)?.delivery;

describe('one hears the other, and not the other way round', () => {
  test('[SM2] [row 7] nothing is said to be delivered that was not, and all heals', async () => {
    const scene = await setupScene(7);
    const { history, alice, bob, carol } = scene;
    await talk(scene, 1);
    await history.world.run(5000);
    await carol.crash(); // nobody else to carry it
    const heal = deafen(scene, 'alice', 'bob');
    history.say(alice, 'can you hear me?');
    history.say(bob, 'hello?');
    await history.world.run(60_000);
    expect(alice.texts).toContain('bob: hello?');
    expect(bob.texts).not.toContain('alice: can you hear me?');
    const unheard = alice.messages.find(({ text }) => text === 'can you hear me?');
    expect(unheard?.delivery).toMatchObject({ haveCount: 0 });
    expect(lastDelivery(bob)).toMatchObject({ haveCount: 0 }); // the answer did not come either
    heal();
    carol.start();
    await history.reopen(carol);
    expect(await outcome(scene)).toEqual([]);
    expect(bob.texts).toContain('alice: can you hear me?');
  });

  test('[SM2] [row 7] a third who hears both carries it', async () => {
    const scene = await setupScene(17);
    const { history, alice, bob } = scene;
    await talk(scene, 1);
    await history.world.run(5000);
    deafen(scene, 'alice', 'bob');
    history.say(alice, 'by way of carol');
    const hasIt = (): boolean => bob.texts.includes('alice: by way of carol');
    expect(await history.world.run(60_000, hasIt)).toBe(true);
    await history.world.run(30_000);
    expect(lastDelivery(alice)).toMatchObject({ state: 'delivered', haveCount: 2 });
  });
});

describe('a slow line', () => {
  test.each([100, 300, 500])(
    '[SM2] [row 2] %i ms a way, give or take a third: all comes, once',
    async (delayMs) => {
      const scene = await setupScene(2);
      const { world, net } = scene.history;
      net.delayMs = () => Math.round(delayMs * (0.7 + world.random.below(601) / 1000));
      await talk(scene, 8);
      await world.run(10_000);
      for (const texts of textsOfAll(scene)) {
        expect(texts).toHaveLength(24);
        expect(new Set(texts).size).toBe(24);
      }
      expect(await outcome(scene)).toEqual([]);
    },
  );
});

const nothing = encodeSyncFrame({ t: 'vector', epochs: [] });

describe('a key that comes late', () => {
  test('[SM2] [row 42] what it opens is shown when it is there, all of it and in order', async () => {
    const scene = await setupScene(42);
    const { history, alice, bob, carol } = scene;
    const before = new Set<string>();
    history.net.arriving = (frame) => {
      for (const { mailbox } of envelopesIn(frame)) before.add(toHex(mailbox));
      return frame.slice();
    };
    await talk(scene, 1);
    await history.world.run(5000);
    // Of what could hold a key nothing reaches carol; what it opens does.
    let earlyCount = 0;
    history.net.arriving = (frame, { to, by }) => {
      const entries = envelopesIn(frame);
      if (entries.some(({ mailbox }) => before.has(toHex(mailbox)))) {
        return to === 'carol' ? (by === 'link' ? nothing : new Uint8Array(1)) : frame.slice();
      }
      if (to === 'carol') earlyCount += entries.length;
      const decoded = to === 'carol' && by === 'link' ? decodeSyncFrame(frame) : undefined;
      const isKey = decoded?.ok === true && ['seal', 'ops'].includes(decoded.value.t);
      return isKey ? nothing : frame.slice();
    };
    alice.skewMs += 8 * 24 * 3_600_000; // the epoch seems old to her: she makes the next
    for (let i = 0; i < 40; i++) {
      history.say(i % 2 === 0 ? alice : bob, `under the new key ${String(i)}`);
      await history.world.run(200);
    }
    await history.world.run(2000);
    expect(bob.texts).toHaveLength(43);
    expect(carol.texts).toHaveLength(3);
    expect(earlyCount).toBeGreaterThan(0);
    history.net.arriving = (frame) => frame.slice();
    await history.world.run(60_000);
    expect(carol.texts).toEqual(bob.texts);
    expect(await outcome(scene)).toEqual([]);
  });
});
