/**
 * P17: from an invite link to the newcomer's first message on the screen of who invited them, two
 * Chromium contexts and a relay that has just been started, the page's loading and the newcomer's name
 * included; and from "Join" alone. Nobody is asked to approve, and nobody hesitates. Against: a bare
 * RTCPeerConnection between two fresh pages of the same browser, signalled for free, in turn with ours.
 */
import type { Browser, Page } from '@playwright/test';
import { begin, closeDialog, composer, createGroup, inviteToGroup } from '../support/people.ts';
import { nameField } from '../support/people.ts';
import type { Bench, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { connectDirectly } from './support/bare-pages.ts';
import { withChromium } from './support/chromium.ts';
import { pressAndSee, watchPage } from './support/page-clock.ts';

const group = 'Crew';
const withinMs = 20_000;

interface Round {
  readonly fromLinkMs: number;
  readonly fromJoinMs: number;
  readonly bareMs: number;
}

/** As soon as the newcomer can write; asked at each frame, since Playwright's own pauses grow. */
const untilInside = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    (name) => document.querySelector(`[role=log][aria-label="${name}"]`) !== null,
    `Messages with ${group}`,
    { timeout: withinMs },
  );
};

const inviteOnce = async (browser: Browser, url: string): Promise<Omit<Round, 'bareMs'>> => {
  const [one, other] = [await browser.newContext(), await browser.newContext()];
  try {
    const [alice, bob] = [await one.newPage(), await other.newPage()];
    await begin(alice, url, 'Alice');
    await createGroup(alice, group);
    const link = await inviteToGroup(alice, { isOpen: true });
    await closeDialog(alice);
    await watchPage(alice, '[role=log] article .text > [dir=auto]');
    const linkMs = performance.now();
    await bob.goto(link);
    await nameField(bob).fill('Bob');
    const joinMs = performance.now();
    await bob.getByRole('button', { name: 'Join' }).click();
    await untilInside(bob);
    await composer(bob).fill('hello');
    const insideMs = performance.now();
    await watchPage(bob, '[role=log] article .text > [dir=auto]'); // for when Enter was pressed
    const carriedMs = await pressAndSee({ from: bob, to: alice, within: withinMs }, 'hello');
    return {
      fromLinkMs: insideMs - linkMs + carriedMs,
      fromJoinMs: insideMs - joinMs + carriedMs,
    };
  } finally {
    await one.close();
    await other.close();
  }
};

const connectBare = async (browser: Browser): Promise<number> => {
  const [one, other] = [await browser.newContext(), await browser.newContext()];
  try {
    const [from, to] = [await one.newPage(), await other.newPage()];
    const startedMs = performance.now();
    await connectDirectly(from, to);
    return performance.now() - startedMs;
  } finally {
    await one.close();
    await other.close();
  }
};

export const inviteBench: Bench = {
  id: 'P17',
  title: 'an invite link to the first message',
  isSmoke: false,
  run: ({ isSmoke }) =>
    withChromium(async (browser) => {
      const rounds: Round[] = [];
      await connectBare(browser); // the browser's own first time is nobody's
      for (let i = 0; i < (isSmoke ? 2 : 4); i++) {
        const ours = await withApp((app) => inviteOnce(browser, app.url));
        rounds.push({ ...ours, bareMs: await connectBare(browser) });
      }
      const rowOf = (
        id: string,
        measures: string,
        { of, aim }: { readonly of: (round: Round) => number; readonly aim?: string },
      ): Row => ({
        id: `P17${id}`,
        measures,
        unit: 'ms',
        rounds: rounds.map(of),
        against: {
          name: 'bare RTCPeerConnection, free signalling',
          rounds: rounds.map(({ bareMs }) => bareMs),
        },
        ...(aim === undefined ? {} : { aim }),
      });
      return [
        rowOf('a', 'invite link to first message painted, relay cold', {
          of: ({ fromLinkMs }) => fromLinkMs,
          aim: '≤ 1.5 s',
        }),
        rowOf('b', 'the same, from "Join"', { of: ({ fromJoinMs }) => fromJoinMs }),
      ];
    }),
};
