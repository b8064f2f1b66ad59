/**
 * P4: a group of peers in one process over real libp2p, each writing in turn, so many messages a second
 * in all: from send to shown at each other, lost ones, and processor time for a delivery. Peers in
 * Node have no WebRTC, so ours all cross one relay, circuit by circuit. Against: bare gossipsub on
 * loopback at the same rate: fifty a second, or the highest at which its p95 stays under 200 ms here.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { cpuMs } from '../support/cost.ts';
import { startRelayProcess } from '../support/relay-process.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { startBareCrowd, type Crowd } from './support/bare-crowd.ts';
import { gatherPeers, startNodePeer } from './support/node-peer.ts';
import { quantile } from './support/statistics.ts';

const goodMs = 200;
const settleMs = 5000;

interface Heard {
  readonly p50: number;
  readonly p95: number;
  readonly lostPercent: number;
  readonly cpuMs: number;
}

interface Course {
  readonly size: number;
  readonly perSecond: number;
  readonly forMs: number;
}

let courses = 0;

/** Everybody writes in turn; what has not come a while after the last one is lost. */
const play = async (crowd: Crowd, { size, perSecond, forMs }: Course): Promise<Heard> => {
  const course = String((courses += 1));
  const sentMs: number[] = [];
  const tookMs: number[] = [];
  crowd.onText((_at, text) => {
    const [of = '', number = ''] = text.trim().split(' ');
    const ms = sentMs[Number(number)];
    if (of === course && ms !== undefined) tookMs.push(performance.now() - ms);
  });
  const count = Math.round((perSecond * forMs) / 1000);
  const expected = count * (size - 1);
  const startedCpuMs = cpuMs();
  const startedMs = performance.now();
  const sending: Array<Promise<unknown>> = [];
  for (let i = 0; i < count; i++) {
    await delay(Math.max(0, startedMs + (1000 * i) / perSecond - performance.now()));
    sentMs.push(performance.now());
    sending.push(crowd.say(i % size, `${course} ${String(i)} `.padEnd(200, '.')));
  }
  await Promise.all(sending);
  const untilMs = performance.now() + settleMs;
  while (tookMs.length < expected && performance.now() < untilMs) await delay(50);
  const spent = cpuMs() - startedCpuMs;
  return {
    p50: tookMs.length === 0 ? Infinity : quantile(tookMs, 0.5),
    p95: tookMs.length === 0 ? Infinity : quantile(tookMs, 0.95),
    lostPercent: (100 * (expected - Math.min(expected, tookMs.length))) / expected,
    cpuMs: spent / Math.max(1, tookMs.length),
  };
};

const startOurs = async (size: number): Promise<Crowd> => {
  const folder = await makeTempDir('crowd');
  const relay = await startRelayProcess({ dataDir: join(folder, 'relay') });
  const names = Array.from({ length: size }, (_, i) => `peer${String(i)}`);
  const peers = await Promise.all(names.map((name) => startNodePeer(folder, name, relay.address)));
  const ids = await gatherPeers(peers);
  return {
    say: async (from, text) => {
      const peer = peers[from];
      const conversationId = ids[from];
      if (peer === undefined || conversationId === undefined) throw new Error('nobody');
      await peer.must(peer.execute({ type: 'SendMessage', conversationId, text }));
    },
    onText: (hear) => {
      for (const [at, peer] of peers.entries()) {
        peer.onText((text) => {
          hear(at, text);
        });
      }
    },
    stop: async () => {
      for (const peer of peers) await peer.close();
      await relay.stop();
      await removeDir(folder);
    },
  };
};

/** The sender's own is shown to it as well, which is no delivery. */
const heardByOthers = (crowd: Crowd, size: number): Crowd => ({
  ...crowd,
  onText: (hear) => {
    crowd.onText((at, text) => {
      const [, number = ''] = text.trim().split(' ');
      if (Number(number) % size !== at) hear(at, text);
    });
  },
});

const rowsOf = (
  { size, perSecond }: Course,
  ours: ReadonlyArray<Heard>,
  bare: ReadonlyArray<Heard>,
): ReadonlyArray<Row> => {
  const name = 'bare gossipsub';
  const what = `${String(size)} peers, ${String(perSecond)} messages a second`;
  const row = (
    id: string,
    measures: string,
    { unit, of, aim }: { unit: Row['unit']; of: (heard: Heard) => number; aim?: string },
  ): Row => ({
    id: `P4${id}${String(size)}`,
    measures: `${what}: ${measures}`,
    unit,
    rounds: ours.map(of),
    against: { name, rounds: bare.map(of) },
    ...(aim === undefined ? {} : { aim }),
  });
  return [
    row('a', 'send to shown, p50', { unit: 'ms', of: ({ p50 }) => p50 }),
    row('b', 'the same, p95', { unit: 'ms', of: ({ p95 }) => p95, aim: '≤ 1.5×' }),
    row('c', 'lost', { unit: '%', of: ({ lostPercent }) => lostPercent, aim: '0' }),
    row('d', 'CPU for a delivery', { unit: 'ms', of: ({ cpuMs: ms }) => ms }),
  ];
};

const measure = async (
  size: number,
  { isSmoke, say }: BenchOptions,
): Promise<ReadonlyArray<Row>> => {
  const bare = await startBareCrowd(size);
  const ours = await startOurs(size);
  try {
    const forMs = isSmoke ? 3000 : 5000;
    let perSecond = 50;
    let course: Course = { size, perSecond, forMs };
    while (perSecond > 2 && (await play(bare, { ...course, forMs: 2000 })).p95 > goodMs) {
      perSecond = Math.floor(perSecond / 2);
      course = { ...course, perSecond };
    }
    say(`  ${String(size)} peers: ${String(perSecond)} messages a second`);
    const rounds: Heard[] = [];
    const bareRounds: Heard[] = [];
    for (let i = 0; i < (isSmoke ? 1 : 2); i++) {
      rounds.push(await play(heardByOthers(ours, size), course));
      bareRounds.push(await play(bare, course));
    }
    return rowsOf(course, rounds, bareRounds);
  } finally {
    await ours.stop();
    await bare.stop();
  }
};

export const crowdBench: Bench = {
  id: 'P4',
  title: 'a crowd in one group over libp2p',
  isSmoke: false,
  run: async (options) => {
    const rows: Row[] = [];
    for (const size of options.isSmoke ? [4, 8] : [6, 12, 30]) {
      rows.push(...(await measure(size, options)));
    }
    return rows;
  },
};
