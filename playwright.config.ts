import { defineConfig } from '@playwright/test';
import { chromiumArgs, findChromium } from './tests/support/browsers.ts';

const boxSeconds = Number(process.env['SOTTO_BROWSER_SECONDS'] ?? '0'); // 0: no limit
const executablePath = findChromium();

export default defineConfig({
  globalSetup: './tests/support/build-app.ts',
  forbidOnly: true,
  // Real browsers on two shared cores: a machine that stalls is not a bug. What needed a second try
  // is named in the report and in the summary of `npm test`.
  retries: process.env['CI'] === undefined ? 0 : 1,
  workers: 2,
  timeout: 120_000,
  globalTimeout: boxSeconds * 1000,
  expect: { timeout: 40_000 },
  outputDir: 'test-results',
  use: {
    locale: 'en-US',
    timezoneId: 'UTC',
    trace: 'on-first-retry',
    launchOptions: {
      args: [...chromiumArgs],
      ...(executablePath === undefined ? {} : { executablePath }),
    },
  },
  projects: [
    { name: 'browser', testDir: 'tests/browser', testMatch: '**/*.spec.ts' },
    // Several real browsers each, which mostly wait for each other.
    { name: 'e2e', testDir: 'tests/e2e', testMatch: '**/*.spec.ts', timeout: 300_000 },
    // Two networks with a bad link between them: Linux and root only, else skipped.
    {
      name: 'namespaces',
      testDir: 'tests/namespaces',
      testMatch: '**/*.spec.ts',
      workers: 1,
      timeout: 300_000,
    },
  ],
});
