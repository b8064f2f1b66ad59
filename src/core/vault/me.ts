/**
 * This person on this device: root seed, identity log, device keys (PROTOCOL §2), made at Start and
 * kept in the vault. The root signs only the identity log; the device key signs everything else.
 */
import { assert } from '../../base/assert.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { agreementKeyPair } from '../../crypto/agreement.ts';
import type { Signer } from '../../crypto/backend.ts';
import {
  arrayUpTo,
  bytesOf,
  bytesUpTo,
  recordOf,
  textUpTo,
  type CborValue,
} from '../../protocol/cbor.ts';
import {
  appendIdentityEntry,
  rootSigner,
  verifyIdentityLog,
  type IdentityLog,
} from '../../protocol/membership/identity.ts';
import { limits } from '../../protocol/limits.ts';
import type { KeyHandle, StorageFailure, Write } from '../../storage/port.ts';
import type { CoreDeps } from '../deps.ts';
import { unwrapStorageKey, Vault, wrapStorageKey } from './vault.ts';

export interface Me {
  /** As the person wants to be called now. */
  name: string;
  readonly identity: IdentityLog;
  readonly device: Signer;
  /** Seeds the writer pseudonyms of every epoch. */
  readonly deviceSecret: Uint8Array;
  /** X25519, certified in the identity log: sealed to until this device's first bind. */
  readonly inboxSeed: Uint8Array;
  readonly rootSeed: Uint8Array;
}

export interface Self {
  readonly me: Me;
  readonly vault: Vault;
}

const slotKey = 'slot';
const slotBoxKey = 'slot-box';
const deviceKey = 'device';

export type LoadFailure = StorageFailure | 'damaged-record';

/** Nothing is stored yet: somebody new. */
export const loadSelf = async (deps: CoreDeps): Promise<Result<Self | undefined, LoadFailure>> => {
  const { storage } = deps;
  const slot = await storage.get(slotKey);
  if (!slot.ok) return slot;
  const box = await storage.get(slotBoxKey);
  if (!box.ok) return box;
  const handle = await storage.get(deviceKey);
  if (!handle.ok) return handle;
  if (slot.value === undefined && box.value === undefined && handle.value === undefined) {
    return ok(undefined);
  }
  if (!isHandle(slot.value) || !isHandle(handle.value) || !(box.value instanceof Uint8Array)) {
    return err('damaged-record');
  }
  const storageKey = unwrapStorageKey(await deps.keySlot.key(slot.value), box.value);
  if (!storageKey.ok) return storageKey;
  const vault = new Vault(deps, storageKey.value);
  const record = await vault.read(['me']);
  if (!record.ok) return record;
  const me = await readMe(deps, record.value ?? null, handle.value);
  return me === undefined ? err('damaged-record') : ok({ me, vault });
};

/** Makes identity and device, durably, in one transaction. The name is as the person typed it. */
export const createSelf = async (
  deps: CoreDeps,
  name: string,
): Promise<Result<Self, StorageFailure>> => {
  const { random, backend, keySlot, storage } = deps;
  const storageKey = random.bytes(32);
  const slot = await keySlot.create(random.bytes(32));
  const wrapped = wrapStorageKey(await keySlot.key(slot), random.bytes(24), storageKey);
  const { handle, signer: device } = await backend.createDeviceKey(random.bytes(32));
  const rootSeed = random.bytes(32);
  const inboxSeed = random.bytes(32);
  const root = await rootSigner(backend, rootSeed);
  const cert = await appendIdentityEntry(root, undefined, {
    type: 'cert',
    devSignPub: device.publicKey,
    inboxPub: agreementKeyPair(inboxSeed).publicKey,
  });
  const identity = await verifyIdentityLog(backend, { rootPub: root.publicKey, entries: [cert] });
  assert(identity.ok, 'an identity log made here verifies');
  const me: Me = {
    name,
    identity: identity.value,
    device,
    deviceSecret: random.bytes(32),
    inboxSeed,
    rootSeed,
  };
  const vault = new Vault(deps, storageKey);
  const stored = await storage.commit([
    { key: slotKey, value: slot },
    { key: slotBoxKey, value: wrapped },
    { key: deviceKey, value: handle },
    ...meWrites(vault, me),
  ]);
  return stored.ok ? ok({ me, vault }) : stored;
};

export const meWrites = (vault: Vault, me: Me): ReadonlyArray<Write> =>
  vault.sealTwice(['me'], {
    name: me.name,
    rootSeed: me.rootSeed,
    rootPub: me.identity.rootPub,
    log: [...me.identity.entries],
    devSignPub: me.device.publicKey,
    deviceSecret: me.deviceSecret,
    inboxSeed: me.inboxSeed,
  });

const readMeRecord = recordOf({
  name: textUpTo(limits.nameBytesMax),
  rootSeed: bytesOf(32),
  rootPub: bytesOf(32),
  log: arrayUpTo(limits.devicesMax, bytesUpTo(limits.opBytesMax)),
  devSignPub: bytesOf(32),
  deviceSecret: bytesOf(32),
  inboxSeed: bytesOf(32),
});

const readMe = async (
  { backend }: CoreDeps,
  value: CborValue,
  handle: KeyHandle,
): Promise<Me | undefined> => {
  const record = readMeRecord(value);
  if (record === undefined) return undefined;
  const { rootPub, log: entries } = record;
  const identity = await verifyIdentityLog(backend, { rootPub, entries });
  if (!identity.ok) return undefined;
  return {
    name: record.name,
    identity: identity.value,
    device: await backend.deviceSigner(handle, record.devSignPub),
    deviceSecret: record.deviceSecret,
    inboxSeed: record.inboxSeed,
    rootSeed: record.rootSeed,
  };
};

const isHandle = (value: Uint8Array | KeyHandle | undefined): value is KeyHandle =>
  value !== undefined && !(value instanceof Uint8Array);
