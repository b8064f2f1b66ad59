/**
 * The network where WebRTC is: two Chromium pages, and Chromium with Firefox. They meet over a relay,
 * get a direct path, and go on when the relay has gone.
 */
import { join } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import puppeteer, { type Page as Tab } from 'puppeteer-core';
import { build, preview, type PreviewServer } from 'vite';
import { defaultTiming } from '../../src/network/timing.ts';
import { webrtcPatch } from '../../src/network/webrtc-patch.vite.ts';
import { findFirefox, firefoxPrefs, makeTempDir, removeDir } from '../support/browsers.ts';
import type { TestPage } from '../support/network-page/page.ts';
import { startRelayProcess, type RelayProcess } from '../support/relay-process.ts';

declare const testPage: TestPage;

const framesSent = 50;

/** What this file needs of a page, Playwright's or Puppeteer's. */
interface Page {
  goto(url: string): Promise<unknown>;
  close(): Promise<void>;
  evaluate<Argument, T>(run: (argument: Argument) => Promise<T>, argument: Argument): Promise<T>;
}

const puppeteerPage = (tab: Tab): Page => ({
  goto: (to) => tab.goto(to),
  close: () => tab.close(),
  evaluate: async <Argument, T>(run: (argument: Argument) => Promise<T>, argument: Argument) =>
    // Its types follow handles into arguments; no handle is passed here.
    (await tab.evaluate(run as (argument: unknown) => Promise<unknown>, argument)) as T,
});

interface Peer {
  readonly peerId: string;
  want(other: Peer): Promise<void>;
  untilPath(path: 'direct' | 'relayed'): Promise<void>;
  untilRelay(state: 'up' | 'unreachable'): Promise<void>;
  setTopics(topics: ReadonlyArray<string>): Promise<void>;
  sendFrames(): Promise<void>;
  /** The first byte of each frame that came, once all have. */
  untilFrames(): Promise<number[]>;
  publishUntilHeard(other: Peer): Promise<void>;
  gossipedCount(): Promise<number>;
  /** Closes the page. */
  leave(): Promise<void>;
  /** The path of each link there has been. */
  links(): Promise<string[]>;
}

let folder = '';
let server: PreviewServer;
let url = '';
let relay: RelayProcess;

test.beforeAll(async () => {
  folder = await makeTempDir('network');
  const outDir = join(folder, 'page');
  const shared = {
    configFile: false,
    root: 'tests/support/network-page',
    logLevel: 'error',
  } as const;
  await build({ ...shared, plugins: [webrtcPatch()], build: { outDir, target: 'es2022' } });
  const listen = { host: '127.0.0.1', port: 0 };
  server = await preview({ ...shared, build: { outDir }, preview: listen });
  url = server.resolvedUrls?.local[0] ?? '';
});
test.afterAll(async () => {
  await server.close();
  await removeDir(folder);
});
test.beforeEach(async () => {
  relay = await startRelayProcess({ dataDir: join(folder, 'relay') });
});
test.afterEach(() => relay.stop());

