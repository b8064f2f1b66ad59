/** Writing: names, emoji, marks, and what stands in the text. */
import type { Locator, Page } from '@playwright/test';
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';
import { mira } from '../support/ui-harness/scene.ts';

const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' });

const message = (page: Page, text: string): Locator =>
  page.getByRole('article', { name: new RegExp(text, 'u') });

const lastWritten = (page: Page): Promise<unknown> =>
  page.evaluate(() => window.fake.log.findLast((command) => command.type === 'SendMessage'));

test('[MG8] "@" opens a list of people that keys walk and take', async ({ page, openScene }) => {
  await openScene();
  await field(page).pressSequentially('hi @');
  const list = page.getByRole('listbox', { name: 'People to mention' });
  await expect(list.getByRole('option')).toHaveCount(4);
  await page.keyboard.press('ArrowDown');
  await expect(list.getByRole('option', { selected: true })).toHaveText(/Ola/u);
  const id = await list.getByRole('option', { selected: true }).getAttribute('id');
  await expect(field(page)).toHaveAttribute('aria-activedescendant', id ?? 'none');
  await page.keyboard.press('Enter');
  await expect(field(page)).toHaveValue('hi @Ola ');
  await expect(list).toHaveCount(0);
  await page.keyboard.press('Enter');
  expect(await lastWritten(page)).toMatchObject({
    text: 'hi @Ola',
    mentions: [{ name: 'Ola', personId: 'p-Ola' }],
  });
});

test('[MG8] Escape closes the list alone; a name written out needs none', async ({
  page,
  openScene,
}) => {
  await openScene();
  await field(page).pressSequentially('@mi');
  await expect(page.getByRole('listbox')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox')).toHaveCount(0);
  await expect(field(page)).toBeFocused();
  await field(page).fill('@Mira');
  await page.keyboard.press('Enter');
  expect(await lastWritten(page)).toMatchObject({ text: '@Mira', mentions: [{ name: 'Mira' }] });
});

test('[MG9] names are chips, and one’s own stand out', async ({ page, openScene }) => {
  await openScene();
  await withFake(
    page,
    (fake, author) => {
      fake.receive('garden', author, {
        text: '@Nora and @Ola, please',
        mentions: [
          { name: 'Nora', personId: 'me' },
          { name: 'Ola', personId: 'p-Ola' },
        ],
      });
    },
    mira,
  );
  const chips = message(page, '@Nora and @Ola').locator('bdi');
  await expect(chips).toHaveText(['@Nora', '@Ola']);
  await expect(chips.first()).toHaveClass(/me/u);
  await expect(chips.last()).not.toHaveClass(/me/u);
});

test('[MG7] the picker: fetched when opened, walked, searched, remembered', async ({
  page,
  openScene,
}) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await openScene();
  await expect(field(page)).toBeFocused();
  await field(page).fill('ab');
  await page.keyboard.press('ArrowLeft');
  expect(fetched.filter((path) => path.includes('emoji-table'))).toEqual([]);

  await page.keyboard.press('Control+;');
  const dialog = page.getByRole('dialog', { name: 'Emoji' });
  await expect(dialog.getByRole('grid', { name: 'Recent' })).toBeVisible();
  expect(fetched.filter((path) => path.includes('emoji-table'))).toHaveLength(1);
  await dialog.getByRole('tab', { name: 'Animals and nature' }).click();
  await dialog.getByRole('gridcell').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('gridcell').nth(9)).toBeFocused();
  await page.keyboard.press('Control+End');
  await expect(dialog.getByRole('gridcell').last()).toBeFocused();

  await dialog.getByRole('combobox', { name: 'Skin tone' }).selectOption('4');
  await dialog.getByRole('searchbox', { name: 'Search emoji' }).fill('waving');
  await expect(dialog.getByRole('gridcell', { name: 'waving hand' })).toHaveText('👋🏾');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(field(page)).toHaveValue('a👋🏾b');
  await expect(field(page)).toBeFocused();

  await page.reload();
  await page.getByRole('button', { name: 'Emoji' }).click();
  await expect(dialog.getByRole('gridcell').first()).toHaveText('👋🏾');
  await expect(dialog.getByRole('combobox', { name: 'Skin tone' })).toHaveValue('4');
});

test('[MG8] ":" completes codes', async ({ page, openScene }) => {
  await openScene();
  await field(page).pressSequentially('grow :seedl');
  const list = page.getByRole('listbox', { name: 'Emoji that fit' });
  await expect(list.getByRole('option', { selected: true })).toContainText(':seedling:');
  await page.keyboard.press('Tab');
  await expect(field(page)).toHaveValue('grow 🌱');
  await expect(field(page)).toBeFocused();
});

test('[MG12] keys put marks around what is selected', async ({ page, openScene }) => {
  await openScene();
  await field(page).fill('word');
  for (const [keys, marked] of [
    ['Control+b', '**word**'],
    ['Control+i', '*word*'],
    ['Control+Shift+x', '~~word~~'],
    ['Control+e', '`word`'],
  ] as const) {
    await field(page).fill('word');
    await field(page).selectText();
    await page.keyboard.press(keys);
    await expect(field(page)).toHaveValue(marked);
  }
});

test('[MG10] markup is shown, and never as HTML', async ({ page, openScene }) => {
  await openScene();
  const text = '**bold** `code` <img src=x onerror=alert(1)>\n- one\n- two';
  await field(page).fill(text);
  await page.keyboard.press('Enter');
  const article = message(page, 'bold');
  await expect(article.locator('strong')).toHaveText('bold');
  await expect(article.locator('code')).toHaveText('code');
  await expect(article.getByRole('listitem')).toHaveText(['one', 'two']);
  await expect(article.locator('img')).toHaveCount(0);
  await expect(article).toContainText('<img src=x onerror=alert(1)>');
});

test('[MG10] code has colours and can be copied', async ({ page, openContent, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openContent();
  const article = message(page, 'Try this');
  await expect(article.locator('.keyword').first()).toHaveText('const');
  await article.getByRole('button', { name: 'Copy code' }).click();
  await expect(article.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('const water');
});

test('[MG11] a link with other words shows its host and asks first', async ({
  page,
  openScene,
}) => {
  await openScene();
  await field(page).fill('[bank.example](https://evil.example/login) https://plain.example/a');
  await page.keyboard.press('Enter');
  const article = message(page, 'evil');
  await expect(article.getByRole('link', { name: 'https://plain.example/a' })).toHaveAttribute(
    'rel',
    /noopener/u,
  );
  const hidden = article.getByRole('link', { name: /bank\.example/u });
  await expect(hidden).toContainText('evil.example');
  await hidden.click();
  const dialog = page.getByRole('dialog', { name: 'Open this link?' });
  await expect(dialog.getByRole('alert')).toContainText('another place');
  await expect(dialog.getByRole('link', { name: 'Open' })).toHaveAttribute(
    'href',
    'https://evil.example/login',
  );
  await page.keyboard.press('Escape');
  await expect(hidden).toBeFocused();
});
