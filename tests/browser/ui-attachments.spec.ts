/** Pictures, voices, films and files: choosing, showing, saving, over the fake core. */
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { joinBytes } from '../../src/base/bytes.ts';
import { textBytes } from '../../src/media/bytes.ts';
import { drawableType, readPicture } from '../../src/media/picture.ts';
import { chromiumArgs, findChromium } from '../support/browsers.ts';
import { exifOf, gifWith, pngWith, secret } from '../support/media-files.ts';
import { expect, test } from '../support/ui-harness/fixture.ts';
import { unzip } from '../support/unzip.ts';
import { fillWithFiles, fillWithStickers } from '../support/ui-harness/screens-files.ts';

const executablePath = findChromium();

test.use({
  launchOptions: {
    args: [...chromiumArgs, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    ...(executablePath === undefined ? {} : { executablePath }),
  },
});

const message = (page: Page, name: RegExp): Locator => page.getByRole('article', { name });
const tray = (page: Page): Locator => page.getByRole('list', { name: 'Chosen files' });
const send = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Send', exact: true }).click();

/** A photograph that lies on its side and knows where it was taken. */
const photograph = async (page: Page): Promise<Buffer> => {
  const drawn = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(60, 40);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 60, 40);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const exif = joinBytes([textBytes('Exif\0\0'), exifOf(6)]);
  const segment = joinBytes([Uint8Array.of(0xff, 0xe1, 0, exif.length + 2), exif]);
  const bytes = Uint8Array.from(drawn);
  return Buffer.from(joinBytes([bytes.subarray(0, 2), segment, bytes.subarray(2)]));
};

const choose = async (page: Page, item: string, files: ReadonlyArray<File_>): Promise<void> => {
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+u');
  await page.getByRole('menuitem', { name: item }).press('Enter');
  await (await chooser).setFiles([...files]);
};

interface File_ {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const textFile = (name: string, bytes = 3000): File_ => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.alloc(bytes, 'a'),
});

/** What the core was given with the last message. */
const handedOver = (page: Page): Promise<ReadonlyArray<{ name: string; bytes: number[] }>> =>
  page.evaluate(async () => {
    const command = window.fake.log.findLast(({ type }) => type === 'SendMessage');
    const files = command?.type === 'SendMessage' ? (command.attachments ?? []) : [];
    return Promise.all(
      files.map(async ({ name, data }) => ({
        name,
        bytes: [...new Uint8Array(await data.arrayBuffer())],
      })),
    );
  });

test('[AT1] a photograph is handed over upright and tells nothing of the camera', async ({
  page,
  openScene,
}) => {
  await openScene();
  const buffer = await photograph(page);
  await choose(page, 'Picture or video', [{ name: 'IMG_7.jpg', mimeType: 'image/jpeg', buffer }]);
  await expect(page.getByText('Location and camera data removed')).toBeVisible();
  await page.getByRole('textbox', { name: 'Message' }).fill('Frost!');
  await send(page);
  await expect(tray(page)).toHaveCount(0);
  const [file] = await handedOver(page);
  const bytes = Uint8Array.from(file?.bytes ?? []);
  expect(buffer.includes(secret)).toBe(true);
  expect(Buffer.from(bytes).includes(secret)).toBe(false);
  const picture = readPicture(bytes);
  expect(picture).toMatchObject({ ok: true, value: { width: 40, height: 60 } });

  const sent = message(page, /^You, .*Photo: Frost!/u);
  const whole = sent.locator('[data-shows=whole]');
  await expect(whole).toHaveJSProperty('naturalHeight', 60); // as the browser turns it
  await expect(sent).toContainText('Sharing · no one has it yet');
  await expect(page.getByRole('link', { name: /^Garden/u })).toContainText('You: Photo: Frost!');
});