const setupPeer = async (page: Page): Promise<Peer> => {
  const { address } = relay;
  await page.goto(url);
  const peerId = await page.evaluate(async (at) => {
    const { network, recorder } = testPage;
    const started = await recorder.until(() => recorder.of('Started')[0]);
    network.setRelays([at]);
    return started.peerId;
  }, address);
  const peer: Peer = {
    peerId,
    want: (other) =>
      page.evaluate(
        async (address) => {
          testPage.network.setWanted([address]);
        },
        { peerId: other.peerId, relays: [address] },
      ),
    untilPath: (path) =>
      page.evaluate(async (wanted) => {
        const { recorder } = testPage;
        await recorder.until(() => recorder.openLink()?.path === wanted);
      }, path),
    untilRelay: (state) =>
      page.evaluate(async (wanted) => {
        const { recorder } = testPage;
        await recorder.until(() => recorder.of('RelayChanged').at(-1)?.state === wanted);
      }, state),
    setTopics: (topics) =>
      page.evaluate(async (some) => {
        testPage.network.setTopics(some);
      }, topics),
    sendFrames: () =>
      page.evaluate(async (count) => {
        const { network, recorder } = testPage;
        const open = await recorder.until(() => recorder.openLink());
        for (let n = 0; n < count; n++) {
          await network.send(open.link, new Uint8Array(20_000).fill(n));
        }
      }, framesSent),
    untilFrames: () =>
      page.evaluate(async (count) => {
        const { recorder } = testPage;
        await recorder.until(() => recorder.of('FrameReceived').length === count);
        return recorder.of('FrameReceived').map(({ frame }) => frame[0] ?? -1);
      }, framesSent),
    publishUntilHeard: async (other) => {
      await expect(async () => {
        await page.evaluate(async (topic) => {
          testPage.network.publish(topic, crypto.getRandomValues(new Uint8Array(32)));
        }, 'topic');
        expect(await other.gossipedCount()).toBeGreaterThan(0);
      }).toPass();
    },
    gossipedCount: () => page.evaluate(async () => testPage.recorder.gossiped.length, undefined),
    leave: () => page.close(),
    links: () =>
      page.evaluate(async () => {
        const { recorder } = testPage;
        return recorder.of('LinkOpened').map(({ path }) => path);
      }, undefined),
  };
  await peer.untilRelay('up');
  return peer;
};

/** In a context of its own: another person, as far as the browser knows. */
const setupChromium = async (browser: Browser): Promise<Peer> => {
  const context = await browser.newContext();
  const page = await context.newPage();
  return setupPeer({
    goto: (to) => page.goto(to),
    close: () => context.close(),
    evaluate: (run, argument) => page.evaluate(run as never, argument),
  });
};

const connect = async (alice: Peer, bob: Peer): Promise<void> => {
  await Promise.all([alice.want(bob), bob.want(alice)]);
  await Promise.all([alice.untilPath('direct'), bob.untilPath('direct')]);
};

const allFrames = Array.from({ length: framesSent }, (_, n) => n);

test('[NB1] two pages get a direct path and need the relay no longer; it is found again', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const [alice, bob] = [await setupChromium(browser), await setupChromium(browser)];
  await connect(alice, bob);
  expect(await alice.links()).toEqual(['relayed', 'direct']);
  for (const peer of [alice, bob]) await peer.setTopics(['topic']);

  await relay.stop();
  await Promise.all([alice.untilRelay('unreachable'), bob.untilRelay('unreachable')]);
  await alice.sendFrames();
  expect(await bob.untilFrames()).toEqual(allFrames);
  await bob.sendFrames();
  expect(await alice.untilFrames()).toEqual(allFrames);
  await alice.publishUntilHeard(bob);
  await bob.publishUntilHeard(alice);

  relay = await startRelayProcess({ dataDir: join(folder, 'relay'), port: relay.port });
  await Promise.all([alice.untilRelay('up'), bob.untilRelay('up')]);
  expect(await alice.links()).toEqual(['relayed', 'direct']); // the link never noticed
});

test('[NB2] dialling directly works each time', async ({ browser }) => {
  test.setTimeout(300_000);
  const alice = await setupChromium(browser);
  for (let round = 0; round < 8; round++) {
    const bob = await setupChromium(browser);
    const startedMs = performance.now();
    await connect(alice, bob);
    // At the first try: one that hangs is given up only after so long.
    expect(performance.now() - startedMs).toBeLessThan(defaultTiming.directTryMs);
    await bob.leave();
  }
});

test('[NB3] Chromium and Firefox get a direct path', async ({ browser }) => {
  const executablePath = findFirefox();
  test.skip(executablePath === undefined, 'no Firefox on this machine');
  test.setTimeout(180_000);
  const firefox = await puppeteer.launch({
    browser: 'firefox',
    executablePath: executablePath ?? '',
    extraPrefsFirefox: firefoxPrefs,
  });
  try {
    const bob = await setupPeer(puppeteerPage(await firefox.newPage()));
    const alice = await setupChromium(browser);
    await connect(alice, bob);
    await alice.sendFrames();
    expect(await bob.untilFrames()).toEqual(allFrames);
    await bob.sendFrames();
    expect(await alice.untilFrames()).toEqual(allFrames);
  } finally {
    await firefox.close();
  }
});
