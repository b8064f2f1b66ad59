/**
 * P10: ten thousand messages into durable storage in Chromium, on a profile with a disk behind it.
 * First the storage port alone, one record in each commit, a hundred waiting at a time; then the whole
 * built app: compose, seal, sign, store, until "kept". Against: bare IndexedDB, strict transactions of
 * a hundred records of the same size.
 */
import { openProfile } from '../support/profile.ts';
import type { BenchPage, Written } from '../support/bench-page/page.ts';
import { begin } from '../support/people.ts';
import type { Bench, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { sendMany, shownConversationId, tapCore, type Sent } from './support/core-tap.ts';
import { withServedPage } from './support/served-page.ts';
import { quantile } from './support/statistics.ts';

declare const benchPage: BenchPage;

const atOnce = 100; // limits.commitWritesMax: what shares one transaction

interface Measured {
  readonly bare: Written[];
  readonly port: Written[];
  readonly sent: Sent[];
}

const measure = async (
  { appUrl, pageUrl }: { readonly appUrl: string; readonly pageUrl: string },
  { rounds, count }: { readonly rounds: number; readonly count: number },
): Promise<Measured> => {
  const profile = await openProfile();
  try {
    await tapCore(profile.context());
    const app = profile.page();
    await begin(app, appUrl, 'Alice');
    const conversationId = shownConversationId(app);
    const page = await profile.context().newPage();
    await page.goto(pageUrl);
    const measured: Measured = { bare: [], port: [], sent: [] };
    const options = { count, atOnce };
    for (let i = 0; i < rounds; i++) {
      measured.bare.push(await page.evaluate((own) => benchPage.writeBare(own), options));
      measured.port.push(await page.evaluate((own) => benchPage.writeThroughPort(own), options));
      measured.sent.push(await sendMany(app, { ...options, conversationId }));
    }
    return measured;
  } finally {
    await profile.dispose();
  }
};

const rowsOf = ({ bare, port, sent }: Measured, count: number): ReadonlyArray<Row> => {
  const p99 = (ackMs: ReadonlyArray<number>): number => quantile(ackMs, 0.99);
  const rates = { name: 'bare IndexedDB', rounds: bare.map(({ perSecond }) => perSecond) };
  const acks = { name: 'bare IndexedDB', rounds: bare.map(({ ackMs }) => p99(ackMs)) };
  return [
    {
      id: 'P10a',
      measures: 'records a second through the storage port, strict',
      unit: 'per s',
      rounds: port.map(({ perSecond }) => perSecond),
      against: rates,
      aim: '≥ 0.7×',
    },
    {
      id: 'P10b',
      measures: 'the same: p99 of "durable"',
      unit: 'ms',
      rounds: port.map(({ ackMs }) => p99(ackMs)),
      against: acks,
      aim: '≤ 100 ms',
    },
    {
      id: 'P10c',
      measures: 'messages a second through the built app, until kept',
      unit: 'per s',
      rounds: sent.map(({ totalMs }) => (1000 * count) / totalMs),
      against: rates,
    },
    {
      id: 'P10d',
      measures: 'the same: p99 of "kept", 100 at once',
      unit: 'ms',
      rounds: sent.map(({ ackMs }) => p99(ackMs)),
      against: acks,
    },
  ];
};

export const durableBench: Bench = {
  id: 'P10',
  title: 'ten thousand messages to durable storage',
  isSmoke: true,
  run: ({ isSmoke }) =>
    withApp((app) =>
      withServedPage('tests/support/bench-page', async (pageUrl) => {
        const [rounds, count] = isSmoke ? [3, 300] : [5, 2000]; // five times two thousand
        const measured = await measure({ appUrl: app.url, pageUrl }, { rounds, count });
        return rowsOf(measured, count);
      }),
    ),
};
