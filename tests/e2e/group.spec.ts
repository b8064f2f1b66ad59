import { test } from '../support/app.ts';
import {
  approve,
  begin,
  closeDialog,
  createGroup,
  expect,
  followLink,
  inviteSomeone,
  inviteToGroup,
  openConversation,
  reachMs,
  requestOf,
  see,
  textsOf,
  untilDelivered,
  untilIn,
  write,
} from '../support/people.ts';

test('[line 5] a group of three: in by approval and by an open link, names at messages, the link taken back', async ({
  app,
  newProfile,
}) => {
  const alice = (await newProfile()).page();
  const bob = (await newProfile()).page();
  const carol = (await newProfile()).page();
  await begin(alice, app.url, 'Alice');
  await createGroup(alice, 'Garden');

  await test.step('Bob asks and is approved', async () => {
    await followLink(bob, await inviteToGroup(alice), 'Bob');
    await approve(alice, 'Bob');
    await untilIn(bob, 'Garden');
    await closeDialog(alice);
  });

  const openLink = await inviteToGroup(alice, { isOpen: true });
  await test.step('Carol opens the open link and is in without a yes', async () => {
    await followLink(carol, openLink, 'Carol');
    await untilIn(carol, 'Garden');
    await expect(requestOf(alice, 'Carol')).toHaveCount(0);
    // In by the mailbox, perhaps, before anybody knew: what they write until then is not for her.
    for (const page of [alice, bob]) {
      await expect(page.getByRole('log')).toContainText('Carol joined', { timeout: reachMs });
    }
  });

  await test.step('everybody reads everybody, with names', async () => {
    await closeDialog(alice);
    await write(alice, 'the beans are up');
    await see(bob, 'Alice', 'the beans are up');
    await write(bob, 'and the peas');
    await see(carol, 'Bob', 'and the peas');
    await write(carol, 'what can I bring?');
    await see(alice, 'Carol', 'what can I bring?');
    await see(bob, 'Carol', 'what can I bring?');
    await untilDelivered(carol, 'what can I bring?');
    await expect
      .poll(() => carol.getByRole('article').last().getAttribute('data-have'), { timeout: reachMs })
      .toBe('2/2');
    expect(await textsOf(bob)).toEqual(await textsOf(alice));
  });

  await test.step('the link is taken back: it lets nobody in', async () => {
    await inviteToGroup(alice, { isOpen: true });
    await alice.getByRole('button', { name: 'Revoke link' }).click();
    await expect(alice.getByRole('dialog', { name: 'Invite' })).toContainText(
      'Revoked. The old link no longer works.',
    );
    await closeDialog(alice);

    const dave = (await newProfile()).page();
    await followLink(dave, openLink, 'Dave');
    await expect(dave.getByRole('status', { name: 'Waiting for approval' })).toBeVisible();

    // By another way Dave does reach Alice, so the old link had its chance.
    const direct = await inviteSomeone(alice);
    await dave.goto(direct);
    await dave.getByRole('dialog', { name: 'Join' }).getByRole('button', { name: 'Join' }).click();
    await approve(alice, 'Dave');
    await untilIn(dave, 'Alice');
    await write(dave, 'the old link does nothing');
    await openConversation(alice, 'Dave');
    await see(alice, 'Dave', 'the old link does nothing');
    await expect(
      dave
        .getByRole('navigation', { name: 'Conversations' })
        .getByRole('link', { name: /^Garden/ }),
    ).toHaveCount(0);
    await openConversation(alice, 'Garden');
    await alice.getByRole('button', { name: 'Details', exact: true }).click();
    const members = alice.getByRole('complementary', { name: 'Details' });
    await expect(members.getByRole('button', { name: 'Members' })).toHaveAccessibleName(/3/);
  });
});
