/**
 * What browser tests stand on: the real app from the real server, and people with real browsers.
 * A test fails when any page logged an error or its security policy refused something.
 */
import { test as base, type Page } from '@playwright/test';
import { startApp, type App } from './app-process.ts';
import { befriend } from './people.ts';
import { openProfile, type Profile, type ProfileOptions } from './profile.ts';

interface Fixtures {
  /** Environment variables of the app, beside its ports and its folder. */
  readonly settings: Readonly<Record<string, string>>;
  /** The app of this test, ready. */
  readonly app: App;
  /** Opens one more browser with a disk of its own, on an empty page. */
  readonly newProfile: (options?: ProfileOptions) => Promise<Profile>;
  /** Two who talk with each other, both looking at it. */
  readonly friends: { readonly alice: Page; readonly bob: Page };
}

export const test = base.extend<Fixtures>({
  friends: async ({ app, newProfile }, use) => {
    const alice = (await newProfile()).page();
    const bob = (await newProfile()).page();
    await befriend(app.url, [
      { name: 'Alice', page: alice },
      { name: 'Bob', page: bob },
    ]);
    await use({ alice, bob });
  },
  settings: [{}, { option: true }],
  app: async ({ settings }, use, info) => {
    const app = await startApp(settings);
    await use(app);
    if (info.status !== info.expectedStatus) {
      await info.attach('app.log', { body: app.log(), contentType: 'text/plain' });
    }
    await app.dispose();
  },
  newProfile: async ({}, use, info) => {
    const profiles: Profile[] = [];
    await use(async (options) => {
      const profile = await openProfile(options);
      profiles.push(profile);
      return profile;
    });
    for (const [index, profile] of profiles.entries()) {
      if (info.status !== info.expectedStatus) {
        const picture = await profile.picture();
        const contentType = 'image/png';
        if (picture !== undefined)
          await info.attach(`page-${index}`, { body: picture, contentType });
      }
      await profile.dispose();
    }
    base.expect(profiles.flatMap((profile) => profile.complaints())).toEqual([]);
  },
});

export type { App, Profile };
