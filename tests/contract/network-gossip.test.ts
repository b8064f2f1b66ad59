import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createGossip, createPubsub, type GossipNode } from '../../src/network/gossip.ts';
import type { Verdict } from '../../src/network/port.ts';
import { defaultTiming } from '../../src/network/timing.ts';
import { endableWebSockets } from '../../src/network/web-sockets.ts';
import { limits } from '../../src/protocol/limits.ts';

vi.setConfig({ testTimeout: 30_000 });

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A peer with a direct connection instead of WebRTC, which Node does not have. */
const setupPeer = async (verdict: () => Verdict | Promise<Verdict> = () => 'accept') => {
  const node: GossipNode = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [endableWebSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    services: { identify: identify(), pubsub: createPubsub },
  });
  const heard: { topic: string; frame: Uint8Array }[] = [];
  const floods = new Set<string>();
  const gossip = createGossip({
    node,
    timing: { ...defaultTiming, gossipHealMs: 100 },
    handlers: {
      gossip: (topic, frame) => {
        heard.push({ topic, frame });
        return verdict();
      },
    },
    onFlood: (peerId) => floods.add(peerId),
    now: () => 0,
  });
  undo.push(async () => {
    gossip.stop();
    await node.stop();
  });
  return { node, gossip, heard, floods };
};
type Peer = Awaited<ReturnType<typeof setupPeer>>;

const connect = async (from: Peer, to: Peer) => from.node.dial(to.node.getMultiaddrs());
const untilHears = (peer: Peer, other: Peer, topic: string) =>
  vi.waitFor(
    () => {
      const subscribers = peer.node.services.pubsub.getSubscribers(topic);
      expect(subscribers.map(String)).toContain(other.node.peerId.toString());
    },
    { timeout: 20_000 },
  );
const untilHeard = (peer: Peer, count: number) =>
  vi.waitFor(() => expect(peer.heard).toHaveLength(count), { timeout: 20_000 });

const untilIdentified = ({ node }: Peer): Promise<unknown> =>
  new Promise((resolve) => {
    node.addEventListener('peer:identify', resolve, { once: true });
  });

const topic = 'opaque';
const frame = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

/** alice – bob – carol in a row: what carol hears, bob has passed on. */
const setupRow = async (
  bobSays?: () => Verdict | Promise<Verdict>,
): Promise<[Peer, Peer, Peer]> => {
  const row = [await setupPeer(), await setupPeer(bobSays), await setupPeer()] as const;
  const [alice, bob, carol] = row;
  for (const { gossip } of row) gossip.setTopics([topic]);
  await connect(alice, bob);
  await connect(carol, bob);
  await untilHears(alice, bob, topic);
  await untilHears(bob, alice, topic);
  await untilHears(bob, carol, topic);
  await untilHears(carol, bob, topic);
  return [alice, bob, carol];
};

describe('gossip', () => {
  test('[NG1] a frame goes through the core of each peer before it goes on', async () => {
    const [alice, bob, carol] = await setupRow();
    alice.gossip.publish(topic, frame(1, 2));
    await untilHeard(carol, 1);
    expect(bob.heard).toEqual([{ topic, frame: frame(1, 2) }]);
    expect(carol.heard).toEqual([{ topic, frame: frame(1, 2) }]);
    expect(alice.heard).toEqual([]); // one's own does not come back
  });

  test.each([
    ['reject', () => 'reject' as const],
    ['ignore', () => 'ignore' as const],
    ['a failure', () => Promise.reject(new Error('core in trouble'))],
  ])('[NG1] after %s it does not go on', async (_name, bobSays) => {
    let isFirst = true;
    const [alice, bob, carol] = await setupRow(() => {
      const verdict = isFirst ? bobSays() : 'accept';
      isFirst = false;
      return verdict;
    });
    alice.gossip.publish(topic, frame(1));
    await untilHeard(bob, 1);
    // A later one does arrive: the way is open.
    alice.gossip.publish(topic, frame(2));
    await untilHeard(carol, 1);
    expect(carol.heard).toEqual([{ topic, frame: frame(2) }]);
  });

  test('[NG2] a topic left is no longer heard, a frame too long never goes out', async () => {
    const [alice, bob] = await setupRow();
    alice.gossip.publish(topic, new Uint8Array(limits.frameBytesMax + 1));
    alice.gossip.publish(topic, frame(1));
    await untilHeard(bob, 1);
    expect(bob.heard).toEqual([{ topic, frame: frame(1) }]);
    bob.gossip.setTopics(['other']);
    expect(bob.node.services.pubsub.getTopics()).toEqual(['other']);
    alice.gossip.setTopics([topic, 'other']);
    await untilHears(bob, alice, 'other');
    await untilHears(alice, bob, 'other');
    alice.gossip.publish(topic, frame(2));
    alice.gossip.publish('other', frame(3));
    await untilHeard(bob, 2);
    expect(bob.heard[1]).toEqual({ topic: 'other', frame: frame(3) });
  });

  test('[NG3] when the connection that carried it closes, another one carries it on', async () => {
    const [alice, bob] = await setupRow();
    const [first] = alice.node.getConnections(bob.node.peerId);
    const known = Promise.all([untilIdentified(alice), untilIdentified(bob)]);
    await alice.node.dial(bob.node.getMultiaddrs(), { force: true });
    await known; // later than that, gossipsub by itself would open its stream on it
    await first?.close();
    expect(alice.node.getConnections(bob.node.peerId)).toHaveLength(1);
    await vi.waitFor(
      () => {
        bob.heard.length = 0;
        alice.gossip.publish(topic, crypto.getRandomValues(new Uint8Array(16)));
        return vi.waitFor(() => expect(bob.heard).toHaveLength(1), { timeout: 500 });
      },
      { timeout: 20_000 },
    );
  });

  test('[NG6] who brings frames without end is heard at its rate, and told of', async () => {
    const [alice, bob, carol] = await setupRow(() => 'ignore');
    for (let i = 0; i <= 2 * limits.gossipBurstMax; i++) {
      alice.gossip.publish(topic, frame(i >> 8, i & 255));
      if (i % 200 === 0) await new Promise(setImmediate); // as fast as it is taken
    }
    await vi.waitFor(() => expect([...bob.floods]).toEqual([alice.node.peerId.toString()]), {
      timeout: 20_000,
    });
    expect(bob.heard).toHaveLength(limits.gossipBurstMax);
    expect([...carol.floods]).toEqual([]);
  });

  test('[NG4] publishing to nobody is no error', async () => {
    const alice = await setupPeer();
    alice.gossip.publish(topic, frame(1));
    alice.gossip.setTopics([topic]);
    alice.gossip.publish(topic, frame(1));
    alice.gossip.publish(topic, frame(1)); // nor is the same once more
    expect(alice.node.services.pubsub.getTopics()).toEqual([topic]);
  });
});
