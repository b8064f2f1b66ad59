/** A conversation with files in every state, drawn in the page itself, and the screens about them. */
import type { Page } from '@playwright/test';
import type { Screen } from './screens.ts';

/** Sends and receives one of each kind into the open conversation. */
export const fillWithFiles = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { fake } = window;
    const mira = { id: 'p-Mira', name: 'Mira', isMe: false };
    const draw = async (hue: number, width: number, height: number) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      const sky = context.createLinearGradient(0, 0, width, height);
      sky.addColorStop(0, `oklch(0.85 0.08 ${hue})`);
      sky.addColorStop(1, `oklch(0.45 0.12 ${hue + 60})`);
      context.fillStyle = sky;
      context.fillRect(0, 0, width, height);
      context.fillStyle = `oklch(0.95 0.1 ${hue + 120})`;
      context.arc(width * 0.7, height * 0.3, height * 0.14, 0, 7);
      context.fill();
      const data = await canvas.convertToBlob({ type: 'image/webp' });
      return { data, preview: new Uint8Array(await data.arrayBuffer()) };
    };
    const picture = async (name: string, hue: number, [width, height]: [number, number]) => ({
      name,
      mediaType: 'image/webp',
      ...(await draw(hue, width, height)),
      shape: {
        kind: 'image' as const,
        width,
        height,
        isAnimated: false,
        thumbhash: new Uint8Array(),
      },
    });
    const file = (name: string, mediaType: string, bytes: number) => ({
      name,
      mediaType,
      data: new Blob([new Uint8Array(bytes)]),
      shape: { kind: 'file' as const },
      preview: undefined,
    });
    const peaks = Uint8Array.from({ length: 64 }, (_, at) => 40 + ((at * 89) % 215));
    const voice = {
      name: 'voice.m4a',
      mediaType: 'audio/mp4',
      data: new Blob([new Uint8Array(8000)]),
      shape: { kind: 'voice' as const, durationMs: 12_000, peaks },
      preview: undefined,
    };
    const film = {
      name: 'frost.mp4',
      mediaType: 'video/mp4',
      ...(await draw(20, 480, 270)),
      shape: {
        kind: 'video' as const,
        width: 480,
        height: 270,
        durationMs: 65_000,
        thumbhash: new Uint8Array(),
      },
    };
    const receive = (text: string, attachments: object[]) =>
      fake.receive('garden', mira, { text, attachments: attachments as never });
    receive('The beds this morning', [await picture('beds.webp', 140, [480, 320])]);
    receive('', [
      await picture('one.webp', 200, [400, 400]),
      await picture('two.webp', 260, [400, 300]),
      await picture('three.webp', 320, [300, 400]),
    ]);
    receive('', [film]);
    receive('', [voice]);
    const plan = receive('Plan for spring', [file('plan.pdf', 'application/pdf', 1_200_000)]);
    const states = [
      { kind: 'fetching', doneBytes: 480_000, fromCount: 3 },
      { kind: 'waiting', doneBytes: 0, for: 'holder' },
      { kind: 'waiting', doneBytes: 0, for: 'direct-path' },
      { kind: 'waiting', doneBytes: 0, for: 'space' },
      { kind: 'paused', doneBytes: 500_000 },
      { kind: 'fetching', doneBytes: 600_000, fromCount: 0, isFromMailbox: true },
    ] as const;
    const keys = states.map(({ kind }, at) =>
      receive('', [file(`seeds-${kind}-${at}.zip`, 'application/zip', 1_200_000)]),
    );
    const garden = fake.find('garden');
    keys.forEach((key, at) => {
      const item = garden.items.find((each) => each.key === key);
      const state = states[at];
      if (item?.type !== 'message' || state === undefined) throw new Error('a message is missing');
      fake.setFile('garden', key, { file: item.attachments[0]?.id ?? '', state });
    });
    await fake.execute({
      type: 'SendMessage',
      conversationId: 'garden',
      text: 'Mine',
      replyTo: plan,
      attachments: [await picture('mine.webp', 30, [300, 400])],
    });
  });

const chosen = async (page: Page): Promise<void> => {
  await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(300, 200);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 300, 200);
    const blob = await canvas.convertToBlob({ type: 'image/jpeg' });
    const picture = new File([blob], 'IMG_1.jpg');
    const broken = new File(['<svg/>'], 'IMG_2.jpg');
    const notes = new File([new Uint8Array(90_000)], 'IMG_3.bin');
    await window.app.conversation?.composer.offer([picture, broken, notes]);
  });
};

