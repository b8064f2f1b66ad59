import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { begin, composer, expect, messages, textsOf } from '../support/people.ts';
import { openProfile } from '../support/profile.ts';

const diskMib = 96;

/** So long without a write, a browser has also finished what it does behind the last one. */
const restMs = 2000;

interface SmallDisk {
  readonly profileDir: string;
  /** Once the browser is at rest: a disk that fills in the midst of its own upkeep costs it the whole database. */
  fill(): Promise<void>;
  free(): void;
  remove(): Promise<void>;
}

const lastWriteMs = (dir: string): number =>
  Math.max(
    0,
    ...readdirSync(dir, { recursive: true, encoding: 'utf8' }).map(
      (file) => statSync(join(dir, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    ),
  );

/** A file system of its own in memory; undefined where only root may make one and this is not root. */
const mountSmallDisk = async (): Promise<SmallDisk | undefined> => {
  const dir = await makeTempDir('disk');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(diskMib)}m`, 'tmpfs', dir]);
  } catch {
    await removeDir(dir);
    return undefined;
  }
  const profileDir = join(dir, 'profile');
  mkdirSync(profileDir);
  const ballast = join(dir, 'ballast');
  return {
    profileDir,
    fill: async () => {
      const databases = join(profileDir, 'Default', 'IndexedDB');
      await expect.poll(() => Date.now() - lastWriteMs(databases)).toBeGreaterThan(restMs);
      const file = openSync(ballast, 'a');
      const block = Buffer.alloc(64 * 1024);
      try {
        for (;;) writeSync(file, block);
      } catch {
        closeSync(file); // no space left: as wanted
      }
    },
    free: () => {
      rmSync(ballast, { force: true });
    },
    remove: async () => {
      execFileSync('umount', ['--lazy', dir]);
      await removeDir(dir);
    },
  };
};

const refusal = (page: Page) =>
  page.getByRole('alert').filter({ hasText: 'Not saved: this device is out of space.' });

/** Large and different each time, so that nothing finds room by being squeezed. */
const longText = (label: string): string => {
  let state = 7;
  for (let at = 0; at < label.length; at++) state = state * 31 + label.charCodeAt(at);
  const next = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return (state % 36).toString(36);
  };
  return `${label} ${Array.from({ length: 20_000 }, next).join('')}`;
};

/** The labels of what is on the screen. */
const labelsOf = async (page: Page): Promise<ReadonlyArray<string>> =>
  (await textsOf(page)).map((text) => text.split(' ')[0] ?? '');

/** Writes until one is refused, which stays in the composer; answers how many were kept. */
const writeUntilRefused = async (page: Page, round: string): Promise<string> => {
  for (let at = 1; at <= 60; at++) {
    const label = `${round}${String(at)}`;
    const before = await messages(page).count();
    await composer(page).fill(longText(label));
    await composer(page).press('Enter');
    await expect
      .poll(async () => (await refusal(page).count()) + (await messages(page).count()) - before)
      .toBeGreaterThan(0);
    if ((await messages(page).count()) === before) return label;
  }
  throw new Error('a full disk refused nothing');
};

test('[line 9] [row 23] a full disk: refused in plain sight, nothing kept is lost, works again with space', async ({
  app,
}) => {
  const disk = await mountSmallDisk();
  test.skip(disk === undefined, 'a small file system can be mounted by root only');
  if (disk === undefined) return;
  const me = await openProfile({ dir: disk.profileDir, args: ['--disk-cache-size=1'] });
  try {
    await begin(me.page(), app.url, 'Ada');
    await disk.fill();
    const refused = await writeUntilRefused(me.page(), 'first');
    await expect(refusal(me.page())).toBeVisible();
    await expect(composer(me.page())).toHaveValue(longText(refused));
    const kept = await labelsOf(me.page());

    await test.step('with space again it is kept at the second try', async () => {
      disk.free();
      await expect(async () => {
        await composer(me.page()).press('Enter');
        expect(await labelsOf(me.page())).toEqual([...kept, refused]);
      }).toPass();
      await expect(composer(me.page())).toHaveValue('');
    });

    await test.step('killed with a full disk: all that was shown as kept is there', async () => {
      await disk.fill();
      await writeUntilRefused(me.page(), 'second');
      const shown = await labelsOf(me.page());
      await me.kill();
      disk.free();
      const page = await me.open();
      await page.goto(app.url);
      await expect.poll(() => labelsOf(page)).toEqual(shown);
      await composer(page).fill('third');
      await composer(page).press('Enter');
      await expect.poll(() => labelsOf(page)).toEqual([...shown, 'third']);
    });
    expect(me.complaints()).toEqual([]);
  } finally {
    await me.dispose();
    await disk.remove();
  }
});
