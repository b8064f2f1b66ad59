/** Getting to a conversation by its name: from the list's search box, and by Mod+K. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '../support/ui-harness/fixture.ts';

test('[UI37] the search box shows what is called so, and Escape brings the list back', async ({
  page,
  openScene,
}) => {
  await openScene();
  const box = page.getByRole('searchbox', { name: 'Search messages' });
  const results = page.getByRole('list', { name: 'Search results' });
  await box.fill('tomas');
  await expect(results.getByRole('link')).toHaveCount(1);
  await expect(results.getByRole('link', { name: /^Tomás Ferrer/u })).toBeVisible();
  await expect(page.getByText('Only names are searched so far')).toBeVisible();
  await box.fill('nobody at all');
  await expect(results.getByRole('link')).toHaveCount(0);
  await expect(page.getByText('No conversation has this name.')).toBeVisible();
  await box.press('Escape');
  await expect(box).toHaveValue('');
  const list = page.getByRole('navigation', { name: 'Conversations' });
  await expect(list.getByRole('link', { name: /^June/u })).toBeVisible();
});

test('[UI37] Enter opens the first that fits, the arrow leads into the list', async ({
  page,
  openScene,
}) => {
  await openScene();
  const box = page.getByRole('searchbox', { name: 'Search messages' });
  await box.fill('mesh');
  await expect(page.getByRole('list', { name: 'Search results' }).getByRole('link')).toHaveCount(1);
  await box.press('ArrowDown');
  await expect(page.getByRole('link', { name: /^Harbour mesh/u })).toBeFocused();
  await box.press('Enter');
  await expect(page.getByRole('log', { name: 'Messages with Harbour mesh' })).toBeVisible();
});

test('[UI37] Mod+K finds conversations and commands, by keyboard alone', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.keyboard.press('Control+k');
  const box = page.getByRole('combobox', { name: 'Conversation or command' });
  await expect(box).toBeFocused();
  const options = page.getByRole('listbox').getByRole('option');
  await expect(options.first()).toHaveText(/Garden/u);
  await page.keyboard.press('ArrowDown');
  const chosen = page.getByRole('option', { selected: true });
  await expect(chosen).toHaveText(/Tomás/u);
  await expect(box).toHaveAttribute(
    'aria-activedescendant',
    (await chosen.getAttribute('id')) ?? 'none',
  );
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log', { name: 'Messages with Tomás Ferrer' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('invite');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Invite', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('settings');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Profile' })).toBeVisible();
});
