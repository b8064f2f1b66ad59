/** What people can see of the truth: message details, "Safe to close", against a fake core. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';

const message = (page: Page, text: string): Locator =>
  page.getByRole('article', { name: new RegExp(text, 'u') });

const openDetails = async (page: Page, text: string): Promise<Locator> => {
  const article = message(page, text);
  await article.hover();
  await article.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Message details' }).click();
  return page.getByRole('dialog', { name: 'Message details' });
};

test('[WI2] message details name people, then devices', async ({ page, openScene }) => {
  await openScene();
  const dialog = await openDetails(page, 'and the long pegs');
  await expect(dialog).toContainText('Mira and 1 more have it · 1 waiting');
  await expect(dialog).toContainText('Delivered to 2 of 4 devices');
  const holders = dialog.getByRole('list', { name: 'Who has it' });
  await expect(holders).toContainText(/Mira has it Device 1 has it ?Device 2 waiting/u);
  await expect(holders).toContainText(/June waiting Device 1 waiting/u);
  await expect(holders).toContainText(/You has it This device has it/u);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('[WI2] message details follow what is delivered', async ({ page, openScene }) => {
  await openScene('#/c/tomas');
  await page.getByRole('textbox', { name: 'Message' }).fill('On my way');
  await page.keyboard.press('Enter');
  const dialog = await openDetails(page, 'On my way');
  await expect(dialog).toContainText('Waiting for Tomás Ferrer');
  await withFake(
    page,
    (fake) => {
      const key = fake.lastOwnKey('tomas');
      fake.setDelivery('tomas', key, { state: 'delivered', haveCount: 1, peopleCount: 1 });
    },
    undefined,
  );
  await expect(dialog).toContainText('Delivered to 1 of 1 device');
});

test('[WI2] what came late says when it was written and when it came', async ({
  page,
  openScene,
}) => {
  await openScene();
  const dialog = await openDetails(page, 'Frost cloth');
  await expect(dialog).toContainText('Received late: written');
  await expect(dialog).toContainText('only June can see who else has this');
});

test('[WI2] the key I opens the details of the focused message and gives the focus back', async ({
  page,
  openScene,
}) => {
  await openScene();
  const article = message(page, 'the seedlings made it');
  await article.focus();
  await page.keyboard.press('i');
  await expect(page.getByRole('dialog', { name: 'Message details' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(article).toBeFocused();
});

test('[WI2] the menu works by keys alone and copies the text', async ({
  page,
  openScene,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openScene();
  const article = message(page, 'the seedlings made it');
  await article.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Open thread' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Copy text' })).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    'the seedlings made it through',
  );
  await expect(article).toBeFocused();
});

test('[WI1] the details pane says what is only here and who holds everything', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details).toContainText('Safe to close');
  await expect(details).toContainText('2 devices hold everything');
  await page.evaluate(async () => {
    const data = new Blob(['notes']);
    const shape = { kind: 'file' } as const;
    const notes = { name: 'notes.txt', mediaType: 'text/plain', data, shape, preview: undefined };
    const said = { text: 'the notes', attachments: [notes] };
    await window.fake.execute({ type: 'SendMessage', conversationId: 'garden', ...said });
  });
  await expect(details).toContainText('1 file of yours is only on this device');
  await expect(details).not.toContainText('Safe to close');
  await expect(details).not.toContainText('hold everything');
  for (const text of ['one', 'two']) {
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
  }
  await expect(details).toContainText('3 messages of yours are only on this device');
});

test('[FK4] a device with two histories is said in the timeline and beside its person', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Details', exact: true }).click();
  await withFake(
    page,
    (fake) => {
      const garden = fake.conversations.find(({ id }) => id === 'garden');
      const june = garden?.members.find(({ person }) => person.name === 'June');
      if (garden === undefined || june === undefined) throw new Error('June is in the garden');
      fake.addNotice('garden', { kind: 'forked', who: june.person });
      garden.members = garden.members.map((member) =>
        member === june ? { ...member, troubles: ['two-histories', 'identity-log'] } : member,
      );
      fake.changed();
    },
    undefined,
  );
  const sentence = 'June’s device sent two different histories. Ask June.';
  await expect(page.getByRole('log').getByText(sentence)).toBeVisible();
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByText(sentence)).toBeVisible();
  await expect(details.getByText('June’s identity log does not match. Ask June.')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`[UI30] axe finds nothing in a message's menu and details (${colorScheme})`, async ({
    page,
    openScene,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await openScene();
    const article = message(page, 'and the long pegs');
    await article.hover();
    await article.getByRole('button', { name: 'More' }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole('menuitem', { name: 'Message details' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}
