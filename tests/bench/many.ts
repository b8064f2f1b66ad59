/**
 * MANY: five hundred conversations, as many as there may be. From a new browser until the list is
 * painted, and from a click on one of them until it is. Against: the same in turn with five.
 */
import { begin, composer } from '../support/people.ts';
import { openProfile, type Profile } from '../support/profile.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { executeAll, tapCore } from './support/core-tap.ts';
import { quantile } from './support/statistics.ts';
import { switchTo } from './support/switch.ts';

const few = 5;
/** Rows that a window of 800 pixels holds. */
const screenful = 12;
const switches = 20;

interface Person {
  readonly profile: Profile;
  readonly url: string;
  readonly count: number;
}

interface Round {
  readonly listMs: number;
  readonly wholeListMs: number;
  readonly switchMs: number;
}

const nameOf = (i: number): string => `Group ${String(i).padStart(3, '0')}`;

const idOf = (value: unknown): string => {
  const hasId = typeof value === 'object' && value !== null && 'conversationId' in value;
  if (!hasId || typeof value.conversationId !== 'string') throw new Error('no conversation');
  return value.conversationId;
};

const seed = async (appUrl: string, count: number, say: BenchOptions['say']): Promise<Person> => {
  const profile = await openProfile();
  await tapCore(profile.context());
  const page = profile.page();
  await begin(page, appUrl, 'Alice');
  const url = page.url();
  await page.evaluate(() => navigator.serviceWorker.ready);
  for (let i = 1; i < count; i++) {
    const [made] = await executeAll(page, [{ type: 'CreateGroup', name: nameOf(i) }]);
    const conversationId = idOf(made);
    await executeAll(page, [{ type: 'SendMessage', conversationId, text: `hello ${String(i)}` }]);
  }
  say(`  ${count} conversations made`);
  await page.waitForTimeout(10_000);
  return { profile, url, count };
};

/** In the page, before anything else: each painted when so many links are in the list. */
const noteList = (counts: ReadonlyArray<number>): void => {
  const untilPainted = (count: number): Promise<number> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (document.querySelectorAll('nav a').length < count) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            resolve(performance.now());
          };
          port2.postMessage(undefined);
        });
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { childList: true, subtree: true });
      look();
    });
  globalThis.benchLinksMs = Promise.all(counts.map(untilPainted));
};

declare global {
  var benchLinksMs: Promise<ReadonlyArray<number>>;
}

const measure = async ({ profile, url, count }: Person): Promise<Round> => {
  await profile.close();
  const page = await profile.open();
  await page.addInitScript(noteList, [Math.min(count, screenful), count]);
  await page.goto(url);
  const [listMs = 0, wholeListMs = 0] = await page.evaluate(() => globalThis.benchLinksMs);
  await composer(page).waitFor();
  const switchesMs: number[] = [];
  for (let i = 0; i < switches; i++) {
    switchesMs.push(await switchTo(page, nameOf(1 + ((i * 37) % (count - 1)))));
    await page.waitForTimeout(200);
  }
  return { listMs, wholeListMs, switchMs: quantile(switchesMs, 0.95) };
};

export const manyBench: Bench = {
  id: 'MANY',
  title: 'five hundred conversations',
  isSmoke: false,
  run: ({ isSmoke, say }) =>
    withApp(async (app) => {
      const people: Person[] = [];
      try {
        const many = await seed(app.url, isSmoke ? 50 : 500, say);
        people.push(many);
        const small = await seed(app.url, few, say);
        people.push(small);
        const rounds = { many: [] as Round[], few: [] as Round[] };
        for (let i = 0; i < (isSmoke ? 2 : 3); i++) {
          rounds.many.push(await measure(many));
          rounds.few.push(await measure(small));
        }
        const row = (id: string, measures: string, of: (round: Round) => number): Row => ({
          id: `MANY${id}`,
          measures: `${measures}, ${many.count} conversations`,
          unit: 'ms',
          rounds: rounds.many.map(of),
          against: { name: `the same with ${few}`, rounds: rounds.few.map(of) },
          aim: id === 'b' ? '< 100 ms' : '< 1 s',
        });
        return [
          row('a', 'start to the list painted', ({ listMs }) => listMs),
          row('b', 'click in the list to painted, p95', ({ switchMs }) => switchMs),
          row('c', 'start to every row of it there', ({ wholeListMs }) => wholeListMs),
        ];
      } finally {
        for (const { profile } of people) await profile.dispose();
      }
    }),
};
