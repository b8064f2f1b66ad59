import { test } from '../support/app.ts';
import {
  befriend,
  expect,
  messageOf,
  openConversation,
  reachMs,
  see,
  textsOf,
  truthLine,
  untilDelivered,
  write,
} from '../support/people.ts';

// With a mailbox nobody has to wait for anybody: that is mailbox.spec.ts.
test.use({ settings: { SOTTO_MAILBOX_MB: '0' } });

test('[line 7] [MB13] both wrote while apart: everything arrives once, in one order, and stays so', async ({
  app,
  newProfile,
}) => {
  const alice = await newProfile();
  const bob = await newProfile();
  await befriend(app.url, [
    { name: 'Alice', page: alice.page() },
    { name: 'Bob', page: bob.page() },
  ]);
  await write(alice.page(), 'before');
  await see(bob.page(), 'Alice', 'before');
  await untilDelivered(alice.page(), 'before'); // else it is one more that waits

  await test.step('Bob is away: writing works and says who is waited for', async () => {
    await bob.close();
    for (const text of ['a one', 'a two', 'a three']) await write(alice.page(), text);
    await expect(messageOf(alice.page(), 'a three')).toHaveAccessibleName(/Waiting for Bob$/);
    await expect(truthLine(alice.page())).toHaveText(
      /No one else is online · 3 messages only on this device/,
      { timeout: reachMs },
    );
    await alice.close();
  });

  await test.step('then Bob writes, while Alice is away', async () => {
    await bob.open();
    await bob.page().goto(app.url);
    await openConversation(bob.page(), 'Alice');
    for (const text of ['b one', 'b two', 'b three']) await write(bob.page(), text);
    await expect(messageOf(bob.page(), 'b one')).toHaveAccessibleName(/Waiting for Alice$/);
  });

  const untilComplete = async (): Promise<ReadonlyArray<string>> => {
    const all = ['a one', 'a three', 'a two', 'b one', 'b three', 'b two', 'before'];
    const sorted = async (page: ReturnType<typeof bob.page>) => (await textsOf(page)).toSorted();
    await expect.poll(() => sorted(alice.page()), { timeout: reachMs }).toEqual(all);
    await expect.poll(() => sorted(bob.page()), { timeout: reachMs }).toEqual(all);
    const order = await textsOf(alice.page());
    expect(await textsOf(bob.page())).toEqual(order);
    expect(order.filter((text) => text.startsWith('a'))).toEqual(['a one', 'a two', 'a three']);
    expect(order.filter((text) => text.startsWith('b '))).toEqual(['b one', 'b two', 'b three']);
    return order;
  };

  await test.step('together again', async () => {
    await alice.open();
    await alice.page().goto(app.url);
    await openConversation(alice.page(), 'Bob');
    const order = await untilComplete();
    await untilDelivered(alice.page(), 'a three');
    await untilDelivered(bob.page(), 'b three');
    await Promise.all([alice.page().reload(), bob.page().reload()]);
    expect(await untilComplete()).toEqual(order);
    await untilDelivered(alice.page(), 'a one');
    await untilDelivered(bob.page(), 'b one');
  });

  await test.step('a message that one wrote offline goes out when the network is back', async () => {
    await alice.context().setOffline(true);
    await bob.close();
    await write(alice.page(), 'from a tunnel');
    await bob.open();
    await bob.page().goto(app.url);
    await openConversation(bob.page(), 'Alice');
    await alice.context().setOffline(false);
    await see(bob.page(), 'Alice', 'from a tunnel');
    await untilDelivered(alice.page(), 'from a tunnel');
  });
});
