/** The screens of what can be done with messages: their kinds, and the dialogs that some of it needs. */
import type { Page } from '@playwright/test';
import type { MessageQuestion } from '../../../src/app/message-acts.svelte.ts';
import type { Screen } from './screens.ts';

const dialog = '[role=dialog]';

type Asked = 'poll' | 'place' | 'card' | 'timer';

const ask = (name: string, asked: MessageQuestion): Screen => ({
  name,
  go: (page: Page) =>
    page.evaluate((question) => {
      window.app.conversation?.acts.ask(question);
    }, asked),
  shows: dialog,
});

/** Of the conversation in which every kind of message stands once. */
const inKitchen = (screen: Omit<Screen, 'scene' | 'fragment'>): Screen => ({
  ...screen,
  scene: 'content',
  fragment: '#/c/kitchen',
  go: async (page) => {
    await page.locator('.keyword').first().waitFor(); // code has its colours
    await screen.go?.(page);
  },
});

const openMenuOf = async (page: Page, key: string): Promise<void> => {
  await page.locator(`article[data-key=${key}]`).focus();
  await page.keyboard.press('Enter');
};

const kitchenScreens: ReadonlyArray<Omit<Screen, 'scene' | 'fragment'>> = [
  { name: 'every kind of message', shows: 'article' },
  {
    name: 'a message with the focus',
    go: (page) => page.locator('article[data-key=k-answer]').focus(),
    shows: 'article:focus',
  },
  {
    name: 'menu of an own message',
    go: (page) => openMenuOf(page, 'k-answer'),
    shows: '[role=menu]',
  },
  {
    name: 'answering',
    go: (page) =>
      page.evaluate(() => {
        window.app.conversation?.composer.reply('k-frost');
      }),
    shows: 'form',
  },
  {
    name: 'selecting',
    go: (page) =>
      page.evaluate(() => {
        window.app.conversation?.selection.start('k-answer');
      }),
    shows: '[role=toolbar]',
  },
  {
    name: 'thread',
    go: (page) => page.evaluate(() => window.app.conversation?.openThread('k-frost')),
    shows: '[data-composer=thread]',
  },
  {
    name: 'details with pins',
    go: async (page) => {
      await page.evaluate(() => {
        window.app.toggleDetails();
      });
      await page.locator('aside li').first().waitFor();
    },
    shows: 'aside',
  },
  {
    name: 'emoji',
    go: (page) =>
      page.evaluate(() => {
        window.app.emoji.open({ kind: 'write', isThread: false });
      }),
    shows: '[role=gridcell]',
  },
  {
    name: 'people to mention',
    go: (page) => page.locator('[data-composer=main]').pressSequentially('@'),
    shows: '[role=listbox]',
  },
  {
    name: 'versions',
    go: (page) => page.evaluate(() => window.app.conversation?.acts.showVersions('k-answer')),
    shows: dialog,
  },
  {
    name: 'who has it',
    go: (page) => page.evaluate(() => window.app.inspect('k-answer')),
    shows: dialog,
  },
];

export const contentScreens: ReadonlyArray<Screen> = [
  ...kitchenScreens.map(inKitchen),
  ask('forward', { kind: 'forward', keys: ['garden-9'] }),
  ask('delete several', { kind: 'delete', keys: ['garden-9', 'garden-4'], from: 'here' }),
  ...(['poll', 'place', 'card', 'timer'] satisfies ReadonlyArray<Asked>).map((kind) =>
    ask(`new: ${kind}`, { kind }),
  ),
  ask('a link that hides where it leads', {
    kind: 'link',
    link: {
      href: 'https://archive.example.net/2019',
      target: 'archive.example.net',
      text: 'https://example.org',
      isBare: false,
      oddities: ['other-host'],
    },
  }),
];
