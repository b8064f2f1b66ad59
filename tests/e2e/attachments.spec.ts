/** Pictures, voices and files between real browsers: sent, fetched from whoever has them, saved. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { test } from '../support/app.ts';
import { pasteFilm } from '../support/film.ts';
import { exifOf, secret } from '../support/media-files.ts';
import {
  approve,
  befriend,
  closeDialog,
  composer,
  createGroup,
  expect,
  followLink,
  inviteToGroup,
  message,
  reachMs,
  untilDirect,
  untilIn,
  begin,
} from '../support/people.ts';

interface Chosen {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const attach = async (page: Page, item: string, files: ReadonlyArray<Chosen>): Promise<void> => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach' }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await (await chooser).setFiles([...files]);
  await expect(page.getByRole('list', { name: 'Chosen files' })).toBeVisible();
};

const send = async (page: Page, caption: string): Promise<void> => {
  await composer(page).fill(caption);
  await composer(page).press('Enter');
  await expect(page.getByRole('list', { name: 'Chosen files' })).toHaveCount(0);
};

/** 600 by 400 as it lies on disk, to be turned upright, and it tells where it was taken. */
const photograph = async (page: Page): Promise<Chosen> => {
  const drawn = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(600, 400);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 600, 400);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifOf(6)]);
  const head = Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 0xff]);
  const bytes = Buffer.from(drawn);
  const buffer = Buffer.concat([bytes.subarray(0, 2), head, exif, bytes.subarray(2)]);
  expect(buffer.includes(secret)).toBe(true);
  return { name: 'IMG_7.jpg', mimeType: 'image/jpeg', buffer };
};

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Where the browser asks for no place to save in, the file is downloaded. */
const savedBy = async (page: Page, name: string): Promise<Buffer> => {
  await page.evaluate(() => {
    Object.assign(window, { showSaveFilePicker: undefined });
  });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: `Save ${name}` }).click();
  return readFile(await (await download).path());
};

/** From now on its core is never told to fetch all of a file: what comes is what is watched. */
const fetchNothingWhole = (): void => {
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (message: { argument?: { type?: string } }): void {
    if (message.argument?.type !== 'FetchAttachment') postMessage.call(this, message);
  };
};

/** Whether anything answers there, asked as a film asks. */
const playsAt = (page: Page, address: string): Promise<boolean> =>
  page.evaluate(
    (src) =>
      new Promise<boolean>((resolve) => {
        const video = document.createElement('video');
        video.onerror = () => {
          resolve(false);
        };
        video.onloadeddata = () => {
          resolve(true);
        };
        video.src = src;
      }),
    address,
  );

/** What the service worker has kept of it. */
const keptOf = (page: Page, address: string): Promise<number> =>
  page.evaluate(async (url) => {
    const all = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const kept = await Promise.all(all.map((cache) => cache.match(url)));
    return kept.filter((response) => response !== undefined).length;
  }, address);

