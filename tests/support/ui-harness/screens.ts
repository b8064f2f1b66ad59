/** Every kind of screen, and how to get there whatever language is spoken. */
import type { Page } from '@playwright/test';
import type { InviteProblem } from '../../../src/core/api.ts';
import { contentScreens } from './screens-content.ts';
import { fileScreens } from './screens-files.ts';

export interface Screen {
  readonly name: string;
  readonly scene?: 'first-run' | 'content';
  readonly fragment?: string;
  readonly go?: (page: Page) => Promise<unknown>;
  /** Shows that it is there. */
  readonly shows: string;
}

/** The page is mounted: a pane, or the screen before there is one. */
export const firstShown = '[data-region], form, main, [role=status]';

const dialog = '[role=dialog]';
const menu = '[role=menu]';

const panel = (
  name: 'go-to' | 'connection' | 'shortcuts' | 'new-group' | 'paste-link' | 'add-people' | 'shared',
) => ({
  name,
  go: (page: Page) =>
    page.evaluate((wanted) => {
      window.app.panel = wanted;
    }, name),
  shows: dialog,
});

const later = (name: 'link-device' | 'restore') => ({
  name,
  scene: 'first-run' as const,
  fragment: '',
  go: (page: Page) =>
    page.evaluate((wanted) => {
      window.app.panel = wanted;
    }, name),
  shows: dialog,
});

const openDetails = async (page: Page): Promise<void> => {
  await page.evaluate(() => {
    window.app.toggleDetails();
  });
  await page.locator('aside li').first().waitFor();
};

const joinWith = (link: string) => (page: Page) =>
  page.evaluate((wanted) => window.app.join.open(wanted), link);

const problems: Readonly<Record<InviteProblem, true>> = {
  mangled: true,
  'newer-version': true,
  expired: true,
  own: true,
  'already-member': true,
  revoked: true,
};