test('[AT1] the original is a choice that says what it keeps', async ({ page, openScene }) => {
  await openScene();
  const buffer = await photograph(page);
  await choose(page, 'File', [{ name: 'IMG_7.jpg', mimeType: 'image/jpeg', buffer }]);
  await page.getByRole('switch', { name: 'Send original' }).click();
  await expect(page.getByText('Original: keeps where, when')).toBeVisible();
  await send(page);
  await expect(message(page, /Photo/u)).toBeVisible();
  const [file] = await handedOver(page);
  expect(Buffer.from(file?.bytes ?? []).includes(secret)).toBe(true);
});

test('[AT2] several are put in order, taken out and sent together, by keys alone', async ({
  page,
  openScene,
}) => {
  await openScene();
  await choose(
    page,
    'File',
    ['a.txt', 'b.txt', 'c.txt'].map((name) => textFile(name)),
  );
  await expect(tray(page).getByRole('listitem')).toHaveCount(3);
  await expect(page.getByText('3 files · 9 kB')).toBeVisible();
  await page.getByRole('button', { name: 'Move c.txt earlier' }).press('Enter');
  await page.getByRole('button', { name: 'Remove a.txt' }).press('Enter');
  await expect(page.getByText('2 files · 6 kB')).toBeVisible();
  await page.getByRole('textbox', { name: 'Message' }).press('Enter');
  await expect(message(page, /2 files/u)).toBeVisible();
  expect((await handedOver(page)).map(({ name }) => name)).toEqual(['c.txt', 'b.txt']);
});

test('[AT2] what could not be stored comes back into the tray, and stays with its conversation', async ({
  page,
  openScene,
}) => {
  await openScene();
  await choose(page, 'File', [textFile('a.txt')]);
  await page.evaluate(() => {
    window.fake.refusals.set('SendMessage', 'disk-full');
  });
  await send(page);
  await expect(page.getByRole('alert')).toContainText('out of space');
  await expect(tray(page)).toContainText('a.txt');
  await page.getByRole('link', { name: /^June/u }).click();
  await expect(tray(page)).toHaveCount(0);
  await page.getByRole('link', { name: /^Garden/u }).click();
  await expect(tray(page)).toContainText('a.txt');
});

test('[AT2] what is called a picture and is none is refused with a sentence', async ({
  page,
  openScene,
}) => {
  await openScene();
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
  await choose(page, 'File', [
    { name: 'trap.jpg', mimeType: 'image/jpeg', buffer: svg },
    { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: svg },
  ]);
  await expect(page.getByRole('alert')).toContainText('is not what its name says it is');
  await expect(tray(page).getByRole('listitem')).toHaveCount(1);
  await send(page);
  const card = message(page, /drawing\.svg/u);
  await expect(card.getByRole('group', { name: 'drawing.svg' })).toBeVisible();
  await expect(card.locator('img')).toHaveCount(0);
});

const drag = (page: Page, type: 'dragenter' | 'drop', folder?: string): Promise<void> =>
  page.evaluate(
    ({ event, folderName }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['seeds'], folderName ?? 'notes.txt'));
      if (folderName !== undefined) {
        DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true }) as never;
      }
      const target = document.querySelector('[role=log]');
      target?.dispatchEvent(
        new DragEvent(event, { dataTransfer, bubbles: true, cancelable: true }),
      );
    },
    { event: type, folderName: folder },
  );

const dragOver = async (page: Page): Promise<void> => {
  await drag(page, 'dragenter'); // brings the code
  await expect
    .poll(async () => {
      await drag(page, 'dragenter');
      return page.getByText('Send to').isVisible();
    })
    .toBe(true);
};

test('[AT3] files are dropped on the conversation; Escape calls it off; a folder is refused', async ({
  page,
  openScene,
}) => {
  await openScene();
  await dragOver(page);
  await expect(page.getByText('Garden collective', { exact: false }).last()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Send to')).toHaveCount(0);
  await drag(page, 'drop');
  await expect(tray(page)).toHaveCount(0);
  await dragOver(page);
  await drag(page, 'drop');
  await expect(tray(page)).toContainText('notes.txt');
  await dragOver(page);
  await drag(page, 'drop', 'garden-plans');
  await expect(page.getByRole('alert')).toContainText('is a folder');
});

test('[AT3] a pasted picture goes into the tray, a long text may go as a file', async ({
  page,
  openScene,
}) => {
  await openScene();
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill('seeds '.repeat(400));
  await page.getByRole('button', { name: 'Send as a file' }).click();
  await expect(tray(page)).toContainText('Text.txt');
  await expect(field).toHaveValue('');
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext('2d');
    const blob = await canvas.convertToBlob();
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([blob], 'image.png', { type: 'image/png' }));
    document
      .querySelector('textarea')
      ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  });
  await expect(tray(page).getByRole('listitem')).toHaveCount(2);
  await expect(tray(page).locator('img')).toHaveCount(1);
});

