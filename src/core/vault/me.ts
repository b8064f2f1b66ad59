/**
 * This person on this device: root seed, identity log, device keys (PROTOCOL §2), made at Start and
 * kept in the vault. The root signs only the identity log; the device key signs everything else.
 */
import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import { agreementKeyPair } from '../../crypto/agreement.ts';
import type { Signer } from '../../crypto/backend.ts';
import {
  appendIdentityEntry,
  rootSigner,
  verifyIdentityLog,
  type IdentityLog,
} from '../../protocol/membership/identity.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { CoreDeps } from '../deps.ts';
import { selfKeys, type StoredSelf } from './stored-self.ts';
import { Vault, wrapStorageKey } from './vault.ts';

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

/** Undefined where its identity log does not verify. */
export const openSelf = async (
  { backend }: Pick<CoreDeps, 'backend'>,
  { vault, record, handle }: StoredSelf,
): Promise<Self | undefined> => {
  const { rootPub, log: entries } = record;
  const identity = await verifyIdentityLog(backend, { rootPub, entries });
  if (!identity.ok) return undefined;
  const me: Me = {
    name: record.name,
    identity: identity.value,
    device: await backend.deviceSigner(handle, record.devSignPub),
    deviceSecret: record.deviceSecret,
    inboxSeed: record.inboxSeed,
    rootSeed: record.rootSeed,
  };
  return { me, vault };
};

/** Keys of somebody new, on no disk yet. */
export interface MadeSelf {
  readonly me: Omit<Me, 'name'>;
  readonly storageKey: Uint8Array;
  readonly writes: ReadonlyArray<Write>;
}

/** Nothing of it is stored or told to anybody: it may be made before they say that they begin. */
export const makeSelf = async (
  deps: Pick<CoreDeps, 'random' | 'backend' | 'keySlot'>,
): Promise<MadeSelf> => {
  const { random, backend, keySlot } = deps;
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
  return {
    me: {
      identity: identity.value,
      device,
      deviceSecret: random.bytes(32),
      inboxSeed,
      rootSeed,
    },
    storageKey,
    writes: [
      { key: selfKeys.slot, value: slot },
      { key: selfKeys.slotBox, value: wrapped },
      { key: selfKeys.device, value: handle },
    ],
  };
};

/** Keeps identity and device, durably, in one transaction. The name is as the person typed it. */
export const keepSelf = async (
  deps: Pick<CoreDeps, 'random' | 'storage'>,
  { me: made, storageKey, writes }: MadeSelf,
  name: string,
): Promise<Result<Self, StorageFailure>> => {
  const me: Me = { name, ...made };
  const vault = new Vault(deps, storageKey);
  const stored = await deps.storage.commit([...writes, ...meWrites(vault, me)]);
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
