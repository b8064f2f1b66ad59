/**
 * What is stored of this person, unsealed and not looked into: enough to say who they are. Opening it
 * (me.ts) takes the code that verifies, which the list does not wait for.
 */
import { err, ok, type Result } from '../../base/result.ts';
import { arrayUpTo, bytesOf, bytesUpTo, recordOf, textUpTo } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { KeyHandle, RecordValue, StorageFailure } from '../../storage/port.ts';
import type { CoreDeps } from '../deps.ts';
import { unwrapStorageKey, Vault } from './vault.ts';

export const selfKeys = { slot: 'slot', slotBox: 'slot-box', device: 'device' } as const;

export type LoadFailure = StorageFailure | 'damaged-record';

const readRecord = recordOf({
  name: textUpTo(limits.nameBytesMax),
  rootSeed: bytesOf(32),
  rootPub: bytesOf(32),
  log: arrayUpTo(limits.devicesMax, bytesUpTo(limits.opBytesMax)),
  devSignPub: bytesOf(32),
  deviceSecret: bytesOf(32),
  inboxSeed: bytesOf(32),
});

export interface StoredSelf {
  readonly vault: Vault;
  readonly record: NonNullable<ReturnType<typeof readRecord>>;
  /** Of the device key. */
  readonly handle: KeyHandle;
}

/** Undefined: nothing is stored yet, somebody new. */
export const readStoredSelf = async (
  deps: Pick<CoreDeps, 'storage' | 'random' | 'keySlot'>,
): Promise<Result<StoredSelf | undefined, LoadFailure>> => {
  const { slot: slotKey, slotBox, device } = selfKeys;
  const [slot, box, handle] = await Promise.all(
    [slotKey, slotBox, device].map((key) => deps.storage.get(key)),
  );
  if (slot?.ok !== true || box?.ok !== true || handle?.ok !== true) {
    return [slot, box, handle].find((read) => read?.ok === false) ?? err('failed');
  }
  if (slot.value === undefined && box.value === undefined && handle.value === undefined) {
    return ok(undefined);
  }
  if (!isHandle(slot.value) || !isHandle(handle.value) || !(box.value instanceof Uint8Array)) {
    return err('damaged-record');
  }
  const storageKey = unwrapStorageKey(await deps.keySlot.key(slot.value), box.value);
  if (!storageKey.ok) return storageKey;
  const vault = new Vault(deps, storageKey.value);
  const stored = await vault.read(['me']);
  if (!stored.ok) return stored;
  const record = readRecord(stored.value ?? null);
  return record === undefined ? err('damaged-record') : ok({ vault, record, handle: handle.value });
};

const isHandle = (value: RecordValue | undefined): value is KeyHandle =>
  value !== undefined && !(value instanceof Uint8Array);
