/** Scrolling, reading, drafts and the keyboard (UX.md §B2, §B4), against a fake core. */
import type { Page } from '@playwright/test';
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';
import { mira } from '../support/ui-harness/scene.ts';

/** Pixels between the end of the timeline and what is in sight. */
const distanceToEnd = (page: Page): Promise<number> =>
  page.getByRole('log').evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);

const receive = (page: Page, id: string, text: string): Promise<void> =>
  withFake(
    page,
    (fake, message) => {
      fake.receive(message.id, message.author, message.text);
    },
    { id, text, author: mira },
  );

const topOf = (page: Page, text: string): Promise<number> =>
  page
    .getByRole('article', { name: new RegExp(`, ${text}(,|$| )`, 'u') })
    .evaluate((article) => Math.round(article.getBoundingClientRect().top));

/** Scrolls step by step, a few frames each, until a line can be brought into sight. Answers how many rows there were at most. */
const scrollUntil = (page: Page, text: string, stepPx: number): Promise<number> =>
  page.getByRole('log').evaluate(
    async (log, wanted) => {
      const named = new RegExp(`, ${wanted.text}(,|$| )`, 'u');
      const frames = async (): Promise<void> => {
        for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
      };
      let most = 0;
      for (let step = 0; step < 200; step++) {
        const articles = [...log.querySelectorAll('article')];
        most = Math.max(most, articles.length);
        const line = articles.find((one) => named.test(one.getAttribute('aria-label') ?? ''));
        if (line !== undefined) {
          line.scrollIntoView({ block: 'center' });
          return most;
        }
        log.scrollTop += wanted.stepPx;
        await frames();
      }
      throw new Error(`${wanted.text} did not come into sight`);
    },
    { text, stepPx },
  );

declare global {
  var rowsInFrames: { readonly count: number; readonly bottom: number }[];
}

