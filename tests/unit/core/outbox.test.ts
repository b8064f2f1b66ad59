import { expect, test } from 'vitest';
import { Outbox } from '../../../src/core/conversation/outbox.ts';
import { setupCore, type TestCore } from '../../support/core-parts.ts';
import { fixedBytes } from '../protocol/fixtures.ts';

const scopeId = fixedBytes('conversation');
const contentOf = (text: string) => ({
  type: 'text',
  mid: fixedBytes(text, 16),
  sentAt: 0,
  payload: { text },
});

const setup = async (device: TestCore): Promise<Outbox> => {
  const outbox = new Outbox(device.self.vault, scopeId);
  expect(await outbox.load()).toEqual({ ok: true, value: undefined });
  return outbox;
};

const textsOf = (outbox: Outbox): ReadonlyArray<unknown> =>
  outbox.waiting.map(({ payload }) => (payload as { text: string }).text);

test('[OB1] what was composed waits in its order, also after a restart', async () => {
  const device = await setupCore();
  const outbox = await setup(device);
  const texts = Array.from({ length: 12 }, (_, i) => `text ${String(i)}`);
  for (const text of texts) expect((await outbox.add(contentOf(text))).ok).toBe(true);
  expect(textsOf(outbox)).toEqual(texts);
  const restarted = await setup(await device.restart());
  expect(textsOf(restarted)).toEqual(texts);
  await restarted.add(contentOf('the last'));
  expect(textsOf(restarted)).toEqual([...texts, 'the last']);
});

test('[OB1] what was added at one time keeps the order of the calls', async () => {
  const outbox = await setup(await setupCore());
  await Promise.all(['a', 'b', 'c'].map((text) => outbox.add(contentOf(text))));
  expect(textsOf(outbox)).toEqual(['a', 'b', 'c']);
});

test('[OB2] it waits only once it is on disk', async () => {
  const device = await setupCore();
  const outbox = await setup(device);
  device.disk.faults.capacityBytes = device.disk.usedBytes;
  expect(await outbox.add(contentOf('lost'))).toEqual({ ok: false, error: 'disk-full' });
  expect(textsOf(outbox)).toEqual([]);
  device.disk.faults.capacityBytes = Infinity;
  await outbox.add(contentOf('kept'));
  expect(textsOf(outbox)).toEqual(['kept']);
});

test('[OB3] it is taken out by the transaction that appends it, or stays', async () => {
  const device = await setupCore();
  const outbox = await setup(device);
  for (const text of ['a', 'b', 'c']) await outbox.add(contentOf(text));
  const batch = outbox.waiting.slice(0, 2);
  const removals = outbox.removals(batch);
  const beforeCommit = await setup(await device.restart());
  expect(textsOf(beforeCommit)).toEqual(['a', 'b', 'c']);

  const again = await device.restart();
  await again.self.vault.commit(removals);
  expect(textsOf(await setup(again))).toEqual(['c']);
  outbox.removed(batch);
  expect(textsOf(outbox)).toEqual(['c']);
});
