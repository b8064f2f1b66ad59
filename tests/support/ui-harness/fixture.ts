import { test as base, type Page } from '@playwright/test';
import type { FakeCore } from '../fake-core.ts';
import { firstShown, type Screen } from './screens.ts';
import { serveHarness, type Harness } from './serve.ts';

interface WorkerFixtures {
  readonly harness: Harness;
}

interface TestFixtures {
  /** The household of `scene.ts`, with its first conversation open. */
  readonly openScene: (fragment?: string) => Promise<void>;
  /** One of `screens.ts`, in a page of its own. */
  readonly openScreen: (screen: Screen, query?: Readonly<Record<string, string>>) => Promise<void>;
  /** The same with "Bike kitchen", where every kind of message stands once. */
  readonly openContent: () => Promise<void>;
  readonly openFirstRun: (fragment?: string) => Promise<void>;
  /** What the page complained about: errors and refusals of its security policy. */
  readonly complaints: ReadonlyArray<string>;
}

/** A screen that does not come is found at once, not at the end of a long walk. */
const shownWithinMs = 15_000;

/** Every test fails when the page logs an error or its security policy refuses something. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  harness: [
    async ({}, use, worker) => {
      const harness = await serveHarness(
        `${process.cwd()}/.cache/ui-harness-${worker.workerIndex}`,
      );
      await use(harness);
      await harness.close();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      await use(complaints);
      base.expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
  openScene: async ({ page, harness }, use) => {
    await use(async (fragment = '#/c/garden') => {
      await page.goto(`${harness.url}${fragment}`);
      // Its code comes behind the list.
      const pane = page.getByRole('log').or(page.getByRole('complementary'));
      if (fragment.startsWith('#/c/')) await pane.first().waitFor();
    });
  },
  openScreen: async ({ page, harness }, use) => {
    await use(async ({ fragment = '#/c/garden', scene, go, shows }, query = {}) => {
      const search = new URLSearchParams({ ...query, ...(scene === undefined ? {} : { scene }) });
      await page.goto('about:blank');
      await page.goto(`${harness.url}?${search.toString()}${fragment}`);
      await page.locator(firstShown).first().waitFor({ timeout: shownWithinMs });
      await go?.(page);
      await page.locator(shows).first().waitFor({ timeout: shownWithinMs });
    });
  },
  openContent: async ({ page, harness }, use) => {
    await use(async () => {
      await page.goto(`${harness.url}?scene=content#/c/kitchen`);
    });
  },
  openFirstRun: async ({ page, harness }, use) => {
    await use(async (fragment = '') => {
      await page.goto(`${harness.url}?scene=first-run${fragment}`);
    });
  },
});

export { expect } from '@playwright/test';

/** Plays the other people: runs against the fake core of the page. */
export const withFake = async <Argument>(
  page: Page,
  play: (fake: FakeCore, argument: Argument) => unknown,
  argument: Argument,
): Promise<void> => {
  await page.evaluate(
    `{ const play = ${play.toString()}; void play(window.fake, ${JSON.stringify(argument ?? null)}); }`,
  );
};
