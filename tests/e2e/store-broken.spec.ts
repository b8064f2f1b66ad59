import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from '../support/app.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { begin, expect, openConversation, see, write } from '../support/people.ts';

/** Puts a file where the browser keeps this origin's databases; the answer puts them back. */
const breakStore = (dir: string): (() => void) => {
  const folder = join(dir, 'Default', 'IndexedDB');
  const names = readdirSync(folder).filter((name) => name.startsWith('http_127.0.0.1'));
  expect(names).not.toEqual([]);
  for (const name of names) {
    renameSync(join(folder, name), join(dir, name));
    writeFileSync(join(folder, name), 'not a folder');
  }
  return () => {
    for (const name of names) {
      rmSync(join(folder, name), { recursive: true });
      renameSync(join(dir, name), join(folder, name));
    }
  };
};

test('[row 22] a store that the browser cannot open is said so at once, and all is there when it can', async ({
  app,
  newProfile,
}) => {
  const dir = await makeTempDir('broken');
  const me = await newProfile({ dir });
  await begin(me.page(), app.url, 'Ada');
  await write(me.page(), 'stays');
  await me.close();

  const mend = breakStore(dir);
  await me.open();
  await me.page().goto(app.url);
  await expect(me.page().getByRole('alert')).toContainText('could not open its data', {
    timeout: 5000,
  });
  await expect(me.page().getByRole('button', { name: 'Start' })).toHaveCount(0); // no new person
  await me.close();

  mend();
  await me.open();
  await me.page().goto(app.url);
  await openConversation(me.page(), 'Notes to self');
  await see(me.page(), 'You', 'stays');
  await me.close();
  await removeDir(dir);
});
