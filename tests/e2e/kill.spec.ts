import { test, type Profile } from '../support/app.ts';
import {
  befriend,
  begin,
  composer,
  expect,
  openConversation,
  see,
  textsOf,
  untilDelivered,
  write,
} from '../support/people.ts';

const killCount = process.env['SOTTO_FULL'] === '1' ? 200 : 8;

test('[line 7] [row 16] [row 17] a browser killed right after Send: what was shown as kept arrives', async ({
  app,
  newProfile,
}) => {
  const alice = await newProfile();
  const bob = await newProfile();
  await befriend(app.url, [
    { name: 'Alice', page: alice.page() },
    { name: 'Bob', page: bob.page() },
  ]);
  await bob.close();
  await write(alice.page(), 'kept before the end');
  await alice.kill();

  await alice.open();
  await alice.page().goto(app.url);
  await openConversation(alice.page(), 'Bob');
  await see(alice.page(), 'You', 'kept before the end');

  await test.step('the receiver is killed as soon as it shows it: shown once all the same', async () => {
    await bob.open();
    await bob.page().goto(app.url);
    await openConversation(bob.page(), 'Alice');
    await see(bob.page(), 'Alice', 'kept before the end');
    await bob.kill();
    await bob.open();
    await bob.page().goto(app.url);
    await openConversation(bob.page(), 'Alice');
    await untilDelivered(alice.page(), 'kept before the end');
    expect(await textsOf(bob.page())).toEqual(['kept before the end']);
  });
});

/** Tells of every own message the moment it is on the screen. */
const reportShown = (): void => {
  const { shownAsKept } = globalThis as unknown as { shownAsKept: (text: string) => void };
  const seen = new Set<string>();
  new MutationObserver(() => {
    for (const article of document.querySelectorAll('article[data-delivery]')) {
      const text = article.querySelector('.text > [dir=auto]')?.textContent ?? '';
      if (seen.has(text)) continue;
      seen.add(text);
      shownAsKept(text);
    }
  }).observe(document, { childList: true, subtree: true });
};

/** Writes until so many more are shown as kept, and pulls the plug in the middle of the next. */
const writeUntilKilled = async (
  me: Profile,
  { round, afterCount, url }: { round: number; afterCount: number; url: string },
): Promise<ReadonlyArray<string>> => {
  const kept: string[] = [];
  let reach: () => void = () => undefined;
  const isDue = new Promise<void>((resolve) => {
    reach = resolve;
  });
  await me.context().exposeFunction('shownAsKept', (text: string) => {
    if (!text.startsWith(`${String(round)}.`)) return;
    kept.push(text);
    if (kept.length === afterCount) reach();
  });
  await me.context().addInitScript(reportShown);
  await me.page().goto(url);
  await expect(composer(me.page())).toBeVisible();
  const field = composer(me.page());
  const writing = (async () => {
    for (let at = 0; at < 50; at++) {
      await field.fill(`${String(round)}.${String(at)}`);
      await field.press('Enter');
    }
  })().catch(() => 'the browser is gone');
  await isDue;
  await me.kill();
  expect(await writing).toBe('the browser is gone');
  return kept;
};

test(`[row 18] ${String(killCount)} kills while writing: nothing shown as kept is lost or doubled`, async ({
  app,
  newProfile,
}) => {
  test.setTimeout(60_000 + killCount * 20_000);
  const me = await newProfile();
  await begin(me.page(), app.url, 'Ada');
  await me.close();
  const kept: string[] = [];
  for (let round = 1; round <= killCount; round++) {
    await me.open();
    kept.push(
      ...(await writeUntilKilled(me, { round, afterCount: (round % 4) + 1, url: app.url })),
    );
    await me.open();
    await me.page().goto(app.url);
    await expect.poll(() => textsOf(me.page())).toEqual(expect.arrayContaining(kept));
    const shown = await textsOf(me.page());
    expect(new Set(shown).size).toBe(shown.length);
    const inOrder = shown.toSorted((a, b) => orderOf(a) - orderOf(b));
    expect(shown).toEqual(inOrder);
    await me.close();
  }
});

/** "3.12" is the twelfth of the third round. */
const orderOf = (text: string): number => {
  const [round = 0, at = 0] = text.split('.').map(Number);
  return round * 1000 + at;
};