/** In the page before anything else: how many messages stand in each frame, and where the last one ends. */
const noteRows = (): void => {
  globalThis.rowsInFrames = [];
  const note = (): void => {
    const articles = [...document.querySelectorAll('[role=log] article')];
    const bottom = articles.at(-1)?.getBoundingClientRect().bottom;
    if (bottom !== undefined) globalThis.rowsInFrames.push({ count: articles.length, bottom });
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
};

test('[UI91] it opens with what fills the screen, the rest comes above it and nothing moves', async ({
  page,
  openScene,
}) => {
  await page.addInitScript(noteRows);
  await openScene('#/c/archive');
  await expect(page.getByRole('article')).toHaveCount(60);
  const frames = await page.evaluate(() => globalThis.rowsInFrames);
  const counts = [...new Set(frames.map(({ count }) => count))];
  expect(counts).toEqual([expect.any(Number), 60]);
  expect(counts[0]).toBeGreaterThan(15);
  expect(counts[0]).toBeLessThan(40);
  expect(new Set(frames.map(({ bottom }) => Math.round(bottom))).size).toBe(1);
});

test('[UI20] it opens at the end and follows what comes in', async ({ page, openScene }) => {
  await openScene('#/c/archive');
  await expect(page.getByRole('article', { name: /Line 700/u })).toBeInViewport();
  await receive(page, 'archive', 'right behind');
  await expect(page.getByRole('article', { name: /right behind/u })).toBeInViewport();
  expect(await distanceToEnd(page)).toBeLessThanOrEqual(1);
});

test('[UI20] reading further up nothing moves; a pill counts and leads down', async ({
  page,
  openScene,
}) => {
  await openScene('#/c/archive');
  await expect(page.getByRole('article', { name: /Line 700/u })).toBeInViewport();
  await page.getByRole('log').evaluate((log) => {
    log.scrollTop -= 1500;
  });
  const pill = page.getByRole('button', { name: 'Jump to latest' });
  await expect(pill).toBeVisible();
  const before = await topOf(page, 'Line 660');
  await receive(page, 'archive', 'one');
  await receive(page, 'archive', 'two');
  await expect(pill).toContainText('2 new');
  expect(await topOf(page, 'Line 660')).toBe(before);
  await pill.click();
  await expect(page.getByRole('article', { name: /, two/u })).toBeInViewport();
  await expect(pill).toHaveCount(0);
});

test('[UI21, TW4] earlier messages come in above without moving the line being read', async ({
  page,
  openScene,
}) => {
  await openScene('#/c/archive');
  await expect(page.getByRole('article')).toHaveCount(60);
  await page.getByRole('log').evaluate((log) => {
    log.scrollTop = 1000;
  });
  const before = await topOf(page, 'Line 660');
  await page.getByRole('log').evaluate((log) => {
    log.scrollTop = 700; // The rest of the way to the margin in which more is asked for.
  });
  await expect(page.getByRole('article')).toHaveCount(80);
  // Scrolling stops at whole pixels, so a fraction may be left.
  expect(Math.abs((await topOf(page, 'Line 660')) - before - 300)).toBeLessThanOrEqual(1);
  await expect(page.getByRole('article').getByRole('button', { name: 'More' })).toHaveCount(80);
});

test('[UI29] who follows the end lets go of what is far above, who reads there of what is below', async ({
  page,
  openScene,
}) => {
  await openScene('#/c/archive');
  const receiveMany = (count: number): Promise<void> =>
    withFake(
      page,
      (fake, many) => {
        for (let i = 1; i <= many.count; i++) {
          fake.receive('archive', many.author, `burst ${String(i)}`);
        }
      },
      { count, author: mira },
    );
  await expect(page.getByRole('article', { name: /Line 700/u })).toBeInViewport();
  await receiveMany(250);
  await expect(page.getByRole('article', { name: /, burst 250/u })).toBeInViewport();
  await expect.poll(() => page.getByRole('article').count()).toBeLessThanOrEqual(240);
  expect(await distanceToEnd(page)).toBeLessThanOrEqual(1);
  // Read, before one goes up: else these are among the new ones below.
  await expect(page.getByRole('link', { name: /^Harbour mesh/u })).not.toHaveAccessibleName(
    /unread/u,
  );

  await page.getByRole('log').evaluate((log) => {
    log.scrollTop -= 3000;
  });
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
  const read = await page.evaluate(() => {
    const log = document.querySelector('[role=log]');
    const isInSight = (article: Element): boolean =>
      article.getBoundingClientRect().top > (log?.getBoundingClientRect().top ?? 0);
    const article = [...document.querySelectorAll('article')].find(isInSight);
    return (article?.getAttribute('aria-label') ?? '').split(', ').at(-1) ?? '';
  });
  const before = await topOf(page, read);
  await receiveMany(450);
  await expect.poll(() => page.getByRole('article').count()).toBeLessThanOrEqual(240);
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toContainText('450 new');
  expect(Math.abs((await topOf(page, read)) - before)).toBeLessThanOrEqual(1);
});

test('[UI29] who reads on keeps a window of it, and everything else comes back', async ({
  page,
  openScene,
}) => {
  await openScene('#/c/archive');
  const line = (number: number) =>
    page.getByRole('article', { name: new RegExp(`, Line ${String(number)}(,|$| )`, 'u') });
  await line(700).click();
  expect(await scrollUntil(page, 'Line 1', -2000)).toBeLessThanOrEqual(240);
  await expect(line(700)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Jump to latest' })).toBeVisible();
  await expect(page.locator('article:focus')).not.toBeInViewport(); // it came along, and moved nothing
  await line(1).click();
  await page.keyboard.press('End');
  await expect(line(700)).toBeFocused();

  expect(await scrollUntil(page, 'Line 300', -2000)).toBeLessThanOrEqual(240);
  expect(await scrollUntil(page, 'Line 550', 2000)).toBeLessThanOrEqual(240);
  await scrollUntil(page, 'Line 300', -2000);
  await page.getByRole('textbox', { name: 'Message' }).fill('down here');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: /down here/u })).toBeInViewport();
  await expect(line(700)).toBeInViewport();
});

test('[UI29] one returns to where one was, however far up', async ({ page, openScene }) => {
  await openScene('#/c/archive');
  const line = page.getByRole('article', { name: /, Line 450(,|$| )/u });
  await scrollUntil(page, 'Line 450', -1000);
  const before = await topOf(page, 'Line 450');
  await page.getByRole('link', { name: /^Tomás/u }).click();
  await expect(page.getByRole('log', { name: 'Messages with Tomás Ferrer' })).toBeVisible();
  await page.goBack();
  await expect(line).toBeInViewport();
  expect(Math.abs((await topOf(page, 'Line 450')) - before)).toBeLessThanOrEqual(1);
});

