/**
 * P2: the same as P1 for two browsers without WebRTC, so that every message goes through the relay,
 * sealed as always. Against: two empty pages at a WebSocket server that only hands on.
 */
import type { Bench } from './bench.ts';
import { withApp } from './support/app.ts';
import { openSocketPages } from './support/bare-pages.ts';
import { withChromium } from './support/chromium.ts';
import { startFanOut } from './support/fan-out.ts';
import { latencyRows, openPair, talk } from './support/talk.ts';

export const relayedBench: Bench = {
  id: 'P2',
  title: 'Enter in one browser to painted in the other, through the relay only',
  isSmoke: true,
  run: async ({ isSmoke }) => {
    const fanOut = await startFanOut();
    try {
      const talked = await withApp((app) =>
        withChromium(async (browser) => {
          const bare = await openSocketPages(browser, fanOut.url);
          const pair = await openPair(browser, app.url, { isRelayed: true });
          return talk({ pair, bare, rounds: 5, messagesPerRound: isSmoke ? 20 : 60 });
        }),
      );
      return latencyRows(talked, {
        id: 'P2',
        what: 'Enter to painted, relayed',
        floor: 'half a WebSocket round trip + 16.7 ms',
        bare: 'bare page over a WebSocket fan-out',
        aims: { p50: '≤ 2× the floor', p99: '≤ 100 ms' },
      });
    } finally {
      await fanOut.stop();
    }
  },
};
