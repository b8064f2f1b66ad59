/** What newcomers may read: chosen in an invite's options, said in the timeline (UX.md §6). */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, withFake } from '../support/ui-harness/fixture.ts';

test('[UH1] options offer what newcomers can read, nothing from before at first', async ({
  page,
  openScene,
}) => {
  await openScene();
  await page.getByRole('button', { name: 'Invite people' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite', exact: true });
  const link = dialog.getByRole('textbox', { name: 'Invite link' });
  await expect(link).toHaveValue(/[^h]a$/u);
  await dialog.getByText('Options').click();
  const choice = dialog.getByRole('group', { name: 'What newcomers can read' });
  await expect(choice.getByRole('radio', { name: 'Nothing from before' })).toBeChecked();
  await choice.getByRole('radio', { name: 'Everything still on this device' }).check();
  await expect(link).toHaveValue(/ha$/u);
  const warning = dialog.getByText('Anyone with the link can read what you share through it.');
  await expect(warning).toHaveCount(0);
  await dialog.getByRole('switch', { name: 'Anyone with the link can join' }).click();
  await expect(link).toHaveValue(/ho$/u);
  await expect(warning).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await choice.getByRole('radio', { name: 'Nothing from before' }).check();
  await expect(link).toHaveValue(/[^h]o$/u);
  await expect(warning).toHaveCount(0);
  const asked = await page.evaluate(() =>
    window.fake.log.flatMap((c) => (c.type === 'PrepareInvite' ? [c.history] : [])),
  );
  expect(asked).toEqual(['none', 'all', 'all', 'none']);
});

test('[UH1] an invite to talk has no such choice', async ({ page, openScene }) => {
  await openScene();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await page.getByRole('menuitem', { name: 'Invite someone' }).click();
  await expect(page.getByRole('textbox', { name: 'Invite link' })).toHaveValue(/.+/u);
  await expect(page.getByText('What newcomers can read')).toHaveCount(0);
});

test('[UH2] the timeline says who came and what of before they can read', async ({
  page,
  openScene,
}) => {
  await openScene();
  await expect(page.getByText('Ola joined and can read nothing from before')).toBeVisible();
  await withFake(
    page,
    (fake) => {
      const [by, who] = ['Mira', 'Ben'].map((name) => ({ id: `p-${name}`, name, isMe: false }));
      const me = { id: 'me', name: 'Nora', isMe: true };
      if (by === undefined || who === undefined) throw new Error('two people');
      fake.addNotice('garden', { kind: 'added', by, who, history: 'all' });
      fake.addNotice('garden', { kind: 'added', by, who: me, history: 'none' });
    },
    undefined,
  );
  await expect(page.getByText('Mira added Ben, who can read everything from before')).toBeVisible();
  await expect(
    page.getByText('Mira added you, and you can read nothing from before'),
  ).toBeVisible();
});
