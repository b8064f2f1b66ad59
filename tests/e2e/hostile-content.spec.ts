import { test } from '../support/app.ts';
import {
  approve,
  befriend,
  begin,
  closeDialog,
  composer,
  createGroup,
  expect,
  followLink,
  inviteSomeone,
  inviteToGroup,
  messageOf,
  messages,
  untilDelivered,
  untilIn,
  write,
} from '../support/people.ts';

const zalgo = `Z${'\u0315\u0321\u0489\u035e'.repeat(40)}algo`;
const rightToLeft = 'invoice\u202Efdp.exe';
const hostile = [
  '<img src=x onerror="globalThis.pwned = true"><script>globalThis.pwned = true</script>',
  'javascript:globalThis.pwned=true',
  '{@html globalThis.pwned = true} ${globalThis.pwned = true} {{constructor}}',
  rightToLeft,
  zalgo,
  'W'.repeat(4000), // one word
] as const;

const ways: ReadonlyArray<(act: string) => string> = [
  (act) => `<script>${act}</script>`,
  (act) => `<img src=x onerror="${act}">`,
  (act) => `<svg onload="${act}">`,
  (act) => `<svg><animate onbegin="${act}" attributeName=x dur=1s>`,
  (act) => `<body onload="${act}">`,
  (act) => `<iframe srcdoc="<script>${act}</script>">`,
  (act) => `<iframe src="javascript:${act}">`,
  (act) => `<a href="javascript:${act}">here</a>`,
  (act) => `<details open ontoggle="${act}">`,
  (act) => `<input autofocus onfocus="${act}">`,
  (act) => `<video><source onerror="${act}">`,
  (act) => `<math><mtext><style><img src=x onerror="${act}"></style>`,
  (act) => `<style>@import 'javascript:${act}'</style>`,
  (act) => `<object data="javascript:${act}">`,
  (act) => `<form action="javascript:${act}"><button>send</button>`,
  (act) => `<meta http-equiv="refresh" content="0;url=javascript:${act}">`,
  (act) => `"><img src=x onerror=${act}>`,
  (act) => `'-${act}-'`,
  (act) => `\${${act}}`,
  (act) => `{@html "<img src=x onerror='${act}'>"}`,
];
const acts: ReadonlyArray<string> = [
  'globalThis.pwned=true',
  'top.pwned=true',
  'window[&quot;pwned&quot;]=true',
  'alert(1)',
  "Function('globalThis.pwned=true')()",
];
/** As it is, and shouted: names of elements and handlers do not care. */
const bodies = acts.flatMap((act) => ways.flatMap((way) => [way(act), `<B>${way(act)}</B>`]));

test('[row 45] [attack 25] whatever a message holds is text: nothing runs, nothing breaks out of its place', async ({
  app,
  newProfile,
}) => {
  const [alice, mallory] = [await newProfile(), await newProfile()];
  const page = alice.page();
  await befriend(app.url, [
    { name: 'Mallory', page: mallory.page() },
    { name: 'Alice', page },
  ]);
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  for (const text of hostile) await write(mallory.page(), text);
  await untilDelivered(mallory.page(), hostile[5]);

  for (const text of hostile) await expect(messageOf(page, text)).toHaveCount(1);
  expect(dialogs).toBe(0);
  expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
  expect(await messages(page).locator('a, img, script').count()).toBe(0);
  const log = page.getByRole('log');
  const isWithin = await log.evaluate((element) => element.scrollWidth <= element.clientWidth);
  expect(isWithin, 'no message is wider than its place').toBe(true);
  const before = await messageOf(page, zalgo).boundingBox();
  const name = await messageOf(page, hostile[1]).boundingBox();
  expect(before?.y).toBeGreaterThan(name?.y ?? Infinity); // in its row, below the one before

  await test.step('[attack 25] two hundred bodies that are programs elsewhere', async () => {
    expect(new Set(bodies).size).toBe(200);
    const texts = ways.map((_, at) => bodies.slice(10 * at, 10 * at + 10).join(' '));
    for (const text of texts) await write(mallory.page(), text);
    await untilDelivered(mallory.page(), texts.at(-1) ?? '');
    for (const text of texts) await expect(messageOf(page, text)).toHaveCount(1);
    for (const at of [page, mallory.page()]) {
      expect(await at.evaluate(() => 'pwned' in globalThis)).toBe(false);
      expect(await messages(at).locator('.text > [dir=auto] *').count()).toBe(0);
    }
    expect(dialogs).toBe(0);
  });

  await test.step('a megabyte is refused where it is written, and stays there', async () => {
    const shownCount = await messages(page).count();
    const megabyte = 'm'.repeat(1_000_000);
    await composer(page).fill(megabyte);
    await composer(page).press('Enter');
    await expect(page.getByText('This is too long.', { exact: false })).toBeVisible();
    await expect(composer(page)).toHaveValue(megabyte);
    await expect(messages(page)).toHaveCount(shownCount);
  });
  expect([...alice.complaints(), ...mallory.complaints()]).toEqual([]);
});

test('[row 45] [attack 25] the names of people and groups are text as well', async ({
  app,
  newProfile,
}) => {
  const [alice, mallory] = [await newProfile(), await newProfile()];
  const [page, other] = [alice.page(), mallory.page()];
  const person = '<img src=x onerror=globalThis.pwned=true>';
  const group = '<svg onload=top.pwned=1><script>top.pwned=1</script>';
  await begin(page, app.url, 'Alice');
  await followLink(other, await inviteSomeone(page), person);
  await approve(page, person); // it is shown on the request, then wherever Mallory is
  await untilIn(other, 'Alice');
  await write(other, 'my name is a program');
  if ((await page.getByRole('dialog').count()) > 0) await closeDialog(page);
  const conversations = page.getByRole('navigation', { name: 'Conversations' });
  await conversations.getByRole('link', { name: person }).click();
  await expect(messageOf(page, 'my name is a program')).toHaveAccessibleName(/^<img src=x/);

  await createGroup(other, group);
  await page.goto(await inviteToGroup(other));
  await page.getByRole('dialog', { name: 'Join' }).getByRole('button', { name: 'Join' }).click();
  await approve(other, 'Alice');
  await untilIn(page, group);
  await expect(page.getByRole('log')).toContainText('added you');
  for (const at of [page, other]) {
    expect(await at.evaluate(() => 'pwned' in globalThis)).toBe(false);
    expect(await at.locator('img[src=x], svg[onload], body script').count()).toBe(0);
  }
});
