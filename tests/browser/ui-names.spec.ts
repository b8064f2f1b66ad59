/** The accessible names that scripts and screen readers rely on (UX.md §A), against a fake core. */
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';

test('[UI1] first run: name and Start lead to a place to write', async ({ page, openFirstRun }) => {
  await openFirstRun();
  await expect(page.getByRole('button', { name: 'I have an invite' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Your name' }).fill('Nora');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('log', { name: 'Messages with Notes to self' })).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
});

test('[UI1] first run: an empty name gets a sentence', async ({ page, openFirstRun }) => {
  await openFirstRun();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Write a name first');
});

for (const name of ['Link this device', 'Restore a backup']) {
  test(`[UI2] first run: "${name}" says that it comes later`, async ({ page, openFirstRun }) => {
    await openFirstRun();
    await page.getByRole('button', { name }).click();
    await expect(page.getByRole('dialog', { name })).toContainText('later version');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });
}

test('[UI3] first run: a pasted invite asks for a name and joins', async ({
  page,
  openFirstRun,
}) => {
  await openFirstRun();
  await page.getByRole('button', { name: 'I have an invite' }).click();
  await page.getByRole('textbox', { name: 'Paste an invite link' }).fill('https://x/#/i/good');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('textbox', { name: 'Your name' }).fill('Nora');
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  const status = page.getByRole('status', { name: 'Waiting for approval' });
  await expect(status).toBeVisible();
  await expect(page.getByText('lantern')).toBeVisible();
});

test('[UI3] an accepted join opens the conversation', async ({ page, openScene }) => {
  await openScene();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('menuitem', { name: 'Join with a link' }).click();
  await page.getByRole('textbox', { name: 'Paste an invite link' }).fill('#/i/good');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page
    .getByRole('dialog', { name: 'Join', exact: true })
    .getByRole('button', { name: 'Join' })
    .click();
  await expect(page.getByRole('status', { name: 'Waiting for approval' })).toBeVisible();
  await withFake(
    page,
    (fake) => {
      const conversation = fake.add('direct', 'Ben');
      fake.joins = fake.joins.map((join) => ({
        ...join,
        stage: 'joined',
        conversationId: conversation.id,
      }));
      fake.changed();
    },
    undefined,
  );
  await expect(page.getByRole('log', { name: 'Messages with Ben' })).toBeVisible();
});

const problems = {
  mangled: 'not a whole invite link',
  'newer-version': 'newer Sotto',
  expired: 'has run out',
  own: 'your own invite',
  'already-member': 'already',
  revoked: 'taken back',
};

test('[UI4] what is wrong with an invite is said, each in its own sentence', async ({
  page,
  openScene,
}) => {
  await openScene();
  for (const [problem, sentence] of Object.entries(problems)) {
    await page.evaluate((fragment) => {
      location.hash = fragment;
    }, `#/i/${problem}`);
    const dialog = page.getByRole('dialog', { name: 'Join' });
    await expect(dialog.getByRole('alert')).toContainText(sentence);
    expect(new URL(page.url()).hash).toBe('#/c/garden');
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
});

test('[UI5] the list: rows start with the name and say what is unread', async ({
  page,
  openScene,
}) => {
  await openScene();
  const list = page.getByRole('navigation', { name: 'Conversations' });
  await expect(list.getByRole('link', { name: /^Garden collective/u })).toBeVisible();
  await expect(list.getByRole('link', { name: /^Tomás Ferrer.*2 unread/u })).toBeVisible();
  await expect(list.getByRole('link', { name: /^June.*1 message waiting/u })).toBeVisible();
  await expect(list.getByRole('link', { name: /^Harbour mesh.*Draft: meet at/u })).toBeVisible();
  await list.getByRole('link', { name: /^Tomás/u }).click();
  await expect(page.getByRole('log', { name: 'Messages with Tomás Ferrer' })).toBeVisible();
});

test('[UI6] a new group opens and can be written in', async ({ page, openScene }) => {
  await openScene();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('menuitem', { name: 'New group' }).click();
  await page.getByRole('textbox', { name: 'Group name' }).fill('Bike kitchen');
  await page.getByRole('button', { name: 'Create group' }).click();
  await expect(page.getByRole('log', { name: 'Messages with Bike kitchen' })).toBeVisible();
  await expect(page.getByText('You created the group')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Invite people' })).toBeVisible();
});

test('[UI7] the invite is empty and busy until its link is stored', async ({ page, openScene }) => {
  await openScene();
  await withFake(
    page,
    (fake) => {
      fake.gate = new Promise((open) => {
        document.addEventListener('open-gate', () => {
          fake.gate = undefined;
          open();
        });
      });
    },
    undefined,
  );
  await page.getByRole('button', { name: 'Invite people' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite', exact: true });
  const link = dialog.getByRole('textbox', { name: 'Invite link' });
  await expect(link).toHaveAttribute('aria-busy', 'true');
  await expect(link).toHaveValue('');
  await page.evaluate(() => document.dispatchEvent(new Event('open-gate')));
  await expect(link).toHaveValue(/#\/i\/.+a$/u);
  await expect(link).toHaveAttribute('aria-busy', 'false');
  await expect(dialog.getByRole('img', { name: 'Invite QR code' })).toBeVisible();
  await dialog.getByRole('switch', { name: 'Anyone with the link can join' }).click();
  await expect(link).toHaveValue(/#\/i\/.+o$/u);
  await dialog.getByRole('button', { name: 'Revoke link' }).click();
  await expect(link).toHaveValue('');
  await expect(dialog.getByText('no longer works')).toBeVisible();
});

test('[UI7] Copy link puts the link on the clipboard', async ({ page, openScene, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openScene();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('menuitem', { name: 'Invite someone' }).click();
  const link = page.getByRole('textbox', { name: 'Invite link' });
  await expect(link).toHaveValue(/.+/u);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await link.inputValue());
});

test('[UI33] a dialog taller than the window scrolls; nothing in it overlaps', async ({
  page,
  openScene,
}) => {
  await page.setViewportSize({ width: 1280, height: 520 });
  await openScene();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('menuitem', { name: 'Invite someone' }).click();
  const link = page.getByRole('textbox', { name: 'Invite link' });
  await expect(link).toHaveValue(/.+/u);
  const code = await page.getByRole('img', { name: 'Invite QR code' }).boundingBox();
  const field = await link.boundingBox();
  expect(code?.height).toBeCloseTo(code?.width ?? 0);
  expect((code?.y ?? 0) + (code?.height ?? 0)).toBeLessThan(field?.y ?? 0);
});

test('[UI8] a join request shows its words once and is answered', async ({ page, openScene }) => {
  await openScene();
  await withFake(
    page,
    (fake) => {
      fake.requests = [
        {
          requestId: 'r1',
          inviteId: 'garden-invite',
          conversationId: 'garden',
          name: 'Sam',
          words: ['apple', 'brick', 'cloud', 'dune'],
          isReachable: true,
        },
      ];
      fake.changed();
    },
    undefined,
  );
  const group = page.getByRole('group', { name: 'Sam wants to join' });
  await expect(group.getByText('brick')).toBeVisible();
  await expect(group.getByRole('button', { name: 'Decline' })).toBeVisible();
  await group.getByRole('button', { name: 'Approve' }).click();
  await expect(group).toHaveCount(0);
  const decided = await page.evaluate(() => window.fake.log.find((c) => c.type === 'Decide'));
  expect(decided).toEqual({ type: 'Decide', requestId: 'r1', isApproved: true });
});

test('[UI9] messages: name, delivery and count, never "sent"', async ({ page, openScene }) => {
  await openScene('#/c/tomas');
  await page.getByRole('textbox', { name: 'Message' }).fill('On my way');
  await page.keyboard.press('Enter');
  const mine = page.getByRole('article', { name: /^You, \d\d:\d\d, On my way/u });
  await expect(mine).toHaveAttribute('data-delivery', 'saved');
  await expect(mine).toHaveAttribute('data-have', '0/1');
  await expect(mine).toHaveAccessibleName(/Waiting for Tomás Ferrer$/u);
  await withFake(
    page,
    (fake) => {
      const key = fake.lastOwnKey('tomas');
      fake.setDelivery('tomas', key, { state: 'delivered', haveCount: 1, peopleCount: 1 });
    },
    undefined,
  );
  await expect(mine).toHaveAttribute('data-delivery', 'delivered');
  await expect(mine).toHaveAttribute('data-have', '1/1');
  await expect(mine).toHaveAccessibleName(/Delivered$/u);
  await expect(page.getByText(/\bsent\b/iu)).toHaveCount(0);
});

test('[UI9] groups count people', async ({ page, openScene }) => {
  await openScene();
  const mine = page.getByRole('article', { name: /and the long pegs/u });
  await expect(mine).toHaveAccessibleName(/2 of 3 people have it · 1 waiting$/u);
  await expect(page.getByRole('article', { name: /^Mira, \d\d:\d\d, First frost/u })).toBeVisible();
  await expect(page.getByText('Received late: written')).toBeVisible();
  await expect(page.getByText('2 earlier messages from June have not arrived yet')).toBeVisible();
});

test('[UI10] exactly one log, one Message box, one Connection status', async ({
  page,
  openScene,
}) => {
  await openScene();
  await expect(page.getByRole('log')).toHaveCount(1);
  await expect(page.getByRole('textbox', { name: 'Message' })).toHaveCount(1);
  const status = page.getByRole('status', { name: 'Connection' });
  await expect(status).toHaveText('Connected: 3 directly, 1 through a relay');
  await page.getByRole('button', { name: 'Connection details' }).click();
  await expect(page.getByRole('dialog', { name: 'Connection details' })).toContainText(
    'here now, through a relay',
  );
});

test('[UI10] offline is said after three seconds and the composer stays usable', async ({
  page,
  openScene,
}) => {
  await page.clock.install();
  await openScene();
  const status = page.getByRole('status', { name: 'Connection' });
  await expect(status).toContainText('Connected');
  await withFake(
    page,
    (fake) => {
      fake.connection = { ...fake.connection, isOnline: false };
      fake.changed();
    },
    undefined,
  );
  await page.clock.runFor(2500);
  await expect(status).not.toContainText('Offline');
  await page.clock.runFor(1000);
  await expect(status).toContainText('Offline. You can keep reading and writing');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeEnabled();
});

test('[UI11] details show members, presence and living invites', async ({ page, openScene }) => {
  await openScene();
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('button', { name: 'Members' })).toBeVisible();
  await expect(details.getByText('here now').first()).toBeVisible();
  await expect(details.getByText('With approval')).toBeVisible();
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  await expect(details).toHaveCount(0);
});

test('[UI12] settings have their regions, and a theme stays', async ({ page, openScene }) => {
  await openScene();
  await page.getByRole('button', { name: 'Settings' }).click();
  for (const name of ['Profile', 'Appearance', 'Storage', 'Relays', 'About']) {
    await expect(page.getByRole('region', { name })).toBeVisible();
  }
  await expect(page.getByRole('region', { name: 'About' })).toContainText('Not audited');
  await page.getByRole('radio', { name: 'Dark', exact: true }).check();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('[UI12] a bad relay address gets a sentence, a good one its state', async ({
  page,
  openScene,
}) => {
  await openScene('#/settings');
  const relays = page.getByRole('region', { name: 'Relays' });
  await relays.getByRole('textbox', { name: 'Relay address' }).fill('relay.example');
  await relays.getByRole('button', { name: 'Add relay' }).click();
  await expect(relays.getByRole('alert')).toContainText('not a relay address');
  await relays.getByRole('textbox', { name: 'Relay address' }).fill('/ip4/192.0.2.9/tcp/1/ws');
  await relays.getByRole('button', { name: 'Add relay' }).click();
  await expect(relays.getByText('/ip4/192.0.2.9/tcp/1/ws', { exact: true })).toBeVisible();
  await relays.getByRole('button', { name: 'Remove /ip4/192.0.2.9/tcp/1/ws' }).click();
  await expect(relays.getByText('/ip4/192.0.2.9/tcp/1/ws', { exact: true })).toHaveCount(0);
});

test('[UI13] troubles and a missing WebRTC are said, and hide nothing', async ({
  page,
  openScene,
}) => {
  await openScene();
  await withFake(
    page,
    (fake) => {
      fake.troubles = ['disk-full'];
      fake.connection = { ...fake.connection, canWebRtc: false };
      fake.changed();
    },
    undefined,
  );
  await expect(page.getByRole('alert')).toContainText('out of space');
  await expect(page.getByText('This browser has no WebRTC')).toBeVisible();
  await expect(page.getByRole('log')).toBeVisible();
});

test('[UI13] a message that could not be stored comes back into the field', async ({
  page,
  openScene,
}) => {
  await openScene();
  await withFake(page, (fake) => fake.refusals.set('SendMessage', 'disk-full'), undefined);
  const field = page.getByRole('textbox', { name: 'Message' });
  await field.fill('keep me');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('Not saved');
  await expect(field).toHaveValue('keep me');
});

test('[UI14] a second tab can take over', async ({ page, openScene }) => {
  await openScene();
  await page.evaluate(() => {
    window.app.setTab('other');
  });
  await page.getByRole('button', { name: 'Use Sotto here' }).click();
  await expect(page.getByRole('log')).toBeVisible();
});
