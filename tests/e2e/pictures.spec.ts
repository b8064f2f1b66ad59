/**
 * The pictures of README.md, taken from the app as it is: `SOTTO_PICTURES=1 npx playwright test
 * --project=e2e pictures`. Not part of `npm test`: a picture is looked at, not compared.
 */
import type { Page } from '@playwright/test';
import { test } from '../support/app.ts';
import {
  befriend,
  closeDialog,
  createGroup,
  expect,
  inviteToGroup,
  openConversation,
  see,
  untilDelivered,
  untilDirect,
  write,
} from '../support/people.ts';

const folder = 'tests/e2e/pictures';

const take = async (page: Page, name: string, colorScheme: 'light' | 'dark'): Promise<void> => {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
};

test('two people and a group, on a desktop and on a phone', async ({ app, newProfile }) => {
  test.skip(process.env['SOTTO_PICTURES'] !== '1', 'taken only on demand');
  test.setTimeout(600_000);
  const [maren, tomas] = [
    (await newProfile()).page(),
    (await newProfile({ isPhone: true })).page(),
  ];
  await befriend(app.url, [
    { name: 'Maren', page: maren },
    { name: 'Tomás', page: tomas },
  ]);
  await untilDirect(maren);

  const talk: ReadonlyArray<readonly [Page, string]> = [
    [tomas, 'The beans are up! Eleven of twelve.'],
    [maren, 'Already? I put them in eight days ago.'],
    [tomas, 'I gave them the bed by the wall. It keeps the warmth overnight.'],
    [tomas, 'Can you take the watering on Thursday?'],
    [maren, 'Thursday is fine, after five. Is the key still under the blue pot?'],
    [tomas, 'Yes, and mind the third step.'],
    [maren, 'Will do. I bring the strawberry runners I promised.'],
  ];
  for (const [page, text] of talk) {
    await write(page, text);
    if (page === tomas) await see(maren, 'Tomás', text);
    else await see(tomas, 'Maren', text);
  }

  await createGroup(maren, 'Allotment 14');
  const link = await inviteToGroup(maren, { isOpen: true });
  await closeDialog(maren);
  await tomas.goto(link);
  await tomas.getByRole('button', { name: 'Join' }).click();
  await expect(tomas.getByRole('log', { name: 'Messages with Allotment 14' })).toBeVisible({
    timeout: 90_000,
  });
  await write(tomas, 'Compost comes on Saturday, 9 o’clock.');
  await see(maren, 'Tomás', 'Compost comes on Saturday, 9 o’clock.');

  await openConversation(maren, 'Tomás');
  await untilDelivered(maren, 'Will do. I bring the strawberry runners I promised.');
  await take(maren, 'desktop-light', 'light');
  await tomas.getByRole('button', { name: 'Back' }).click();
  await openConversation(tomas, 'Maren');
  await take(tomas, 'phone-dark', 'dark');
});
