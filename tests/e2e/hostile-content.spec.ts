import { test } from '../support/app.ts';
import {
  befriend,
  composer,
  expect,
  messageOf,
  messages,
  untilDelivered,
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

test('[row 45] whatever a message holds is text: nothing runs, nothing breaks out of its place', async ({
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

  await test.step('a megabyte is refused where it is written, and stays there', async () => {
    const megabyte = 'm'.repeat(1_000_000);
    await composer(page).fill(megabyte);
    await composer(page).press('Enter');
    await expect(page.getByText('This is too long.', { exact: false })).toBeVisible();
    await expect(composer(page)).toHaveValue(megabyte);
    await expect(messages(page)).toHaveCount(hostile.length);
  });
  expect([...alice.complaints(), ...mallory.complaints()]).toEqual([]);
});
