import { describe, expect, test } from 'vitest';
import { assert } from '../../../src/base/assert.ts';
import { utf8ToBytes } from '../../../src/base/bytes.ts';
import {
  siblingKey,
  unwrapStorageKey,
  Vault,
  wrapStorageKey,
  type RecordName,
} from '../../../src/core/vault/vault.ts';
import { createMemoryDisk } from '../../../src/storage/memory-disk.ts';
import { createMemoryStorage } from '../../../src/storage/memory.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';
import { fixedBytes, flipBit, valueOf } from '../protocol/fixtures.ts';

const storageKey = fixedBytes('storage key');
const first: RecordName = ['p', fixedBytes('conversation'), fixedBytes('first')];
const second: RecordName = ['p', fixedBytes('conversation'), fixedBytes('second')];

const setup = async (key = storageKey) => {
  const disk = createMemoryDisk();
  const storage = createMemoryStorage({ disk });
  await storage.open();
  const random = createSeededRandom(7);
  const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256));
  return { disk, storage, vault: new Vault({ storage, random: { bytes } }, key) };
};

const bytesAt = (disk: Awaited<ReturnType<typeof setup>>['disk'], key: string): Uint8Array => {
  const value = disk.records().get(key);
  assert(value instanceof Uint8Array, 'a sealed record is bytes');
  return value;
};

describe('records', () => {
  test('[VT1] come back as they were', async () => {
    const { vault } = await setup();
    await vault.commit([vault.seal(first, { text: 'one' }), vault.seal(second, [1, null])]);
    expect(valueOf(await vault.read(first))).toEqual({ text: 'one' });
    expect(valueOf(await vault.read(second))).toEqual([1, null]);
    expect(valueOf(await vault.read(['p', fixedBytes('nobody')]))).toBeUndefined();
  });

  test('[VT1] a changed bit anywhere is a damaged record', async () => {
    const { vault, disk } = await setup();
    await vault.commit([vault.seal(first, { text: 'one' })]);
    const key = vault.key(first);
    const { length } = bytesAt(disk, key);
    for (let bit = 0; bit < length * 8; bit++) {
      disk.damageRecord(key, (bytes) => flipBit(bytes, bit));
      expect(await vault.read(first)).toEqual({ ok: false, error: 'damaged-record' });
      disk.damageRecord(key, (bytes) => flipBit(bytes, bit));
    }
    expect(valueOf(await vault.read(first))).toEqual({ text: 'one' });
  });

  test('[VT1] a torn record is a damaged one', async () => {
    const { vault, disk } = await setup();
    await vault.commit([vault.seal(first, { text: 'one' })]);
    for (let left = bytesAt(disk, vault.key(first)).length - 1; left >= 0; left--) {
      disk.damageRecord(vault.key(first), (bytes) => bytes.slice(0, left));
      expect(await vault.read(first)).toEqual({ ok: false, error: 'damaged-record' });
    }
  });

  test('[VT1] two sound records that were swapped are both damaged', async () => {
    const { vault, disk, storage } = await setup();
    await vault.commit([vault.seal(first, 'one'), vault.seal(second, 'two')]);
    const [one, two] = [bytesAt(disk, vault.key(first)), bytesAt(disk, vault.key(second))];
    await storage.commit([
      { key: vault.key(first), value: two },
      { key: vault.key(second), value: one },
    ]);
    expect(await vault.read(first)).toEqual({ ok: false, error: 'damaged-record' });
    expect(await vault.read(second)).toEqual({ ok: false, error: 'damaged-record' });
  });

  test('[VT1] a list gives what is sound, names what is damaged, and touches neither', async () => {
    const { vault, disk } = await setup();
    await vault.commit([vault.seal(first, 'one'), vault.seal(second, 'two')]);
    disk.damageRecord(vault.key(first), (bytes) => flipBit(bytes, 200));
    const damaged = bytesAt(disk, vault.key(first));
    const listed = valueOf(await vault.list(['p', fixedBytes('conversation')]));
    expect(listed).toEqual({
      values: ['two'],
      keys: [vault.key(second)],
      damaged: [vault.key(first)],
    });
    expect(bytesAt(disk, vault.key(first))).toEqual(damaged);
  });

  test('[VT1] another storage key opens nothing', async () => {
    const { vault, storage } = await setup();
    await vault.commit([vault.seal(first, 'one')]);
    const random = { bytes: (length: number) => new Uint8Array(length) };
    const other = new Vault({ storage, random }, fixedBytes('another key'));
    expect(valueOf(await other.read(first))).toBeUndefined(); // its names differ too
    await storage.commit([{ key: other.key(first), value: vault.seal(first, 'one').value }]);
    expect(await other.read(first)).toEqual({ ok: false, error: 'damaged-record' });
  });
});

