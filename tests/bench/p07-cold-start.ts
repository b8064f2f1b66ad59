/**
 * P7: from the start of the navigation to a typed character that stays, and to the first conversation
 * painted, with nothing and with ten thousand messages stored. Each start is a new browser on the same
 * profile, served by the service worker. Against: a page that reads the last 50 of as many records of
 * the same size from bare IndexedDB and shows them.
 */
import type { BenchPage } from '../support/bench-page/page.ts';
import { begin } from '../support/people.ts';
import { openProfile, type Profile } from '../support/profile.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { sendMany, shownConversationId, tapCore } from './support/core-tap.ts';
import { startOnce, type Started } from './support/start.ts';
import { withServedPage } from './support/served-page.ts';

declare const benchPage: BenchPage;

declare global {
  var benchShownMs: Promise<number> | undefined;
}

const startBare = async (profile: Profile, pageUrl: string): Promise<number> => {
  await profile.close();
  const page = await profile.open();
  await page.goto(`${pageUrl}#history`);
  return page.evaluate(async () => (await globalThis.benchShownMs) ?? NaN);
};

interface Course {
  readonly appUrl: string;
  readonly pageUrl: string;
  readonly stored: number;
  readonly rounds: number;
}

/** A person with so many messages to themselves, started and measured again and again. */
const measure = async (
  { appUrl, pageUrl, stored, rounds }: Course,
  say: BenchOptions['say'],
): Promise<{ readonly ours: Started[]; readonly bare: number[] }> => {
  const profile = await openProfile();
  try {
    await tapCore(profile.context());
    const page = profile.page();
    await begin(page, appUrl, 'Alice');
    const conversationId = shownConversationId(page);
    const url = page.url();
    // The next starts come from the service worker, as they do for people.
    await page.evaluate(() => navigator.serviceWorker.ready);
    if (stored > 0) {
      const { totalMs } = await sendMany(page, { conversationId, count: stored, atOnce: 100 });
      say(`  ${stored} messages written in ${(totalMs / 1000).toFixed(0)} s`);
      await page.waitForTimeout(5000); // what is lazily moved to its segment is moved
    }
    const other = await profile.context().newPage();
    await other.goto(pageUrl);
    await other.evaluate((count) => benchPage.fillHistory(count), stored);
    const ours: Started[] = [];
    const bare: number[] = [];
    for (let i = 0; i < rounds; i++) {
      ours.push(await startOnce(profile, url, stored));
      bare.push(await startBare(profile, pageUrl));
    }
    return { ours, bare };
  } finally {
    await profile.dispose();
  }
};

export const coldStartBench: Bench = {
  id: 'P7',
  title: 'cold start to a typed character and to the first conversation painted',
  isSmoke: true,
  run: ({ isSmoke, say }) =>
    withApp((app) =>
      withServedPage('tests/support/bench-page', async (pageUrl) => {
        const rows: Row[] = [];
        for (const stored of isSmoke ? [0, 1000] : [0, 10_000]) {
          const course = { appUrl: app.url, pageUrl, stored, rounds: isSmoke ? 3 : 5 };
          const { ours, bare } = await measure(course, say);
          const against = { name: `last 50 of ${stored}, bare IndexedDB`, rounds: bare };
          const suffix = stored === 0 ? '0' : 'N';
          const shared = { unit: 'ms', against, aim: '< 1 s' } as const;
          rows.push(
            {
              ...shared,
              id: `P7a${suffix}`,
              measures: `start to a typed character, ${stored} stored`,
              rounds: ours.map(({ typedMs }) => typedMs),
            },
            {
              ...shared,
              id: `P7b${suffix}`,
              measures: `start to the conversation painted, ${stored} stored`,
              rounds: ours.map(({ paintedMs }) => paintedMs),
            },
          );
        }
        return rows;
      }),
    ),
};
