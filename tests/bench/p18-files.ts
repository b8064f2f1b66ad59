/**
 * P18: a file from one browser to another over WebRTC: megabytes a second from "Fetch" to whole and
 * stored, and what the two tabs hold in memory meanwhile. Against: the same bytes over a bare data
 * channel, and over one libp2p stream, in turn with it and kept by nobody.
 */
import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { limits } from '../../src/protocol/limits.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { befriend, composer, reachMs, untilDirect } from '../support/people.ts';
import { openProfile, type Profile } from '../support/profile.ts';
import { startRelayProcess } from '../support/relay-process.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { connectDirectly } from './support/bare-pages.ts';
import { openNetworkPage, overChannel, overStream, untilDirectLink } from './support/bulk.ts';
import { withChromium } from './support/chromium.ts';
import { tabBytes } from './support/memory.ts';
import { withServedPage } from './support/served-page.ts';

const mb = 1_000_000;
const lookMs = 250;
const withinMs = 1_800_000;

interface Fetched {
  readonly megabytesPerSecond: number;
  /** The most that each held above what it held before. */
  readonly sentKilobytes: number;
  readonly fetchedKilobytes: number;
}

interface MemoryWatch {
  /** The most that it held above what it held at first. */
  readonly stop: () => Promise<number>;
}

const watchMemory = async (profile: Profile): Promise<MemoryWatch> => {
  const before = await tabBytes(profile.context());
  const course = { peak: before, isOver: false };
  const watching = (async () => {
    while (!course.isOver) {
      course.peak = Math.max(course.peak, await tabBytes(profile.context()));
      await delay(lookMs);
    }
  })();
  return {
    stop: async () => {
      course.isOver = true;
      await watching;
      return (course.peak - before) / 1000;
    },
  };
};

const fetchFile = async (
  [alice, bob]: readonly [Profile, Profile],
  file: { readonly name: string; readonly byteCount: number },
): Promise<Fetched> => {
  const [sent, fetched] = [await watchMemory(alice), await watchMemory(bob)];
  try {
    await sendFile(alice.page(), file);
    const press = bob.page().getByRole('button', { name: `Fetch ${file.name}` });
    await press.waitFor({ timeout: reachMs });
    const startedMs = performance.now();
    await press.click();
    const whole = bob.page().getByRole('button', { name: `Save ${file.name}` });
    await whole.waitFor({ timeout: withinMs });
    const tookMs = performance.now() - startedMs;
    return {
      megabytesPerSecond: file.byteCount / 1000 / tookMs,
      sentKilobytes: await sent.stop(),
      fetchedKilobytes: await fetched.stop(),
    };
  } finally {
    await Promise.allSettled([sent.stop(), fetched.stop()]); // what went wrong is told, not this
  }
};

/** From a disk, as a person chooses one. */
const sendFile = async (
  page: Page,
  { name, byteCount }: { readonly name: string; readonly byteCount: number },
): Promise<void> => {
  const folder = await makeTempDir('bench-file');
  const path = join(folder, name);
  const block = randomBytes(mb);
  try {
    for (let at = 0; at < byteCount; at += mb) await appendFile(path, block);
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Attach' }).click();
    await page.getByRole('menuitem', { name: 'File', exact: true }).click();
    await (await chooser).setFiles(path);
    await page.getByRole('list', { name: 'Chosen files' }).waitFor();
    await composer(page).press('Enter');
    const sealed = page.getByRole('button', { name: `Save ${name}` });
    await sealed.waitFor({ timeout: withinMs });
  } finally {
    await removeDir(folder);
  }
};

interface Bare {
  readonly channel: (byteCount: number) => Promise<number>;
  readonly stream: (byteCount: number) => Promise<number>;
}

const openBare = async (browser: Browser, url: string, relay: string): Promise<Bare> => {
  const open = async (): Promise<Page> => (await browser.newContext()).newPage();
  const [from, to, alice, bob] = [await open(), await open(), await open(), await open()];
  await connectDirectly(from, to);
  const peerIds = [
    await openNetworkPage(alice, url, relay),
    await openNetworkPage(bob, url, relay),
  ];
  await Promise.all([
    untilDirectLink(alice, peerIds[1] ?? '', relay),
    untilDirectLink(bob, peerIds[0] ?? '', relay),
  ]);
  return {
    channel: (byteCount) => overChannel(from, to, byteCount),
    stream: (byteCount) => overStream(alice, bob, byteCount),
  };
};