test('[AT4] a file says how far it is, and is fetched, paused and given up', async ({
  page,
  openScene,
}) => {
  await openScene();
  await fillWithFiles(page);
  const card = (name: string): Locator => page.getByRole('group', { name });
  await expect(card('seeds-fetching-0.zip')).toContainText('Fetching 40% from 3 people');
  await expect(card('seeds-waiting-1.zip')).toContainText('Nobody who has it is here');
  await expect(card('seeds-fetching-5.zip')).toContainText('Fetching 50% from the mailbox');
  await expect(card('seeds-waiting-2.zip')).toContainText('Waits for a direct path');
  await expect(card('seeds-waiting-3.zip')).toContainText('No space on this device');
  const paused = card('seeds-paused-4.zip');
  await expect(paused).toContainText('Paused at 41%');
  await paused.getByRole('button', { name: /^Fetch/u }).click();
  await expect(paused).toContainText('Fetching 41% from 1 person');
  await paused.getByRole('button', { name: 'Pause' }).click();
  await paused.getByRole('button', { name: 'Stop fetching' }).click();
  await expect(paused).toContainText('Not fetched yet');
});

test('[AT5] nothing moves when a picture loads, and its addresses go with it', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.evaluate(() => {
    const open = new Set<string>();
    Object.assign(window, { open_: open });
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (blob) => {
      const url = createObjectURL.call(URL, blob);
      open.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      open.delete(url);
      revokeObjectURL.call(URL, url);
    };
    window.fake.gate = new Promise((resolve) => Object.assign(window, { go_: resolve }));
  });
  const filled = fillWithFiles(page);
  const tile = message(page, /The beds this morning/u).locator('.tile');
  await tile.waitFor();
  const before = await tile.boundingBox();
  await page.evaluate('window.go_()');
  await filled;
  await tile.scrollIntoViewIfNeeded();
  await expect(tile.locator('[data-shows=whole]')).toHaveAttribute('src', /^blob:/u);
  const after = await tile.boundingBox();
  expect([after?.width, after?.height]).toEqual([before?.width, before?.height]);
  await page.getByRole('link', { name: /^June/u }).click();
  await expect.poll(() => page.evaluate('window.open_.size')).toBe(0);
});

