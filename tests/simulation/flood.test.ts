/**
 * Attack 25 with whole devices: somebody sends ten thousand frames that no honest device sends, or
 * a member more than anybody may write, while the others talk. What a page does meanwhile is in
 * tests/e2e; here it is counted what one frame can make a device do.
 */
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { decodeEnvelope, entryHash, type Envelope } from '../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../src/protocol/envelope-box.ts';
import { limits } from '../../src/protocol/limits.ts';
import { encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { heapUsedBytes } from '../support/cost.ts';
import { outcome, setupScene, talk, type Scene } from './hostile.ts';
import { SimNetwork } from './network.ts';
import type { Peer } from './peer.ts';

const junkCount = 10_000;
const goodWithinMs = 5000;
const loudCount = 1000;
const quietCount = 150;

interface Watched extends Scene {
  /** What went by gossip, oldest first. */
  readonly entries: Envelope[];
  /** The same from carol. */
  readonly carols: Envelope[];
}

const setup = async (seed: number): Promise<Watched> => {
  const scene = await setupScene(seed);
  const { net } = scene.history;
  const [entries, carols]: [Envelope[], Envelope[]] = [[], []];
  net.arriving = (frame, { by, from }) => {
    const envelope = by === 'gossip' ? decodeEnvelope(frame) : undefined;
    if (envelope?.ok === true) entries.push(envelope.value);
    if (envelope?.ok === true && from === 'carol') carols.push(envelope.value);
    return frame.slice();
  };
  await talk(scene, 1);
  await scene.history.world.run(5000);
  return { ...scene, entries, carols };
};

/** Where this entry went by: what is held already is accepted under its own epoch's topic alone. */
const topicOf = async ({ network }: Peer, entry: Envelope | undefined): Promise<string> => {
  if (network === undefined || entry === undefined) throw new Error('they talked');
  for (const topic of network.topics) {
    const verdict = await network.receiveGossip(topic, entry.bytes, 'alice-1');
    if (verdict === 'accept') return topic;
  }
  throw new Error('of no epoch');
};

/** In the shape of an entry of this epoch, but for what a stranger cannot know. */
const junkLike = ({ bytes }: Envelope, { history }: Scene): Uint8Array => {
  const junk = bytes.slice();
  const { random } = history.world;
  const from = random.pick([0, 20, 58, 132, bytes.length - 64]); // header, writer, prev, box, signature
  for (let at = from; at < Math.min(from + 32, junk.length); at++) junk[at] = random.below(256);
  return junk;
};

describe('[attack 25] a flood', () => {
  test('[SY6] [attack 25] 10 000 junk entries by gossip cost a signature each at most, and hold nobody up', async () => {
    const scene = await setup(25);
    const { history, alice, bob, carol, entries, counts } = scene;
    const topic = await topicOf(bob, entries.at(-1));
    const kept = bob.disk.usedBytes;
    const heapBefore = heapUsedBytes();
    const verifiedBefore = counts.verified;
    const verdicts = new Map<string, number>();
    for (let i = 0; i < junkCount; i++) {
      const like = entries[i % entries.length];
      if (like === undefined) throw new Error('they talked');
      // The first is denied soon; the others come one after the other, none with enough for that.
      const from = i < loudCount ? 'mallory' : `mallory-${String(Math.floor(i / quietCount))}`;
      const verdict = await bob.network?.receiveGossip(topic, junkLike(like, scene), from);
      verdicts.set(String(verdict), (verdicts.get(String(verdict)) ?? 0) + 1);
      if (i % 1000 === 0) {
        const text = `in the middle of it ${String(i)}`;
        history.say(alice, text);
        const hasIt = (): boolean => bob.texts.includes(`alice: ${text}`);
        expect(await history.world.run(goodWithinMs, hasIt), text).toBe(true);
      }
    }
    // Bob did look at each, but for what came from who was denied already.
    expect(verdicts.get('undefined') ?? 0).toBeLessThan(loudCount - limits.rejectsPerSecondMax);
    expect(verdicts.get('accept')).toBeUndefined();
    expect(verdicts.get('reject')).toBeGreaterThan(junkCount / 4); // the others may be late, not false
    expect(bob.network?.deniedPeers).toContain('mallory');
    expect(counts.verified - verifiedBefore).toBeLessThan(junkCount + 1000);
    expect(heapUsedBytes() - heapBefore).toBeLessThan(20_000_000);
    expect(bob.disk.usedBytes - kept).toBeLessThan(100_000); // alice's ten
    expect(await outcome(scene)).toEqual([]);
    expect(carol.texts).toEqual(bob.texts);
  }, 60_000);

  test('[SY6] [attack 25] a peer is denied with the frame that is one too many in a second, and not before', async () => {
    const { history, bob } = await setup(27);
    const [topic = ''] = bob.network?.topics ?? [];
    const junk = new Uint8Array(500);
    const send = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) await bob.network?.receiveGossip(topic, junk, 'carol-1');
    };
    for (let second = 0; second < 5; second++) {
      await send(limits.rejectsPerSecondMax);
      await history.world.run(1000);
    }
    expect(bob.network?.deniedPeers).toEqual([]);
    await send(limits.rejectsPerSecondMax);
    expect(bob.network?.deniedPeers).toEqual([]);
    await send(1);
    expect(bob.network?.deniedPeers).toEqual(['carol-1']);
    await history.world.run(50);
    expect(bob.state?.conversations.some(({ failure }) => failure !== undefined)).toBe(false);
  });

  test('[SM4] [attack 25] 10 000 junk frames over a link end it at the first, and its sender is denied', async () => {
    const scene = await setup(26);
    const { history, alice, bob } = scene;
    const { net, world } = history;
    const mallory = new SimNetwork(net, 'mallory', 1);
    let opened: number | undefined;
    let openedCount = 0;
    mallory.start({
      event: (event) => {
        if (event.type === 'LinkOpened') openedCount += 1;
        opened = event.type === 'LinkOpened' ? event.link : opened;
      },
      gossip: () => Promise.resolve('ignore'),
    });
    if (bob.network === undefined) throw new Error('bob runs');
    net.openLink(mallory, bob.network);
    await world.run(1000);
    if (opened === undefined) throw new Error('mallory reaches bob');
    const link = opened;
    const frames = net.deliveredCount;
    let refusedCount = 0;
    for (let i = 0; i < junkCount; i++) {
      const junk = new Uint8Array(100);
      for (let at = 0; at < junk.length; at++) junk[at] = world.random.below(256);
      await mallory.send(link, junk).catch(() => (refusedCount += 1));
      if (i % 100 === 0) await world.run(50);
    }
    history.say(alice, 'as ever');
    const hasIt = (): boolean => bob.texts.includes('alice: as ever');
    expect(await world.run(goodWithinMs, hasIt)).toBe(true);
    expect(bob.network.deniedPeers).toContain(mallory.peerId);
    expect(refusedCount).toBeGreaterThan(junkCount - 200);
    expect(net.deliveredCount - frames).toBeLessThan(200);
    expect(openedCount).toBe(1);
    await mallory.stop();
    expect(await outcome(scene)).toEqual([]);
  });

  test('[SY7] [attack 25] a stranger who talks of nothing that is shared is denied with the frame that is one too many in a second', async () => {
    const { history, bob } = await setup(28);
    const { net, world } = history;
    const mallory = new SimNetwork(net, 'mallory', 1);
    let link: number | undefined;
    mallory.start({
      event: (event) => {
        if (event.type === 'LinkOpened') link = event.link;
      },
      gossip: () => Promise.resolve('ignore'),
    });
    if (bob.network === undefined) throw new Error('bob runs');
    net.openLink(mallory, bob.network);
    await world.run(1000);
    const stray = encodeSyncFrame({
      t: 'vector',
      epochs: [{ mailbox: new Uint8Array(16), vectorHash: new Uint8Array(32), rows: undefined }],
    });
    const send = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        await mallory.send(link ?? -1, stray);
        if (i % 50 === 49) await world.run(10); // bob's queue of what waits is another limit
      }
      await world.run(50);
    };
    for (let second = 0; second < 5; second++) {
      await send(limits.rejectsPerSecondMax - 20);
      await world.run(1000);
    }
    expect(bob.network.deniedPeers).toEqual([]);
    await send(limits.rejectsPerSecondMax + 40);
    expect(bob.network.deniedPeers).toEqual([mallory.peerId]);
    await mallory.stop();
  });

  test('[SM4] [attack 25] [row 36] a member who writes without end is heard at its rate, the others as ever', async () => {
    const scene = await setup(36);
    const { history, alice, bob, carols, counts, signers } = scene;
    const newest = carols.at(-1);
    const topic = await topicOf(bob, newest);
    const signer = newest && signers.get(toHex(newest.writerPub));
    if (newest === undefined || signer === undefined) throw new Error('carol wrote');
    let last = newest;
    const usedBefore = bob.disk.usedBytes;
    const verifiedBefore = counts.verified;
    let tiny = 0;
    for (let i = 0; i < 2000; i++) {
      const bytes = await sealEnvelope({
        mailbox: last.mailbox,
        writer: signer,
        seq: last.seq + 1,
        prev: entryHash(last),
        nonce: history.world.randomBytes().bytes(24),
        messageKey: new Uint8Array(32).fill(7),
        body: new Uint8Array(1),
      });
      const next = decodeEnvelope(bytes);
      if (!next.ok) throw new Error('well-formed');
      last = next.value;
      const verdict = await bob.network?.receiveGossip(topic, bytes, 'carol-1');
      if (verdict === 'accept') tiny += 1;
      if (i === 1000) history.say(alice, 'still talking');
    }
    expect(tiny).toBeGreaterThan(0);
    expect(tiny).toBeLessThanOrEqual(limits.liveBurstMax);
    expect(counts.verified - verifiedBefore).toBeLessThan(limits.liveBurstMax + 20);
    expect(bob.disk.usedBytes - usedBefore).toBeLessThan(limits.liveBurstMax * 1024);
    const hasIt = (): boolean => bob.texts.includes('alice: still talking');
    expect(await history.world.run(goodWithinMs, hasIt)).toBe(true);
    expect(bob.texts).toHaveLength(4); // nothing that opens to nothing is shown
  }, 60_000);
});
