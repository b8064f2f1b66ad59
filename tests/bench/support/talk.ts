/** Two people in the real app, and how long a message of one takes to the screen of the other. */
import type { Browser, Page } from '@playwright/test';
import { befriend, composer, expect, write, see, untilDirect } from '../../support/people.ts';
import type { Row } from '../bench.ts';
import type { BarePages } from './bare-pages.ts';
import { pressAndSee, watchPage } from './page-clock.ts';
import { median, quantile } from './statistics.ts';

/** One frame at 60 Hz: what has come is not on the screen before the next one. */
export const frameMs = 1000 / 60;
const withinMs = 60_000;
/** Slower than the protocol's live rate (limits.livePerSecondMax), as people are. */
const paceMs = 250;

export interface Pair {
  readonly from: Page;
  readonly to: Page;
}

export interface PairOptions {
  /** Takes WebRTC away, as a browser without it. */
  readonly isRelayed: boolean;
  /** Where the second person is; the same browser without it. */
  readonly other?: Browser;
}

const takeWebRtcAway = (): void => {
  Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
};

export const openPair = async (
  browser: Browser,
  url: string,
  { isRelayed, other = browser }: PairOptions,
): Promise<Pair> => {
  const open = async (at: Browser): Promise<Page> => {
    const context = await at.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en-US',
    });
    if (isRelayed) await context.addInitScript(takeWebRtcAway);
    return context.newPage();
  };
  const [from, to] = [await open(browser), await open(other)];
  await befriend(url, [
    { name: 'Alice', page: from },
    { name: 'Bob', page: to },
  ]);
  await write(from, 'hello');
  await see(to, 'Alice', 'hello');
  if (!isRelayed) await untilDirect(from);
  for (const page of [from, to]) await watchPage(page, '[role=log] article .text > [dir=auto]');
  return { from, to };
};

interface Course {
  readonly pair: Pair;
  readonly bare: BarePages;
  readonly rounds: number;
  readonly messagesPerRound: number;
  /** Where one pair talks more than once: no text is said twice. */
  readonly label?: string;
}

export interface Talked {
  /** Per round, each message of it. */
  readonly ours: ReadonlyArray<ReadonlyArray<number>>;
  readonly barePainted: ReadonlyArray<ReadonlyArray<number>>;
  readonly bareRoundTrips: ReadonlyArray<ReadonlyArray<number>>;
}

/** Rounds of ours and of the bare pages take turns, at the pace of somebody who types. */
export const talk = async ({
  pair,
  bare,
  rounds,
  messagesPerRound,
  label = 'message',
}: Course): Promise<Talked> => {
  const ours: number[][] = [];
  const barePainted: number[][] = [];
  const bareRoundTrips: Array<ReadonlyArray<number>> = [];
  for (let round = 0; round < rounds; round++) {
    const took: number[] = [];
    const tookBare: number[] = [];
    for (let i = 0; i < messagesPerRound; i++) {
      const text = `${label} ${round}-${i}`;
      const startedMs = performance.now();
      await composer(pair.from).fill(text);
      took.push(await pressAndSee({ ...pair, within: withinMs }, text));
      await bare.from.locator('input').fill(text);
      tookBare.push(await pressAndSee({ ...bare, within: withinMs }, text));
      await pair.from.waitForTimeout(Math.max(0, paceMs - (performance.now() - startedMs)));
    }
    ours.push(took);
    barePainted.push(tookBare);
    bareRoundTrips.push(await bare.roundTrips(messagesPerRound));
  }
  await expect(composer(pair.from)).toHaveValue('');
  return { ours, barePainted, bareRoundTrips };
};

interface Labels {
  readonly id: string;
  readonly what: string;
  readonly floor: string;
  readonly bare: string;
  readonly aims: { readonly p50: string; readonly p99: string };
}

/** Against the floor by arithmetic, and against a bare page that does the same. */
export const latencyRows = (
  { ours, barePainted, bareRoundTrips }: Talked,
  { id, what, floor, bare, aims }: Labels,
): ReadonlyArray<Row> => {
  const p50 = ours.map(median);
  const all = (rounds: ReadonlyArray<ReadonlyArray<number>>, q: number): ReadonlyArray<number> => [
    quantile(rounds.flat(), q),
  ];
  return [
    {
      id: `${id}a`,
      measures: `${what}, p50`,
      unit: 'ms',
      rounds: p50,
      against: { name: floor, rounds: bareRoundTrips.map((took) => median(took) / 2 + frameMs) },
      aim: aims.p50,
    },
    {
      id: `${id}b`,
      measures: `${what}, p50`,
      unit: 'ms',
      rounds: p50,
      against: { name: bare, rounds: barePainted.map(median) },
    },
    {
      id: `${id}c`,
      measures: `${what}, p99 of all rounds`,
      unit: 'ms',
      rounds: all(ours, 0.99),
      against: { name: bare, rounds: all(barePainted, 0.99) },
      aim: aims.p99,
    },
  ];
};