test('[AT5] pictures open in full: arrows walk, plus enlarges, Escape gives the focus back', async ({
  page,
  openScene,
}) => {
  await openScene();
  await fillWithFiles(page);
  const opener = page.getByRole('button', { name: 'Open two.webp' });
  await opener.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'two.webp' });
  await expect(dialog).toContainText('3 of 5');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'three.webp' })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  const picture = page.getByRole('img', { name: 'two.webp' }).locator('.picture');
  const before = (await picture.boundingBox())?.width ?? 0;
  await page.keyboard.press('+');
  expect((await picture.boundingBox())?.width).toBeCloseTo(before * 1.5, 0);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('[AT5] what moves stands still for who wants less motion, until it is asked to', async ({
  page,
  openScene,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openScene();
  const gif = Buffer.from(gifWith({ frames: 2 }));
  await choose(page, 'File', [{ name: 'wave.gif', mimeType: 'image/gif', buffer: gif }]);
  await send(page);
  const sent = message(page, /Photo/u);
  await expect(sent.locator('[data-shows=preview]')).toBeVisible();
  await expect(sent.locator('[data-shows=whole]')).toHaveCount(0);
  await sent.getByRole('button', { name: 'Open wave.gif' }).press('Enter');
  const viewer = page.getByRole('dialog', { name: 'wave.gif' });
  await expect(viewer.locator('img')).toHaveCount(1);
  await viewer.getByRole('button', { name: 'Play the animation' }).click();
  await expect(viewer.locator('img')).toHaveCount(2);
  await page.keyboard.press('Escape');
  await sent.getByRole('button', { name: 'Play the animation' }).click();
  await expect(sent.locator('[data-shows=whole]')).toHaveAttribute('src', /^blob:/u);
});

test('[MF7] a file is saved as it is, in pieces', async ({ page, openScene }) => {
  await openScene();
  await page.evaluate(() => {
    Object.assign(window, { showSaveFilePicker: undefined });
  });
  await choose(page, 'File', [textFile('long.txt', 2_500_000)]);
  await send(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save long.txt' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe('long.txt');
  expect((await readFile(await saved.path())).length).toBe(2_500_000);
  const pieces = await page.evaluate(
    () => window.fake.log.filter(({ type }) => type === 'ReadAttachment').length,
  );
  expect(pieces).toBe(3);
});

const record = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Record voice message' }).click();
  await expect(page.getByRole('timer')).toContainText('Recording 0:02');
};

test('[AT6] a voice is recorded, paused, heard first and handed over', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('textbox', { name: 'Message' }).fill('');
  await record(page);
  await page.getByRole('button', { name: 'Pause recording' }).click();
  await expect(page.getByRole('timer')).toContainText('Paused');
  await page.getByRole('button', { name: 'Go on recording' }).click();
  await page.getByRole('button', { name: 'Listen first' }).click();
  await expect(page.locator('audio')).toHaveAttribute('src', /^blob:/u);
  await page.getByRole('button', { name: 'Send voice message' }).click();
  await expect(message(page, /Voice message 0:0\d/u)).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  const shape = await page.evaluate(() => {
    const command = window.fake.log.findLast(({ type }) => type === 'SendMessage');
    const file = command?.type === 'SendMessage' ? command.attachments?.[0] : undefined;
    return file?.shape.kind === 'voice' ? [file.shape.peaks.length, file.mediaType] : undefined;
  });
  expect(shape?.[0]).toBe(64);
  expect(shape?.[1]).toMatch(/^audio\/(?:mp4|webm)$/u);
});

test('[AT6] a recording that is discarded is gone, and the microphone free', async ({
  page,
  openScene,
}) => {
  await openScene();
  await record(page);
  await page.getByRole('button', { name: 'Discard recording' }).click();
  await expect(page.getByRole('timer')).toHaveCount(0);
  await expect(page.getByRole('article', { name: /Voice message/u })).toHaveCount(0);
});

test('[AT6] a microphone that is refused has its sentence', async ({ page, openScene }) => {
  await openScene();
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Record voice message' }).click();
  await expect(page.getByRole('alert')).toContainText('does not let Sotto use the microphone');
});

test('[CA1] a picture is taken with the camera of a computer, which is free after it', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const { getUserMedia } = mediaDevices;
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await getUserMedia.call(mediaDevices, wanted);
      Object.assign(window, { seen: stream.getTracks() });
      return stream;
    };
  });
  const open = async (): Promise<void> => {
    await page.getByRole('textbox', { name: 'Message' }).press('Control+u');
    await page.getByRole('menuitem', { name: 'Take a picture' }).press('Enter');
  };
  await open();
  await expect(page.getByText('Waiting for the camera')).toHaveCount(0);
  await page.getByRole('button', { name: 'Take picture' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(tray(page).getByRole('button', { name: 'Remove Picture.jpg' })).toBeVisible();
  const states = await page.evaluate(() =>
    'seen' in window && Array.isArray(window.seen)
      ? window.seen.map((track: MediaStreamTrack) => track.readyState)
      : [],
  );
  expect(states).toEqual(['ended']);

  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await open();
  await expect(page.getByRole('alert')).toContainText('does not let Sotto use the camera');
});

