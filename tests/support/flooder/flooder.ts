/**
 * Mallory's node, in a process of its own: it listens as a relay does, so that a page which has been
 * given its address connects to it over a real WebSocket and talks gossip with it. As a member it
 * knows the topics and the entries that go by; as a stranger it only opens the sync protocol.
 * Spoken to by lines on its input, it answers with lines of JSON.
 */
import { createInterface } from 'node:readline';
import { randomBytes, randomFillSync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { RPC } from '@chainsafe/libp2p-gossipsub/message';
import { circuitRelayServer } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { lpStream } from '@libp2p/utils';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';
import { u64be } from '../../../src/base/bytes.ts';
import { createFrameStream } from '../../../src/network/frame-stream.ts';
import { syncProtocol } from '../../../src/network/peers/link.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { encodeSyncFrame } from '../../../src/protocol/sync-frames.ts';
import type { Flood, FloodKind, Heard } from './remote.ts';

const gossipProtocol = '/meshsub/1.1.0';
const tickMs = 10;
const perTick = 150; // fifteen thousand a second, where the transport takes them

interface Overheard {
  readonly topic: string;
  readonly data: Uint8Array;
}

const topics = new Set<string>();
const entries: Overheard[] = [];
let victim: Connection | undefined;

/** What the page says about its topics, and what others wrote there. */
const listen = async (stream: Stream): Promise<void> => {
  const frames = lpStream(stream, { maxDataLength: 1024 * 1024 });
  for (;;) {
    const rpc = RPC.decode(await frames.read());
    for (const { subscribe, topic } of rpc.subscriptions) {
      if (subscribe === true && topic !== undefined) topics.add(topic);
    }
    for (const { topic, data } of rpc.messages) {
      if (data !== undefined) entries.push({ topic, data });
    }
    await joinIn();
  }
};

type Rpcs = ReturnType<typeof lpStream>;
let own: Rpcs | undefined;
let joined = 0;

/** As a member does: who is subscribed is told what others write. */
const joinIn = async (): Promise<Rpcs> => {
  if (victim === undefined) throw new Error('nobody is connected');
  own ??= lpStream(await victim.newStream(gossipProtocol));
  const wanted = [...topics].slice(joined);
  joined = topics.size;
  const subscriptions = wanted.map((topic) => ({ subscribe: true, topic }));
  if (wanted.length > 0) await own.write(RPC.encode({ subscriptions, messages: [] }));
  return own;
};

const startNode = async (): Promise<Libp2p> => {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), circuitRelay: circuitRelayServer() },
  });
  node.addEventListener('connection:open', ({ detail }) => {
    victim = detail;
  });
  const hear = (stream: Stream): void => {
    listen(stream).catch(() => undefined); // the page went, or hung up
  };
  await node.handle(gossipProtocol, hear, { maxInboundStreams: 8 });
  return node;
};

// ---------------------------------------------------------------- junk

/** At 0, 20, 58, 132 or in the signature: what a stranger to the epoch's keys cannot know. */
const spoilt = (data: Uint8Array, at: number): Uint8Array => {
  const junk = data.slice();
  const from = [0, 20, 58, 132, data.length - 64][at % 5] ?? 0;
  randomFillSync(junk, from, Math.min(32, junk.length - from));
  return junk;
};

/** An honest writer's entry of later: nothing is wrong with it that can be seen without the ones before. */
const late = (data: Uint8Array, at: number): Uint8Array => {
  const junk = data.slice();
  junk.set(u64be(2000 + (at % 6000)), 50);
  randomFillSync(junk, 90, 24);
  return junk;
};

/** Well-formed, and about nothing that the page holds. */
const stray = (): Uint8Array =>
  encodeSyncFrame({
    t: 'vector',
    epochs: [{ mailbox: randomBytes(16), vectorHash: randomBytes(32), rows: undefined }],
  });

interface Tap {
  /** Resolves when the transport has taken so many. */
  pour(from: number, count: number): Promise<void>;
}

const gossipTap = async (spoil: typeof late): Promise<Tap> => {
  const frames = await joinIn();
  return {
    pour: async (from, count) => {
      const messages = Array.from({ length: count }, (_, i) => {
        const entry = entries[(from + i) % entries.length];
        if (entry === undefined) throw new Error('nothing was overheard');
        return { topic: entry.topic, data: spoil(entry.data, from + i) };
      });
      await frames.write(RPC.encode({ subscriptions: [], messages }));
    },
  };
};

const syncTap = async (at: Connection, make: () => Uint8Array): Promise<Tap> => {
  const frames = createFrameStream(await at.newStream(syncProtocol), limits.syncFrameBytesMax);
  return {
    pour: async (_from, count) => {
      for (let i = 0; i < count; i++) await frames.write(make());
    },
  };
};

const open = (at: Connection, kind: FloodKind): Promise<Tap> => {
  switch (kind) {
    case 'spoilt-gossip':
      return gossipTap(spoilt);
    case 'late-gossip':
      return gossipTap(late);
    case 'noise-on-sync':
      return syncTap(at, () => randomBytes(300));
    case 'stray-on-sync':
      return syncTap(at, stray);
  }
};

/** Pours until the time is over or the page hangs up; a stream that ends is opened again. */
const flood = async (kind: FloodKind, forMs: number): Promise<Flood> => {
  if (victim === undefined) throw new Error('nobody is connected');
  const startedMs = performance.now();
  let taken = 0;
  let lastedMs = 0;
  let tap: Tap | undefined;
  while (performance.now() - startedMs < forMs && victim.status === 'open') {
    try {
      tap ??= await open(victim, kind);
      const due = startedMs + (taken / perTick) * tickMs;
      // Behind or not: a close from the other end wants its turn.
      await delay(Math.max(0, due - performance.now()));
      await tap.pour(taken, perTick);
      taken += perTick;
      lastedMs = performance.now() - startedMs;
    } catch {
      tap = undefined; // the page closed the stream, or everything
      own = undefined;
      joined = 0;
      await delay(tickMs);
    }
  }
  return { taken, lastedMs: Math.max(1, lastedMs), isHungUp: victim.status !== 'open' };
};

const node = await startNode();
const say = (line: Heard | Flood | { readonly address: string }): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
say({ address: node.getMultiaddrs()[0]?.toString() ?? '' });

for await (const line of createInterface({ input: process.stdin })) {
  const [order, argument = '', ms = '0'] = line.split(' ');
  if (order === 'heard') say({ isConnected: victim?.status === 'open', entries: entries.length });
  if (order === 'flood') say(await flood(argument as FloodKind, Number(ms)));
}
await node.stop();
