import { noise } from '@libp2p/noise';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startRelay, type Relay } from '../../relay/relay.ts';
import { createNodeNetwork } from '../../src/network/libp2p.node.ts';
import type { Meeting } from '../../src/network/port.ts';
import type { Timing } from '../../src/network/timing.ts';
import { endableWebSockets } from '../../src/network/web-sockets.ts';
import {
  createRecorder,
  startPeer,
  untilRelay,
  type TestPeer,
} from '../support/network-recorder.ts';

const quick: Partial<Timing> = {
  retryMinMs: 50,
  retryMaxMs: 200,
  pollHurriedMs: 40,
  pollMissingMs: 80,
  pollIdleMs: 100,
  yieldMs: 400,
  settleMs: 200,
  lingerMs: 1000,
  closedPauseMs: 100,
};

// Each test starts real nodes, on machines that are busy with others.
vi.setConfig({ testTimeout: 30_000 });

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const setupFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-relay-'));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const setupRelay = async (
  options: { dataDir?: string; wsPort?: number; reservationsMax?: number } = {},
): Promise<Relay & { address: string; port: number }> => {
  const dataDir = options.dataDir ?? (await setupFolder());
  const relay = await startRelay({ wsPort: 0, ...options, dataDir });
  undo.push(() => relay.stop());
  const address = relay.addresses()[0] ?? '';
  return { ...relay, address, port: Number(/tcp\/(\d+)/u.exec(address)?.[1]) };
};

const setupPeer = async (timing: Partial<Timing> = {}): Promise<TestPeer> => {
  const peer = await startPeer(createNodeNetwork({ timing: { ...quick, ...timing } }));
  undo.push(() => peer.network.stop());
  return peer;
};

const setupPeerAt = async (relay: string, timing: Partial<Timing> = {}): Promise<TestPeer> => {
  const peer = await setupPeer(timing);
  peer.network.setRelays([relay]);
  await untilRelay(peer, relay, 'up');
  return peer;
};

const untilRegistered = (relay: Relay, count: number): Promise<void> =>
  vi.waitFor(() => expect(relay.status().meetingPlaces).toBe(count), { timeout: 10_000 });

const wants = (peer: TestPeer, other: TestPeer, relay: string): void => {
  peer.network.setWanted([{ peerId: other.peerId, relays: [relay] }]);
};

/** Both want each other and have a link. */
const setupPair = async () => {
  const relay = await setupRelay();
  const alice = await setupPeerAt(relay.address);
  const bob = await setupPeerAt(relay.address);
  wants(alice, bob, relay.address);
  wants(bob, alice, relay.address);
  const atAlice = await alice.recorder.until((it) => it.openLink(bob.peerId));
  const atBob = await bob.recorder.until((it) => it.openLink(alice.peerId));
  return { relay, alice, bob, atAlice, atBob };
};

const key = new Uint8Array(32).fill(3);
const meeting = (...blob: number[]): Meeting => ({ key, blob: Uint8Array.from(blob) });
const frame = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

