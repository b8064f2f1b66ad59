import { expect, test } from 'vitest';
import { Hidden } from '../../../src/core/conversation/content/hidden.ts';
import { messageKey, Projection } from '../../../src/core/conversation/reading/projection.ts';
import { toHex } from '../../../src/base/bytes.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { setupCore } from '../../support/core-parts.ts';
import { bytesNamed } from '../../support/conversation.ts';

const scopeId = bytesNamed('conversation');
const keyOf = (n: number): string =>
  messageKey(toHex(bytesNamed('ana')), bytesNamed(String(n)).subarray(0, 16));

test('[HD1] it is hidden once it is on disk, and no more than so many are', async () => {
  const { deps } = await setupCore();
  const hidden = new Hidden(deps.vault, scopeId, () => new Projection());
  expect(await hidden.add([keyOf(1), keyOf(2)])).toMatchObject({ ok: true });
  expect([1, 2, 3].map((n) => hidden.has(keyOf(n)))).toEqual([true, true, false]);
  const again = new Hidden(deps.vault, scopeId, () => new Projection());
  await again.load();
  expect([1, 2, 3].map((n) => again.has(keyOf(n)))).toEqual([true, true, false]);
  const many = Array.from({ length: limits.hiddenMax - 1 }, (_, n) => keyOf(n + 3));
  expect(await again.add(many)).toEqual({ ok: false, error: 'too-many' });
  expect(again.has(keyOf(3))).toBe(false);
  expect(await again.add(many.slice(1))).toMatchObject({ ok: true });
  const full = new Hidden(deps.vault, scopeId, () => new Projection());
  await full.load();
  expect(full.has(keyOf(limits.hiddenMax))).toBe(true);
});

test('[HD1] what the disk did not take is not hidden, and a damaged record hides nothing', async () => {
  const { deps, disk } = await setupCore();
  const hidden = new Hidden(deps.vault, scopeId, () => new Projection());
  disk.faults.capacityBytes = disk.usedBytes;
  expect((await hidden.add([keyOf(1)])).ok).toBe(false);
  expect(hidden.has(keyOf(1))).toBe(false);
  disk.faults.capacityBytes = Infinity;
  await deps.vault.commit([{ key: deps.vault.key(['h', scopeId]), value: new Uint8Array(40) }]);
  expect((await hidden.load()).ok).toBe(true);
  expect(hidden.has(keyOf(1))).toBe(false);
});
