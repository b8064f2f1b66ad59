/**
 * P8: how much JavaScript a person waits for. Measured twice: on a cold load, as the bytes that came
 * over the network until the conversation list was on the screen and in the seconds after; and over
 * the files of the build. Against: the packages alone (support/dependency-floor.ts), because only
 * what lies above that floor is ours to save.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { begin, expect } from '../support/people.ts';
import type { Bench, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { withChromium } from './support/chromium.ts';
import { measureFloor, type Floor } from './support/dependency-floor.ts';

const lateMs = 30_000;

interface Loaded {
  readonly name: string;
  readonly bytes: number;
  readonly askedMs: number;
  readonly arrivedMs: number;
}

interface ColdLoad {
  readonly listMs: number;
  readonly scripts: ReadonlyArray<Loaded>;
}

declare global {
  var benchListMs: number | undefined;
}

/** Runs in the page before anything else. */
const noteWhenListed = (): void => {
  const observer = new MutationObserver(() => {
    const list = document.querySelector('nav[aria-label="Conversations"] a');
    if (list === null) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      globalThis.benchListMs = performance.now();
    });
  });
  observer.observe(document, { childList: true, subtree: true });
};

const readLoad = (): ColdLoad => ({
  listMs: globalThis.benchListMs ?? Infinity,
  scripts: performance
    .getEntriesByType('resource')
    .filter((entry) => entry instanceof PerformanceResourceTiming)
    .filter(({ name }) => name.endsWith('.js'))
    .map((entry) => ({
      name: entry.name.slice(entry.name.lastIndexOf('/') + 1),
      bytes: entry.encodedBodySize,
      askedMs: entry.startTime,
      arrivedMs: entry.responseEnd,
    })),
});

/** Somebody who has been here before comes back, and nothing is in any cache. */
const loadCold = async (page: Page, url: string): Promise<ColdLoad> => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.clearBrowserCache');
  await cdp.send('Network.setBypassServiceWorker', { bypass: true });
  await page.addInitScript(noteWhenListed);
  await page.goto(url);
  await expect(page.getByRole('navigation', { name: 'Conversations' })).toBeVisible();
  // What is loaded later by itself: the network, then what the first click would need.
  await page.waitForFunction(
    () => {
      const names = performance.getEntriesByType('resource').map(({ name }) => name);
      const has = (part: string): boolean => names.some((name) => name.includes(part));
      return globalThis.benchListMs !== undefined && has('libp2p.browser') && has('Dialogs');
    },
    undefined,
    { timeout: lateMs },
  );
  const load = await page.evaluate(readLoad);
  if (load.scripts.some(({ bytes }) => bytes === 0)) throw new Error('something came from a cache');
  return load;
};

const isWorker = ({ name }: { readonly name: string }): boolean => name.startsWith('core.worker');
const kilobytes = (loaded: ReadonlyArray<Loaded>): number =>
  loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;

const builtKilobytes = async (): Promise<number> => {
  const folder = 'dist/assets';
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const sizes = scripts.map(async (name) => gzipSync(await readFile(join(folder, name))).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) / 1000;
};

const rowsOf = ({ listMs, scripts }: ColdLoad, floor: Floor, built: number): Row[] => {
  const early = scripts.filter(({ arrivedMs }) => arrivedMs <= listMs);
  const row = (
    id: string,
    measures: string,
    { value, floorBytes, aim }: { value: number; floorBytes: number; aim?: string },
  ): Row => ({
    id,
    measures,
    unit: 'kB',
    rounds: [value],
    against: { name: 'its packages alone', rounds: [floorBytes / 1000] },
    ...(aim === undefined ? {} : { aim }),
  });
  const { windowFirstBytes, windowAllBytes, workerFirstBytes, workerAllBytes } = floor;
  return [
    row('P8a', 'JavaScript (gzip) until the list shows: window', {
      value: kilobytes(early.filter((script) => !isWorker(script))),
      floorBytes: windowFirstBytes,
    }),
    row('P8b', 'the same: worker', {
      value: kilobytes(early.filter(isWorker)),
      floorBytes: workerFirstBytes,
    }),
    row('P8c', 'the same: both', {
      value: kilobytes(early),
      floorBytes: windowFirstBytes + workerFirstBytes,
      aim: '≤ 130 kB',
    }),
    row('P8d', 'JavaScript (gzip) that a session loads, in all', {
      value: kilobytes(scripts),
      floorBytes: windowAllBytes + workerAllBytes,
      aim: '≤ 1.25× its packages',
    }),
    row('P8e', 'JavaScript (gzip) of the build', {
      value: built,
      floorBytes: windowAllBytes + workerAllBytes,
    }),
  ];
};

export const bytesBench: Bench = {
  id: 'P8',
  title: 'bytes of JavaScript until the conversation list shows, and in all',
  isSmoke: true,
  run: async ({ say }) => {
    const load = await withApp((app) =>
      withChromium(async (browser) => {
        const context = await browser.newContext();
        const first = await context.newPage();
        await begin(first, app.url, 'Alice');
        await first.close();
        return loadCold(await context.newPage(), app.url);
      }),
    );
    say(`  the list was painted ${load.listMs.toFixed(0)} ms after the start of the load`);
    for (const { name, bytes, askedMs, arrivedMs } of load.scripts) {
      const when = `asked for at ${askedMs.toFixed(0)} ms, there at ${arrivedMs.toFixed(0)} ms`;
      say(`  ${(bytes / 1000).toFixed(1).padStart(6)} kB ${name}, ${when}`);
    }
    return rowsOf(load, await measureFloor(), await builtKilobytes());
  },
};
