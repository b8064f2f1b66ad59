/**
 * FLOOD: what a person feels while a peer that is connected pours fifteen thousand junk envelopes a
 * second into their page: how late a key is heard, the longest task, and how long an honest message
 * takes from Enter to painted. Each flood goes on until the page hangs up. Against: the same page,
 * in turn, with nobody flooding.
 */
import type { Page } from '@playwright/test';
import { addFlooders, startFlooder, type Flooder } from '../support/flooder/remote.ts';
import { befriend, composer, see, untilDirect, write } from '../support/people.ts';
import { strainOf, typeSomething, watchStrain, type Strain } from '../support/strain.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { withChromium } from './support/chromium.ts';
import { pressAndSee, watchPage } from './support/page-clock.ts';
import { median, quantile } from './support/statistics.ts';

const floodMs = 3000;
const messages = 5;

interface Felt extends Strain {
  readonly paintedMs: number;
}

interface Round {
  readonly calm: Felt;
  readonly flooded: Felt;
}

const feel = async (alice: Page, bob: Page, label: string): Promise<Felt> => {
  await strainOf(alice);
  const paintedMs: number[] = [];
  for (let i = 0; i < messages; i++) {
    await composer(bob).fill(`${label} ${String(i)}`);
    const way = { from: bob, to: alice, within: 60_000 };
    const [ms] = await Promise.all([
      pressAndSee(way, `${label} ${String(i)}`),
      typeSomething(alice),
    ]);
    paintedMs.push(ms);
  }
  return { ...(await strainOf(alice)), paintedMs: median(paintedMs) };
};

const rowsOf = (rounds: ReadonlyArray<Round>): ReadonlyArray<Row> => {
  const row = (id: string, measures: string, of: (felt: Felt) => number): Row => ({
    id: `FLOOD${id}`,
    measures,
    unit: 'ms',
    rounds: rounds.map(({ flooded }) => of(flooded)),
    against: { name: 'nobody floods', rounds: rounds.map(({ calm }) => of(calm)) },
  });
  return [
    row('a', 'key pressed to heard under a flood, p95', ({ inputDelaysMs }) =>
      quantile(inputDelaysMs, 0.95),
    ),
    row('b', 'longest task (0: none over 50)', ({ longestTaskMs }) => longestTaskMs),
    row('c', 'longest time between two frames', ({ longestFrameMs }) => longestFrameMs),
    row('d', 'honest message, Enter to painted, p50', ({ paintedMs }) => paintedMs),
  ];
};

const measure = async (
  [alice, bob]: readonly [Page, Page],
  flooders: ReadonlyArray<Flooder>,
  say: BenchOptions['say'],
): Promise<ReadonlyArray<Round>> => {
  const rounds: Round[] = [];
  for (const [at, flooder] of flooders.entries()) {
    const calm = await feel(alice, bob, `calm ${String(at)}`);
    await flooder.untilHeard();
    const flooding = flooder.flood('late-gossip', floodMs);
    const flooded = await feel(alice, bob, `flooded ${String(at)}`);
    const { taken, lastedMs, isHungUp } = await flooding;
    const rate = ((1000 * taken) / lastedMs).toFixed(0);
    say(`  ${String(taken)} envelopes, ${rate} a second${isHungUp ? ', then hung up on' : ''}`);
    rounds.push({ calm, flooded });
  }
  return rounds;
};

export const floodBench: Bench = {
  id: 'FLOOD',
  title: 'a page under ten thousand junk envelopes a second',
  isSmoke: false,
  run: ({ isSmoke, say }) =>
    withApp((app) =>
      withChromium(async (browser) => {
        // Each is hung up on once, so every round needs another.
        const flooders = await Promise.all(Array.from({ length: isSmoke ? 2 : 4 }, startFlooder));
        try {
          const [first, second] = [await browser.newContext(), await browser.newContext()];
          await addFlooders(app.url, first, flooders);
          const pages = [await first.newPage(), await second.newPage()] as const;
          const [alice, bob] = pages;
          await befriend(app.url, [
            { name: 'Alice', page: alice },
            { name: 'Bob', page: bob },
          ]);
          await untilDirect(alice);
          await write(alice, 'hello');
          await see(bob, 'Alice', 'hello');
          await watchStrain(alice);
          for (const page of pages) {
            await watchPage(page, '[role=log] article .text > [dir=auto]');
          }
          return rowsOf(await measure(pages, flooders, say));
        } finally {
          for (const flooder of flooders) await flooder.stop();
        }
      }),
    ),
};
