/** Polls, places, contacts, pins, threads and timers. */
import type { Locator, Page } from '@playwright/test';
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';
import { mira } from '../support/ui-harness/scene.ts';

const message = (page: Page, text: string): Locator =>
  page.getByRole('article', { name: new RegExp(text, 'u') });

const attach = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: 'Attach' }).click();
  await page.getByRole('menuitem', { name }).click();
};

test('[MG13] a poll is made, answered, answered otherwise, and taken back', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.keyboard.press('Control+u');
  await page.getByRole('menuitem', { name: 'Poll' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New poll' });
  await dialog.getByRole('button', { name: 'Create poll' }).click();
  await expect(dialog.getByRole('alert').first()).toContainText('Write a question');
  await dialog.getByRole('textbox', { name: 'Question' }).fill('When?');
  await dialog.getByRole('textbox', { name: 'Option 1' }).fill('Today');
  await dialog.getByRole('textbox', { name: 'Option 2' }).fill('Tomorrow');
  await dialog.getByRole('button', { name: 'Add an option' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Option 3' })).toBeFocused();
  await dialog.getByRole('textbox', { name: 'Option 3' }).fill('Never');
  await dialog.getByRole('switch', { name: 'Counts only' }).click();
  await dialog.getByRole('button', { name: 'Create poll' }).click();
  await expect(dialog).toHaveCount(0);

  const poll = message(page, 'Poll: When\\?');
  await expect(poll).toContainText('The devices of everyone here know');
  await poll.getByRole('radio', { name: /^Today/u }).click();
  await expect(poll.getByRole('radio', { name: 'Today: 1 vote' })).toBeChecked();
  await page.keyboard.press('ArrowDown');
  await expect(poll.getByRole('radio', { name: 'Tomorrow: 1 vote' })).toBeChecked();
  await expect(poll).toContainText('One answer · 1 vote');
  await poll.getByRole('button', { name: 'Take back my vote' }).click();
  await expect(poll).toContainText('0 votes');
});

test('[MG13] of several answers none is lost, however quickly they are given', async ({
  page,
  openScene,
}) => {
  await openScene();
  await attach(page, 'Poll');
  const dialog = page.getByRole('dialog', { name: 'New poll' });
  await dialog.getByRole('textbox', { name: 'Question' }).fill('Which?');
  await dialog.getByRole('textbox', { name: 'Option 1' }).fill('Peas');
  await dialog.getByRole('textbox', { name: 'Option 2' }).fill('Beans');
  await dialog.getByRole('switch', { name: 'Several answers' }).click();
  await dialog.getByRole('button', { name: 'Create poll' }).click();
  const poll = message(page, 'Poll: Which\\?');
  await expect(poll.getByRole('checkbox')).toHaveCount(2);
  await poll.evaluate((article) => {
    for (const box of article.querySelectorAll('input')) box.click();
  });
  for (const option of ['Peas', 'Beans']) {
    await expect(poll.getByRole('checkbox', { name: `${option}: 1 vote` })).toBeChecked();
  }
});

test('[MG14] a place is typed or pasted, and shown as coordinates', async ({ page, openScene }) => {
  await openScene();
  await attach(page, 'Location');
  const dialog = page.getByRole('dialog', { name: 'Share a location' });
  await dialog.getByRole('textbox', { name: 'Latitude' }).fill('north');
  await dialog.getByRole('button', { name: 'Share' }).click();
  await expect(dialog.getByRole('alert').first()).toContainText('between -90 and 90');
  await dialog.getByRole('textbox', { name: 'Latitude' }).fill('38.71667, -9.13333');
  await expect(dialog.getByRole('textbox', { name: 'Longitude' })).toHaveValue('-9.13333');
  await dialog.getByRole('button', { name: 'Share' }).click();
  const place = message(page, 'Location: 38.71667, -9.13333');
  await expect(place.getByRole('link', { name: 'Open in a map app' })).toHaveAttribute(
    'href',
    'geo:38.71667,-9.13333',
  );
  await expect(place.getByRole('button', { name: 'Copy coordinates' })).toBeVisible();
});

test('[MG14] a contact is introduced and can be written to', async ({ page, openScene }) => {
  await openScene();
  await attach(page, 'Contact');
  await page.getByRole('button', { name: 'Share June' }).click();
  const card = message(page, 'Contact: June');
  await card.getByRole('button', { name: 'Message June' }).click();
  await expect(page.getByRole('log', { name: 'Messages with June' })).toBeVisible();
});

test('[MG15] the newest pin stands under the header, all in the details', async ({
  page,
  openScene,
}) => {
  await openScene();
  for (const text of ['tool shed key', 'Frost cloth']) {
    await message(page, text).getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Pin', exact: true }).click();
  }
  const bar = page.getByRole('button', { name: /^Pinned: /u });
  await expect(bar).toContainText('Frost cloth');
  await expect(bar).toContainText('2 pins');
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  const list = page.getByRole('list', { name: 'Pinned messages' });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await list.getByRole('button', { name: /tool shed/u }).click();
  await expect(message(page, 'tool shed key')).toBeFocused();
  await message(page, 'tool shed key').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Unpin' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(1);
});

test('[MG15] a thread opens beside the conversation and stands there alone', async ({
  page,
  openScene,
}) => {
  await openScene();
  await message(page, 'the seedlings made').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Open thread' }).click();
  const pane = page.getByRole('complementary', { name: 'Thread' });
  const field = pane.getByRole('textbox', { name: 'Reply in thread' });
  await expect(field).toBeFocused();
  await field.fill('how many?');
  await page.keyboard.press('Enter');
  const list = pane.getByRole('list', { name: 'Thread' });
  await expect(list.getByRole('article', { name: /how many/u })).toBeVisible();
  await expect(page.getByRole('log').getByRole('article', { name: /how many/u })).toHaveCount(0);
  await withFake(
    page,
    (fake, author) => {
      fake.receive('garden', author, { text: 'all of them', threadOf: 'garden-9' });
    },
    mira,
  );
  const reply = list.getByRole('article', { name: /all of them/u });
  await reply.getByRole('button', { name: 'Reply' }).click();
  await expect(field).toBeFocused();
  await expect(pane.getByText('Reply to Mira')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(pane).toHaveCount(0);
  await page.getByRole('button', { name: '2 replies' }).click();
  await expect(list.getByRole('article')).toHaveCount(2);
});

test('[MG16] a timer is chosen in the details and counted on messages', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  const button = page.getByRole('button', { name: 'Disappearing messages' });
  await expect(button).toContainText('Off');
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Disappearing messages' });
  await expect(dialog.getByRole('radio')).toHaveCount(6);
  await dialog.getByRole('radio', { name: '4 weeks' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(button).toContainText('4 weeks');
  await page.getByRole('textbox', { name: 'Message' }).fill('not for long');
  await page.keyboard.press('Enter');
  await expect(message(page, 'not for long').getByTitle('Disappears in 28 days')).toBeVisible();
});

test('[MG18] emoji alone are large', async ({ page, openContent }) => {
  await openContent();
  const sizeOf = (text: string): Promise<number> =>
    message(page, text)
      .locator('.plain')
      .evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  expect(await sizeOf('🌱🎉')).toBeGreaterThan(2 * (await sizeOf('Bring gloves')));
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

  test('[UI31] no kind of message scrolls sideways at 320 px', async ({ page, openContent }) => {
    await openContent();
    await expect(page.locator('.keyword').first()).toBeAttached();
    const overflow = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('[role=log]')].map(
        (element) => element.scrollWidth - element.clientWidth,
      ),
    );
    expect(Math.max(...overflow)).toBeLessThanOrEqual(0);
  });
});
