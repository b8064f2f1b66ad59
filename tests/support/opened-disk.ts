/** What somebody finds on a disk whose key they have: every record, opened. */
import { assert } from '../../src/base/assert.ts';
import { unwrapStorageKey } from '../../src/core/vault/vault.ts';
import { secretboxOpen } from '../../src/crypto/secretbox.ts';
import { anyValue, decodeCanonical, tupleOf, type CborValue } from '../../src/protocol/cbor.ts';
import { limits } from '../../src/protocol/limits.ts';
import type { MemoryDisk } from '../../src/storage/memory-disk.ts';
import { plainKeySlot } from '../simulation/peer.ts';

const nonceBytes = 24;
/** A record's own key and its value. */
const readRecord = tupleOf(anyValue, anyValue);

/** Values of all records that open. */
export const openedRecords = async (disk: MemoryDisk): Promise<ReadonlyArray<CborValue>> => {
  const records = disk.records();
  const [slot, wrapped] = [records.get('slot'), records.get('slot-box')];
  assert(slot !== undefined && !(slot instanceof Uint8Array), 'the disk has a key slot');
  assert(wrapped instanceof Uint8Array, 'the disk has a wrapped storage key');
  const storageKey = unwrapStorageKey(await plainKeySlot.key(slot), wrapped);
  assert(storageKey.ok, 'the slot opens the storage key');
  const values: CborValue[] = [];
  for (const stored of records.values()) {
    if (!(stored instanceof Uint8Array) || stored.length <= nonceBytes) continue;
    const [nonce, box] = [stored.subarray(0, nonceBytes), stored.subarray(nonceBytes)];
    const plaintext = secretboxOpen({ key: storageKey.value, nonce, box });
    const value = plaintext && decodeCanonical(plaintext, { bytesMax: limits.recordBytesMax });
    const record = value?.ok ? readRecord(value.value) : undefined;
    if (record !== undefined) values.push(record[1]);
  }
  return values;
};

/** Every byte string of this length in a value, wherever it stands. */
export const bytesIn = (value: CborValue, length: number): ReadonlyArray<Uint8Array> => {
  if (value instanceof Uint8Array) return value.length === length ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item: CborValue) => bytesIn(item, length));
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((item) => bytesIn(item, length));
};

/** Bytes under a name of a map. */
export const fieldOf = (value: CborValue, name: string): Uint8Array | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const field = Object.entries(value).find(([key]) => key === name)?.[1];
  return field instanceof Uint8Array ? field : undefined;
};
