/**
 * P4: a group of peers over real libp2p, spread over two processes, each writing in turn, so many messages
 * a second in all: from due to shown at each other, those that do not come, and processor time for a
 * delivery. Both listen on loopback and are dialled there; ours find each other at a relay. Against: bare
 * gossipsub, spread in the same way, which has ended before ours begins, at the same rate:
 * fifty a second, or the highest at which its p95 stays under 200 ms here. Where ours cannot follow that,
 * both are told at the highest rate of the ladder that ours can, and it is said. All of ours are let in by
 * one yes; who is not in when the time is over is left out, and the row says how many there were.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { startRelayProcess } from '../support/relay-process.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import type { bareHandlers } from './support/bare-part.ts';
import { sharedNowMs, type Course, type Played } from './support/course.ts';
import { startPart, type Part } from './support/part.ts';
import type { sottoHandlers } from './support/sotto-part.ts';
import { quantile } from './support/statistics.ts';

const processes = 2;
const goodMs = 200;
const settleMs = 10_000;
const restMs = 1000; // before each course
const courseMs = 2000;
const meshMs = 2500;
const caughtUpMs = 8000;
/** Of both, tried from above. */
const ladder = [50, 37, 25, 12, 6, 3];
/** So long people may take to come in, with --smoke and without. */
const growWithinMs = { smoke: 60_000, whole: 300_000 };

interface Heard {
  readonly p50: number;
  readonly p95: number;
  readonly delivered: number;
  readonly expected: number;
  /** For a delivery. */
  readonly cpuMs: number;
}

interface Place {
  readonly from: number;
  readonly count: number;
}

const placesOf = (size: number): ReadonlyArray<Place> => {
  const each = Math.ceil(size / processes);
  const starts = Array.from({ length: processes }, (_, at) => at * each);
  return starts.map((from) => ({ from, count: Math.min(each, size - from) }));
};

let courses = 0;

/** All parts begin at the same moment. */
const play = async (
  parts: ReadonlyArray<{ play(course: Course): Promise<Played> }>,
  { size, perSecond }: Pick<Course, 'size' | 'perSecond'>,
): Promise<Heard> => {
  const messages = Math.ceil((perSecond * courseMs) / 1000);
  const startsAtMs = sharedNowMs() + restMs;
  const course = { id: (courses += 1), size, perSecond, messages, startsAtMs, settleMs };
  const played = await Promise.all(parts.map((part) => part.play(course)));
  const tookMs = played.flatMap((part) => part.tookMs);
  const cpuMs = played.reduce((sum, part) => sum + part.cpuMs, 0);
  const at = (part: number): number => (tookMs.length === 0 ? Infinity : quantile(tookMs, part));
  return {
    ...{ p50: at(0.5), p95: at(0.95), delivered: tookMs.length },
    expected: messages * (size - 1),
    cpuMs: cpuMs / Math.max(1, tookMs.length),
  };
};

const playable = (part: { call(name: 'play', course: Course): Promise<Played> }) => ({
  play: (course: Course): Promise<Played> => part.call('play', course),
});

type Measured = ReadonlyMap<number, Heard>;

/** At each rate from the highest that bare gossipsub keeps up with. */
const measureBare = async (size: number): Promise<Measured> => {
  const places = placesOf(size);
  const script = join(import.meta.dirname, 'support', 'bare-part.ts');
  const parts = places.map((): Part<typeof bareHandlers> => startPart(script));
  try {
    const opened = await Promise.all(
      parts.map((part, at) => part.call('open', places[at] ?? { from: 0, count: 0 })),
    );
    for (const part of parts) await part.call('connect', opened.flat());
    await delay(meshMs); // two heartbeats: the mesh is there
    const measured = new Map<number, Heard>();
    for (const perSecond of ladder) {
      const heard = await play(parts.map(playable), { size, perSecond });
      const isGood = heard.p95 < goodMs && heard.delivered === heard.expected;
      if (isGood || measured.size > 0 || perSecond === ladder.at(-1))
        measured.set(perSecond, heard);
    }
    return measured;
  } finally {
    await Promise.all(parts.map((part) => part.stop()));
  }
};

interface Ours {
  /** As many as were meant to be; `count` came together. */
  readonly size: number;
  readonly count: number;
  /** For each, until all were together. */
  readonly growCpuMs: number;
  readonly perSecond: number;
  readonly heard: Heard;
}

interface Ask {
  readonly size: number;
  /** Which rates, the highest first. */
  readonly rates: ReadonlyArray<number>;
  readonly withinMs: number;
  readonly say: BenchOptions['say'];
}

type Parts = ReadonlyArray<Part<typeof sottoHandlers>>;

const spentBy = async (parts: Parts): Promise<number> => {
  const spent = await Promise.all(parts.map((part) => part.call('spent', undefined)));
  return spent.reduce((sum, ms) => sum + ms, 0);
};