describe('two copies', () => {
  test.each(['first', 'second'] as const)(
    '[VT4] either one is enough when the %s is damaged or gone',
    async (which) => {
      const { vault, disk, storage } = await setup();
      const writes = vault.sealTwice(first, 'one');
      await vault.commit(writes);
      const key = writes[which === 'first' ? 0 : 1]?.key ?? '';
      disk.damageRecord(key, (bytes) => flipBit(bytes, 200));
      expect(valueOf(await vault.read(first))).toBe('one');
      expect(valueOf(await vault.list(['p', fixedBytes('conversation')])).values).toEqual(['one']);
      await storage.commit([{ key, value: undefined }]);
      expect(valueOf(await vault.read(first))).toBe('one');
      expect(valueOf(await vault.list(['p', fixedBytes('conversation')])).values).toEqual(['one']);
    },
  );

  test('[VT4] listing repairs a damaged record from its copy', async () => {
    const { vault, disk } = await setup();
    await vault.commit(vault.sealTwice(first, 'one'));
    disk.damageRecord(vault.key(first), (bytes) => flipBit(bytes, 200));
    await vault.list(['p', fixedBytes('conversation')]);
    disk.damageRecord(`~${vault.key(first)}`, (bytes) => flipBit(bytes, 200));
    expect(valueOf(await vault.read(first))).toBe('one');
  });

  test('[VT4] a copy under another name is no copy, and two damaged ones are damage', async () => {
    const { vault, disk, storage } = await setup();
    await vault.commit([...vault.sealTwice(first, 'one'), ...vault.sealTwice(second, 'two')]);
    const other = bytesAt(disk, `~${vault.key(second)}`);
    await storage.commit([{ key: `~${vault.key(first)}`, value: other }]);
    disk.damageRecord(vault.key(first), (bytes) => flipBit(bytes, 200));
    expect(await vault.read(first)).toEqual({ ok: false, error: 'damaged-record' });
    const listed = valueOf(await vault.list(['p', fixedBytes('conversation')]));
    expect(listed).toEqual({
      values: ['two'],
      keys: [vault.key(second)],
      damaged: [vault.key(first)],
    });
  });
});

describe('names', () => {
  test('[VT2] neither a name nor a value on disk holds what it stands for', async () => {
    const { vault, disk } = await setup();
    const name = utf8ToBytes('a conversation that nobody may know');
    const text = 'what was said in it';
    await vault.commit([vault.seal(['p', name], text)]);
    const stored = [...disk.records()]
      .map(([key, value]) => key + Buffer.from(value as Uint8Array).toString('latin1'))
      .join();
    const hexOfName = Buffer.from(name).toString('hex');
    for (const needle of ['nobody', text, hexOfName.slice(0, 16)]) {
      expect(stored).not.toContain(needle);
    }
  });

  test('[VT2] the same here for ever, another under another key', async () => {
    const { vault } = await setup();
    const { vault: again } = await setup();
    const { vault: other } = await setup(fixedBytes('another key'));
    expect(again.key(first)).toBe(vault.key(first));
    expect(other.key(first)).not.toBe(vault.key(first));
    expect(vault.key(second)).not.toBe(vault.key(first));
  });
});

describe('the storage key', () => {
  test('[VT3] opens under its slot only, and not when a bit changed', () => {
    const slotKey = fixedBytes('slot');
    const wrapped = wrapStorageKey(slotKey, fixedBytes('nonce', 24), storageKey);
    expect(valueOf(unwrapStorageKey(slotKey, wrapped))).toEqual(storageKey);
    expect(unwrapStorageKey(fixedBytes('other slot'), wrapped).ok).toBe(false);
    for (let bit = 0; bit < wrapped.length * 8; bit++) {
      expect(unwrapStorageKey(slotKey, flipBit(wrapped, bit)).ok).toBe(false);
    }
    expect(unwrapStorageKey(slotKey, wrapped.slice(0, 71)).ok).toBe(false);
  });
});

test('[VT1] records of one id are found beside each other by their keys alone', async () => {
  const { vault } = await setup();
  const id = fixedBytes('conversation');
  await vault.commit([vault.seal(['c', id], 'one')]);
  const [key = ''] = valueOf(await vault.list(['c'])).keys;
  expect(siblingKey(key, 's')).toBe(vault.key(['s', id]));
});