test('[FT1, VS1, VS2] photographs, files and films go from one person to another, clean and whole', async ({
  app,
  friends: { alice, bob },
}) => {
  await untilDirect(alice);

  await test.step('a photograph', async () => {
    await attach(alice, 'Picture or video', [await photograph(alice)]);
    await expect(alice.getByText('Location and camera data removed')).toBeVisible();
    await send(alice, 'the beds');
    const picture = message(bob, 'the beds').locator('[data-shows=whole]');
    await expect(picture).toHaveJSProperty('naturalHeight', 600, { timeout: reachMs });
    await expect(message(alice, 'the beds')).toContainText('1 person has it', { timeout: reachMs });
    await message(bob, 'the beds').getByRole('button', { name: 'Open IMG_7.jpg' }).click();
    expect((await savedBy(bob, 'IMG_7.jpg')).includes(secret)).toBe(false);
    await closeDialog(bob);
  });

  const seeds = { name: 'seeds.bin', mimeType: 'application/zip', buffer: randomBytes(3_000_000) };
  await test.step('a large file waits until it is asked for, and is the same', async () => {
    await attach(alice, 'File', [seeds]);
    await send(alice, 'the list');
    const card = bob.getByRole('group', { name: 'seeds.bin' });
    await expect(card).toContainText('Not fetched yet', { timeout: reachMs });
    await card.getByRole('button', { name: 'Fetch seeds.bin' }).click();
    await expect(card.getByRole('button', { name: 'Save seeds.bin' })).toBeVisible({
      timeout: reachMs,
    });
    expect(hashOf(await savedBy(bob, 'seeds.bin'))).toBe(hashOf(seeds.buffer));
  });

  const film = message(bob, 'the first frost');
  const watching = 'a film plays and is sought in while most of it is elsewhere';
  const address = await test.step(watching, async () => {
    await bob.evaluate(fetchNothingWhole);
    expect(await pasteFilm(alice, { name: 'frost.webm', seconds: 25 })).toBeGreaterThan(8e6);
    await send(alice, 'the first frost');
    await film.getByRole('button', { name: 'Play frost.webm' }).click({ timeout: reachMs });
    const video = film.locator('video');
    const moment = () => video.evaluate((element: HTMLVideoElement) => element.currentTime);
    await expect.poll(moment, { timeout: reachMs }).toBeGreaterThan(0.2);
    await video.evaluate((element: HTMLVideoElement) => {
      element.currentTime = 21;
    });
    await expect.poll(moment, { timeout: reachMs }).toBeGreaterThan(21.2);
    return video.evaluate((element: HTMLVideoElement) => element.src);
  });

  await test.step('all but the film are there after a reload, with no relay', async () => {
    await app.kill();
    await bob.reload();
    await expect(film).toContainText('Not fetched yet', { timeout: reachMs });
    expect([await playsAt(bob, address), await keptOf(bob, address)]).toEqual([false, 0]);
    await expect(message(bob, 'the beds').locator('[data-shows=whole]')).toBeVisible({
      timeout: reachMs,
    });
    expect(hashOf(await savedBy(bob, 'seeds.bin'))).toBe(hashOf(seeds.buffer));
  });
});

test('[FT2, FT3] the sender has gone: a third person gets the file from the second', async ({
  app,
  newProfile,
}) => {
  const sender = await newProfile();
  const alice = sender.page();
  const bob = (await newProfile()).page();
  const carol = (await newProfile()).page();
  await begin(alice, app.url, 'Alice');
  await createGroup(alice, 'Garden');
  const link = await inviteToGroup(alice);
  for (const [page, name] of [
    [bob, 'Bob'],
    [carol, 'Carol'],
  ] as const) {
    await followLink(page, link, name);
    await approve(alice, name);
    await untilIn(page, 'Garden');
  }
  if ((await alice.getByRole('dialog').count()) > 0) await closeDialog(alice);

  const file = { name: 'plans.bin', mimeType: 'application/zip', buffer: randomBytes(1_500_000) };
  await attach(alice, 'File', [file]);
  await send(alice, 'the plans');
  const card = (page: Page): Locator => page.getByRole('group', { name: 'plans.bin' });
  const fetchWhole = async (page: Page): Promise<void> => {
    await card(page).getByRole('button', { name: 'Fetch plans.bin' }).click({ timeout: reachMs });
    await expect(card(page).getByRole('button', { name: 'Save plans.bin' })).toBeVisible({
      timeout: reachMs,
    });
  };
  await fetchWhole(bob);
  await sender.kill();
  await fetchWhole(carol);
  expect(hashOf(await savedBy(carol, 'plans.bin'))).toBe(hashOf(file.buffer));
});

test('[FT1] a voice message is recorded, sent and played', async ({ app, newProfile }) => {
  const alice = (
    await newProfile({
      args: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    })
  ).page();
  const bob = (await newProfile()).page();
  await befriend(app.url, [
    { name: 'Alice', page: alice },
    { name: 'Bob', page: bob },
  ]);
  await untilDirect(alice);
  await alice.getByRole('button', { name: 'Record voice message' }).click();
  await expect(alice.getByRole('timer')).toHaveText(/Recording 0:0[2-9]/u);
  await alice.getByRole('button', { name: 'Send voice message' }).click();
  const voice = message(bob, 'Voice message');
  const play = voice.getByRole('button', { name: /^Play/u }).first();
  await expect(play).toBeVisible({ timeout: reachMs });
  await play.click();
  await expect(bob.getByRole('region', { name: 'Voice message player' })).toBeVisible();
});