/** Everybody asks, all are let in by one yes, and each of them knows of all: how many that are. */
const growCrowd = async (
  parts: Parts,
  { size, withinMs, say }: Ask,
): Promise<Pick<Ours, 'count' | 'growCpuMs'>> => {
  const [first] = parts;
  if (first === undefined) throw new Error('a crowd has a first part');
  const startedMs = sharedNowMs();
  const before = await spentBy(parts);
  const link = await first.call('found', undefined);
  await Promise.all(parts.map((part) => part.call('join', link)));
  const asked = await first.call('admit', { size, untilMs: startedMs + (2 / 3) * withinMs });
  const untilMs = startedMs + withinMs;
  const gathered = await Promise.all(
    parts.map((part) => part.call('gather', { size: asked, untilMs })),
  );
  let count = 0;
  for (const [at, part] of parts.entries()) {
    await part.call('count', count);
    count += gathered[at] ?? 0;
  }
  const took = ((sharedNowMs() - startedMs) / 1000).toFixed(0);
  say(`  ${String(count)} of ${String(size)} were in after ${took} s`);
  return { count, growCpuMs: ((await spentBy(parts)) - before) / size };
};

const measureOurs = async (ask: Ask): Promise<Ours | undefined> => {
  const { size, rates, say } = ask;
  const folder = await makeTempDir('crowd');
  const relay = await startRelayProcess({ dataDir: join(folder, 'relay') });
  const script = join(import.meta.dirname, 'support', 'sotto-part.ts');
  const parts = placesOf(size).map((place) => ({
    place: { ...place, folder, relay: relay.address },
    part: startPart<typeof sottoHandlers>(script),
  }));
  const all = parts.map(({ part }) => part);
  try {
    await Promise.all(parts.map(({ part, place }) => part.call('open', place)));
    const grown = await growCrowd(all, ask);
    if (grown.count < 2) return undefined;
    await delay(caughtUpMs); // the last who came are caught up with
    let ours: Ours | undefined;
    for (const perSecond of rates) {
      const heard = await play(all.map(playable), { size: grown.count, perSecond });
      ours = { size, ...grown, perSecond, heard };
      const isKept = heard.p95 < 2 * goodMs && heard.delivered === heard.expected;
      if (isKept) break;
      const p95 = heard.p95.toFixed(0);
      say(`  ours do not keep up with ${String(perSecond)} a second: p95 ${p95} ms`);
    }
    return ours;
  } finally {
    await Promise.all(all.map((part) => part.stop()));
    await relay.stop();
    await removeDir(folder);
  }
};

const lostPercentOf = ({ delivered, expected }: Heard): number =>
  (100 * (expected - delivered)) / expected;

const rowsOf = (
  { size, count, growCpuMs, perSecond, heard }: Ours,
  bare: Heard,
): ReadonlyArray<Row> => {
  const who = count < size ? `${String(count)} of ${String(size)} peers` : `${String(size)} peers`;
  const what = `${who}, ${String(perSecond)} messages a second`;
  const row = (
    id: string,
    measures: string,
    { unit, of, aim }: { unit: Row['unit']; of: (heard: Heard) => number; aim?: string },
  ): Row => ({
    id: `P4${id}${String(size)}`,
    measures: `${what}: ${measures}`,
    unit,
    rounds: [of(heard)],
    against: { name: 'bare gossipsub', rounds: [of(bare)] },
    ...(aim === undefined ? {} : { aim }),
  });
  return [
    row('a', 'due to shown, p50', { unit: 'ms', of: ({ p50 }) => p50 }),
    row('b', 'the same, p95', { unit: 'ms', of: ({ p95 }) => p95, aim: '≤ 1.5×' }),
    row('c', `not there ${String(settleMs / 1000)} s after the last was due`, {
      unit: '%',
      of: lostPercentOf,
      aim: '0',
    }),
    row('d', 'CPU for a delivery', { unit: 'ms', of: ({ cpuMs: ms }) => ms }),
    {
      id: `P4e${String(size)}`,
      measures: `${who}: the way together, by one yes: CPU for each`,
      unit: 'ms',
      rounds: [growCpuMs],
    },
  ];
};

const measure = async (
  size: number,
  { isSmoke, say }: BenchOptions,
): Promise<ReadonlyArray<Row>> => {
  const measured = await measureBare(size);
  const rates = [...measured.keys()];
  say(`  ${String(size)} bare peers keep up with ${String(rates[0])} a second`);
  const withinMs = isSmoke ? growWithinMs.smoke : growWithinMs.whole;
  const ours = await measureOurs({ size, rates, withinMs, say });
  const bare = ours && measured.get(ours.perSecond);
  if (ours === undefined || bare === undefined) return [];
  const { delivered, expected } = ours.heard;
  say(`  ${String(size)} peers: ${String(delivered)} of ${String(expected)} delivered`);
  return rowsOf(ours, bare);
};

export const crowdBench: Bench = {
  id: 'P4',
  title: 'a crowd in one group over libp2p',
  isSmoke: false,
  run: async (options) => {
    const rows: Row[] = [];
    for (const size of options.isSmoke ? [4, 8] : [4, 12, 30]) {
      rows.push(...(await measure(size, options)));
    }
    return rows;
  },
};
