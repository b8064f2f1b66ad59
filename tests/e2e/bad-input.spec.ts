import {
  decodeInviteLink,
  encodeInviteLink,
  type InviteLink,
} from '../../src/protocol/invites/invite.ts';
import { hash } from '../../src/crypto/hash.ts';
import { concatBytes, fromBase64url, toBase64url } from '../../src/base/bytes.ts';
import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  approve,
  befriend,
  begin,
  closeDialog,
  expect,
  followLink,
  inviteSomeone,
  nameField,
  openConversation,
  openNew,
  reachMs,
  see,
  textsOf,
  truthLine,
  untilDelivered,
  untilIn,
  write,
} from '../support/people.ts';

const sentence = {
  mangled: 'This is not a whole invite link.',
  newer: 'This invite was made by a newer Sotto.',
  expired: 'This invite has run out.',
  own: 'This is your own invite.',
  member: 'You are in this conversation already.',
} as const;

const openedLink = (link: string): InviteLink => {
  const opened = decodeInviteLink(link);
  if (!opened.ok) throw new Error('a link that the app made cannot be read');
  return opened.value;
};

const [mangle, expire, age] = [
  (link: string): string => link.replace(/.{9}$/, ''),
  (link: string): string => {
    const [base = ''] = link.split('#');
    return encodeInviteLink(base, { ...openedLink(link), expiresAtMs: Date.now() - 1 });
  },
  (link: string): string => {
    const [base = '', code = ''] = link.split('#/i/');
    const bytes = fromBase64url(code);
    if (!bytes.ok) throw new Error('a link that the app made cannot be read');
    const payload = bytes.value.slice(0, -4);
    payload[0] = 2;
    const checksum = hash('sotto1/invite-link', payload).slice(0, 4);
    return `${base}#/i/${toBase64url(concatBytes(payload, checksum))}`;
  },
];

/** Somebody who has Sotto already pastes it. */
const paste = async (page: Page, link: string): Promise<void> => {
  await openNew(page, 'Join with a link');
  await page.getByRole('textbox', { name: 'Paste an invite link' }).fill(link);
  await page.getByRole('button', { name: 'Continue' }).click();
};

test('[line 9] mangled, expired, own, newer and used links each get their sentence and do nothing', async ({
  app,
  newProfile,
}) => {
  const alice = (await newProfile()).page();
  await begin(alice, app.url, 'Alice');
  await write(alice, 'stays');
  const link = await inviteSomeone(alice);
  await closeDialog(alice);

  for (const [bad, words] of [
    [mangle(link), sentence.mangled],
    ['https://example.org/somewhere', sentence.mangled],
    [age(link), sentence.newer],
    [link, sentence.own],
  ] as const) {
    await paste(alice, bad);
    await expect(alice.getByRole('alert')).toContainText(words);
    await closeDialog(alice);
  }
  await see(alice, 'You', 'stays');

  await test.step('a newcomer who opens one can still start', async () => {
    const bob = (await newProfile()).page();
    for (const [bad, words] of [
      [mangle(link), sentence.mangled],
      [expire(link), sentence.expired],
      [age(link), sentence.newer],
    ] as const) {
      await bob.goto('about:blank');
      await bob.goto(bad);
      await expect(bob.getByRole('alert')).toContainText(words);
      expect(bob.url()).not.toContain('#/i/');
    }
    await nameField(bob).fill('Bob');
    await bob.getByRole('button', { name: 'Start' }).click();
    await write(bob, 'here anyway');

    await bob.goto(link); // the whole one, in a tab that runs already
    await bob.getByRole('dialog', { name: 'Join' }).getByRole('button', { name: 'Join' }).click();
    await approve(alice, 'Bob');
    await untilIn(bob, 'Alice');
    await paste(bob, link);
    await expect(bob.getByRole('alert')).toContainText(sentence.member);
    await closeDialog(bob);
  });
});

