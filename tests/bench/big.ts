/**
 * BIG: one conversation with a hundred thousand messages. How long from a new browser until it is
 * painted, and from a click in the list; what scrolling through it is like; what the tab holds in
 * memory then. Against: the same in turn with a thousand.
 */
import type { Page } from '@playwright/test';
import { begin } from '../support/people.ts';
import { openProfile, type Profile } from '../support/profile.ts';
import { strainOf, watchStrain } from '../support/strain.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { executeAll, sendMany, shownConversationId, tapCore } from './support/core-tap.ts';
import { tabBytes } from './support/memory.ts';
import { startOnce } from './support/start.ts';
import { switchTo } from './support/switch.ts';

const few = 1000;
const scrollSteps = 60;
/** A click, a second, a click: what was opened in the background is open by then or it is not. */
const restMs = 1000;

interface Round {
  readonly coldMs: number;
  readonly warmMs: number;
  readonly longestFrameMs: number;
  readonly longestTaskMs: number;
  readonly kilobytes: number;
  /** Once what is garbage by then was collected. */
  readonly keptKilobytes: number;
}

interface Person {
  readonly profile: Profile;
  readonly url: string;
}

const seed = async (appUrl: string, count: number, say: BenchOptions['say']): Promise<Person> => {
  const profile = await openProfile({ args: ['--js-flags=--expose-gc'] });
  await tapCore(profile.context());
  const page = profile.page();
  await begin(page, appUrl, 'Alice');
  const conversationId = shownConversationId(page);
  const url = page.url();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await executeAll(page, [{ type: 'CreateGroup', name: 'Other' }]);
  await page.getByText('Other', { exact: true }).first().waitFor();
  await switchTo(page, 'Other'); // a conversation that is open is drawn with every message
  const { totalMs } = await sendMany(page, { conversationId, count, atOnce: 100 });
  say(`  ${count} messages written in ${(totalMs / 1000).toFixed(0)} s`);
  // What waits is appended, and what is lazily moved to its segment is moved.
  await page.waitForTimeout(10_000 + count / 2);
  return { profile, url };
};

const scroll = async (page: Page): Promise<void> => {
  await page.getByRole('log').hover();
  for (let i = 0; i < scrollSteps; i++) {
    await page.mouse.wheel(0, -1500);
    await page.waitForTimeout(50);
  }
};

/** Of the window and of its worker; and what it held goes back to the system a moment later. */
const collectGarbage = async (page: Page): Promise<void> => {
  const collect = (): void => {
    globalThis.gc?.();
  };
  await page.evaluate(collect);
  for (const worker of page.workers()) await worker.evaluate(collect);
  await page.waitForTimeout(3000);
};

const measure = async ({ profile, url }: Person): Promise<Round> => {
  const { paintedMs: coldMs } = await startOnce(profile, url, few);
  const page = profile.page();
  await switchTo(page, 'Other');
  await page.waitForTimeout(restMs);
  const warmMs = await switchTo(page, 'Notes to self');
  await watchStrain(page);
  await scroll(page);
  const { longestFrameMs, longestTaskMs } = await strainOf(page);
  const kilobytes = (await tabBytes(profile.context())) / 1000;
  await collectGarbage(page);
  const keptKilobytes = (await tabBytes(profile.context())) / 1000;
  return { coldMs, warmMs, longestFrameMs, longestTaskMs, kilobytes, keptKilobytes };
};

const rowsOf = (count: number, big: ReadonlyArray<Round>, small: ReadonlyArray<Round>): Row[] => {
  const row = (
    id: string,
    [measures, unit, aim]: readonly [string, Row['unit'], string],
    of: (round: Round) => number,
  ): Row => ({
    id: `BIG${id}`,
    measures: `${measures}, ${count} messages`,
    unit,
    rounds: big.map(of),
    against: { name: `the same with ${few}`, rounds: small.map(of) },
    aim,
  });
  return [
    row('a', ['start to painted', 'ms', '< 1 s'], ({ coldMs }) => coldMs),
    row('b', ['click in the list to painted', 'ms', '< 150 ms'], ({ warmMs }) => warmMs),
    row('c', ['longest time between frames, scrolling', 'ms', '≤ 1.2×'], (r) => r.longestFrameMs),
    row('d', ['longest task (0: none over 50)', 'ms', '≤ 1.2×'], (r) => r.longestTaskMs),
    row('e', ['memory of the tab', 'kB', '< 250 MB'], ({ kilobytes }) => kilobytes),
    row('f', ['the same without garbage', 'kB', '< 250 MB'], (r) => r.keptKilobytes),
  ];
};

export const bigBench: Bench = {
  id: 'BIG',
  title: 'one conversation with a hundred thousand messages',
  isSmoke: false,
  run: ({ isSmoke, say }) =>
    withApp(async (app) => {
      const count = isSmoke ? 10_000 : 100_000;
      const people: Person[] = [];
      try {
        const big = await seed(app.url, count, say);
        people.push(big);
        const small = await seed(app.url, few, say);
        people.push(small);
        const rounds = { big: [] as Round[], small: [] as Round[] };
        for (let i = 0; i < (isSmoke ? 2 : 3); i++) {
          rounds.big.push(await measure(big));
          rounds.small.push(await measure(small));
        }
        return rowsOf(count, rounds.big, rounds.small);
      } finally {
        for (const { profile } of people) await profile.dispose();
      }
    }),
};