interface Round {
  readonly ours: Fetched;
  readonly channel: number;
  readonly stream: number;
}

const roundsOf = async (
  people: readonly [Profile, Profile],
  bare: Bare,
  { isSmoke, say }: BenchOptions,
): Promise<ReadonlyArray<Round>> => {
  const byteCount = (isSmoke ? 16 : 100) * mb;
  const rounds: Round[] = [];
  for (let i = 0; i < (isSmoke ? 2 : 3); i++) {
    const ours = await fetchFile(people, { name: `round-${i}.bin`, byteCount });
    rounds.push({
      ours,
      channel: await bare.channel(byteCount),
      stream: await bare.stream(byteCount),
    });
    say(`  ${byteCount / mb} MB: ${ours.megabytesPerSecond.toFixed(1)} MB/s`);
  }
  return rounds;
};

/** Memory over size: it should not follow it. */
const memoryRows = async (
  people: readonly [Profile, Profile],
  { isSmoke, say }: BenchOptions,
): Promise<ReadonlyArray<Row>> => {
  const sizes = isSmoke ? [1] : [1, 1000, Math.floor(limits.fileBytesMax / mb)];
  const rows: Row[] = [];
  for (const size of sizes) {
    const file = { name: `size-${size}.bin`, byteCount: size * mb };
    const { sentKilobytes, fetchedKilobytes } = await fetchFile(people, file);
    say(`  ${size} MB: ${(fetchedKilobytes / 1000).toFixed(0)} MB more at who fetches it`);
    const row = (id: string, who: string, kilobytes: number): Row => ({
      id: `P18${id}${size}`,
      measures: `most that the tab of who ${who} ${size} MB grows`,
      unit: 'kB',
      rounds: [kilobytes],
      aim: '< 100 MB',
    });
    rows.push(row('s', 'sends', sentKilobytes), row('f', 'fetches', fetchedKilobytes));
  }
  return rows;
};

const rowsOf = (rounds: ReadonlyArray<Round>): ReadonlyArray<Row> => {
  const speed = {
    measures: 'a file fetched, whole and stored',
    unit: 'MB/s',
    rounds: rounds.map(({ ours }) => ours.megabytesPerSecond),
  } as const;
  const [channel, stream] = [rounds.map((of) => of.channel), rounds.map((of) => of.stream)];
  return [
    {
      ...speed,
      id: 'P18a',
      against: { name: 'bare data channel', rounds: channel },
      aim: '≥ 0.7×',
    },
    { ...speed, id: 'P18b', against: { name: 'one libp2p stream', rounds: stream } },
    {
      id: 'P18c',
      measures: 'most that the tab of who fetches grows',
      unit: 'kB',
      rounds: rounds.map(({ ours }) => ours.fetchedKilobytes),
      aim: '< 100 MB',
    },
  ];
};

const withPeople = async <T>(
  appUrl: string,
  run: (people: readonly [Profile, Profile]) => Promise<T>,
): Promise<T> => {
  const [alice, bob] = [await openProfile(), await openProfile()];
  try {
    await befriend(appUrl, [
      { name: 'Alice', page: alice.page() },
      { name: 'Bob', page: bob.page() },
    ]);
    await untilDirect(alice.page());
    return await run([alice, bob]);
  } finally {
    await alice.dispose();
    await bob.dispose();
  }
};

export const filesBench: Bench = {
  id: 'P18',
  title: 'a file from browser to browser',
  isSmoke: false,
  run: async (options) => {
    const folder = await makeTempDir('bench-files');
    const relay = await startRelayProcess({ dataDir: join(folder, 'relay') });
    try {
      return await withServedPage('tests/support/network-page', (url) =>
        withChromium((browser) =>
          withApp((app) =>
            withPeople(app.url, async (people) => {
              const bare = await openBare(browser, url, relay.address);
              const rounds = await roundsOf(people, bare, options);
              return [...rowsOf(rounds), ...(await memoryRows(people, options))];
            }),
          ),
        ),
      );
    } finally {
      await relay.stop();
      await removeDir(folder);
    }
  },
};
