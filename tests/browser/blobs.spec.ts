/** Stored files in the real thing: a worker's private file system, and IndexedDB. */
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { build, preview, type PreviewServer } from 'vite';
import { blobContract } from '../contract/blobs.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import type {} from './blobs-page/page.ts'; // its names on window

let folder = '';
let server: PreviewServer;
let page: Page;

test.beforeAll(async ({ browser }) => {
  folder = await makeTempDir('blobs');
  const outDir = join(folder, 'page');
  const shared = {
    configFile: false,
    root: 'tests/browser/blobs-page',
    logLevel: 'error',
  } as const;
  const worker = { format: 'es' } as const;
  await build({ ...shared, worker, build: { outDir, target: 'es2023' } });
  server = await preview({ ...shared, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
  page = await browser.newPage();
  await page.goto(server.resolvedUrls?.local[0] ?? '');
});
test.afterAll(async () => {
  await page.close();
  await server.close();
  await removeDir(folder);
});

for (const kind of ['opfs', 'indexeddb'] as const) {
  for (const { title } of blobContract) {
    test(`${title} (${kind})`, async () => {
      const failure = await page.evaluate((order) => window.runBlobCase(order), { kind, title });
      expect(failure).toBeUndefined();
    });
  }
}
