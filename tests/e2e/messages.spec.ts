/** What people do with messages, between two real browsers: apart, together, and after a reload. */
import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  chooseOf,
  composer,
  expect,
  message,
  messageOf,
  press,
  reachMs,
  see,
  untilDelivered,
  untilKept,
  write,
} from '../support/people.ts';

const react = async (page: Page, text: string, name: string): Promise<void> => {
  await press(page, text, 'React');
  await page.getByRole('searchbox', { name: 'Search emoji' }).fill(name);
  await page
    .getByRole('gridcell')
    .getByRole('button')
    .or(page.getByRole('gridcell'))
    .first()
    .click();
};

test('a message for later waits through a reload, and goes out at its time or when asked', async ({
  friends: { alice, bob },
}) => {
  const list = alice.getByRole('region', { name: 'Scheduled messages' });
  const dialog = alice.getByRole('dialog', { name: 'Send later' });
  const schedule = async (text: string): Promise<void> => {
    await composer(alice).fill(text);
    await composer(alice).press('Control+Shift+Enter');
    await dialog.getByRole('button', { name: 'Tomorrow morning' }).click();
    await dialog.getByRole('button', { name: 'Schedule' }).click();
    await expect(dialog).toHaveCount(0);
    await expect(composer(alice)).toHaveValue('');
    await expect(list).toContainText(text);
  };
  await schedule('good morning');
  await schedule('good evening');
  await alice.reload();
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list).toContainText('Goes out when this device is awake at that time');
  const morning = list.getByRole('listitem').filter({ hasText: 'good morning' });
  await morning.getByRole('button', { name: 'Edit this scheduled message' }).click();
  await dialog.getByRole('textbox', { name: 'Text' }).fill('good day');
  await dialog.getByRole('button', { name: 'Schedule' }).click();
  const day = list.getByRole('listitem').filter({ hasText: 'good day' });
  await day.getByRole('button', { name: 'Send now' }).click();
  await see(bob, 'Alice', 'good day');
  await list.getByRole('button', { name: 'Cancel this scheduled message' }).click();
  await expect(list).toHaveCount(0);
  await expect(messageOf(bob, 'good evening')).toHaveCount(0);
});

test('edit, answer, react, pin, delete: the same on both sides, offline and after a reload', async ({
  friends: { alice, bob },
}) => {
  await write(alice, 'meet at ten');
  await untilDelivered(alice, 'meet at ten');

  await chooseOf(alice, 'meet at ten', 'Edit');
  await composer(alice).fill('meet at **noon**');
  await composer(alice).press('Enter');
  await expect(message(bob, 'noon')).toContainText('edited', { timeout: reachMs });
  await expect(message(bob, 'noon').locator('strong')).toHaveText('noon');

  await press(bob, 'noon', 'Reply');
  await composer(bob).fill('fine with me');
  await composer(bob).press('Enter');
  await expect(message(alice, 'fine with me')).toContainText('noon', { timeout: reachMs });

  await react(bob, 'noon', 'thumbs up');
  await expect(message(alice, 'noon').getByRole('button', { name: /👍/u })).toBeVisible({
    timeout: reachMs,
  });

  // Alone, what is done shows at once; together again, to everybody.
  await untilKept(alice);
  await alice.context().setOffline(true);
  await chooseOf(alice, 'fine with me', 'Pin');
  await chooseOf(alice, 'noon', 'Ask everyone to delete');
  await expect(message(alice, 'Asked|Deleted')).toBeVisible();
  await alice.reload();
  await expect(message(alice, 'Asked|Deleted')).toBeVisible({ timeout: reachMs });
  await alice.context().setOffline(false);
  await expect(message(bob, 'Deleted by author')).toBeVisible({ timeout: reachMs });
  await expect(bob.getByRole('button', { name: /^Pinned: /u })).toContainText('fine with me', {
    timeout: reachMs,
  });
  await expect(message(alice, 'Asked 1 device to delete · 1 confirmed')).toBeVisible({
    timeout: reachMs,
  });
  await bob.reload();
  await expect(message(bob, 'Deleted by author')).toBeVisible({ timeout: reachMs });
  await expect(bob.getByText('noon')).toHaveCount(0);
});

test('a poll, a thread, a place, a mention, and words that go by themselves', async ({
  friends: { alice, bob },
}) => {
  await alice.getByRole('button', { name: 'Attach' }).click();
  await alice.getByRole('menuitem', { name: 'Poll' }).click();
  await alice.getByRole('textbox', { name: 'Question' }).fill('Tea?');
  await alice.getByRole('textbox', { name: 'Option 1' }).fill('Yes');
  await alice.getByRole('textbox', { name: 'Option 2' }).fill('No');
  await alice.getByRole('button', { name: 'Create poll' }).click();
  const poll = message(bob, 'Poll: Tea');
  await expect(poll).toBeVisible({ timeout: reachMs });
  await poll.getByText('Yes').click();
  await expect(message(alice, 'Poll: Tea')).toContainText(/1/u, { timeout: reachMs });

  await chooseOf(bob, 'Poll: Tea', 'Open thread');
  await bob.getByRole('textbox', { name: 'Reply in thread' }).fill('with milk');
  await bob.getByRole('textbox', { name: 'Reply in thread' }).press('Enter');
  await message(alice, 'Poll: Tea')
    .getByRole('button', { name: /1 reply/u })
    .click({
      timeout: reachMs,
    });
  await expect(alice.getByRole('list', { name: 'Thread' })).toContainText('with milk', {
    timeout: reachMs,
  });

  await composer(bob).pressSequentially('for @Al', { delay: 30 });
  await bob.keyboard.press('Enter');
  await composer(bob).pressSequentially('and :tea', { delay: 30 });
  await bob.keyboard.press('Escape');
  await composer(bob).press('Enter');
  await expect(message(alice, 'for @Alice')).toBeVisible({ timeout: reachMs });

  await bob.getByRole('button', { name: 'Details', exact: true }).click();
  await bob.getByRole('button', { name: /Disappearing messages/u }).click();
  await bob.getByRole('radio', { name: '1 hour' }).click(); // the dialog closes when it is done
  await expect(bob.getByRole('dialog')).toHaveCount(0);
  await write(bob, 'this goes');
  await expect(message(alice, 'this goes')).toContainText(/min|h/u, { timeout: reachMs });
});