export const screens: ReadonlyArray<Screen> = [
  { name: 'conversation', shows: 'article' },
  { name: 'list', fragment: '#/', shows: 'nav a' },
  { name: 'notes to self', fragment: '#/c/self', shows: 'article' },
  { name: 'somebody is waited for', fragment: '#/c/june', shows: 'article' },
  { name: 'unknown conversation', fragment: '#/c/none', shows: 'main' },
  { name: 'settings', fragment: '#/settings', shows: 'section' },
  {
    name: 'empty conversation',
    go: (page) =>
      page.evaluate(() => {
        window.app.openConversation(window.fake.add('group', 'Bike kitchen').id);
      }),
    shows: '[role=log]',
  },
  { name: 'details', go: openDetails, shows: 'aside' },
  {
    name: 'member menu',
    go: async (page) => {
      await openDetails(page);
      await page.locator('aside [aria-haspopup=menu]').first().click();
    },
    shows: menu,
  },
  {
    name: 'leave',
    go: (page) =>
      page.evaluate(() => {
        const { id, name, members } = window.fake.conversations[0] ?? { id: '', name: '' };
        window.app.members.askToLeave(id, name, members ?? []);
      }),
    shows: dialog,
  },
  ...(['remove', 'owner', 'regroup'] as const).map((kind) => ({
    name: `ask: ${kind}`,
    go: (page: Page) =>
      page.evaluate((wanted) => {
        const { id, name, members } = window.fake.conversations[0] ?? { id: '', name: '' };
        const person = members?.[1]?.person;
        if (person === undefined) throw new Error('somebody is in the garden');
        const question = { kind: wanted, person };
        window.app.members.ask({ conversationId: id, groupName: name, question });
      }, kind),
    shows: dialog,
  })),
  {
    name: 'invite',
    go: async (page) => {
      await page.evaluate(() =>
        window.app.invite.show({ kind: 'conversation', conversationId: 'garden' }),
      );
      await page.locator('[role=dialog] summary').click();
    },
    shows: '[role=dialog] [role=img]',
  },
  {
    name: 'invite of one person',
    go: (page) => page.evaluate(() => window.app.invite.show({ kind: 'direct' })),
    shows: '[role=dialog] [role=img]',
  },
  {
    name: 'found in the list',
    fragment: '#/',
    go: (page) => page.locator('[data-search]').fill('a'),
    shows: 'nav ul + [role=status]',
  },
  panel('go-to'),
  panel('shared'),
  panel('connection'),
  panel('shortcuts'),
  panel('new-group'),
  panel('paste-link'),
  panel('add-people'),
  {
    name: 'message details',
    go: (page) => page.evaluate(() => window.app.inspect(window.fake.lastOwnKey('garden'))),
    shows: dialog,
  },
  {
    name: 'message menu',
    go: async (page) => {
      await page.locator('article').last().focus();
      await page.keyboard.press('Enter');
    },
    shows: menu,
  },
  {
    name: 'new menu',
    fragment: '#/',
    go: (page) =>
      page.evaluate(() => {
        window.app.openNewMenu();
      }),
    shows: menu,
  },
  { name: 'join', go: joinWith('#/i/good'), shows: dialog },
  ...Object.keys(problems).map((problem) => ({
    name: `join: ${problem}`,
    go: joinWith(`#/i/${problem}`),
    shows: '[role=dialog] [role=alert]',
  })),
  {
    name: 'waiting for approval',
    go: (page) =>
      page.evaluate(async () => {
        await window.app.join.open('#/i/good');
        await window.app.join.join();
      }),
    shows: 'main ol',
  },
  {
    name: 'request to join',
    go: (page) =>
      page.evaluate(() => {
        window.fake.requests = [
          {
            requestId: 'r1',
            inviteId: 'garden-invite',
            conversationId: 'garden',
            name: 'Sam',
            words: ['apple', 'brick', 'cloud', 'dune'],
            isReachable: false,
          },
        ];
        window.fake.changed();
      }),
    shows: '[role=group]',
  },
  {
    name: 'troubles',
    go: (page) =>
      page.evaluate(() => {
        window.fake.troubles = ['disk-full', 'storage-lost', 'no-webrtc'];
        window.fake.connection = { ...window.fake.connection, canWebRtc: false };
        window.fake.changed();
      }),
    shows: '[role=alert]',
  },
  {
    name: 'removed',
    go: (page) =>
      page.evaluate(() => {
        const garden = window.fake.conversations[0];
        if (garden !== undefined)
          garden.closed = { kind: 'removed', by: garden.members[1]?.person };
        window.fake.changed();
      }),
    shows: 'article',
  },
  {
    name: 'stopped',
    go: (page) =>
      page.evaluate(() => {
        const garden = window.fake.conversations[0];
        if (garden !== undefined) garden.failure = { errorId: '3F9A' };
        window.fake.changed();
      }),
    shows: '[role=alert]',
  },
  {
    name: 'another tab',
    go: (page) =>
      page.evaluate(() => {
        window.app.setTab('other');
      }),
    shows: 'button',
  },
  ...(['starting', 'unusable'] as const).map((phase) => ({
    name: phase,
    go: (page: Page) =>
      page.evaluate((wanted) => {
        window.fake.phase = wanted;
        window.fake.troubles = wanted === 'unusable' ? ['storage-open-failed'] : [];
        window.fake.changed();
      }, phase),
    shows: '[role=status], [role=alert]',
  })),
  { name: 'first run', scene: 'first-run', fragment: '', shows: 'form' },
  {
    name: 'first run with an invite',
    scene: 'first-run',
    fragment: '',
    go: joinWith('#/i/good'),
    shows: 'form',
  },
  later('link-device'),
  later('restore'),
  ...contentScreens,
  ...fileScreens,
];

/** All of them in `npm run test:all`; else every `step`th. */
export const sampleOf = <One>(all: ReadonlyArray<One>, step: number): ReadonlyArray<One> =>
  all.filter((_, at) => process.env['SOTTO_FULL'] === '1' || at % step === 0);