test('[line 9] [row 11] a relay that does not answer is said so; the rest goes on', async ({
  app,
  newProfile,
}) => {
  const me = (await newProfile()).page();
  await begin(me, app.url, 'Ada');
  await me.getByRole('button', { name: 'Settings' }).click();
  const relays = me.getByRole('region', { name: 'Relays' });
  const field = relays.getByRole('textbox', { name: 'Relay address' });
  const add = relays.getByRole('button', { name: 'Add relay' });

  await field.fill('wss://relay.example');
  await add.click();
  await expect(relays).toContainText('This is not a relay address.');

  const dead = '/ip4/127.0.0.1/tcp/9/ws/p2p/12D3KooWBBaze2PRrdw748k1pYMShqWd6uCvxeeCR7MwbHyu8YFU';
  await field.fill(dead);
  await add.click();
  await expect(field).toHaveValue('');
  await expect(relays).toContainText(/Does not answer: retrying in \d+ s/, { timeout: reachMs });
  await expect(relays).toContainText('Connected · of this page', { timeout: reachMs });

  await me.reload();
  await expect(relays).toContainText(dead);
  await relays.getByRole('button', { name: `Remove ${dead}` }).click();
  await expect(relays).not.toContainText(dead);
  await openConversation(me, 'Notes to self');
  await write(me, 'nothing lost');
});

test('[line 9] [row 27] [row 28] one tab at a time: the second says so, and either can take over', async ({
  app,
  newProfile,
}) => {
  const alice = await newProfile();
  const bob = await newProfile();
  const first = alice.page();
  await befriend(app.url, [
    { name: 'Alice', page: first },
    { name: 'Bob', page: bob.page() },
  ]);
  await write(first, 'from the first tab');

  const second = await alice.context().newPage();
  await second.goto(app.url);
  const notice = (page: Page) =>
    page.getByRole('heading', { name: 'Sotto is open in another tab' });
  await expect(notice(second)).toBeVisible();

  await second.getByRole('button', { name: 'Use Sotto here' }).click();
  await openConversation(second, 'Bob');
  await see(second, 'You', 'from the first tab');
  await expect(notice(first)).toBeVisible();
  await write(second, 'from the second tab');
  await see(bob.page(), 'Alice', 'from the second tab');
  await untilDelivered(second, 'from the second tab');

  await first.bringToFront();
  await first.getByRole('button', { name: 'Use Sotto here' }).click();
  await see(first, 'You', 'from the second tab');
  await expect(notice(second)).toBeVisible();
  await write(first, 'from the first tab again');
  await see(bob.page(), 'Alice', 'from the first tab again');

  await test.step('[row 27] the one that leads crashes: the other leads by itself, nothing is lost or doubled', async () => {
    await write(first, 'right before the crash');
    const devtools = await alice.context().newCDPSession(first);
    void devtools.send('Page.crash').catch(() => undefined); // the answer dies with the page
    await expect(notice(second)).toHaveCount(0, { timeout: 5000 });
    await see(second, 'You', 'right before the crash');
    await write(second, 'the last one');
    await see(bob.page(), 'Alice', 'the last one');
    for (const page of [second, bob.page()]) {
      expect(await textsOf(page)).toEqual([
        'from the first tab',
        'from the second tab',
        'from the first tab again',
        'right before the crash',
        'the last one',
      ]);
    }
  });
});

test('[line 6] [line 9] [row 14] without WebRTC people talk through the relay, and it says so', async ({
  app,
  newProfile,
}) => {
  const plain = await newProfile();
  await plain.context().addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
    Reflect.deleteProperty(globalThis, 'webkitRTCPeerConnection');
  });
  const other = (await newProfile()).page();
  const page = plain.page();
  await begin(other, app.url, 'Other');
  await followLink(page, await inviteSomeone(other), 'Plain');
  await expect(page.getByText('This browser has no WebRTC')).toBeVisible({ timeout: reachMs });
  await approve(other, 'Plain');
  await untilIn(page, 'Other');
  await openConversation(other, 'Plain');
  await write(page, 'over the relay');
  await see(other, 'Plain', 'over the relay');
  await write(other, 'and back');
  await see(page, 'Other', 'and back');
  await untilDelivered(page, 'over the relay');
  await untilDelivered(other, 'and back');
  await expect(truthLine(page)).toHaveText(/^Through your relay/);
  await expect(truthLine(other)).toHaveText(/^Through your relay/);
});
