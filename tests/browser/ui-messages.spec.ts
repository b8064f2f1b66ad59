/** What is done with messages: answers, edits, reactions, deletions, several at once. */
import type { Locator, Page } from '@playwright/test';
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';
import { mira } from '../support/ui-harness/scene.ts';

const message = (page: Page, text: string): Locator =>
  page.getByRole('article', { name: new RegExp(text, 'u') });

const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' });

const openMenu = async (page: Page, text: string): Promise<void> => {
  await message(page, text).getByRole('button', { name: 'More' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
};

const choose = async (page: Page, text: string, name: string): Promise<void> => {
  await openMenu(page, text);
  await page.getByRole('menuitem', { name, exact: true }).click();
};

const commands = (page: Page, type: string): Promise<ReadonlyArray<unknown>> =>
  page.evaluate((wanted) => window.fake.log.filter((command) => command.type === wanted), type);

test('[MG1] a message offers only what applies to it', async ({ page, openContent }) => {
  await openContent();
  const items = async (text: string): Promise<ReadonlyArray<string>> => {
    await openMenu(page, text);
    const names = await page.getByRole('menuitem').allTextContents();
    await page.keyboard.press('Escape');
    return names.map((name) => name.trim());
  };
  const own = await items('I have two rolls');
  expect(own).toEqual(
    expect.arrayContaining(['Edit', 'Ask everyone to delete', 'Pin', 'Earlier versions']),
  );
  expect(own).not.toContain('Write it again');
  expect(await items('Exactly that')).toEqual([
    'Open thread',
    'Pin',
    'Copy text',
    'Forward',
    'Message details',
    'Mark as unread',
    'Select',
    'Delete on this device',
  ]);
  expect(await items('Still there')).toContain('Write it again');
  expect(await items('Asked 7 devices')).toEqual([
    'Message details',
    'Select',
    'Delete on this device',
  ]);
});

test('[MG1] writing again puts a blocked message at the end as a new one', async ({
  page,
  openContent,
}) => {
  await openContent();
  await choose(page, 'Still there', 'Write it again');
  await expect(message(page, 'Still there')).toHaveAttribute('data-delivery', 'saved');
});

test('[MG2] an answer: the chip, the quote, the jump and the way back', async ({
  page,
  openScene,
}) => {
  await openScene('#/c/archive');
  await message(page, 'Line 699').getByRole('button', { name: 'Reply' }).click();
  await expect(field(page)).toBeFocused();
  await expect(page.getByText('Reply to Mira')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Reply to Mira')).toHaveCount(0);

  await page.getByRole('log').evaluate((log) => {
    log.scrollTop = 1000;
  });
  await message(page, 'Line 660').getByRole('button', { name: 'Reply' }).click();
  await field(page).fill('about that');
  await page.keyboard.press('Enter');
  const answer = message(page, 'about that');
  await expect(answer).toBeInViewport();
  expect(await commands(page, 'SendMessage')).toMatchObject([{ replyTo: 'archive-659' }]);

  await page.evaluate(() => {
    new MutationObserver(() => {
      const marked = document.querySelector<HTMLElement>('article.highlighted');
      if (marked !== null) document.body.dataset['marked'] = marked.dataset['key'];
    }).observe(document.body, { subtree: true, attributeFilter: ['class'] });
  });
  await answer.getByRole('button', { name: /Line 660/u }).click();
  await expect(message(page, 'Line 660')).toBeInViewport();
  await expect(page.locator('body')).toHaveAttribute('data-marked', 'archive-659');
  await expect(message(page, 'Line 660')).not.toHaveClass(/highlighted/u);
  await page.getByRole('button', { name: 'Back', exact: true }).last().click();
  await expect(answer).toBeInViewport();
});

test('[MG2] a quote of what is not here says so', async ({ page, openContent }) => {
  await openContent();
  await expect(message(page, 'Exactly that')).toContainText('This message has not arrived');
  await page.getByRole('button', { name: /^Pinned: /u }).click();
  await expect(message(page, 'First frost')).toBeFocused();
  await choose(page, 'First frost', 'Delete on this device');
  await message(page, 'I have two rolls')
    .getByRole('button', { name: /First frost/u })
    .click();
  await expect(page.getByText('This message is not on this device.')).toBeVisible();
});

test('[MG3] an edit takes the composer over and gives it back', async ({ page, openScene }) => {
  await openScene();
  await field(page).fill('half a thought');
  await choose(page, 'and the long pegs', 'Edit');
  await expect(field(page)).toHaveValue('and the long pegs');
  await expect(field(page)).toBeFocused();
  await expect(page.getByText('Editing')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field(page)).toHaveValue('half a thought');

  await field(page).fill('');
  await page.keyboard.press('ArrowUp');
  await expect(field(page)).toHaveValue('and the long pegs');
  await field(page).fill('and the short pegs');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Editing')).toHaveCount(0);
  await expect(field(page)).toHaveValue('');
  const edited = page.getByRole('article', { name: /and the short pegs, edited/u });
  await edited.getByRole('button', { name: 'edited' }).click();
  const versions = page.getByRole('dialog', { name: 'Earlier versions' });
  await expect(versions).toContainText('and the long pegs');
  await expect(versions).toContainText('and the short pegs');
});

test('[MG4] a deletion says whom it asked, never that it is gone', async ({ page, openScene }) => {
  await openScene();
  await choose(page, 'and the long pegs', 'Ask everyone to delete');
  const own = message(page, 'Asked 4 devices to delete · 0 confirmed');
  await expect(own).toBeVisible();
  await expect(own.getByRole('button', { name: 'Reply' })).toHaveCount(0);
  await expect(page.getByText('deleted for everyone', { exact: false })).toHaveCount(0);
});

test('[MG5] several messages are forwarded to chosen conversations', async ({
  page,
  openScene,
}) => {
  await openScene();
  await choose(page, 'and the long pegs', 'Select');
  const bar = page.getByRole('toolbar', { name: 'Selected messages' });
  await expect(bar).toContainText('1 selected');
  await expect(bar.getByRole('button', { name: 'Ask everyone to delete' })).toBeVisible();
  await page.getByRole('checkbox', { name: /the seedlings made/u }).click();
  await expect(bar).toContainText('2 selected');
  await expect(bar.getByRole('button', { name: 'Ask everyone to delete' })).toHaveCount(0);
  await bar.getByRole('button', { name: 'Forward' }).click();
  const dialog = page.getByRole('dialog', { name: 'Forward' });
  await dialog.getByRole('searchbox', { name: 'Search conversations' }).fill('tomas');
  await expect(dialog.getByRole('checkbox')).toHaveCount(1);
  await dialog.getByRole('checkbox', { name: 'Tomás Ferrer' }).check();
  await dialog.getByRole('button', { name: 'Forward to 1 conversation' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(field(page)).toBeVisible();
  await page.getByRole('link', { name: /^Tomás/u }).click();
  await expect(message(page, 'and the long pegs')).toContainText('Forwarded');
});

test('[MG5] several are deleted only after a question; Escape leaves', async ({
  page,
  openScene,
}) => {
  await openScene();
  await choose(page, 'and the long pegs', 'Select');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('toolbar')).toHaveCount(0);
  await choose(page, 'and the long pegs', 'Select');
  await page.getByRole('checkbox', { name: /the seedlings made/u }).click();
  await page.getByRole('button', { name: 'Delete on this device' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 2 messages?' });
  await dialog.getByRole('button', { name: 'Delete on this device' }).click();
  await expect(message(page, 'and the long pegs')).toHaveCount(0);
  await expect(message(page, 'the seedlings made')).toHaveCount(0);
});

test('[MG6] reactions count people, name them, and are taken back', async ({ page, openScene }) => {
  await openScene();
  const target = message(page, 'the seedlings made');
  await target.getByRole('button', { name: 'React' }).click();
  await page.getByRole('gridcell', { name: 'thumbs up' }).click();
  const mine = target.getByRole('button', { name: '👍 you' });
  await expect(mine).toHaveAttribute('aria-pressed', 'true');
  await withFake(
    page,
    (fake, person) => {
      fake.react('garden', 'garden-9', { person, emoji: '👍' });
    },
    mira,
  );
  const both = target.getByRole('button', { name: '👍 2: you and Mira' });
  await expect(both).toContainText('2');
  await both.click();
  await expect(target.getByRole('button', { name: '👍 Mira' })).toHaveAttribute(
    'aria-pressed',
    'false',
  );
});

test('[MG1] letters act on the message with the focus', async ({ page, openScene }) => {
  await openScene();
  const target = message(page, 'the seedlings made');
  await target.focus();
  await page.keyboard.press('e');
  await expect(page.getByRole('searchbox', { name: 'Search emoji' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(target).toBeFocused();
  await page.keyboard.press('u');
  expect(await commands(page, 'MarkUnread')).toMatchObject([{ key: 'garden-9' }]);
  await page.keyboard.press('r');
  await expect(field(page)).toBeFocused();
  await expect(page.getByText('Reply to Mira')).toBeVisible();
});

test.describe('by touch', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('[MG17] a swipe answers, a long press opens the menu', async ({ page, openScene }) => {
    await openScene();
    const target = message(page, 'the seedlings made');
    const slide = (type: string, x: number): Promise<void> =>
      target.dispatchEvent(type, {
        pointerType: 'touch',
        isPrimary: true,
        pointerId: 7,
        clientX: x,
        clientY: 100,
      });
    await slide('pointerdown', 100);
    await slide('pointermove', 140);
    await slide('pointerup', 140);
    await expect(page.getByText('Reply to Mira')).toHaveCount(0);
    await slide('pointerdown', 100);
    await slide('pointermove', 170);
    await slide('pointerup', 170);
    await expect(page.getByText('Reply to Mira')).toBeVisible();
    await slide('pointerdown', 100);
    await expect(page.getByRole('menuitem', { name: 'Copy text' })).toBeVisible();
  });

  test('[MG17] a finger does both, and scrolls without doing either', async ({
    page,
    openScene,
  }) => {
    await openScene();
    const target = message(page, 'the seedlings made');
    await expect(target).toBeVisible();
    const box = await target.boundingBox();
    const [x, y] = [(box?.x ?? 0) + 60, (box?.y ?? 0) + 20];
    const finger = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', dx = 0, dy = 0) =>
      finger.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: x + dx, y: y + dy }],
      });
    const drag = async (dx: number, dy: number): Promise<void> => {
      await touch('touchStart');
      for (const part of [0.25, 0.5, 0.75, 1]) await touch('touchMove', dx * part, dy * part);
      await touch('touchEnd');
    };
    await drag(0, -80);
    await expect(page.getByText('Reply to Mira')).toHaveCount(0);
    await expect(page.getByRole('menu')).toHaveCount(0);
    await drag(90, 0);
    await expect(page.getByText('Reply to Mira')).toBeVisible();
    await touch('touchStart');
    await expect(page.getByRole('menuitem', { name: 'Copy text' })).toBeVisible();
    await touch('touchEnd');
    await expect(page.getByRole('menuitem', { name: 'Copy text' })).toBeVisible();
  });
});
