/** Two people whose link delays, loses and breaks: two Chromiums in two network namespaces. */
import type { Page } from '@playwright/test';
import type { Networks } from '../support/namespaces.ts';
import {
  begin,
  closeDialog,
  expect,
  inviteSomeone,
  messages,
  openConversation,
  reachMs,
  see,
  textsOf,
  truthLine,
  untilDelivered,
  untilDirect,
  untilIn,
  write,
} from '../support/people.ts';
import { calm, delayMs, meet, obstacle, test } from '../support/two-networks.ts';

const numbered = (what: string, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${what} ${index + 1}`);

const writeAll = async (page: Page, texts: ReadonlyArray<string>): Promise<void> => {
  for (const text of texts) await write(page, text);
};

const untilAllDelivered = async (page: Page, texts: ReadonlyArray<string>): Promise<void> => {
  for (const text of texts) await untilDelivered(page, text);
};

interface Said {
  readonly alices: ReadonlyArray<string>;
  readonly bobs: ReadonlyArray<string>;
}

/** Each text once on both screens, in the order of its author, and both screens alike. */
const expectAllOnce = async ([alice, bob]: readonly [Page, Page], said: Said): Promise<void> => {
  const shown = await textsOf(alice);
  expect(await textsOf(bob)).toEqual(shown);
  for (const texts of [said.alices, said.bobs]) {
    expect(shown.filter((text) => texts.includes(text))).toEqual(texts);
  }
};

/** Both write while nothing passes; answers how long after the heal everything was delivered. */
const writeThroughCut = async (
  people: readonly [Page, Page],
  { networks, seconds, said }: { networks: Networks; seconds: number; said: Said },
): Promise<number> => {
  const [alice, bob] = people;
  const before = await messages(bob).count();
  let isHealed = false;
  const healed = networks.cut(seconds).then((counts) => {
    isHealed = true;
    return { counts, atMs: performance.now() };
  });
  await Promise.all([writeAll(alice, said.alices), writeAll(bob, said.bobs)]);
  expect(isHealed, 'all of it was written during the cut').toBe(false);
  await expect(messages(bob)).toHaveCount(before + said.bobs.length);
  const { counts, atMs } = await healed;
  expect(counts.cut).toBeGreaterThan(0);
  await Promise.all([untilAllDelivered(alice, said.alices), untilAllDelivered(bob, said.bobs)]);
  const tookMs = performance.now() - atMs;
  await expectAllOnce(people, said);
  return tookMs;
};

const report = (what: string, tookMs: number): void => {
  const description = `${what}: ${(tookMs / 1000).toFixed(1)} s`;
  test.info().annotations.push({ type: 'measured', description });
  process.stdout.write(`  ${description}\n`);
};

test.skip(obstacle !== undefined, obstacle);

test('[row 1] [row 4] [row 10] messages survive 5 % loss, a cut of 10 s, and the death of the relay', async ({
  app,
  networks,
  people,
}) => {
  const [alice, bob] = people;
  await meet(app, people);

  await test.step('[row 1] 30 messages each way, 5 % of the packets lost', async () => {
    const said = { alices: numbered('lossy Alice', 30), bobs: numbered('lossy Bob', 30) };
    const before = await networks.set({ delayMs, loss: 0.05 });
    await Promise.all([writeAll(alice, said.alices), writeAll(bob, said.bobs)]);
    await Promise.all([untilAllDelivered(alice, said.alices), untilAllDelivered(bob, said.bobs)]);
    await expectAllOnce(people, said);
    await untilDirect(alice);
    const after = await networks.set(calm);
    expect(after.lost).toBeGreaterThan(before.lost);
  });

  await test.step('[row 4] both write during a cut of 10 s', async () => {
    const said = { alices: numbered('cut Alice', 3), bobs: numbered('cut Bob', 3) };
    const tookMs = await writeThroughCut(people, { networks, seconds: 10, said });
    report('delivered after a cut of 10 s', tookMs);
    expect(tookMs).toBeLessThan(20_000);
  });

  await test.step('[row 10] the relay dies: they keep talking', async () => {
    await untilDirect(alice);
    await app.kill();
    const said = { alices: numbered('alone Alice', 3), bobs: numbered('alone Bob', 3) };
    await Promise.all([writeAll(alice, said.alices), writeAll(bob, said.bobs)]);
    await Promise.all([untilAllDelivered(alice, said.alices), untilAllDelivered(bob, said.bobs)]);
    await expectAllOnce(people, said);
    await expect(truthLine(alice)).toHaveText(/^Direct/);
  });
});

test('[row 5] a cut of 60 s: they find each other again by themselves', async ({
  app,
  networks,
  people,
}) => {
  const [alice] = people;
  await meet(app, people);
  const said = { alices: numbered('long Alice', 3), bobs: numbered('long Bob', 3) };
  const [tookMs] = await Promise.all([
    writeThroughCut(people, { networks, seconds: 60, said }),
    // The connection really broke: this is no longer a wait for packets to be sent again.
    expect(truthLine(alice)).not.toHaveText(/^Direct/, { timeout: 50_000 }),
  ]);
  report('delivered after a cut of 60 s', tookMs);
  expect(tookMs).toBeLessThan(45_000);
  await untilDirect(alice);
});

test('[NP4] the direct path dies alone: they go round it over the relay before the browser gives it up', async ({
  app,
  networks,
  people,
}) => {
  const [alice, bob] = people;
  await meet(app, people);
  const before = await networks.set({ ...calm, udpLoss: 1 });
  const brokenMs = performance.now();
  await write(alice, 'round it');
  await untilDelivered(alice, 'round it');
  const tookMs = performance.now() - brokenMs;
  report('delivered after the direct path had died', tookMs);
  expect(tookMs).toBeLessThan(13_000);
  await see(bob, 'Alice', 'round it');
  const after = await networks.set(calm);
  expect(after.lost).toBeGreaterThan(before.lost);
  await untilDirect(alice);
});

test('[row 11] the relay dies before they meet: that is said, and they meet when it is back', async ({
  app,
  people,
}) => {
  const [alice, bob] = people;
  await begin(alice, app.url, 'Alice');
  await begin(bob, app.url, 'Bob');
  const link = await inviteSomeone(alice, { isOpen: true });
  await closeDialog(alice);
  // Bob's device has all of the app by now: he opens the link without the server.
  const isServedHere = () => bob.evaluate(() => navigator.serviceWorker.controller !== null);
  await expect.poll(isServedHere).toBe(true);
  await app.kill();

  await bob.goto(link); // in a page that runs already: nothing is loaded
  await bob.getByRole('dialog', { name: 'Join' }).getByRole('button', { name: 'Join' }).click();
  for (const page of people) {
    await expect(page.getByRole('status', { name: 'Connection' })).toContainText(
      'Cannot reach any relay',
      { timeout: reachMs },
    );
  }

  await app.start();
  const startedMs = performance.now();
  await untilIn(bob, 'Alice');
  report('met after the relay was back', performance.now() - startedMs);
  await write(bob, 'here I am');
  await openConversation(alice, 'Bob');
  await see(alice, 'Bob', 'here I am');
});
