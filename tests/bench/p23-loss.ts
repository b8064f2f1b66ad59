/**
 * P23: from Enter in one browser to the text on the screen of another, in another network, over a link
 * of 50 ms each way that loses 1 % and then 5 % of the packets. Against: an empty page that sends the
 * same text over a bare data channel through the same link, in turn with ours. A lost packet costs a
 * lone message of a data channel its retransmission timeout.
 */
import { namespaceObstacle, openNetworks, portsOf } from '../support/namespaces.ts';
import type { Bench, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { openDirectPages } from './support/bare-pages.ts';
import { withChromium } from './support/chromium.ts';
import { quantile } from './support/statistics.ts';
import { openPair, talk, type Talked } from './support/talk.ts';

const delayMs = 50;
const losses = [
  { percent: 1, aim: '≤ 0.5× bare' },
  { percent: 5, aim: undefined },
] as const;

interface Lossy {
  readonly percent: number;
  readonly talked: Talked;
  readonly aim: string | undefined;
}

const rowsOf = ({ percent, talked, aim }: Lossy): ReadonlyArray<Row> =>
  [0.5, 0.95, 0.99].map((q, part) => {
    const name = `p${q * 100}`;
    const all = (rounds: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> => [
      quantile(rounds.flat(), q),
    ];
    return {
      id: `P23${'abc'[part] ?? ''}${percent}`,
      measures: `Enter to painted, ${percent} % loss, 100 ms round trip, ${name} of all rounds`,
      unit: 'ms',
      rounds: all(talked.ours),
      against: { name: 'bare page over a data channel', rounds: all(talked.barePainted) },
      ...(aim === undefined || q !== 0.95 ? {} : { aim }),
    };
  });

/** Both pairs are connected before anything is lost. */
const measure = (isSmoke: boolean): Promise<ReadonlyArray<Row>> =>
  withApp(async (app) => {
    const networks = await openNetworks(await portsOf(app.url));
    const [alices, bobs] = networks.chromiums;
    try {
      await networks.set({ delayMs, loss: 0 });
      return await withChromium(
        (here) =>
          withChromium(async (there) => {
            const bare = await openDirectPages(here, there);
            const pair = await openPair(here, app.url, { isRelayed: false, other: there });
            const rows: Row[] = [];
            for (const { percent, aim } of losses) {
              await networks.set({ delayMs, loss: percent / 100 });
              const messagesPerRound = isSmoke ? 10 : 30;
              const label = `at ${percent} %`;
              const talked = await talk({ pair, bare, rounds: 5, messagesPerRound, label });
              rows.push(...rowsOf({ percent, talked, aim }));
            }
            return rows;
          }, bobs),
        alices,
      );
    } finally {
      await networks.dispose();
    }
  });

export const lossBench: Bench = {
  id: 'P23',
  title: 'a message over a link that loses 1 % and 5 % of the packets',
  isSmoke: false,
  run: async ({ isSmoke, say }) => {
    const obstacle = namespaceObstacle();
    if (obstacle === undefined) return measure(isSmoke);
    say(`  not measured: ${obstacle}`);
    return [];
  },
};
