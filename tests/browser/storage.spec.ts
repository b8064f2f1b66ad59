/**
 * Storage in the real thing: Chromium's IndexedDB, with its disk full, its process killed and its
 * data deleted. The contract's cases are the ones that run in Node too.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { build, preview, type PreviewServer } from 'vite';
import type { ContractCase } from '../contract/storage-bench.ts';
import { storageContract } from '../contract/storage.ts';
import { makeTempDir, removeDir, until } from '../support/browsers.ts';
import { openProfile, type Profile } from '../support/profile.ts';
import type {} from './storage-page/page.ts'; // its names on window

const killCount = process.env['SOTTO_FULL'] === '1' ? 50 : 5;

let folder = '';
let server: PreviewServer;
let url = '';

test.beforeAll(async () => {
  folder = await makeTempDir('storage');
  const outDir = join(folder, 'page');
  const shared = {
    configFile: false,
    root: 'tests/browser/storage-page',
    logLevel: 'error',
  } as const;
  await build({ ...shared, build: { outDir, target: 'es2023' } });
  server = await preview({ ...shared, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  url = server.resolvedUrls?.local[0] ?? '';
});
test.afterAll(async () => {
  await server.close();
  await removeDir(folder);
});

const needsDisk = ({ needs = [] }: ContractCase): boolean => needs.includes('disk');
const anywhere = storageContract.filter(({ needs = [] }) =>
  needs.every((fault) => fault === 'failOpens' || fault === 'takeAway'),
);

test.describe('contract', () => {
  let page: Page;
  test.beforeAll(async ({ browser }) => {
    page = await browser.newPage();
    await page.goto(url);
  });
  test.afterAll(() => page.close());

  for (const { title } of anywhere) {
    test(title, () => page.evaluate((name) => window.storagePage.runCase(name), title));
  }
});

/** A disk of a few megabytes that a test fills up with a file of its own. */
const setupSmallDisk = async () => {
  const dir = await makeTempDir('small-disk');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', dir]);
  const filler = join(dir, 'filler');
  const fill = (): void => {
    const file = openSync(filler, 'a');
    for (const size of [1 << 20, 1 << 12, 1 << 6]) {
      const chunk = new Uint8Array(size);
      try {
        for (;;) writeSync(file, chunk);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
    closeSync(file);
  };
  const free = (): void => {
    rmSync(filler, { force: true });
  };
  const dispose = async (): Promise<void> => {
    execFileSync('umount', ['--lazy', dir]);
    await removeDir(dir);
  };
  return { dir, fill, free, dispose };
};

test.describe('on a small disk', () => {
  test.skip(process.getuid?.() !== 0, 'only root can mount one');
  test.describe.configure({ timeout: 120_000 });
  let disk: Awaited<ReturnType<typeof setupSmallDisk>>;
  let profile: Profile;
  test.beforeAll(async () => {
    disk = await setupSmallDisk();
    profile = await openProfile({ dir: join(disk.dir, 'profile') });
    await profile.context().exposeFunction('fillDisk', disk.fill);
    await profile.context().exposeFunction('freeDisk', disk.free);
    await profile.page().goto(url);
  });
  test.afterAll(async () => {
    disk.free();
    await profile.dispose();
    await disk.dispose();
  });

  for (const { title } of storageContract.filter(needsDisk)) {
    test(title, async () => {
      await profile.page().evaluate((name) => window.storagePage.runCase(name), title);
      expect(profile.complaints()).toEqual([]);
    });
  }
});

/** The program in a page, by remote control. */
const programIn = (page: Page) => ({
  start: () => page.evaluate(() => window.storagePage.program.start()),
  recordCount: () => page.evaluate(() => window.storagePage.program.recordCount()),
  entryCount: () => page.evaluate(() => window.storagePage.program.entryCount()),
  setAsideCount: () => page.evaluate(() => window.storagePage.program.setAsideCount()),
  storedClock: () => page.evaluate(() => window.storagePage.program.storedClock()),
  lost: () => page.evaluate(() => window.storagePage.program.lost()),
  commit: () => page.evaluate(() => window.storagePage.program.commit()),
  write: (count: number) =>
    page.evaluate((some) => {
      window.storagePage.program.write(some);
    }, count),
  writeForEver: (from: number) =>
    page.evaluate((index) => window.storagePage.program.writeForEver(index), from),
});

const startProgram = async (page: Page) => {
  await page.goto(url);
  const program = programIn(page);
  expect(await program.start()).toBeUndefined();
  return program;
};

test.describe('a program', () => {
  test(`[row 18] killed ${String(killCount)} times loses nothing acknowledged`, async () => {
    test.setTimeout(60_000 + killCount * 20_000);
    const profile = await openProfile();
    const acknowledged = { record: 0, entry: 0 };
    for (let kill = 0; kill <= killCount; kill++) {
      if (kill > 0) await profile.open();
      const page = profile.page();
      await page.exposeFunction('acknowledge', (kind: 'record' | 'entry', count: number) => {
        acknowledged[kind] = Math.max(acknowledged[kind], count);
      });
      const program = await startProgram(page);
      const stored = await program.entryCount();
      expect(await program.recordCount()).toBeGreaterThanOrEqual(acknowledged.record);
      expect(stored).toBeGreaterThanOrEqual(acknowledged.entry);
      expect(await program.storedClock()).toBe(stored);
      expect(await program.setAsideCount()).toBe(0);
      const aim = acknowledged.entry + 20 + 13 * kill;
      const writing = program.writeForEver(stored).catch(() => 'cut off');
      await until(() => Promise.resolve(acknowledged.entry > aim ? true : undefined), {
        withinMs: 30_000,
        sentence: () => `only ${String(acknowledged.entry)} were acknowledged`,
      });
      await profile.kill();
      expect(await writing).toBe('cut off');
    }
    await profile.dispose();
  });

  test('[row 21] [row 22] whose data is deleted is told, and finds an empty store', async () => {
    const profile = await openProfile();
    const page = profile.page();
    const program = await startProgram(page);
    await program.write(3);
    expect([await program.commit(), await program.storedClock()]).toEqual([undefined, 3]);

    const devtools = await profile.context().newCDPSession(page);
    const { origin } = new URL(url);
    await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' });
    await expect.poll(program.lost).toContain('failed');
    await program.write(5); // must not throw
    expect(await program.storedClock()).toBe('failed');
    expect(await program.commit()).toBe('failed');

    expect(await program.start()).toBeUndefined();
    expect([await program.recordCount(), await program.entryCount()]).toEqual([0, 0]);
    await profile.dispose();
  });

  test('[row 25] [row 26] lets a newer one in another tab upgrade, and refuses its data', async ({
    context,
  }) => {
    const page = await context.newPage();
    const program = await startProgram(page);
    expect(await program.commit()).toBeUndefined();
    const newer = await context.newPage();
    await newer.goto(url);
    expect(await newer.evaluate(() => window.storagePage.upgradeTo(2))).toBe(2);
    expect(await program.lost()).toEqual(['blocked']);
    expect(await program.commit()).toBe('blocked');
    expect(await program.start()).toBe('newer-data');
    expect(await program.recordCount()).toBe('newer-data');
  });
});
