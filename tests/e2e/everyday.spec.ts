/** What people do all day, between two real browsers: each once, the way it is done by hand. */
import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  chooseOf,
  composer,
  expect,
  message,
  messageOf,
  openConversation,
  press,
  reachMs,
  see,
  untilDelivered,
  write,
} from '../support/people.ts';

const send = async (page: Page, text: string): Promise<void> => {
  await composer(page).fill(text);
  await composer(page).press('Enter');
};

test('formatting, emoji, a poll of counts, an answer begun, several forwarded, one deleted here', async ({
  friends: { alice, bob },
}) => {
  await send(alice, '```js\nconst frost = true;\n```');
  await expect(bob.getByRole('log').locator('.keyword')).toHaveText('const', { timeout: reachMs });
  await send(alice, 'everybody: **cover** the beds');
  await expect(message(bob, 'cover').locator('strong')).toHaveText('cover', { timeout: reachMs });
  await expect(bob.getByRole('link', { name: /^Alice.*everybody: cover the beds/u })).toBeVisible();
  await composer(alice).pressSequentially(':tada', { delay: 30 });
  await expect(alice.getByRole('listbox')).toBeVisible();
  await alice.keyboard.press('Enter');
  await composer(alice).press('Enter');
  await expect(message(bob, '🎉')).toBeVisible({ timeout: reachMs });

  await alice.getByRole('button', { name: 'Attach' }).click();
  await alice.getByRole('menuitem', { name: 'Poll' }).click();
  const dialog = alice.getByRole('dialog', { name: 'New poll' });
  await dialog.getByRole('textbox', { name: 'Question' }).fill('When?');
  await dialog.getByRole('textbox', { name: 'Option 1' }).fill('Friday');
  await dialog.getByRole('textbox', { name: 'Option 2' }).fill('Sunday');
  await dialog.getByRole('switch', { name: 'Several answers' }).click();
  await dialog.getByRole('switch', { name: 'Counts only' }).click();
  await dialog.getByRole('button', { name: 'Create poll' }).click();
  const poll = message(bob, 'Poll: When');
  await poll.getByText('Friday').click({ timeout: reachMs });
  await poll.getByText('Sunday').click();
  await expect(message(alice, 'Poll: When').getByRole('checkbox')).toHaveCount(2);
  for (const option of ['Friday', 'Sunday']) {
    await expect(
      message(alice, 'Poll: When').getByRole('checkbox', { name: `${option}: 1 vote` }),
    ).toBeVisible({ timeout: reachMs });
  }
  await expect(message(alice, 'Poll: When')).not.toContainText('Bob');

  // An answer that was begun is there after a reload, with what it answers.
  await press(bob, 'cover', 'Reply');
  await composer(bob).fill('with what?');
  await openConversation(bob, 'Notes to self');
  const row = bob.getByRole('link', { name: /^Alice/u });
  await expect(row).toContainText('Draft: with what?');
  await bob.reload();
  await openConversation(bob, 'Alice');
  await expect(composer(bob)).toHaveValue('with what?', { timeout: reachMs });
  await expect(bob.getByText('Reply to Alice')).toBeVisible();
  await composer(bob).press('Enter');
  await see(alice, 'Bob', 'with what?');
  await see(bob, 'You', 'with what?');

  await chooseOf(bob, 'cover', 'Select');
  await bob.getByRole('checkbox', { name: /with what/u }).click();
  const bar = bob.getByRole('toolbar', { name: 'Selected messages' });
  await bar.getByRole('button', { name: 'Forward' }).click();
  const forward = bob.getByRole('dialog', { name: 'Forward' });
  await forward.getByRole('checkbox', { name: 'Notes to self' }).check();
  await forward.getByRole('button', { name: 'Forward to 1 conversation' }).click();
  await openConversation(bob, 'Notes to self');
  await expect(message(bob, 'cover')).toContainText('Forwarded');
  await expect(message(bob, 'with what')).toBeVisible();

  // Here only: the other side keeps it.
  await openConversation(bob, 'Alice');
  await chooseOf(bob, 'with what', 'Delete on this device');
  await expect(message(bob, 'with what')).toHaveCount(0);
  await write(alice, 'fleece');
  await see(bob, 'Alice', 'fleece');
  await chooseOf(bob, 'fleece', 'Mark as unread');
  await openConversation(bob, 'Notes to self');
  await expect(row).toHaveAccessibleName(/unread/u);
  await bob.reload();
  await expect(bob).toHaveTitle('(1) Sotto', { timeout: reachMs });
  await expect(message(alice, 'with what')).toBeVisible();
});

test('a name, a line and a picture reach the other; language and look stay', async ({
  friends: { alice, bob },
}) => {
  await write(alice, 'hello');
  await untilDelivered(alice, 'hello');
  await alice.getByRole('button', { name: 'Settings' }).first().click();
  await alice.getByRole('textbox', { name: 'Your name' }).fill('Alice Amper');
  await alice.getByRole('button', { name: 'Save' }).first().click();
  await alice.getByRole('textbox', { name: 'About you' }).fill('in the garden');
  await alice.getByRole('button', { name: 'Save' }).last().click();
  await expect(alice.getByRole('button', { name: 'Save' }).last()).toBeDisabled();
  await alice.getByLabel('Picture', { exact: true }).setInputFiles('public/icons/icon-192.png');
  await expect(alice.getByRole('button', { name: 'Remove the picture' })).toBeVisible();

  await openConversation(bob, 'Alice Amper');
  await bob.getByRole('button', { name: 'Details', exact: true }).click();
  const details = bob.getByRole('complementary', { name: 'Details' });
  await expect(details).toContainText('in the garden', { timeout: reachMs });
  await expect(details.locator('img').first()).toBeVisible({ timeout: reachMs });

  await alice.getByRole('radio', { name: 'Dark' }).check({ force: true });
  await alice.getByRole('combobox', { name: 'Language' }).selectOption('de');
  await alice.getByRole('link', { name: /^Bob/u }).click();
  await alice.reload();
  await expect(alice.getByRole('textbox', { name: 'Nachricht' })).toBeVisible();
  await expect(alice.locator('html')).toHaveAttribute('lang', 'de');
  await expect(alice.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(messageOf(alice, 'hello')).toBeVisible();
});
