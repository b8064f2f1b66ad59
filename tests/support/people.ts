/** What a person does in Sotto and what they then see, by the names of UX.md §A. */
import { expect as playwrightExpect, type Locator, type Page } from '@playwright/test';

/** For what needs the other side or a relay: generous, since the machine may be busy. */
export const reachMs = 60_000;
/** For what happens on this device alone. */
const ownMs = 30_000;
export const expect = playwrightExpect.configure({ timeout: ownMs });

export const nameField = (page: Page): Locator => page.getByRole('textbox', { name: 'Your name' });
export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Message' });

/** The app is on this device: the page opens again without its server. */
export const untilKept = async (page: Page): Promise<void> => {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
};

/** All messages on the screen, oldest first. */
export const messages = (page: Page): Locator => page.getByRole('log').getByRole('article');

export const messageOf = (page: Page, text: string): Locator =>
  messages(page).filter({ has: page.getByText(text, { exact: true }) });

/** Opens the app for the first time and starts: the person is in Notes to self. */
export const begin = async (page: Page, url: string, name: string): Promise<void> => {
  await page.goto(url);
  await nameField(page).fill(name);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('log', { name: 'Messages with Notes to self' })).toBeVisible();
};

/** Whose accessible name has this in it, as a regular expression: the beginning of what it says will do. */
export const message = (page: Page, text: string): Locator =>
  page.getByRole('log').getByRole('article', { name: new RegExp(text, 'u') });

/** One of the buttons that show on it. */
export const press = async (page: Page, text: string, button: string): Promise<void> => {
  await message(page, text).hover();
  await message(page, text).getByRole('button', { name: button, exact: true }).click();
};

/** What its menu offers, done. */
export const chooseOf = async (page: Page, text: string, item: string): Promise<void> => {
  await press(page, text, 'More');
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};

/** Writes it and waits until it is shown as kept. */
export const write = async (page: Page, text: string): Promise<void> => {
  await composer(page).fill(text);
  await composer(page).press('Enter');
  await expect(messageOf(page, text)).toHaveAttribute('data-delivery', /./);
};

const literally = (text: string): string => text.replace(/[^\w ]/g, '\\$&');

/** It is there, once, and by whom it should be ("You" for one's own). */
export const see = async (page: Page, author: string, text: string): Promise<void> => {
  await expect(messageOf(page, text)).toHaveAccessibleName(
    new RegExp(`^${author}, \\d\\d:\\d\\d, ${literally(text)}(,|$)`),
    { timeout: reachMs },
  );
};

export const untilDelivered = async (page: Page, text: string): Promise<void> => {
  await expect(messageOf(page, text)).toHaveAttribute('data-delivery', /^(delivered|read)$/, {
    timeout: reachMs,
  });
};

/** The texts on the screen from top to bottom, without times and marks. */
export const textsOf = (page: Page): Promise<ReadonlyArray<string>> =>
  messages(page).locator('.text > [dir=auto]').allTextContents();

export const openConversation = async (page: Page, name: string): Promise<void> => {
  await page
    .getByRole('navigation', { name: 'Conversations' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click({ timeout: reachMs });
  await expect(page.getByRole('log', { name: `Messages with ${name}` })).toBeVisible();
};

/** The line under the conversation's name that says who can be reached and how. */
export const truthLine = (page: Page): Locator =>
  page.locator('p', { has: page.getByRole('button', { name: 'Connection details' }) });

export const untilDirect = async (page: Page): Promise<void> => {
  await expect(truthLine(page)).toHaveText(/^Direct/, { timeout: reachMs });
};

// ---------------------------------------------------------------- inviting and joining

const inviteDialog = (page: Page): Locator => page.getByRole('dialog', { name: 'Invite' });

const linkIn = async (page: Page): Promise<string> => {
  const field = inviteDialog(page).getByRole('textbox', { name: 'Invite link' });
  await expect(field).toHaveValue(/#\/i\//);
  await expect(field).toHaveAttribute('aria-busy', 'false');
  return field.inputValue();
};

export const openNew = async (page: Page, item: string): Promise<void> => {
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

/** The invite dialog stays open; its link is the answer. */
export const inviteSomeone = async (page: Page, { isOpen = false } = {}): Promise<string> => {
  await openNew(page, 'Invite someone');
  return chooseLink(page, isOpen);
};

/** The same from the other door: into the group that is open. */
export const inviteToGroup = async (page: Page, { isOpen = false } = {}): Promise<string> => {
  await page.getByRole('button', { name: 'Invite people' }).click();
  return chooseLink(page, isOpen);
};

const chooseLink = async (page: Page, isOpen: boolean): Promise<string> => {
  const approved = await linkIn(page);
  if (!isOpen) return approved;
  await page.getByRole('switch', { name: 'Anyone with the link can join' }).check();
  const field = inviteDialog(page).getByRole('textbox', { name: 'Invite link' });
  await expect(field).not.toHaveValue(approved);
  return linkIn(page);
};

export const closeDialog = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
};

export const createGroup = async (page: Page, name: string): Promise<void> => {
  await openNew(page, 'New group');
  await page.getByRole('textbox', { name: 'Group name' }).fill(name);
  await page.getByRole('button', { name: 'Create group' }).click();
  await expect(page.getByRole('log', { name: `Messages with ${name}` })).toBeVisible();
};

/** A newcomer with a link: their name, then "Join". */
export const followLink = async (page: Page, link: string, name: string): Promise<void> => {
  await page.goto(link);
  await nameField(page).fill(name);
  await page.getByRole('button', { name: 'Join' }).click();
};

export const requestOf = (page: Page, name: string): Locator =>
  page.getByRole('group', { name: `${name} wants to join` });

export const approve = async (page: Page, name: string): Promise<void> => {
  await requestOf(page, name).getByRole('button', { name: 'Approve' }).click({ timeout: reachMs });
};

export const untilIn = async (page: Page, conversation: string): Promise<void> => {
  await expect(page.getByRole('log', { name: `Messages with ${conversation}` })).toBeVisible({
    timeout: reachMs,
  });
};

/** Two people in a direct conversation, each looking at it; the first one invited the second. */
export const befriend = async (
  url: string,
  [first, second]: readonly [NamedPage, NamedPage],
): Promise<void> => {
  await begin(first.page, url, first.name);
  const link = await inviteSomeone(first.page);
  await followLink(second.page, link, second.name);
  await approve(first.page, second.name);
  await untilIn(second.page, first.name);
  if ((await first.page.getByRole('dialog').count()) > 0) await closeDialog(first.page);
  await openConversation(first.page, second.name);
};

export interface NamedPage {
  readonly name: string;
  readonly page: Page;
}
