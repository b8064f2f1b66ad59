/**
 * INPUT: what a person who types feels while ten thousand messages of somebody else catch up, of a
 * conversation that is not open. Against: the same page, in turn, with nothing to catch up.
 */
import type { Page } from '@playwright/test';
import { befriend, composer, see, write } from '../support/people.ts';
import { openProfile, type Profile } from '../support/profile.ts';
import { strainOf, typeSomething, watchStrain, type Strain } from '../support/strain.ts';
import type { Bench, Row } from './bench.ts';
import { withApp } from './support/app.ts';
import { withChromium } from './support/chromium.ts';
import { sendMany, shownConversationId, tapCore, untilUnread } from './support/core-tap.ts';
import { quantile } from './support/statistics.ts';

interface Course {
  readonly alice: Profile;
  readonly bob: Page;
  /** Where Alice writes meanwhile. */
  readonly url: string;
  readonly ids: { readonly alice: string; readonly bob: string };
  readonly count: number;
}

/** From when they can type: how long the page itself takes to start is P7's to say. */
const typeUntil = async (page: Page, done: Promise<unknown>): Promise<Strain> => {
  await composer(page).waitFor();
  await watchStrain(page);
  const progress = { isDone: false };
  const ended = done.then(() => {
    progress.isDone = true;
  });
  do await typeSomething(page);
  while (!progress.isDone);
  await ended;
  return strainOf(page);
};

/** Alice is away while Bob writes, and comes back. */
const comeBack = async (course: Course, unread: number): Promise<Strain> => {
  const { alice, bob, url, ids, count } = course;
  await alice.close();
  await sendMany(bob, { conversationId: ids.bob, count, atOnce: 100 });
  await bob.waitForTimeout(3000);
  const page = await alice.open();
  await tapCore(alice.context());
  await page.goto(url);
  return typeUntil(page, untilUnread(page, ids.alice, unread));
};

const calm = async ({ alice, url }: Course): Promise<Strain> => {
  await alice.close();
  const page = await alice.open();
  await page.goto(url);
  return typeUntil(page, page.waitForTimeout(5000));
};

export const inputBench: Bench = {
  id: 'INPUT',
  title: 'typing while ten thousand messages catch up',
  isSmoke: false,
  run: ({ isSmoke, say }) =>
    withApp((app) =>
      withChromium(async (browser) => {
        const alice = await openProfile();
        try {
          await tapCore(alice.context());
          const context = await browser.newContext();
          await tapCore(context);
          const bob = await context.newPage();
          await befriend(app.url, [
            { name: 'Alice', page: alice.page() },
            { name: 'Bob', page: bob },
          ]);
          await write(bob, 'hello');
          await see(alice.page(), 'Bob', 'hello');
          const ids = { alice: shownConversationId(alice.page()), bob: shownConversationId(bob) };
          await alice
            .page()
            .getByRole('link', { name: /^Notes to self/ })
            .click();
          await alice.page().waitForTimeout(1500);
          const url = alice.page().url();
          const count = isSmoke ? 1000 : 10_000;
          const course: Course = { alice, bob, url, ids, count };
          const rounds: { readonly busy: Strain; readonly calm: Strain }[] = [];
          for (let i = 0; i < (isSmoke ? 1 : 2); i++) {
            const before = await calm(course);
            rounds.push({ calm: before, busy: await comeBack(course, count * (i + 1)) });
            say(`  ${count} caught up with`);
          }
          const row = (id: string, measures: string, of: (strain: Strain) => number): Row => ({
            id: `INPUT${id}`,
            measures: `${measures}, ${count} catch up`,
            unit: 'ms',
            rounds: rounds.map(({ busy }) => of(busy)),
            against: { name: 'nothing does', rounds: rounds.map((round) => of(round.calm)) },
            aim: '≤ 50 ms',
          });
          return [
            row('a', 'longest task (0: none over 50)', ({ longestTaskMs }) => longestTaskMs),
            row('b', 'key pressed to heard, p95', (s) => quantile(s.inputDelaysMs, 0.95)),
            row('c', 'key pressed to heard, longest', (s) => Math.max(0, ...s.inputDelaysMs)),
          ];
        } finally {
          await alice.dispose();
        }
      }),
    ),
};