/** One of one's own and one of somebody else's in the conversation, and a pack in the picker. */
export const fillWithStickers = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const { fake } = window;
    const draw = async (hue: number) => {
      const canvas = new OffscreenCanvas(240, 240);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('no canvas');
      context.fillStyle = `oklch(0.75 0.16 ${hue})`;
      context.arc(120, 120, 100, 0, 7);
      context.fill();
      context.font = '96px sans-serif';
      context.fillStyle = 'white';
      context.fillText('♥', 76, 156);
      const blob = await canvas.convertToBlob({ type: 'image/webp' });
      return new Uint8Array(await blob.arrayBuffer());
    };
    const pictures = await Promise.all([20, 90, 160, 230, 300].map(draw));
    const words = ['hello', 'rain', '🌱', 'frost', 'thanks'];
    const stickers = pictures.map((picture, at) => ({ word: words[at] ?? '', picture }));
    await fake.execute({ type: 'SavePack', name: 'Garden weather', stickers });
    const mira = { id: 'p-Mira', name: 'Mira', isMe: false };
    const attachment = (picture: Uint8Array<ArrayBuffer>) => ({
      name: 'sticker.webp',
      mediaType: 'image/webp',
      data: new Blob([picture], { type: 'image/webp' }),
      shape: {
        kind: 'image' as const,
        ...{ width: 240, height: 240, isAnimated: false, thumbhash: new Uint8Array() },
      },
      preview: picture,
    });
    const [first, second] = pictures;
    if (first === undefined || second === undefined) throw new Error('nothing was drawn');
    fake.receive('garden', mira, {
      text: 'rain',
      isSticker: true,
      attachments: [attachment(second)],
    });
    const pack = {
      name: 'Weather.stickers',
      mediaType: 'application/vnd.sotto.stickers',
      data: new Blob([new Uint8Array(40)]),
      shape: { kind: 'file' as const },
      preview: undefined,
    };
    fake.receive('garden', mira, { text: '', attachments: [pack] });
    await fake.execute({
      type: 'SendMessage',
      conversationId: 'garden',
      text: 'hello',
      isSticker: true,
      attachments: [attachment(first)],
    });
  });

const openStickers = async (page: Page): Promise<void> => {
  await fillWithStickers(page);
  await page.evaluate(() => {
    window.app.emoji.open({ kind: 'write', isThread: false });
  });
  await page.locator('[role=dialog] [role=tablist] [role=tab]').nth(1).click();
};

const ask = (page: Page, question: 'new-pack' | 'free' | 'export'): Promise<void> =>
  page.evaluate((kind) => {
    const { app, fake } = window;
    if (kind === 'export') app.media?.ask({ kind, conversation: fake.find('garden') });
    else if (kind === 'free') app.media?.ask({ kind, conversation: undefined });
    else app.media?.ask({ kind });
  }, question);

export const fileScreens: ReadonlyArray<Screen> = [
  {
    name: 'stickers',
    go: openStickers,
    shows: '[role=dialog] section button',
  },
  {
    name: 'new stickers',
    go: async (page) => {
      await fillWithStickers(page);
      await page.locator('.bare button').first().waitFor();
      await ask(page, 'new-pack');
    },
    shows: '[role=dialog] form',
  },
  {
    name: 'free up space',
    go: async (page) => {
      await fillWithFiles(page);
      await page.locator('.album img').first().waitFor();
      await ask(page, 'free');
    },
    shows: '[role=dialog] li',
  },
  {
    name: 'export',
    go: async (page) => {
      await fillWithFiles(page);
      await page.locator('.album img').first().waitFor();
      await ask(page, 'export');
    },
    shows: '[role=dialog] .actions',
  },
  { name: 'files', go: fillWithFiles, shows: '[data-shows=preview]' },
  {
    name: 'picture in full',
    go: async (page) => {
      await fillWithFiles(page);
      await page.locator('.album .open').last().click();
    },
    shows: '[role=dialog]',
  },
  {
    name: 'chosen files',
    go: chosen,
    shows: 'form ul img',
  },
  {
    name: 'long text',
    go: (page) => page.locator('textarea').first().fill('seeds '.repeat(400)),
    shows: 'form [role=status] button',
  },
  {
    name: 'no microphone',
    go: (page) =>
      page.evaluate(() => {
        const { conversation } = window.app;
        if (conversation !== undefined) conversation.composer.isRecording = true;
      }),
    shows: 'form [role=alert]',
  },
  {
    name: 'gallery',
    go: async (page) => {
      await fillWithFiles(page);
      await page.evaluate(() => {
        window.app.toggleDetails();
      });
    },
    shows: 'aside section [role=listitem] button',
  },
];
