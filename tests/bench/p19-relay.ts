/**
 * P19: what a relay of its own process pays: memory for each peer that is connected and says nothing,
 * memory for each mailbox, processor time for each entry that is left in one and acknowledged, on disk
 * by then. Peers are the real network adapter in Node, with a reservation, all of them in this process:
 * twenty, forty and eighty, since it is their side that is heavy. Against: a bare `ws` server in a
 * process of its own with as many sockets, which answers each message and keeps none. Memory is
 * resident and after a full collection, and the share of one is what all of them added, by their number.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { createNodeNetwork } from '../../src/network/libp2p.node.ts';
import { decodeMailboxReply, encodeMailboxRequest } from '../../src/protocol/mailbox-frames.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { createTestEpoch, updateOf } from '../support/mailboxes.ts';
import { startPeer, untilRelay, type TestPeer } from '../support/network-recorder.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import type { Reading } from './support/meter.ts';
import { startMetered, type MeteredProcess } from './support/metered-process.ts';

const quietMs = 1000; // what a connection leaves behind has gone by then
const tries = 5;
const warmFrom = 1_000_000; // of mailboxes that nobody counts
const entriesEach = 2; // uploads into one mailbox, one entry each

/** Somebody connected, and one message of theirs, answered. */
interface Client {
  say(message: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

interface Side {
  readonly server: MeteredProcess;
  readonly clients: Client[];
  connect(): Promise<Client>;
}

const connectPeer = async (relay: string): Promise<Client> => {
  const peer: TestPeer = await startPeer(createNodeNetwork());
  peer.network.setRelays([relay]);
  await untilRelay(peer, relay, 'up');
  return {
    say: async (message) => {
      let answer: Uint8Array | undefined;
      // A machine that is busy with others may answer too late, or have dropped the connection.
      for (let asked = 0; answer === undefined && asked < tries; asked++) {
        await untilRelay(peer, relay, 'up');
        answer = await peer.network.askMailbox(relay, message);
      }
      const reply = answer && decodeMailboxReply(answer);
      if (reply?.ok !== true || reply.value.t !== 'stored') throw new Error('no answer');
      const { outcome } = reply.value;
      if (outcome !== 'stored') throw new Error(`the mailbox took it not: ${outcome}`);
    },
    close: () => peer.network.stop(),
  };
};

const connectSocket = async (url: string): Promise<Client> => {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return {
    say: async (message) => {
      const answered = once(socket, 'message');
      socket.send(message);
      await answered;
    },
    close: () => {
      socket.terminate();
      return Promise.resolve();
    },
  };
};

const sideOf = (server: MeteredProcess, connect: (address: string) => Promise<Client>): Side => ({
  server,
  clients: [],
  connect: () => connect(server.address),
});

/** For each of so many new mailboxes, a few entries one by one; as requests, sent as they are. */
const createUploads = async (from: number, count: number): Promise<ReadonlyArray<Uint8Array>> => {
  const uploads: Uint8Array[] = [];
  for (let number = from; number < from + count; number++) {
    const epoch = await createTestEpoch(number);
    const writer = await epoch.writer(number, entriesEach);
    const put = await epoch.put([writer]);
    for (const envelope of writer.envelopes) {
      uploads.push(encodeMailboxRequest({ ...put, update: updateOf([envelope]) }));
    }
  }
  return uploads;
};

const growTo = async ({ clients, connect }: Side, size: number): Promise<void> => {
  while (clients.length < size) clients.push(await connect());
};

/** Each client at once, its own share one after the other. */
const sayAll = async ({ clients }: Side, messages: ReadonlyArray<Uint8Array>): Promise<void> => {
  const share = entriesEach * Math.ceil(messages.length / entriesEach / clients.length);
  await Promise.all(
    clients.map(async (client, at) => {
      for (const message of messages.slice(at * share, (at + 1) * share)) await client.say(message);
    }),
  );
};

interface Cost {
  readonly kilobytes: number;
  readonly cpuMs: number;
}

type Both<T> = readonly [ours: T, bare: T];

const both = async <T>(
  [ours, bare]: Both<Side>,
  act: (side: Side) => Promise<T>,
): Promise<Both<T>> => [await act(ours), await act(bare)];

const readQuiet = async ({ server }: Side): Promise<Reading> => {
  await delay(quietMs);
  return server.read();
};

const shareOf = (before: Reading, after: Reading, count: number): Cost => ({
  kilobytes: (after.rssBytes - before.rssBytes) / 1000 / count,
  cpuMs: (after.cpuMs - before.cpuMs) / count,
});

const shares = (before: Both<Reading>, after: Both<Reading>, count: number): Both<Cost> => [
  shareOf(before[0], after[0], count),
  shareOf(before[1], after[1], count),
];

interface What {
  readonly id: string;
  readonly measures: string;
  readonly of: keyof Cost;
  readonly aim?: string;
}

const rowOf = ([ours, bare]: Both<Cost>, { of, id, ...row }: What): Row => ({
  ...row,
  id: `P19${id}`,
  unit: of === 'cpuMs' ? 'ms' : 'kB',
  rounds: [ours[of]],
  against: { name: 'bare ws server', rounds: [bare[of]] },
});

const peerRows = async (
  sides: Both<Side>,
  sizes: ReadonlyArray<number>,
): Promise<ReadonlyArray<Row>> => {
  const rows: Row[] = [];
  const nobody = await both(sides, readQuiet);
  for (const size of sizes) {
    await both(sides, (side) => growTo(side, size));
    const cost = shares(nobody, await both(sides, readQuiet), size);
    const of = String(size);
    const measures = `${of} idle peers: resident memory for each`;
    rows.push(rowOf(cost, { id: `a${of}`, measures, of: 'kilobytes', aim: '≤ 100 kB' }));
  }
  return rows;
};

const mailboxRows = async (
  sides: Both<Side>,
  sizes: ReadonlyArray<number>,
): Promise<ReadonlyArray<Row>> => {
  const rows: Row[] = [];
  const none = await both(sides, readQuiet);
  let kept = 0;
  for (const size of sizes) {
    const uploads = await createUploads(kept, size - kept);
    kept = size;
    const before = await both(sides, ({ server }) => server.read());
    const after = await both(sides, async (side) => {
      await sayAll(side, uploads);
      return side.server.read();
    });
    const entry = shares(before, after, uploads.length);
    const cost = shares(none, await both(sides, readQuiet), size);
    const of = String(size);
    const measures = `${of} mailboxes of ${String(entriesEach)} entries: resident memory for each`;
    rows.push(
      rowOf(cost, { id: `b${of}`, measures, of: 'kilobytes' }),
      rowOf(entry, {
        ...{ id: `c${of}`, of: 'cpuMs', aim: '≤ 3×' },
        measures: 'CPU for an entry that is left in one of them and acknowledged',
      }),
    );
  }
  return rows;
};

/** Code, pools and pages that all share are there before anybody is counted. */
const warmUp = async (sides: Both<Side>): Promise<void> => {
  const uploads = await createUploads(warmFrom, 20);
  await both(sides, async (side) => {
    await growTo(side, 3);
    await sayAll(side, uploads);
    for (const client of side.clients.splice(0)) await client.close();
  });
};

const measure = async (
  sides: Both<Side>,
  { isSmoke, say }: BenchOptions,
): Promise<ReadonlyArray<Row>> => {
  await warmUp(sides);
  const peers = await peerRows(sides, isSmoke ? [10, 20, 40] : [20, 40, 80]);
  say('  peers done');
  return [...peers, ...(await mailboxRows(sides, isSmoke ? [50, 100, 200] : [200, 400, 800]))];
};

export const relayBench: Bench = {
  id: 'P19',
  title: 'what a relay pays for a peer, a mailbox and a message',
  isSmoke: false,
  run: async (options) => {
    const folder = await makeTempDir('relay');
    const sides: Side[] = [];
    try {
      const relay = await startMetered('relay/main.ts', {
        ...{ SOTTO_WS_PORT: '0', SOTTO_WEBRTC_PORT: '', SOTTO_DATA_DIR: join(folder, 'relay') },
      });
      const ours = sideOf(relay, connectPeer);
      sides.push(ours);
      const bare = sideOf(
        await startMetered(join(import.meta.dirname, 'support/bare-server.ts')),
        connectSocket,
      );
      sides.push(bare);
      return await measure([ours, bare], options);
    } finally {
      for (const { clients, server } of sides) {
        for (const client of clients) await client.close();
        await server.stop();
      }
      await removeDir(folder);
    }
  },
};
