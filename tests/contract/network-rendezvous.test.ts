import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import { noise } from '@libp2p/noise';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { startRelay } from '../../relay/relay.ts';
import { createFrameStream } from '../../src/network/frame-stream.ts';
import {
  decodeReply,
  encodeRequest,
  rendezvousProtocol,
  type RendezvousReply,
} from '../../src/network/relays/rendezvous.ts';
import { endableWebSockets } from '../../src/network/web-sockets.ts';
import { limits } from '../../src/protocol/limits.ts';

vi.setConfig({ testTimeout: 30_000 });

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const setupRelay = async (now?: () => number) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sotto-relay-'));
  undo.push(() => rm(dataDir, { recursive: true, force: true }));
  const relay = await startRelay({ wsPort: 0, dataDir, ...(now === undefined ? {} : { now }) });
  undo.push(() => relay.stop());
  return { relay, address: multiaddr(relay.addresses()[0]) };
};

/** A bare libp2p node that says to the relay whatever a test wants. */
const setupClient = async (address: ReturnType<typeof multiaddr>, hasReservation: boolean) => {
  const node = await createLibp2p({
    addresses: { listen: hasReservation ? ['/p2p-circuit'] : [] },
    transports: [endableWebSockets(), circuitRelayTransport()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    services: { identify: identify() },
  });
  undo.push(async () => node.stop());
  const connection = await node.dial(address);
  if (hasReservation) {
    await vi.waitFor(() => expect(node.getMultiaddrs()).toHaveLength(1), { timeout: 10_000 });
  }
  const stream = await connection.newStream(rendezvousProtocol);
  const frames = createFrameStream(stream, limits.meetingRequestBytesMax);
  const say = async (bytes: Uint8Array): Promise<RendezvousReply | undefined> => {
    await frames.write(bytes);
    const reply = decodeReply(await frames.read());
    return reply.ok ? reply.value : undefined;
  };
  return { node, stream, frames, say };
};

const key = new Uint8Array(32).fill(1);
const blob = Uint8Array.of(1, 2, 3);
const poll = encodeRequest({ meetings: undefined });
const register = encodeRequest({ meetings: [{ key, blob }] });

describe('rendezvous at a relay', () => {
  test('[RZ7] without a reservation nobody registers and nobody is told', async () => {
    const { relay, address } = await setupRelay();
    const alice = await setupClient(address, true);
    await alice.say(register);
    const eve = await setupClient(address, false);
    expect(await eve.say(register)).toMatchObject({ status: 'no-reservation', met: [] });
    expect(relay.status()).toMatchObject({ meetingPeers: 1, meetingPlaces: 1 });
  });

  test('[RZ8] the day is the relay clock', async () => {
    const { address } = await setupRelay(() => 20_000 * 86_400_000 + 5);
    const alice = await setupClient(address, true);
    expect(await alice.say(poll)).toEqual({ status: 'ok', day: 20_000, met: [] });
  });

  test('[RZ9] what is no request is answered so, and ends the stream', async () => {
    const { address } = await setupRelay();
    const mallory = await setupClient(address, true);
    expect(await mallory.say(Uint8Array.of(9, 9))).toMatchObject({ status: 'malformed' });
    await expect(mallory.frames.read()).rejects.toThrow();
  });

  test('[RZ9] a frame above the limit ends the stream; the relay goes on', async () => {
    const { address } = await setupRelay();
    const mallory = await setupClient(address, true);
    mallory.stream.send(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    await expect(mallory.frames.read()).rejects.toThrow();
    const alice = await setupClient(address, true);
    expect(await alice.say(poll)).toMatchObject({ status: 'ok' });
  });

  test('[RZ10] who asks without end is cut off', async () => {
    const { address } = await setupRelay(() => 0); // time stands still: nothing refills
    const mallory = await setupClient(address, true);
    const statuses = new Set<string | undefined>();
    for (let asked = 0; asked <= 20; asked++) statuses.add((await mallory.say(poll))?.status);
    expect([...statuses]).toEqual(['ok', 'too-often']);
    await expect(mallory.frames.read()).rejects.toThrow();
  });
});
