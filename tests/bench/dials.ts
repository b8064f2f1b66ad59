/**
 * DIAL: of 25 dials between strangers, how many get a direct path, and how soon. Each is a fresh page
 * that meets another over a relay through the real adapter; the time runs from "I want this peer" to
 * a direct link at both ends. Against: a bare RTCPeerConnection between two fresh pages, signalled
 * for free, in turn with ours.
 */
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import type { TestPage } from '../support/network-page/page.ts';
import { startRelayProcess } from '../support/relay-process.ts';
import type { Bench, Row } from './bench.ts';
import { connectDirectly } from './support/bare-pages.ts';
import { openNetworkPage } from './support/bulk.ts';
import { withChromium } from './support/chromium.ts';
import { withServedPage } from './support/served-page.ts';

declare const testPage: TestPage;

const giveUpMs = 30_000;

interface Dialler {
  readonly page: Page;
  readonly peerId: string;
  close(): Promise<void>;
}

/** Ready to dial: it has a peer id and a reservation at the relay. */
const openDialler = async (browser: Browser, url: string, relay: string): Promise<Dialler> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const peerId = await openNetworkPage(page, url, relay);
  return { page, peerId, close: () => context.close() };
};

/** True when there is a direct link in time. */
const reach = (from: Dialler, to: Dialler, relay: string): Promise<boolean> =>
  from.page.evaluate(
    async ({ peerId, relays, withinMs }) => {
      const { network, recorder } = testPage;
      network.setWanted([{ peerId, relays }]);
      const isDirect = recorder.until(() => recorder.openLink(peerId)?.path === 'direct');
      const isLate = new Promise<boolean>((resolve) => {
        setTimeout(() => {
          resolve(false);
        }, withinMs);
      });
      return Promise.race([isDirect.then(() => true), isLate]);
    },
    { peerId: to.peerId, relays: [relay], withinMs: giveUpMs },
  );

/** Milliseconds, or undefined where no direct path came about. */
const dialOnce = async (
  browser: Browser,
  { url, relay }: { readonly url: string; readonly relay: string },
): Promise<number | undefined> => {
  const alice = await openDialler(browser, url, relay);
  const bob = await openDialler(browser, url, relay);
  const startedMs = performance.now();
  const reached = await Promise.all([reach(alice, bob, relay), reach(bob, alice, relay)]);
  const tookMs = performance.now() - startedMs;
  await alice.close();
  await bob.close();
  return reached.every(Boolean) ? tookMs : undefined;
};

const dialBare = async (browser: Browser): Promise<number> => {
  const [one, other] = [await browser.newContext(), await browser.newContext()];
  const [from, to] = [await one.newPage(), await other.newPage()];
  const startedMs = performance.now();
  await connectDirectly(from, to);
  const tookMs = performance.now() - startedMs;
  await one.close();
  await other.close();
  return tookMs;
};

const rowsOf = (
  dials: ReadonlyArray<number | undefined>,
  bare: ReadonlyArray<number>,
): ReadonlyArray<Row> => {
  const pairs = dials.flatMap((tookMs, i) => {
    const bareMs = bare[i];
    return tookMs === undefined || bareMs === undefined ? [] : [{ tookMs, bareMs }];
  });
  const share: Row = {
    id: 'DIALa',
    measures: `share of ${dials.length} WebRTC dials that succeed`,
    unit: '%',
    rounds: [(100 * pairs.length) / dials.length],
    aim: '100 %',
  };
  if (pairs.length === 0) return [share];
  return [
    share,
    {
      id: 'DIALb',
      measures: 'wanted to direct at both ends',
      unit: 'ms',
      rounds: pairs.map(({ tookMs }) => tookMs),
      against: {
        name: 'bare RTCPeerConnection, free signalling',
        rounds: pairs.map(({ bareMs }) => bareMs),
      },
    },
  ];
};

export const dialBench: Bench = {
  id: 'DIAL',
  title: 'WebRTC dials that succeed, and how soon',
  isSmoke: true,
  run: async ({ isSmoke }) => {
    const folder = await makeTempDir('dials');
    const relay = await startRelayProcess({ dataDir: join(folder, 'relay') });
    try {
      return await withServedPage('tests/support/network-page', (url) =>
        withChromium(async (browser) => {
          const dials: Array<number | undefined> = [];
          const bare: number[] = [];
          for (let i = 0; i < (isSmoke ? 8 : 25); i++) {
            dials.push(await dialOnce(browser, { url, relay: relay.address }));
            bare.push(await dialBare(browser));
          }
          return rowsOf(dials, bare);
        }),
      );
    } finally {
      await relay.stop();
      await removeDir(folder);
    }
  },
};
