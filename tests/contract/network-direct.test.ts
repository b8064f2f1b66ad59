/** Peers in Node that listen by themselves, over real sockets on loopback, with a real relay beside. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { startRelay } from '../../relay/relay.ts';
import { createNodeNetwork, type NodeNetworkOptions } from '../../src/network/libp2p.node.ts';
import { createLibp2pNetwork } from '../../src/network/libp2p.ts';
import type { Network, PeerAddress } from '../../src/network/port.ts';
import { endableWebSockets } from '../../src/network/web-sockets.ts';
import { startPeer, untilRelay, type TestPeer } from '../support/network-recorder.ts';

const timing = { retryMinMs: 50, yieldMs: 400, settleMs: 200, lingerMs: 300, directPauseMs: 200 };
const here: NodeNetworkOptions = { listen: ['/ip4/127.0.0.1/tcp/0/ws'] };
const topic = 'topic';

vi.setConfig({ testTimeout: 30_000 });

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

interface Listener extends TestPeer {
  /** What it says of itself. */
  readonly address: PeerAddress;
}

const setupRelay = async (): Promise<string> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sotto-relay-'));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  const relay = await startRelay({ wsPort: 0, dataDir });
  undo.push(() => relay.stop());
  return relay.addresses()[0] ?? '';
};

const setupAt = async (relay: string, network: Network): Promise<Listener> => {
  const peer = await startPeer(network);
  undo.push(() => peer.network.stop());
  peer.network.setRelays([relay]);
  await untilRelay(peer, relay, 'up');
  const direct = peer.recorder.of('Started')[0]?.direct ?? [];
  return { ...peer, address: { peerId: peer.peerId, relays: [relay], direct } };
};

const setupPeer = (relay: string, options: NodeNetworkOptions): Promise<Listener> =>
  setupAt(relay, createNodeNetwork({ ...options, timing }));

const pathsTo = (peer: TestPeer, other: TestPeer) =>
  peer.recorder.of('LinkOpened').flatMap((one) => (one.peerId === other.peerId ? [one.path] : []));

const untilDirect = (peer: TestPeer, other: TestPeer) =>
  peer.recorder.until((it) => {
    const link = it.openLink(other.peerId);
    return link?.path === 'direct' && link;
  });

test('[NP10] two that listen are linked directly from the beginning, and gossip', async () => {
  const relay = await setupRelay();
  const [alice, bob] = [await setupPeer(relay, here), await setupPeer(relay, here)];
  expect(alice.address.direct).toEqual([
    expect.stringMatching(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/ws$/u),
  ]);
  alice.network.setWanted([bob.address]);
  bob.network.setWanted([alice.address]);
  const link = await untilDirect(alice, bob);
  await untilDirect(bob, alice);
  expect(pathsTo(alice, bob)).toEqual(['direct']);
  expect(pathsTo(bob, alice)).toEqual(['direct']);
  for (const { network } of [alice, bob]) network.setTopics([topic]);
  await alice.network.send(link.link, Uint8Array.of(1));
  await bob.recorder.until((it) => it.of('FrameReceived').length === 1);
  let said = 0;
  await vi.waitUntil(
    () => {
      alice.network.publish(topic, Uint8Array.of((said += 1))); // the same again would go nowhere
      return bob.recorder.gossiped.length > 0;
    },
    { timeout: 10_000 },
  );
});

test('[NP10] a link over the relay moves to where the peer listens', async () => {
  const relay = await setupRelay();
  const alice = await setupPeer(relay, here);
  const carol = await setupPeer(relay, {}); // in this machine she dials nothing at others' word
  const { peerId, relays } = alice.address;
  carol.network.setWanted([alice.address]);
  await carol.recorder.until((it) => it.openLink(peerId));
  expect(carol.address.direct).toEqual([]);
  expect(pathsTo(carol, alice)).toEqual(['relayed']);

  const dave = await setupAt(
    relay,
    createLibp2pNetwork({
      transports: [endableWebSockets()],
      canWebRtc: false,
      mayDial: () => true, // as if it were a public address
      watchEnvironment: () => () => undefined,
      timing,
    }),
  );
  dave.network.setWanted([{ peerId, relays, wereThere: true }]);
  await dave.recorder.until((it) => it.openLink(peerId));
  dave.network.setWanted([alice.address]);
  await untilDirect(dave, alice);
  await untilDirect(alice, dave);
  expect(pathsTo(dave, alice)).toEqual(['relayed', 'direct']);
});

test('[NP9] an address where nobody is, or somebody else, keeps nobody from being reached', async () => {
  const relay = await setupRelay();
  const [alice, bob] = [await setupPeer(relay, here), await setupPeer(relay, here)];
  const mallory = await setupPeer(relay, here);
  const asked: string[] = [];
  const web = createServer((socket) => socket.on('data', (data) => asked.push(data.toString())));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  undo.push(() => new Promise((resolve) => web.close(resolve)));
  const bound = web.address();
  const port = typeof bound === 'object' ? String(bound?.port) : '';
  const lies = [`/ip4/127.0.0.1/tcp/${port}/ws/http-path/admin`, ...(mallory.address.direct ?? [])];
  alice.network.setWanted([{ ...bob.address, direct: lies }]);
  await alice.recorder.until((it) => it.openLink(bob.peerId));
  expect(pathsTo(alice, bob)).toEqual(['relayed']);
  expect(alice.recorder.of('LinkOpened').map(({ peerId }) => peerId)).not.toContain(mallory.peerId);
  expect(asked).toEqual([]);
  // Told the truth, it moves.
  alice.network.setWanted([bob.address]);
  await untilDirect(alice, bob);
  await untilDirect(bob, alice);
});
