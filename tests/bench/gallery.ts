/**
 * GALLERY: five hundred pictures in a conversation's gallery, scrolled from end to end: the longest
 * frame and task, how many pictures are held at once, and what the tab takes. Against: the same with
 * twenty, and a bare page with as many plain `<img loading=lazy>` of the same previews.
 */
import type { Locator, Page } from '@playwright/test';
import { begin } from '../support/people.ts';
import { openProfile, type Profile } from '../support/profile.ts';
import { strainOf, watchStrain } from '../support/strain.ts';
import type { Bench, BenchOptions, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { executeAll, shownConversationId, tapCore } from './support/core-tap.ts';
import { tabBytes } from './support/memory.ts';
import { drawPreviews, previewSize } from './support/previews.ts';
import { withServedPage } from './support/served-page.ts';
import { switchTo } from './support/switch.ts';

const few = 20;
const perMessage = 20;
const stepPixels = 500;
const stepMs = 50;
/** What was asked for at the end is there, and so is what the last scroll let go of. */
const restMs = 1000;

interface Round {
  readonly longestFrameMs: number;
  readonly longestTaskMs: number;
  readonly heldMost: number;
  readonly kilobytes: number;
}

interface Gallery {
  readonly profile: Profile;
  readonly list: Locator;
}

/** In the page: all `benchPreviews` as pictures, so many to a message. */
const sendThere = async ([conversationId, most, width, height]: readonly [
  string,
  number,
  number,
  number,
]): Promise<void> => {
  const { benchPreviews: previews } = globalThis;
  for (let from = 0; from < previews.length; from += most) {
    const attachments = await Promise.all(
      previews.slice(from, from + most).map(async (data, at) => ({
        name: `picture-${from + at}.webp`,
        mediaType: 'image/webp',
        data,
        shape: { kind: 'image', width, height, isAnimated: false, thumbhash: new Uint8Array() },
        preview: new Uint8Array(await data.arrayBuffer()),
      })),
    );
    await globalThis.benchExecute({ type: 'SendMessage', conversationId, text: '', attachments });
  }
};

const openGallery = async (
  appUrl: string,
  count: number,
  say: BenchOptions['say'],
): Promise<Gallery> => {
  const profile = await openProfile();
  await tapCore(profile.context());
  const page = profile.page();
  await begin(page, appUrl, 'Alice');
  const id = shownConversationId(page);
  // Elsewhere meanwhile: a conversation that is open is drawn with every message.
  await executeAll(page, [{ type: 'CreateGroup', name: 'Other' }]);
  await page.getByText('Other', { exact: true }).first().waitFor();
  await switchTo(page, 'Other');
  await drawPreviews(page, count);
  const { width, height } = previewSize;
  await page.evaluate(sendThere, [id, perMessage, width, height] as const);
  say(`  ${count} pictures shared`);
  await switchTo(page, 'Notes to self');
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  const list = page.getByRole('complementary', { name: 'Details' }).locator('.pictures');
  await list
    .locator('li')
    .nth(count - 1)
    .waitFor({ state: 'attached' });
  return { profile, list };
};

/** In the bare page: as wide and as high as the gallery, and nothing else. */
const listThere = (): void => {
  const frame = document.createElement('div');
  frame.style.cssText = 'width:320px;height:100vh;overflow:auto';
  const list = document.createElement('ul');
  list.style.cssText =
    'display:grid;grid-template-columns:repeat(3,1fr);gap:3px;list-style:none;margin:0;padding:0';
  for (const preview of globalThis.benchPreviews) {
    const picture = document.createElement('img');
    picture.loading = 'lazy';
    picture.style.cssText = 'width:100%;aspect-ratio:1;object-fit:cover;display:block';
    picture.src = URL.createObjectURL(preview);
    const item = document.createElement('li');
    item.append(picture);
    list.append(item);
  }
  frame.append(list);
  document.body.replaceChildren(frame);
};

const openBare = async (url: string, count: number): Promise<Gallery> => {
  const profile = await openProfile();
  const page = profile.page();
  await page.goto(url);
  await drawPreviews(page, count);
  await page.evaluate(listThere);
  return { profile, list: page.locator('ul') };
};

/** In the page: those that have been read and could be drawn. */
const heldNow = (list: Element): number =>
  [...list.querySelectorAll('img')].filter((one) => one.complete && one.naturalWidth > 0).length;

const measure = async ({ profile, list }: Gallery): Promise<Round> => {
  const page: Page = profile.page();
  const items = list.locator('li');
  await items.first().scrollIntoViewIfNeeded();
  await page.waitForTimeout(restMs);
  const height = await list.evaluate((element) => element.scrollHeight);
  await items.first().hover();
  await watchStrain(page);
  let heldMost = 0;
  for (let scrolled = 0; scrolled < height; scrolled += stepPixels) {
    await page.mouse.wheel(0, stepPixels);
    await page.waitForTimeout(stepMs);
    heldMost = Math.max(heldMost, await list.evaluate(heldNow));
  }
  const { longestFrameMs, longestTaskMs } = await strainOf(page);
  await page.waitForTimeout(restMs);
  heldMost = Math.max(heldMost, await list.evaluate(heldNow));
  const kilobytes = (await tabBytes(profile.context())) / 1000;
  return { longestFrameMs, longestTaskMs, heldMost, kilobytes };
};

type Rounds = Readonly<Record<'many' | 'small' | 'bare', Round[]>>;

const rowsOf = (count: number, { many, small, bare }: Rounds): Row[] => {
  const row = (
    id: string,
    [measures, unit, aim]: readonly [string, Row['unit'], string?],
    of: (round: Round) => number,
  ): Row[] => {
    const shared = {
      measures: `${measures}, ${count} pictures`,
      unit,
      rounds: many.map(of),
      ...(aim === undefined ? {} : { aim }),
    };
    return [
      {
        ...shared,
        id: `GALLERY${id}1`,
        against: { name: `the same with ${few}`, rounds: small.map(of) },
      },
      {
        ...shared,
        id: `GALLERY${id}2`,
        against: { name: 'bare page, lazy images', rounds: bare.map(of) },
      },
    ];
  };
  return [
    ...row(
      'a',
      ['longest time between frames, scrolling', 'ms', '≤ 1.2×'],
      (r) => r.longestFrameMs,
    ),
    ...row('b', ['longest task (0: none over 50)', 'ms', '≤ 50 ms'], (r) => r.longestTaskMs),
    ...row('c', ['held at once, at most', 'pictures'], ({ heldMost }) => heldMost),
    ...row('d', ['memory of the tab at the end', 'kB'], ({ kilobytes }) => kilobytes),
  ];
};

export const galleryBench: Bench = {
  id: 'GALLERY',
  title: 'five hundred pictures scrolled',
  isSmoke: false,
  run: ({ isSmoke, say }) =>
    withApp((app) =>
      withServedPage('tests/support/bench-page', async (url) => {
        const count = isSmoke ? 100 : 500;
        const galleries: Gallery[] = [];
        const open = async (opening: Promise<Gallery>): Promise<Gallery> => {
          const gallery = await opening;
          galleries.push(gallery);
          return gallery;
        };
        try {
          const many = await open(openGallery(app.url, count, say));
          const small = await open(openGallery(app.url, few, say));
          const bare = await open(openBare(url, count));
          const rounds: Rounds = { many: [], small: [], bare: [] };
          for (let i = 0; i < (isSmoke ? 2 : 5); i++) {
            rounds.many.push(await measure(many));
            rounds.small.push(await measure(small));
            rounds.bare.push(await measure(bare));
          }
          return rowsOf(count, rounds);
        } finally {
          for (const { profile } of galleries) await profile.dispose();
        }
      }),
    ),
};