describe('libp2p network', () => {
  test('[NC1] a relay that is up tells its day, and two people meet there', async () => {
    const relay = await setupRelay();
    const alice = await setupPeerAt(relay.address);
    const bob = await setupPeerAt(relay.address);
    const up = await untilRelay(alice, relay.address, 'up');
    expect(up.day).toBe(Math.floor(Date.now() / 86_400_000));

    alice.network.setMeetings(relay.address, [meeting(1)]);
    bob.network.setMeetings(relay.address, [meeting(2)]);
    const met = (peer: TestPeer) =>
      peer.recorder.until((it) => it.of('Met').find(({ blobs }) => blobs.length > 0));
    expect(await met(alice)).toMatchObject({ relay: relay.address, key, blobs: [frame(2)] });
    expect(await met(bob)).toMatchObject({ relay: relay.address, key, blobs: [frame(1)] });

    // Who leaves is no longer met.
    await bob.network.stop();
    await alice.recorder.until((it) => it.of('Met').at(-1)?.blobs.length === 0);
  });

  test('[NP6] who comes to a relay is told who was there, and those that somebody came', async () => {
    const relay = await setupRelay();
    const [alice, bob] = [await setupPeerAt(relay.address), await setupPeerAt(relay.address)];
    const met = (peer: TestPeer) =>
      peer.recorder.until((it) => it.of('Met').find(({ blobs }) => blobs.length > 0));
    const other = new Uint8Array(32).fill(4);
    alice.network.setMeetings(relay.address, [meeting(1)]);
    await untilRegistered(relay, 1);
    bob.network.setMeetings(relay.address, [meeting(2)]);
    expect(await met(bob)).toMatchObject({ wereThere: true });
    expect(await met(alice)).toMatchObject({ wereThere: false });

    // Under another key it is the other way round.
    bob.network.setMeetings(relay.address, [meeting(2), { key: other, blob: frame(3) }]);
    await untilRegistered(relay, 2);
    alice.network.setMeetings(relay.address, [meeting(1), { key: other, blob: frame(4) }]);
    const under = (peer: TestPeer) =>
      peer.recorder.until((it) =>
        it.of('Met').find((one) => one.key[0] === 4 && one.blobs.length > 0),
      );
    expect(await under(alice)).toMatchObject({ wereThere: true });
    expect(await under(bob)).toMatchObject({ wereThere: false });
  });

  test('[NC2] one link opens between two that want each other, and frames keep their order', async () => {
    const { alice, bob, atAlice, atBob } = await setupPair();
    expect(atAlice).toMatchObject({ peerId: bob.peerId, path: 'relayed' });
    expect(atBob).toMatchObject({ peerId: alice.peerId, path: 'relayed' });

    const sent = Array.from({ length: 200 }, (_, n) => frame(n, 1));
    await Promise.all(sent.map((one) => alice.network.send(atAlice.link, one)));
    await bob.network.send(atBob.link, frame(9));
    await bob.recorder.until((it) => it.framesOn(atBob.link).length === sent.length);
    expect(bob.recorder.framesOn(atBob.link)).toEqual(sent);
    await alice.recorder.until((it) => it.framesOn(atAlice.link).length === 1);
    expect(alice.recorder.of('LinkOpened')).toHaveLength(1);
    expect(bob.recorder.of('LinkOpened')).toHaveLength(1);
  });

  test('[NC16] frames of files go beside the link, both ways and in order, and end with it', async () => {
    const { alice, bob, atAlice, atBob } = await setupPair();
    const filesAt = (peer: TestPeer) =>
      peer.recorder.of('BlobReceived').map((event) => event.frame);
    const sent = Array.from({ length: 50 }, (_, n) => new Uint8Array(1000).fill(n + 1));
    await Promise.all(sent.map((one) => alice.network.sendBlob(atAlice.link, one)));
    await bob.network.sendBlob(atBob.link, frame(7));
    await bob.recorder.until(() => filesAt(bob).length === sent.length);
    expect(filesAt(bob)).toEqual(sent);
    expect(bob.recorder.of('BlobReceived')[0]?.link).toBe(atBob.link);
    await alice.recorder.until(() => filesAt(alice).length === 1);
    expect(alice.recorder.of('FrameReceived')).toEqual([]);
    const tooLong = new Uint8Array(80_000);
    await expect(alice.network.sendBlob(atAlice.link, tooLong)).rejects.toThrow('frame-size');
    alice.network.closeLink(atAlice.link);
    await bob.recorder.until((it) => it.of('LinkClosed').length > 0);
    await expect(bob.network.sendBlob(atBob.link, frame(1))).rejects.toThrow('link-closed');
  });

  test('[NC3] somebody who is only wanted, and wants nobody, gets the link too', async () => {
    const relay = await setupRelay();
    const alice = await setupPeerAt(relay.address);
    const bob = await setupPeerAt(relay.address);
    wants(alice, bob, relay.address);
    await bob.recorder.until((it) => it.openLink(alice.peerId));
    const link = await alice.recorder.until((it) => it.openLink(bob.peerId));
    await alice.network.send(link.link, frame(5));
    await bob.recorder.until((it) => it.of('FrameReceived').length === 1);
  });

  test('[NC4] a relay that restarts is found again, meetings and links come back', async () => {
    const dataDir = await setupFolder();
    const first = await setupRelay({ dataDir });
    const alice = await setupPeerAt(first.address);
    const bob = await setupPeerAt(first.address);
    alice.network.setMeetings(first.address, [meeting(1)]);
    wants(alice, bob, first.address);
    wants(bob, alice, first.address);
    const before = await alice.recorder.until((it) => it.openLink(bob.peerId));

    await first.stop();
    const down = await untilRelay(alice, first.address, 'unreachable');
    expect(down.retryMs).toBeGreaterThan(0);
    await alice.recorder.until((it) =>
      it.of('LinkClosed').some(({ link }) => link === before.link),
    );
    await alice.recorder.until((it) => it.of('DialFailed').length > 0);
    await expect(alice.network.send(before.link, frame(1))).rejects.toThrow('link-closed');

    const second = await setupRelay({ dataDir, wsPort: first.port });
    expect(second.address).toBe(first.address);
    await untilRelay(alice, first.address, 'up');
    await alice.recorder.until((it) => it.openLink(bob.peerId));
    bob.network.setMeetings(first.address, [meeting(2)]);
    await alice.recorder.until((it) => it.of('Met').at(-1)?.blobs.length === 1);
  });

  test('[NC4] a relay that was lost lately is tried often, and its return ends the pauses of peers', async () => {
    const dataDir = await setupFolder();
    const first = await setupRelay({ dataDir });
    // Any other pause than that for a lapse outlasts this test.
    const patient = { retryMinMs: 120_000, retryMaxMs: 120_000, lapseRetryMaxMs: 50 };
    const alice = await setupPeerAt(first.address, patient);
    const bob = await setupPeerAt(first.address, patient);
    wants(alice, bob, first.address);
    wants(bob, alice, first.address);
    const before = await alice.recorder.until((it) => it.openLink(bob.peerId));

    await first.stop();
    for (const peer of [alice, bob]) {
      await peer.recorder.until((it) => it.of('DialFailed').length > 0);
    }
    await setupRelay({ dataDir, wsPort: first.port });
    const after = await alice.recorder.until((it) => it.openLink(bob.peerId));
    expect(after.link).not.toBe(before.link);
  });

  test('[NC5] what is no relay address is called so at once, another relay behind it too', async () => {
    const relay = await setupRelay();
    const other = await setupRelay();
    const alice = await setupPeer();
    const wrong = `/ip4/127.0.0.1/tcp/${String(other.port)}/ws/p2p/${relay.peerId}`;
    const bad = ['nonsense', '/ip4/127.0.0.1/tcp/1/ws', `${relay.address}/p2p-circuit`, wrong];
    alice.network.setRelays(bad);
    for (const address of bad) await untilRelay(alice, address, 'bad-address');
  });

  test('[NC5] a relay nobody answers for is unreachable, and tried again', async () => {
    const relay = await setupRelay();
    await relay.stop();
    const alice = await setupPeer();
    alice.network.setRelays([relay.address]);
    await alice.recorder.until((it) => {
      const states = it.of('RelayChanged').map(({ state }) => state);
      return states.filter((state) => state === 'unreachable').length >= 3;
    });
  });

  test('[NC6] a reservation ends with its peer: more can come than there are places', async () => {
    const relay = await setupRelay({ reservationsMax: 2 });
    for (let visitor = 0; visitor < 5; visitor++) {
      const peer = await setupPeerAt(relay.address);
      expect(relay.status().reservations).toBe(1);
      await peer.network.stop();
      while (relay.status().connections > 0) await new Promise(setImmediate);
      expect(relay.status()).toMatchObject({ reservations: 0, meetingPeers: 0 });
    }
  });

  test('[NC6] [row 13] a relay without a place says so and is tried again; people meet at another', async () => {
    const full = await setupRelay({ reservationsMax: 1 });
    const other = await setupRelay();
    const eve = await setupPeerAt(full.address);
    const timing = { reservationMs: 500 };
    const [alice, bob] = [await setupPeer(timing), await setupPeer(timing)];
    for (const { network } of [alice, bob]) network.setRelays([full.address, other.address]);
    for (const peer of [alice, bob]) {
      const refused = await untilRelay(peer, full.address, 'unreachable');
      expect(refused.retryMs).toBeGreaterThan(0);
      await untilRelay(peer, other.address, 'up');
    }
    wants(alice, bob, other.address);
    const { link } = await alice.recorder.until(() => alice.recorder.openLink(bob.peerId));
    await alice.network.send(link, Uint8Array.of(13));
    await bob.recorder.until(() => bob.recorder.of('FrameReceived')[0]);
    expect(full.status().reservations).toBeLessThanOrEqual(1);
    await eve.network.stop();
    await Promise.race([alice, bob].map((peer) => untilRelay(peer, full.address, 'up')));
  });

  test('[NC15] a peer that connects again has given up its first connection, dead or not', async () => {
    const relay = await setupRelay();
    const node = await createLibp2p({
      transports: [endableWebSockets()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionGater: { denyDialMultiaddr: () => false },
    });
    undo.push(async () => {
      await node.stop();
    });
    const first = await node.dial(multiaddr(relay.address));
    const second = await node.dial(multiaddr(relay.address), { force: true });
    await vi.waitFor(() => expect(relay.status().connections).toBe(1), { timeout: 10_000 });
    await vi.waitFor(() => expect(first.status).toBe('closed'), { timeout: 10_000 });
    expect(second.status).toBe('open');
  });

  test('[NC7] the core closes a link; a peer that is denied stays away', async () => {
    const { alice, bob, atAlice, atBob } = await setupPair();
    alice.network.closeLink(atAlice.link);
    await bob.recorder.until((it) => it.of('LinkClosed').some(({ link }) => link === atBob.link));
    await alice.recorder.until((it) => it.openLink(bob.peerId)); // still wanted

    alice.network.deny(bob.peerId, 60_000);
    await alice.recorder.until((it) => it.openLink(bob.peerId) === undefined);
    const opened = alice.recorder.of('LinkOpened').length;
    await bob.recorder.until((it) => it.of('DialFailed').length > 1);
    expect(alice.recorder.of('LinkOpened')).toHaveLength(opened);
  });

  test('[NC8] a relayed link is replaced before its relay cuts it, and nothing is lost', async () => {
    const { relay, alice, bob } = await setupPair();
    expect(relay.isReady()).toBe(true);
    const sent: Uint8Array[] = [];
    while (alice.recorder.of('LinkOpened').length < 4) {
      const link = alice.recorder.openLink(bob.peerId);
      const next = new Uint8Array(16 * 1024).fill(sent.length);
      if (link === undefined) await new Promise(setImmediate);
      else {
        await alice.network.send(link.link, next).then(
          () => sent.push(next),
          () => undefined, // the link has just been replaced: the next turn sends it again
        );
        // Answered, as the sync protocol does: the sender is never far ahead.
        await bob.recorder.until((it) => it.of('FrameReceived').length >= sent.length);
      }
    }
    const got = bob.recorder.of('FrameReceived').map((event) => event.frame);
    expect(got).toEqual(sent);
    // The new one opens before the old one closes: never is there none.
    const kinds = alice.recorder.events.flatMap(({ type }) => {
      if (type === 'LinkOpened') return [1];
      return type === 'LinkClosed' ? [-1] : [];
    });
    let open = 0;
    for (const [index, kind] of kinds.entries()) {
      open += kind;
      if (index > 0) expect(open).toBeGreaterThan(0);
    }
  });

  test('[NC9] frames that are empty or too long are refused, the link stays', async () => {
    const { alice, bob, atAlice, atBob } = await setupPair();
    await expect(alice.network.send(atAlice.link, new Uint8Array())).rejects.toThrow('frame-size');
    const tooLong = new Uint8Array(2 * 1024 * 1024);
    await expect(alice.network.send(atAlice.link, tooLong)).rejects.toThrow('frame-size');
    await alice.network.send(atAlice.link, frame(1));
    await bob.recorder.until((it) => it.framesOn(atBob.link).length === 1);
  });

  test('[NC10] after stop there are no events, and the peer at the other end notices', async () => {
    const { alice, bob, atBob } = await setupPair();
    await alice.network.stop();
    const count = alice.recorder.events.length;
    await bob.recorder.until((it) => it.of('LinkClosed').some(({ link }) => link === atBob.link));
    expect(alice.recorder.events).toHaveLength(count);
    await expect(alice.network.send(1, frame(1))).rejects.toThrow('link-closed');
  });

  test('[NC11] people at different relays reach each other', async () => {
    const [first, second] = [await setupRelay(), await setupRelay()];
    const alice = await setupPeerAt(first.address);
    const bob = await setupPeerAt(second.address);
    wants(alice, bob, second.address);
    wants(bob, alice, first.address);
    await alice.recorder.until((it) => it.openLink(bob.peerId));
    await bob.recorder.until((it) => it.openLink(alice.peerId));
    // The other one's relay is a way, not a place to stay: nobody holds a reservation there.
    expect([first.status().reservations, second.status().reservations]).toEqual([1, 1]);
  });

  test('[NC12] two addresses of one relay are one relay: one reservation, one registration', async () => {
    const relay = await setupRelay();
    const alias = relay.address.replace('/ip4/127.0.0.1/', '/dns4/localhost/');
    const alice = await setupPeer();
    const bob = await setupPeerAt(relay.address);
    alice.network.setRelays([alias, relay.address]);
    await untilRelay(alice, alias, 'up');
    await untilRelay(alice, relay.address, 'up');
    expect(relay.status()).toMatchObject({ connections: 2, reservations: 2 });
    alice.network.setMeetings(relay.address, [meeting(1)]);
    alice.network.setMeetings(alias, [{ key: new Uint8Array(32).fill(9), blob: frame(1) }]);
    bob.network.setMeetings(relay.address, [meeting(2)]);
    await alice.recorder.until((it) => it.of('Met').some(({ blobs }) => blobs.length > 0));
    expect(relay.status()).toMatchObject({ meetingPeers: 2, meetingPlaces: 2 });
  });

  test('[NC13] a relay that leaves the set is left, and can come back', async () => {
    const relay = await setupRelay();
    const alice = await setupPeerAt(relay.address);
    alice.network.setRelays([]);
    await vi.waitFor(() => expect(relay.status().reservations).toBe(0), { timeout: 10_000 });
    const count = alice.recorder.of('RelayChanged').length;
    alice.network.setRelays([relay.address]);
    await alice.recorder.until(
      (it) => it.of('RelayChanged').length > count && it.of('RelayChanged').at(-1)?.state === 'up',
    );
    expect(relay.status().reservations).toBe(1);
  });

  test('[NC14] stopping before it has started ends in silence', async () => {
    const recorder = createRecorder();
    const network = createNodeNetwork();
    network.start(recorder);
    await network.stop();
    expect(recorder.events).toEqual([]);
  });
});
