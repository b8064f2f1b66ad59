/**
 * P15: operations of cryptography in a second, in Chromium and in Node, through our own functions with
 * all their checks. Against: the primitive alone, from the platform (WebCrypto), tweetnacl and noble.
 * What our checks and our envelope cost is the ratio.
 */
import { webcrypto } from 'node:crypto';
import { createNodeBackend } from '../../src/crypto/node-crypto.node.ts';
import type { BenchPage } from '../support/bench-page/page.ts';
import type { Bench, Row } from './bench.ts';
import { withChromium } from './support/chromium.ts';
import { createContests, playRound, type Contest, type Score } from './support/crypto-work.ts';
import { withServedPage } from './support/served-page.ts';

declare const benchPage: BenchPage;

type Names = Pick<Contest, 'measures' | 'against' | 'aim'>;

const rowsOf = (
  where: string,
  names: ReadonlyArray<Names>,
  rounds: ReadonlyArray<ReadonlyArray<Score>>,
): ReadonlyArray<Row> =>
  names.map(({ measures, against, aim }, at) => {
    const scores = rounds.flatMap((round) => round[at] ?? []);
    return {
      id: `P15${where === 'Chromium' ? 'c' : 'n'}${at + 1}`,
      measures: `${where}: ${measures}`,
      unit: 'per s' as const,
      rounds: scores.map(({ ours }) => ours),
      against: { name: against, rounds: scores.map(({ theirs }) => theirs) },
      ...(aim === undefined ? {} : { aim }),
    };
  });

export const cryptoBench: Bench = {
  id: 'P15',
  title: 'sign, verify, seal and open',
  isSmoke: true,
  run: async ({ isSmoke }) => {
    const roundCount = isSmoke ? 3 : 5;
    const forMs = isSmoke ? 150 : 400;
    // The types of Node's WebCrypto and of a page's are two names for one thing.
    const subtle = webcrypto.subtle as unknown as SubtleCrypto;
    const inNode = await createContests(createNodeBackend(), subtle);
    const nodeRounds: Array<ReadonlyArray<Score>> = [];
    for (let i = 0; i < roundCount; i++) nodeRounds.push(await playRound(inNode, forMs));

    return withServedPage('tests/support/bench-page', (url) =>
      withChromium(async (browser) => {
        const page = await browser.newPage();
        await page.goto(url);
        const names = await page.evaluate(() => benchPage.cryptoNames());
        const pageRounds: Array<ReadonlyArray<Score>> = [];
        for (let i = 0; i < roundCount; i++) {
          pageRounds.push(await page.evaluate((ms) => benchPage.cryptoRound(ms), forMs));
        }
        return [...rowsOf('Chromium', names, pageRounds), ...rowsOf('Node', inNode, nodeRounds)];
      }),
    );
  },
};
