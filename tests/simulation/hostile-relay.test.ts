/**
 * A relay that all frames pass through, as if nothing on the way were authenticated: it loses them,
 * holds them up, lets them change places, says them again, to others, and makes up its own.
 */
import { expect, test } from 'vitest';
import { limits } from '../../src/protocol/limits.ts';
import { encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { mutate } from '../support/mutate.ts';
import { outcome, setupScene, type Scene } from './hostile.ts';

const nothing = encodeSyncFrame({ t: 'vector', epochs: [] });
const heardMax = 100;

const beHostile = ({ history: { net, world } }: Scene): { count: number } => {
  const heard: Uint8Array[] = [];
  const harm = { count: 0 };
  net.arriving = (frame, { by }) => {
    heard.push(frame.slice());
    if (heard.length > heardMax) heard.shift();
    if (by === 'gossip' || world.chance(80)) return frame.slice();
    harm.count += 1;
    return world.random.pick([
      () => nothing, // lost
      () => world.random.pick(heard.slice(-3)).slice(), // places changed
      () => world.random.pick(heard).slice(), // said again, or to others
      () => mutate(frame, world.random, heard),
    ])();
  };
  return harm;
};

test.each([12, 13, 14])(
  '[SM4] [row 12] a relay that loses, delays, reorders, replays and forges frames, seed %i: at worst nothing comes',
  async (seed) => {
    const scene = await setupScene(seed);
    const { history, alice, bob, carol } = scene;
    const { net, world } = history;
    for (const peer of history.peers) await peer.crash();
    Object.assign(net.faults, { relayedPercent: 100, delayMsMax: 3000 });
    net.forgetPaths();
    const harm = beHostile(scene);
    for (const peer of history.peers) {
      peer.start();
      await history.reopen(peer);
    }
    const said: string[] = [];
    for (let i = 0; i < 30; i++) {
      const peer = world.random.pick(history.peers);
      said.push(`${peer.name}: word ${String(i)}`);
      history.say(peer, `word ${String(i)}`);
      await world.run(60_000);
    }
    expect(harm.count).toBeGreaterThan(10);
    for (const { texts } of [alice, bob, carol]) {
      expect(texts.filter((text) => !said.includes(text))).toEqual([]);
    }
    net.arriving = (frame) => frame.slice();
    // Who was blamed for what the relay did is refused for a while, and not for ever.
    await world.run(limits.denyMs);
    // A link that lost a frame is over soon: a relayed one is replaced after 90 s (NL3).
    net.partition(history.peers.map(({ name }) => [name]));
    await world.run(5000);
    const broken = await outcome(scene);
    expect(broken.filter((promise) => !/^I8 \w+ refused /u.test(promise))).toEqual([]);
    expect([...bob.texts].sort()).toEqual([...said].sort());
    expect(net.witness.violations).toEqual([]);
  },
  120_000,
);