test('[UI20] an own message always comes into sight', async ({ page, openScene }) => {
  await openScene('#/c/archive');
  await page.getByRole('log').evaluate((log) => {
    log.scrollTop -= 1500;
  });
  await page.getByRole('textbox', { name: 'Message' }).fill('down here');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: /down here/u })).toBeInViewport();
});

test('[UI22] unread messages stand below a line and count as read after a second', async ({
  page,
  openScene,
}) => {
  await openScene('#/c/tomas');
  await expect(page.getByText('New messages')).toBeVisible();
  await expect
    .poll(() => page.evaluate(() => window.fake.log.some((command) => command.type === 'MarkRead')))
    .toBe(true);
  await expect(page.getByRole('link', { name: /^Tomás Ferrer/u })).not.toHaveAccessibleName(
    /unread/u,
  );
  await expect(page.getByText('New messages')).toBeVisible(); // Frozen where the reader left.
});

test('[UI23] Enter hands over, Shift+Enter breaks the line, an input method keeps its Enter', async ({
  page,
  openScene,
}) => {
  await openScene();
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill('one');
  await field.press('Shift+Enter');
  await field.pressSequentially('two');
  await field.evaluate((element) => {
    element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }),
    );
  });
  await expect(field).toHaveValue('one\ntwo');
  await field.press('Enter');
  await expect(field).toHaveValue('');
  const sent = await page.evaluate(() => window.fake.log.find((c) => c.type === 'SendMessage'));
  expect(sent).toEqual({ type: 'SendMessage', conversationId: 'garden', text: 'one\ntwo' });
});

test('[UI24] a draft stays with its conversation', async ({ page, openScene }) => {
  await openScene();
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill('half a thought');
  await page.getByRole('link', { name: /^Tomás/u }).click();
  await expect(field).toHaveValue('');
  await expect(page.getByRole('link', { name: /Draft: half a thought/u })).toBeVisible();
  await page.getByRole('link', { name: /^Garden/u }).click();
  await expect(field).toHaveValue('half a thought');
});

test('[UI25] the keyboard alone: walk messages, leave, change conversation, help', async ({
  page,
  openScene,
}) => {
  await openScene();
  const field = page.getByRole('textbox', { name: 'Message' });
  await expect(field).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: 'Attach' })).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('article', { name: /the seedlings made/u })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('article', { name: /They are tucked in/u })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByRole('article', { name: /tool shed key/u })).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('article', { name: /the seedlings made/u })).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('article', { name: /the seedlings made/u })).toBeFocused();
  await page.keyboard.press('x');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('x');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.getByRole('log', { name: 'Messages with Tomás Ferrer' })).toBeVisible();
  await page.keyboard.press('Control+.');
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  await page.keyboard.press('F6');
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary', { name: 'Details' })).toHaveCount(0);
});

test('[UI25] menus and dialogs give the focus back', async ({ page, openScene }) => {
  await openScene();
  await page.getByRole('link', { name: /^Garden/u }).focus();
  await page.keyboard.press('n');
  await expect(page.getByRole('menuitem', { name: 'Invite someone' })).toBeFocused();
  await page.keyboard.press('Escape');
  const button = page.getByRole('button', { name: 'New conversation' });
  await expect(button).toBeFocused();
  await button.click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Group name' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
});

test('[UI26] only live messages of others are announced, many as one', async ({
  page,
  openScene,
}) => {
  await page.clock.install();
  await openScene();
  const region = page.locator('[aria-live=polite]').first();
  await expect(page.getByRole('log')).toHaveAttribute('aria-live', 'off');
  await expect(region).toHaveText('');
  await receive(page, 'garden', 'frost again');
  await expect(region).toHaveText('Mira: frost again');
  await receive(page, 'garden', 'and');
  await receive(page, 'garden', 'again');
  await page.clock.runFor(2100);
  await expect(region).toHaveText('2 new messages');
});

test('[UI27] the title counts what is unread and names nobody', async ({ page, openScene }) => {
  await openScene();
  await expect(page).toHaveTitle('(2) Sotto');
});
