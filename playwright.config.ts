import { defineConfig } from '@playwright/test';
import { chromiumArgs, findChromium } from './tests/support/browsers.ts';

const boxSeconds = Number(process.env['SOTTO_BROWSER_SECONDS'] ?? '0'); // 0: no limit
const executablePath = findChromium();

export default defineConfig({
  globalSetup: './tests/support/build-app.ts',
  forbidOnly: true,
  retries: 0, // a test that fails sometimes is a failing test
  workers: 2,
  timeout: 60_000,
  globalTimeout: boxSeconds * 1000,
  expect: { timeout: 20_000 },
  outputDir: 'test-results',
  use: {
    locale: 'en-US',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      args: [...chromiumArgs],
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
  projects: [
    { name: 'browser', testDir: 'tests/browser', testMatch: '**/*.spec.ts' },
    // Several real browsers each: one at a time, so that they have the machine to themselves.
    { name: 'e2e', testDir: 'tests/e2e', testMatch: '**/*.spec.ts', workers: 1, timeout: 180_000 },
  ],
});