test('[AT7] voices follow each other, faster if wanted, wherever one goes meanwhile', async ({
  page,
  openScene,
}) => {
  await openScene();
  const voices = message(page, /Voice message 0:0\d/u);
  for (const count of [1, 2]) {
    await record(page);
    await page.getByRole('button', { name: 'Send voice message' }).click();
    await expect(page.getByRole('timer')).toHaveCount(0);
    await expect(voices).toHaveCount(count);
  }
  await voices.first().getByRole('button', { name: 'Play voice message' }).click();
  const player = page.getByRole('region', { name: 'Voice message player' });
  await expect(player).toBeVisible();
  await player.getByRole('button', { name: 'Speed 1×' }).click();
  await expect(player.getByRole('button', { name: 'Speed 1.5×' })).toBeVisible();
  await page.getByRole('link', { name: /^June/u }).click();
  await expect(page.getByRole('log', { name: 'Messages with June' })).toBeVisible();
  await expect(player.getByRole('button', { name: 'Pause voice message' })).toBeVisible();
  const playedIds = new Set<string | undefined>();
  await expect
    .poll(async () => {
      playedIds.add(await page.evaluate(() => window.app.media?.player.current?.file.view.id));
      return [...playedIds].filter((id) => id !== undefined).length;
    })
    .toBe(2);
  await expect(player).toHaveCount(0);
});

test('[AT8] the details show all that was shared, what it takes, and free it', async ({
  page,
  openScene,
}) => {
  await openScene();
  await fillWithFiles(page);
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('button', { name: /^Open /u })).toHaveCount(5);
  await expect(details).toContainText('on this device');
  await details.getByRole('button', { name: 'Free up space…' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('can be fetched again when whoever gave them is here.');
  // The own one, which nobody else has yet.
  await expect(dialog).toContainText('1 file (');
  await dialog.getByRole('button', { name: /^Free \d/u }).click();
  await expect(message(page, /plan\.pdf/u)).toContainText('Not fetched yet');
  await expect(message(page, /Photo: Mine/u).locator('[data-shows=whole]')).toBeVisible();
  await expect(details.getByRole('button', { name: 'Free up space…' })).toHaveCount(0);

  await page.evaluate(() => {
    window.app.route.go({ screen: 'settings' });
  });
  const storage = page.getByRole('region', { name: 'Storage' });
  await expect(storage.getByRole('listitem')).toHaveText(/Garden collective\s*1 file/u);
});

test('[AT8] of hundreds of pictures those in sight are read, and let go of again', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(40, 40);
    canvas.getContext('2d')?.fillRect(0, 0, 40, 40);
    const data = await canvas.convertToBlob({ type: 'image/webp' });
    const preview = new Uint8Array(await data.arrayBuffer());
    const shape = { kind: 'image', width: 40, height: 40, isAnimated: false } as const;
    const thumbhash = new Uint8Array();
    const one = (at: number) => ({
      ...{ name: `${at}.webp`, mediaType: 'image/webp', data, preview },
      shape: { ...shape, thumbhash },
    });
    const mira = { id: 'p-Mira', name: 'Mira', isMe: false };
    for (let at = 0; at < 500; at += 20) {
      const attachments = Array.from({ length: 20 }, (_, next) => one(at + next));
      window.fake.receive('garden', mira, { text: '', attachments });
    }
    const made = URL.createObjectURL.bind(URL);
    const gone = URL.revokeObjectURL.bind(URL);
    const living = new Set<string>();
    Object.assign(window, { living });
    URL.createObjectURL = (blob) => {
      const url = made(blob);
      living.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      living.delete(url);
      gone(url);
    };
    window.app.toggleDetails();
  });
  const gallery = page.getByRole('complementary', { name: 'Details' }).locator('.pictures');
  const living = () =>
    page.evaluate(() => (window as unknown as { living: Set<string> }).living.size);
  await expect(gallery.locator('li')).toHaveCount(500);
  await gallery.locator('li').first().scrollIntoViewIfNeeded();
  await expect(gallery.locator('img[src]').first()).toBeVisible();
  const first = await gallery.locator('img[src]').count();
  expect(first).toBeLessThan(120);
  await gallery.locator('li').last().scrollIntoViewIfNeeded();
  await expect(gallery.locator('li').last().locator('img[src]')).toBeVisible();
  await expect(gallery.locator('li').first().locator('img[src]')).toHaveCount(0);
  expect(await living()).toBeLessThan(300);
});

