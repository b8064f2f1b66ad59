/**
 * SEALFILE: megabytes of a file sealed, opened and named in a second, chunk by chunk, in Chromium and
 * in Node, by the cipher of the app. Against: tweetnacl's secretbox and hash, and the portable code
 * (noble), on the same bytes in the same rounds. Why chunks are not sealed like messages is the ratio.
 */
import { webcrypto } from 'node:crypto';
import { createSubtleCipher } from '../../src/crypto/chunk-cipher.ts';
import type { BenchPage } from '../support/bench-page/page.ts';
import type { Bench, Row } from './bench.ts';
import { withChromium } from './support/chromium.ts';
import { createChunkContests, playChunks, type ChunkScore } from './support/chunk-work.ts';
import { withServedPage } from './support/served-page.ts';

declare const benchPage: BenchPage;

const peers = [
  ['tweetnacl', 'tweetnacl'],
  ['noble', 'noble, the fallback'],
] as const;

const rowsOf = (
  where: 'Chromium' | 'Node',
  names: ReadonlyArray<string>,
  rounds: ReadonlyArray<ReadonlyArray<ChunkScore>>,
): ReadonlyArray<Row> =>
  names.flatMap((name, at) => {
    const scores = rounds.flatMap((round) => round[at] ?? []);
    return peers.map(([peer, title], i): Row => ({
      id: `SEALFILE${where === 'Chromium' ? 'c' : 'n'}${peers.length * at + i + 1}`,
      measures: `${where}: ${name}, chunks of 64 KiB`,
      unit: 'MB/s',
      rounds: scores.map(({ platform }) => platform),
      against: { name: title, rounds: scores.map((score) => score[peer]) },
    }));
  });

export const sealFileBench: Bench = {
  id: 'SEALFILE',
  title: 'the chunks of a file sealed, opened and named',
  isSmoke: true,
  run: async ({ isSmoke }) => {
    const [roundCount, forMs] = isSmoke ? [2, 150] : [5, 500];
    const inNode = await createChunkContests(createSubtleCipher(webcrypto.subtle));
    const names = inNode.map(({ measures }) => measures);
    const nodeRounds: Array<ReadonlyArray<ChunkScore>> = [];
    for (let i = 0; i < roundCount; i++) nodeRounds.push(await playChunks(inNode, forMs));

    return withServedPage('tests/support/bench-page', (url) =>
      withChromium(async (browser) => {
        const page = await browser.newPage();
        await page.goto(url);
        const pageRounds: Array<ReadonlyArray<ChunkScore>> = [];
        for (let i = 0; i < roundCount; i++) {
          pageRounds.push(await page.evaluate((ms) => benchPage.chunkRound(ms), forMs));
        }
        return [...rowsOf('Chromium', names, pageRounds), ...rowsOf('Node', names, nodeRounds)];
      }),
    );
  },
};
