/**
 * PICTURE: from Enter in one browser to a photograph painted in the other, over WebRTC: first the small
 * one that goes ahead, then all of it, sealed, stored and checked at both ends. Against: the same bytes
 * over a bare data channel into an empty page.
 */
import type { Page } from '@playwright/test';
import { composer, expect } from '../support/people.ts';
import type { Bench, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { connectDirectly } from './support/bare-pages.ts';
import { withChromium } from './support/chromium.ts';
import { drawPhotograph, paintOverChannel, untilPainted } from './support/pictures.ts';
import { openPair, type Pair } from './support/talk.ts';

interface Round {
  readonly firstMs: number;
  readonly wholeMs: number;
  readonly bareMs: number;
}

const attach = async (page: Page, buffer: Buffer): Promise<void> => {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Attach' }).click();
  await page.getByRole('menuitem', { name: 'Picture or video', exact: true }).click();
  await (await chooser).setFiles([{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer }]);
  await expect(page.getByText('Location and camera data removed')).toBeVisible();
};

const sendOne = async ({ from, to }: Pair, photo: Buffer, caption: string) => {
  await attach(from, photo);
  await composer(from).fill(caption);
  const painted = untilPainted(to, caption);
  await composer(from).press('Enter');
  const { firstMs, wholeMs } = await painted;
  const enteredMs = await from.evaluate(() => globalThis.benchMarks.enteredMs);
  return { firstMs: firstMs - enteredMs, wholeMs: wholeMs - enteredMs };
};

export const pictureBench: Bench = {
  id: 'PICTURE',
  title: 'Enter in one browser to a photograph painted in the other',
  isSmoke: false,
  run: ({ isSmoke }) =>
    withApp((app) =>
      withChromium(async (browser) => {
        const pair = await openPair(browser, app.url, { isRelayed: false });
        const open = async (): Promise<Page> => (await browser.newContext()).newPage();
        const [from, to] = [await open(), await open()];
        await connectDirectly(from, to);
        const rounds: Round[] = [];
        for (let i = 0; i < (isSmoke ? 3 : 10); i++) {
          const photo = await drawPhotograph(from);
          const ours = await sendOne(pair, photo, `photograph ${i}.`);
          rounds.push({ ...ours, bareMs: await paintOverChannel(from, to, photo) });
        }
        const against = {
          name: 'bare page over a data channel',
          rounds: rounds.map(({ bareMs }) => bareMs),
        };
        const row = (id: string, measures: string, of: (round: Round) => number): Row => ({
          id: `PICTURE${id}`,
          measures,
          unit: 'ms',
          rounds: rounds.map(of),
          against,
        });
        return [
          row('a', 'Enter to something of it painted', ({ firstMs }) => firstMs),
          row('b', 'Enter to all of it painted', ({ wholeMs }) => wholeMs),
        ];
      }),
    ),
};
