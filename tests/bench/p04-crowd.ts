/**
 * P4: a group of peers in one process over real libp2p, each writing in turn, so many messages a second
 * in all: from send to shown at each other, those that do not come, and processor time for a delivery.
 * Peers in Node have no WebRTC, so ours all cross one relay, circuit by circuit. Against: bare gossipsub
 * on loopback at the same rate: fifty a second, or the highest at which its p95 stays under 200 ms here.
 * A message counts from when it was due, at both. One group of ours grows from size to size; on a machine
 * too slow to bring everybody in within five minutes those who are in are measured, and it is said.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs } from '../support/cost.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { startBareCrowd, type Crowd } from './support/bare-crowd.ts';
import { startNodeCrowd, type NodeCrowd } from './support/node-crowd.ts';
import { quantile } from './support/statistics.ts';

const goodMs = 200;
const settleMs = 10_000;
const idleCpuMs = 200; // in a second
const perSecondMax = 50;
const tryMs = 1000;
const courseMs = 1500;
/** Nobody is let in after this, so that all of it ends within six minutes, with --smoke within one. */
const growWithinMs = 300_000;
const smokeWithinMs = 33_000;

interface Heard {
  readonly p50: number;
  readonly p95: number;
  readonly delivered: number;
  readonly expected: number;
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
    // When it was due: a process that is too busy to send in time does not make itself look quick.
    const dueMs = startedMs + (1000 * i) / perSecond;
    await delay(Math.max(0, dueMs - performance.now()));
    sentMs.push(dueMs);
    sending.push(crowd.say(i % size, `${course} ${String(i)} `.padEnd(200, '.')));
  }
  await Promise.all(sending);
  const untilMs = performance.now() + settleMs;
  while (tookMs.length < expected && performance.now() < untilMs) await delay(50);
  const spent = cpuMs() - startedCpuMs;
  return {
    p50: tookMs.length === 0 ? Infinity : quantile(tookMs, 0.5),
    p95: tookMs.length === 0 ? Infinity : quantile(tookMs, 0.95),
    delivered: tookMs.length,
    expected,
    cpuMs: spent / Math.max(1, tookMs.length),
  };
};

const crowdOf = ({ gathering }: NodeCrowd): Crowd => ({
  say: async (from, text) => {
    const member = gathering.members[from];
    if (member === undefined) throw new Error('nobody');
    const { peer, conversationId } = member;
    await peer.must(peer.execute({ type: 'SendMessage', conversationId, text }));
  },
  onText: (hear) => {
    for (const [at, { peer }] of gathering.members.entries()) {
      peer.onText((text) => {
        hear(at, text);
      });
    }
  },
  stop: () => Promise.resolve(), // it may grow yet
});

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

const lostPercentOf = ({ delivered, expected }: Heard): number =>
  (100 * (expected - delivered)) / expected;

const sentenceOf = ({ perSecond }: Course, { delivered, expected }: Heard): string =>
  `${String(delivered)} of ${String(expected)} delivered at ${String(perSecond)} a second`;

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
    row('c', `not there ${String(settleMs / 1000)} s after the last was sent`, {
      unit: '%',
      of: lostPercentOf,
      aim: '0',
    }),
    row('d', 'CPU for a delivery', { unit: 'ms', of: ({ cpuMs: ms }) => ms }),
  ];
};

/** Halved until bare gossipsub keeps up, and then half as much again where it does that as well. */
const rateFor = async (bare: Crowd, size: number): Promise<number> => {
  const isGood = async (perSecond: number): Promise<boolean> =>
    (await play(bare, { size, perSecond, forMs: tryMs })).p95 < goodMs;
  let perSecond = perSecondMax;
  while (perSecond > 2 && !(await isGood(perSecond))) perSecond = Math.floor(perSecond / 2);
  const more = Math.floor(perSecond * 1.5);
  return more < perSecondMax && (await isGood(more)) ? more : perSecond;
};

/** Those who came in last are caught up with, and nothing of that is measured. */
const settled = async (): Promise<void> => {
  const untilMs = performance.now() + settleMs * 3;
  for (let spent = Infinity; spent > idleCpuMs && performance.now() < untilMs;) {
    const before = cpuMs();
    await delay(1000);
    spent = cpuMs() - before;
  }
};

const measure = async (
  crowd: NodeCrowd,
  size: number,
  say: BenchOptions['say'],
): Promise<ReadonlyArray<Row>> => {
  await settled();
  const bare = await startBareCrowd(size);
  try {
    const course = { size, perSecond: await rateFor(bare, size), forMs: courseMs };
    const ours = await play(heardByOthers(crowdOf(crowd), size), course);
    const theirs = await play(bare, course);
    say(`  ${String(size)} peers: ${sentenceOf(course, ours)}; bare ${sentenceOf(course, theirs)}`);
    return rowsOf(course, [ours], [theirs]);
  } finally {
    await bare.stop();
  }
};

export const crowdBench: Bench = {
  id: 'P4',
  title: 'a crowd in one group over libp2p',
  isSmoke: false,
  run: async ({ isSmoke, say }) => {
    const untilMs = performance.now() + (isSmoke ? smokeWithinMs : growWithinMs);
    const rows: Row[] = [];
    const crowd = await startNodeCrowd();
    try {
      for (const size of isSmoke ? [4, 8] : [4, 30]) {
        const before = crowd.gathering.members.length;
        const grown = await crowd.growTo(size, untilMs);
        if (grown < size) say(`  no more than ${String(grown)} of ${String(size)} came in in time`);
        if (grown > before) rows.push(...(await measure(crowd, grown, say)));
      }
    } finally {
      await crowd.stop();
    }
    return rows;
  },
};
