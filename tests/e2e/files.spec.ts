import { test } from '../support/app.ts';
import { begin, expect } from '../support/people.ts';

test('[FT16] what handles files arrives after the start, in the worker that is there', async ({
  app,
  newProfile,
}) => {
  const me = await newProfile();
  const page = me.page();
  const asked: string[] = [];
  me.context().on('request', (request) => asked.push(request.url()));
  await begin(page, app.url, 'Ada');
  const hasFolder = (): Promise<boolean> =>
    page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      for await (const name of root.keys()) if (name === 'sotto-files') return true;
      return false;
    });
  await expect.poll(hasFolder, { timeout: 20_000 }).toBe(true);
  // The same worker: what it needs of the core is not loaded and run a second time.
  expect(page.workers()).toHaveLength(1);
  expect(asked.filter((url) => /core\.worker/.test(url)).length).toBeLessThanOrEqual(2);
});