test('[XP4] a conversation is exported with a warning before it, and as one archive', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.evaluate(() => {
    Object.assign(window, { showSaveFilePicker: undefined });
  });
  await fillWithFiles(page);
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Export/u });
  await expect(dialog).toContainText('The copy is not encrypted');
  await expect(dialog).toContainText('6 files not on this device');
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export', exact: true }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^Sotto .*\.zip$/u);
  const archive = unzip([await readFile(await saved.path())]);
  expect(archive.get('files/0007 plan.pdf')?.length).toBe(1_200_000);
  expect(Buffer.from(archive.get('messages.txt') ?? []).toString()).toContain('Plan for spring');
  await expect(dialog.getByRole('status')).toHaveText('The copy is written.');
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await expect(page.getByRole('button', { name: 'Export…' })).toBeFocused();

  await page.getByRole('button', { name: 'Actions for Tomás Ferrer' }).click();
  await page.getByRole('menuitem', { name: 'Export…' }).click();
  await expect(dialog).toHaveAccessibleName(/Export .*Tomás/u);
  await expect(dialog.getByRole('button', { name: 'Export', exact: true })).toBeVisible();
  await expect(page.getByRole('log')).toHaveAccessibleName(/Tomás/u);
});

test('[FR1] what comes by itself is chosen in the settings, and for one conversation in its details', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  const choice = details.getByRole('combobox', { name: 'Automatic downloads' });
  await choice.selectOption('Own rules');
  await details.getByRole('switch', { name: 'Videos' }).click();
  await details.getByRole('combobox', { name: 'Largest file' }).selectOption('10 MB');
  const own = await page.evaluate(() => window.fake.find('garden').fetchRules);
  expect(own).toEqual({
    kinds: ['image', 'voice', 'file'],
    sizeBytesMax: 10_000_000,
    onMetered: false,
  });
  await choice.selectOption('As in the settings');
  expect(await page.evaluate(() => window.fake.find('garden').fetchRules)).toBeUndefined();

  await page.goto(page.url().replace(/#.*/u, '#/settings'));
  const rules = page.getByRole('region', { name: 'Automatic downloads' });
  await rules.getByRole('switch', { name: 'Other files' }).click();
  await rules.getByRole('switch', { name: 'Treat this connection as metered' }).click();
  await expect(rules.getByRole('switch', { name: 'Pictures' })).toBeChecked();
  const { rules: all, treatAsMetered } = await page.evaluate(() => window.fake.fetching);
  expect([all.kinds, treatAsMetered]).toEqual([['image', 'video', 'voice'], true]);
});

test('[AT9] answers and the list say what a message carries', async ({ page, openScene }) => {
  await openScene();
  await fillWithFiles(page);
  await expect(message(page, /Photo: Mine/u)).toContainText('plan.pdf: Plan for spring');
  await message(page, /3 photos/u)
    .getByRole('button', { name: 'Reply' })
    .click();
  await expect(page.locator('form')).toContainText('3 photos');
  await expect(message(page, /Mira, .*Voice message 0:12/u)).toBeVisible();
  await expect(message(page, /Mira, .*Video 1:05/u)).toBeVisible();
});

test('[SK4] a pack is made from pictures, a sticker goes out large with its word, all by keys', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Emoji' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'Emoji' }).first().focus();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'New sticker pack…' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New sticker pack' });
  await dialog.getByRole('textbox', { name: 'Name of the pack' }).fill('Beds');
  const chooser = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Choose pictures' }).press('Enter');
  const svg = { name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') };
  const photo = { name: 'p.jpg', mimeType: 'image/jpeg', buffer: await photograph(page) };
  const gif = Buffer.from(gifWith({ frames: 3 }));
  const wave = { name: 'w.gif', mimeType: 'image/gif', buffer: gif };
  const broken = Buffer.from(pngWith({ isAnimated: true }));
  const cut = { name: 'c.png', mimeType: 'image/png', buffer: broken };
  await (await chooser).setFiles([photo, wave, svg, cut]);
  await expect(dialog).toContainText('cannot be made into a sticker');
  await expect(dialog).toContainText('moves for too long to fit into a sticker');
  await dialog.getByRole('button', { name: 'Save pack' }).click();
  await expect(dialog).toContainText('every picture a word or an emoji');
  await dialog.getByRole('textbox', { name: 'Word or emoji for picture 1' }).fill('bloom');
  await dialog.getByRole('textbox', { name: 'Word or emoji for picture 2' }).fill('wave');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);

  await page.getByRole('button', { name: 'Emoji' }).first().press('Enter');
  await page.getByRole('tab', { name: 'Emoji' }).first().press('ArrowRight');
  await page.getByRole('button', { name: 'Sticker bloom' }).press('Enter');
  const sent = message(page, /bloom/u).last();
  await expect(sent.getByRole('img', { name: 'bloom' })).toBeVisible();
  await expect(sent.locator('.bubble')).toHaveClass(/bare/u);
  const [file] = await handedOver(page);
  const picture = readPicture(Uint8Array.from(file?.bytes ?? []));
  expect(picture.ok && picture.value).toMatchObject({ type: 'image/webp', hasMetadata: false });

  // What moves was drawn anew as well, and moves.
  await page.getByRole('button', { name: 'Emoji' }).first().press('Enter');
  await page.getByRole('tab', { name: 'Emoji' }).first().press('ArrowRight');
  await page.getByRole('button', { name: 'Sticker wave' }).press('Enter');
  await expect(message(page, /wave/u).getByRole('img', { name: 'wave' })).toBeVisible();
  const [moving] = await handedOver(page);
  const bytes = moving?.bytes ?? [];
  const read = readPicture(Uint8Array.from(bytes));
  expect(read.ok && read.value).toMatchObject({ type: 'image/webp', isAnimated: true, width: 1 });
  const momentCount = await page.evaluate(async (all) => {
    const decoder = new ImageDecoder({ data: Uint8Array.from(all), type: 'image/webp' });
    await decoder.tracks.ready;
    await decoder.decode({ frameIndex: 2 });
    return decoder.tracks.selectedTrack?.frameCount;
  }, bytes);
  expect(momentCount).toBe(3);
  const preview = await page.evaluate(() => {
    const command = window.fake.log.findLast(({ type }) => type === 'SendMessage');
    const [one] = command?.type === 'SendMessage' ? (command.attachments ?? []) : [];
    return [...(one?.preview ?? [])];
  });
  expect(drawableType(Uint8Array.from(preview), 'preview')).toBe('image/webp');
});

test('[SK4, SK5] what others give is kept by a button; nothing of it moves for who wants that', async ({
  page,
  openScene,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openScene();
  await fillWithStickers(page);
  const theirs = message(page, /rain/u);
  await expect(theirs.locator('canvas')).toBeVisible();
  await expect(theirs.locator('img')).toHaveCount(0);
  await theirs.getByRole('button', { name: 'rain' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sticker rain' });
  await dialog.getByRole('button', { name: 'Add to my stickers' }).click();
  await expect(dialog.getByRole('status')).toHaveText('Added to your stickers.');
  await page.keyboard.press('Escape');
  const pack = message(page, /Weather\.stickers/u);
  await pack.getByRole('button', { name: 'Add to my stickers' }).click();
  await expect(pack.getByRole('alert')).toContainText('not a sticker pack');
  await page.getByRole('button', { name: 'Emoji' }).first().press('Enter');
  await page.getByRole('tab', { name: 'Emoji' }).first().press('ArrowRight');
  await expect(page.getByRole('region', { name: 'Collected' })).toBeVisible();
});
