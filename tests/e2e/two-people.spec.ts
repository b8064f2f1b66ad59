import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  approve,
  begin,
  closeDialog,
  expect,
  followLink,
  inviteSomeone,
  openConversation,
  reachMs,
  requestOf,
  see,
  truthLine,
  untilDelivered,
  untilDirect,
  untilIn,
  untilKept,
  write,
} from '../support/people.ts';

const relayState = async (page: Page, state: string | RegExp): Promise<void> => {
  await page.getByRole('button', { name: 'Connection details' }).click();
  await expect(page.getByRole('dialog', { name: 'Connection details' })).toContainText(state, {
    timeout: reachMs,
  });
  await closeDialog(page);
};

test('[line 5] [line 6] [line 7] [row 10] [row 11] two people meet by a link, talk directly, and keep talking when the relay dies', async ({
  app,
  newProfile,
}) => {
  const alice = (await newProfile()).page();
  const bob = (await newProfile()).page();
  await begin(alice, app.url, 'Alice');

  await test.step('a link and a QR code; the secret is in the fragment only', async () => {
    const link = new URL(await inviteSomeone(alice));
    expect(link.hash.length).toBeGreaterThan(80);
    expect(`${link.origin}${link.pathname}${link.search}`).toBe(app.url);
    await expect(alice.getByRole('img', { name: 'Invite QR code' })).toBeVisible();

    const asked: string[] = [];
    bob.on('request', (request) => asked.push(request.url()));
    await followLink(bob, link.href, 'Bob');
    await expect(bob.getByRole('status', { name: 'Waiting for approval' })).toBeVisible({
      timeout: reachMs,
    });
    const secret = link.hash.slice('#/i/'.length);
    expect(bob.url()).not.toContain(secret);
    expect(await bob.evaluate(() => history.length)).toBeLessThan(5);
    await bob.goBack();
    expect(bob.url()).not.toContain(secret);
    await bob.goForward();
    expect(asked.filter((url) => url.includes(secret))).toEqual([]);
  });

  await test.step('both see the same four words, then the inviter approves', async () => {
    const words = requestOf(alice, 'Bob').getByRole('listitem');
    await expect(words).toHaveCount(4, { timeout: reachMs });
    const wordsOfAlice = await words.allTextContents();
    await expect(bob.locator('ol > li')).toHaveText(wordsOfAlice, { timeout: reachMs });
    await approve(alice, 'Bob');
    await untilIn(bob, 'Alice');
    await openConversation(alice, 'Bob');
  });

  await test.step('both write; delivered means that the other holds it', async () => {
    await write(bob, 'hello Alice');
    await see(alice, 'Bob', 'hello Alice');
    await write(alice, 'hello Bob');
    await see(bob, 'Alice', 'hello Bob');
    await untilDelivered(bob, 'hello Alice');
    await untilDelivered(alice, 'hello Bob');
    await untilDirect(alice);
    await untilDirect(bob);
  });

  await test.step('the relay dies: they keep talking', async () => {
    for (const page of [alice, bob]) await untilKept(page);
    await app.kill();
    await relayState(alice, 'Does not answer');
    await write(alice, 'still there?');
    await see(bob, 'Alice', 'still there?');
    await write(bob, 'yes, without anybody between us');
    await see(alice, 'Bob', 'yes, without anybody between us');
    await untilDelivered(alice, 'still there?');
    await expect(truthLine(alice)).toHaveText(/^Direct/);
  });

  await test.step('the relay comes back: new people can meet', async () => {
    await app.start();
    await relayState(alice, 'Connected');
    const carol = (await newProfile()).page();
    await followLink(carol, await inviteSomeone(alice), 'Carol');
    await approve(alice, 'Carol');
    await untilIn(carol, 'Alice');
    await write(carol, 'made it');
    await openConversation(alice, 'Carol');
    await see(alice, 'Carol', 'made it');
    await expect(
      alice.getByRole('navigation', { name: 'Conversations' }).getByRole('link'),
    ).toHaveCount(3); // Carol, Bob, Notes to self
  });
});
