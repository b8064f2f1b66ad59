import { expect, test } from 'vitest';
import { equalBytes, toHex } from '../../../src/base/bytes.ts';
import { heldPrekeyIds, OwnPrekeys } from '../../../src/core/epochs/prekeys.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { decodePrekey, prekeyId, verifyPrekey } from '../../../src/protocol/epochs/prekey.ts';
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

const idsOf = (prekeys: OwnPrekeys): ReadonlyArray<Uint8Array> =>
  prekeys.all().map(({ bundle }) => prekeyId(bundle));

/** Three prekeys, newest first. */
const setupThree = async () => {
  const device = await setupCore({ nowMs: 0 });
  const prekeys = await setup(device);
  for (let i = 0; i < 3; i++) {
    device.setNow(i * limits.prekeyAgeMaxMs);
    await current(prekeys);
  }
  const [newest, middle, oldest] = idsOf(prekeys);
  if (!newest || !middle || !oldest) throw new Error('three prekeys');
  return { device, prekeys, newest, middle, oldest };
};

const use = async ({ self }: TestCore, prekeys: OwnPrekeys, id: Uint8Array): Promise<void> => {
  const change = prekeys.using(id);
  valueOf(await self.vault.commit(change.writes));
  change.stored();
};

const nothingNeeded = (): boolean => false;

test('[DP5] no prekey goes by the calendar alone: only after its successor was used', async () => {
  const { device, prekeys, newest, middle, oldest } = await setupThree();
  device.setNow(100 * limits.prekeyAgeMaxMs);
  expect(valueOf(await prekeys.retire(nothingNeeded))).toBe(false);
  await use(device, prekeys, oldest);
  expect(prekeys.hasSucceeded).toBe(false);
  expect(valueOf(await prekeys.retire(nothingNeeded))).toBe(false);
  await use(device, prekeys, middle);
  expect(prekeys.hasSucceeded).toBe(true);
  expect(valueOf(await prekeys.retire(nothingNeeded))).toBe(true);
  expect(idsOf(prekeys)).toEqual([newest, middle]);
});

test('[DP5] a use is remembered over a restart, and what was retired is gone from the disk', async () => {
  const { device, prekeys, newest, middle } = await setupThree();
  await use(device, prekeys, middle);
  const restarted = await device.restart();
  const again = await setup(restarted);
  expect(valueOf(await again.retire(nothingNeeded))).toBe(true);
  const left = valueOf(await heldPrekeyIds(restarted.self.vault));
  expect([...left].sort()).toEqual([newest, middle].map(toHex).sort());
});

test('[DP5] what a box names that is not opened yet stays', async () => {
  const { device, prekeys, newest, middle, oldest } = await setupThree();
  await use(device, prekeys, newest);
  valueOf(await prekeys.retire((idHex) => idHex === toHex(oldest)));
  expect(idsOf(prekeys)).toEqual([newest, oldest]);
  expect(idsOf(prekeys)).not.toContainEqual(middle);
});

test('[DP5] a copy that an invite’s room holds goes with it', async () => {
  const device = await setupCore({ nowMs: 0 });
  const ofRoom = await setup(device, 'invite');
  await current(ofRoom);
  const prekeys = await setup(device, 'conversation');
  valueOf(await prekeys.takeOver(ofRoom));
  prekeys.outlive(ofRoom);
  device.setNow(limits.prekeyAgeMaxMs);
  await current(prekeys);
  const [newest] = idsOf(prekeys);
  await use(device, prekeys, newest ?? new Uint8Array());
  valueOf(await prekeys.retire(nothingNeeded));
  expect(ofRoom.all()).toEqual([]);
  expect(valueOf(await heldPrekeyIds(device.self.vault)).size).toBe(1);
});

test('[DP6] a prekey that may open what was erased is not published again', async () => {
  const device = await setupCore({ nowMs: 1_000_000 });
  const prekeys = await setup(device);
  const first = await current(prekeys);
  const change = prekeys.spending();
  valueOf(await device.self.vault.commit(change.writes));
  change.stored();
  const restarted = await setup(await device.restart());
  const second = await current(restarted);
  expect(second).not.toEqual(first);
  expect(await current(restarted)).toEqual(second);
});
