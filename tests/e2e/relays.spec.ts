import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { test, type Profile } from '../support/app.ts';
import { makeTempDir, removeDir } from '../support/browsers.ts';
import { startPeerProcess } from '../support/peer-process.ts';
import { startRelayProcess } from '../support/relay-process.ts';
import {
  approve,
  begin,
  closeDialog,
  createGroup,
  expect,
  followLink,
  inviteSomeone,
  inviteToGroup,
  messageOf,
  openConversation,
  reachMs,
  see,
  textsOf,
  untilDirect,
  untilIn,
  untilKept,
  write,
} from '../support/people.ts';

const settings = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Settings' }).click();
};

const relayLine = (page: Page, address: string): Locator =>
  page.getByRole('region', { name: 'Relays' }).locator('p', { hasText: address });

/** As a person who was told the address. */
const addRelay = async (page: Page, address: string): Promise<void> => {
  await settings(page);
  await page.getByRole('textbox', { name: 'Relay address' }).fill(address);
  await page.getByRole('button', { name: 'Add relay' }).click();
  await expect(relayLine(page, address)).toContainText('Connected', { timeout: reachMs });
};

const undo: (() => Promise<unknown>)[] = [];
test.afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

test('[PE4, IV3] relays die one after the other while people talk, and nothing is lost', async ({
  app,
  newProfile,
}) => {
  const folder = await makeTempDir('relays');
  undo.push(() => removeDir(folder));
  const second = await startRelayProcess({ dataDir: join(folder, 'second') });
  undo.push(() => second.kill());
  const third = await startRelayProcess({ dataDir: join(folder, 'third') });
  undo.push(() => third.kill());
  const peer = startPeerProcess(['--data', join(folder, 'peer'), '--mailbox']);
  undo.push(() => peer.kill());
  const alice = await newProfile();
  const bob = await newProfile();
  const said: string[] = [];
  const say = async (from: Profile, text: string): Promise<void> => {
    await write(from.page(), text);
    said.push(text);
  };
  const hear = async (by: Profile, author: string): Promise<void> => {
    await see(by.page(), author, said.at(-1) ?? '');
  };
  /** Finds the other anew: whatever connected them before is gone. */
  const reload = async ({ page }: Profile, other: string): Promise<void> => {
    await page().reload();
    await openConversation(page(), other);
    await untilDirect(page());
  };

  await test.step('three relays: two are added by hand, and by the invite', async () => {
    await begin(alice.page(), app.url, 'Alice');
    await addRelay(alice.page(), second.address);
    await addRelay(alice.page(), third.address);
    const link = await inviteSomeone(alice.page());
    await followLink(bob.page(), link, 'Bob');
    await approve(alice.page(), 'Bob');
    await untilIn(bob.page(), 'Alice');
    await closeDialog(alice.page());
    await openConversation(alice.page(), 'Bob');
    await say(alice, 'over three relays');
    await hear(bob, 'Alice');
    await settings(bob.page());
    for (const { address } of [second, third]) {
      await expect(relayLine(bob.page(), address)).toContainText('Connected');
    }
    await openConversation(bob.page(), 'Alice');
  });

  await test.step('two die, one of them with the server of the page: the last is enough', async () => {
    for (const { page } of [alice, bob]) await untilKept(page());
    await app.kill();
    await third.kill();
    await reload(bob, 'Alice');
    await say(bob, 'two are gone');
    await hear(alice, 'Bob');
  });

  await test.step('a peer with a mailbox is added by hand, and by an invite to a group', async () => {
    const address = await peer.said('Address: ');
    await addRelay(alice.page(), address);
    await createGroup(alice.page(), 'Garden');
    const link = await inviteToGroup(alice.page(), { isOpen: true });
    await closeDialog(alice.page());
    await bob.page().goto(link);
    await bob.page().getByRole('button', { name: 'Join' }).click();
    await untilIn(bob.page(), 'Garden');
    await settings(bob.page());
    await expect(relayLine(bob.page(), address)).toContainText('Connected', { timeout: reachMs });
  });

  await test.step('all relays of the beginning are dead: they find each other at the peer', async () => {
    await second.kill();
    await reload(bob, 'Alice');
    await openConversation(alice.page(), 'Bob');
    await say(bob, 'all are gone');
    await hear(alice, 'Bob');
  });

  await test.step('who is away gets it later, from the mailbox of the peer', async () => {
    await bob.close();
    await say(alice, 'sleep well');
    await expect(messageOf(alice.page(), 'sleep well')).toHaveAttribute('data-delivery', 'parked', {
      timeout: reachMs,
    });
    await alice.close();
    await bob.open();
    await bob.page().goto(app.url);
    await openConversation(bob.page(), 'Alice');
    await hear(bob, 'Alice');
    expect(await textsOf(bob.page())).toEqual(said);
  });

  expect(await peer.stop('SIGTERM')).toBe(0);
});
