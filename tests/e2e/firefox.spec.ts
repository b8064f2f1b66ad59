import type { Page } from '@playwright/test';
import type { Page as FirefoxPage } from 'puppeteer-core';
import { test } from '../support/app.ts';
import { until } from '../support/browsers.ts';
import { openFirefox } from '../support/firefox.ts';
import {
  approve,
  begin,
  composer,
  expect,
  inviteSomeone,
  openConversation,
  reachMs,
  see,
  untilDelivered,
  untilDirect,
  write,
} from '../support/people.ts';

const aria = (role: string, name: string): string => `::-p-aria([name="${name}"][role="${role}"])`;

/** What Firefox calls its messages, oldest first. */
const namesIn = (page: FirefoxPage): Promise<ReadonlyArray<string>> =>
  page.$$eval('[role=log] article', (articles) =>
    articles.map((article) => article.getAttribute('aria-label') ?? ''),
  );

const untilSeen = async (page: FirefoxPage, pattern: RegExp): Promise<void> => {
  let names: ReadonlyArray<string> = [];
  const look = async (): Promise<true | undefined> => {
    names = await namesIn(page);
    return names.some((name) => pattern.test(name)) ? true : undefined;
  };
  const said = (): string => `Firefox shows no ${String(pattern)}, only: ${names.join(' | ')}`;
  await until(look, { withinMs: reachMs, sentence: said });
};

/** Pastes a picture of this size into the field, and hands it over. */
const sendPicture = async (page: Page, width: number, height: number): Promise<void> => {
  await page.evaluate(
    async ([wide, high]) => {
      const canvas = new OffscreenCanvas(wide, high);
      canvas.getContext('2d')?.fillRect(0, 0, wide / 2, high);
      const blob = await canvas.convertToBlob({ type: 'image/png' });
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([blob], 'beds.png', { type: 'image/png' }));
      document
        .querySelector('textarea')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    },
    [width, height] as const,
  );
  await expect(page.getByRole('button', { name: 'Remove beds.png' })).toBeVisible();
  await composer(page).press('Enter');
};

/** Records until something was said, and hands it over. */
const sendVoice = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Record voice message' }).click();
  await expect(page.getByRole('timer')).toHaveText(/Recording 0:0[1-9]/u);
  await page.getByRole('button', { name: 'Send voice message' }).click();
};

declare global {
  var soundBegan: Promise<unknown>;
}

/** In the page: a short recording may be over before anybody has looked. */
const noteSound = (): void => {
  const { prototype } = HTMLMediaElement;
  const play: () => Promise<void> = Reflect.get(prototype, 'play');
  globalThis.soundBegan = new Promise((resolve) => {
    prototype.play = function () {
      this.addEventListener('playing', resolve, { once: true });
      return play.call(this);
    };
  });
};

test('[FT1] [line 6] [line 15] Chromium and Firefox ESR meet through the relay and talk directly', async ({
  app,
  newProfile,
}) => {
  const args = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  const alice = (await newProfile({ args })).page();
  const firefox = await openFirefox();
  try {
    const bob = firefox.page;
    await begin(alice, app.url, 'Alice');
    const link = await inviteSomeone(alice);
    await bob.goto(link);
    await bob.locator(aria('textbox', 'Your name')).setTimeout(reachMs).fill('Bob');
    await bob.locator(aria('button', 'Join')).click();
    expect(bob.url()).not.toContain('#/i/');
    await approve(alice, 'Bob');
    await openConversation(alice, 'Bob');

    const message = bob.locator(aria('textbox', 'Message')).setTimeout(reachMs);
    await message.fill('hello from Firefox');
    await bob.keyboard.press('Enter');
    await see(alice, 'Bob', 'hello from Firefox');
    await write(alice, 'hello from Chromium');
    await untilSeen(bob, /^Alice, \d\d:\d\d, hello from Chromium$/);
    await untilDelivered(alice, 'hello from Chromium');
    await untilSeen(bob, /^You, \d\d:\d\d, hello from Firefox, Delivered$/);
    await untilDirect(alice);

    await sendPicture(alice, 90, 60);
    const picture = 'article img[data-shows=whole]';
    await bob.waitForSelector(picture, { timeout: reachMs });
    const isDrawn = `document.querySelector('${picture}').naturalWidth === 90`;
    await bob.waitForFunction(isDrawn, { timeout: reachMs });
    await sendVoice(alice);
    const play = bob.locator(aria('button', 'Play voice message')).setTimeout(reachMs);
    await bob.evaluate(noteSound);
    await play.click(); // once all of it is there
    await bob.evaluate(() => globalThis.soundBegan);

    await app.kill(); // what goes on now goes from browser to browser
    await write(alice, 'the relay is gone');
    await untilSeen(bob, /the relay is gone/);
    await message.fill('so it is');
    await bob.keyboard.press('Enter');
    await see(alice, 'Bob', 'so it is');
  } finally {
    await firefox.close();
  }
});
