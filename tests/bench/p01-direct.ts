/**
 * P1: from Enter in one browser to the text on the screen of the other, over WebRTC. Against: half the
 * round trip of a bare data channel between two pages of the same browser and one frame, the least a
 * screen allows; and against an empty page that sends the same text over such a channel and shows it.
 */
import type { Bench } from './bench.ts';
import { withApp } from './support/app.ts';
import { openDirectPages } from './support/bare-pages.ts';
import { withChromium } from './support/chromium.ts';
import { latencyRows, openPair, talk } from './support/talk.ts';

export const directBench: Bench = {
  id: 'P1',
  title: 'Enter in one browser to painted in the other, over WebRTC',
  isSmoke: true,
  run: async ({ isSmoke }) => {
    const talked = await withApp((app) =>
      withChromium(async (browser) => {
        const bare = await openDirectPages(browser);
        const pair = await openPair(browser, app.url, { isRelayed: false });
        return talk({ pair, bare, rounds: 5, messagesPerRound: isSmoke ? 20 : 60 });
      }),
    );
    return latencyRows(talked, {
      id: 'P1',
      what: 'Enter to painted, direct',
      floor: 'half a data channel round trip + 16.7 ms',
      bare: 'bare page over a data channel',
      aims: { p50: '≤ 2× the floor', p99: '≤ 100 ms' },
    });
  },
};
