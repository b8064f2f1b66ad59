import { expect, test } from 'vitest';
import { equalBytes } from '../../../src/base/bytes.ts';
import { OwnPrekeys } from '../../../src/core/epochs/prekeys.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { decodePrekey, verifyPrekey } from '../../../src/protocol/epochs/prekey.ts';
import { setupCore, type TestCore } from '../../support/core-parts.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';

const setup = async ({ core, self }: TestCore, scope = 'scope'): Promise<OwnPrekeys> => {
  const prekeys = new OwnPrekeys(core, self, fixedBytes(scope));
  valueOf(await prekeys.load());
  return prekeys;
};

const current = async (prekeys: OwnPrekeys): Promise<Uint8Array> =>
  valueOf(await prekeys.current());

test('[DP1] one prekey is published for seven days, then the next; the old one is kept', async () => {
  const device = await setupCore({ nowMs: 1_000_000 });
  const prekeys = await setup(device);
  const first = await current(prekeys);
  device.setNow(1_000_000 + limits.prekeyAgeMaxMs - 1);
  expect(await current(prekeys)).toEqual(first);
  device.setNow(1_000_000 + limits.prekeyAgeMaxMs);
  const second = await current(prekeys);
  expect(second).not.toEqual(first);
  expect(prekeys.all().map(({ bundle }) => bundle)).toEqual([second, first]);
});

test('[DP1] the device signed it, and a clock set back makes a new one', async () => {
  const device = await setupCore({ nowMs: 1_000_000 });
  const prekeys = await setup(device);
  const bundle = await current(prekeys);
  const decoded = valueOf(decodePrekey(bundle));
  expect(await verifyPrekey(device.core.backend, decoded, device.self.me.device.publicKey)).toBe(
    true,
  );
  device.setNow(999_999);
  expect(await current(prekeys)).not.toEqual(bundle);
});

test('[DP2] nobody sees a prekey that a crash could take', async () => {
  const device = await setupCore();
  const prekeys = await setup(device);
  device.disk.faults.isFailing = true;
  expect(await prekeys.current()).toEqual({ ok: false, error: 'failed' });
  expect(prekeys.all()).toEqual([]);
  device.disk.faults.isFailing = false;
  const bundle = await current(prekeys);
  const restarted = await setup(await device.restart());
  expect(restarted.all()).toEqual(prekeys.all());
  expect(await current(restarted)).toEqual(bundle);
});

test('[DP3] what is kept is bounded, the newest first', async () => {
  const device = await setupCore({ nowMs: 0 });
  const prekeys = await setup(device);
  for (let i = 0; i <= limits.prekeysKeptMax; i++) {
    device.setNow(i * limits.prekeyAgeMaxMs);
    await current(prekeys);
  }
  expect(prekeys.all()).toHaveLength(limits.prekeysKeptMax);
  const restarted = await setup(await device.restart());
  expect(restarted.all()).toEqual(prekeys.all());
  const ages = prekeys.all().map(({ createdAtMs }) => createdAtMs);
  expect(ages).toEqual([...ages].sort((a, b) => b - a));
});

test('[DP3] what was promised to an invite opens in the conversation too', async () => {
  const device = await setupCore();
  const ofInvite = await setup(device, 'invite');
  const promised = await current(ofInvite);
  const ofConversation = await setup(device, 'conversation');
  const own = await current(ofConversation);
  valueOf(await ofConversation.takeOver(ofInvite));
  valueOf(await ofConversation.takeOver(ofInvite));
  const bundles = (await setup(await device.restart(), 'conversation')).all();
  expect(bundles.map(({ bundle }) => bundle)).toEqual([own, promised]);
  expect(bundles.some(({ bundle }) => equalBytes(bundle, promised))).toBe(true);
});
