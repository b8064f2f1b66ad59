/** The screens of what can be done with messages: the dialogs that some of it needs. */
import type { Page } from '@playwright/test';
import type { Screen } from './screens.ts';

const dialog = '[role=dialog]';

const ask = (kind: 'poll' | 'place' | 'timer'): Screen => ({
  name: `new: ${kind}`,
  go: (page: Page) =>
    page.evaluate((wanted) => {
      window.app.conversation?.acts.ask({ kind: wanted });
    }, kind),
  shows: dialog,
});

export const contentScreens: ReadonlyArray<Screen> = [
  {
    name: 'forward',
    go: (page) =>
      page.evaluate(() => {
        window.app.conversation?.acts.ask({ kind: 'forward', keys: ['garden-9'] });
      }),
    shows: dialog,
  },
  ...(['poll', 'place', 'timer'] as const).map(ask),
];
