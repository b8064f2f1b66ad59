/**
 * What lies on disk of the epochs of one conversation: of each one record with its secret, or, once
 * something in it was erased, one without it and one more for every log that lost entries. All under
 * two keys (VT4), both written by the same transaction: no copy outlives what it held.
 */
import { concatBytes, toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import {
  arrayUpTo,
  bytesOf,
  bytesUpTo,
  intIn,
  naturalOf,
  oneOf,
  recordOf,
  textUpTo,
  type CborValue,
} from '../../protocol/cbor.ts';
import { epochKeysOf, type EpochKeys } from '../../protocol/epochs/epoch-keys.ts';
import { limits } from '../../protocol/limits.ts';
import { prekeyIdBytes } from '../../protocol/epochs/prekey.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { RecordName, Vault } from '../vault/vault.ts';
import { chainId, encodeChain, readChain, wholeChain, type OwnedChain } from './chain.ts';
import type { EpochSeed, PuncturedSeed } from './epoch.ts';
import type { PuncturedKeys } from './keyring.ts';

/** What this device knows of an epoch beside its keys. */
export interface EpochNotes {
  readonly heldSinceMs: number;
  /** Made here; or its secret came in a box, to a prekey or to a key that is never erased. */
  readonly from: 'here' | 'prekey' | 'lasting';
  /** Prekeys that may open such a box, of the time when something was erased first. */
  readonly waitsFor: ReadonlyArray<Uint8Array>;
}

export interface StoredEpoch {
  readonly seed: EpochSeed | PuncturedSeed;
  readonly notes: EpochNotes;
}

const keyBytes = 32;
const { incarnationsMax } = limits;
const noKey = new Uint8Array(keyBytes);

const place = {
  epochId: bytesOf(32),
  base: naturalOf,
  segment: textUpTo(64),
  order: intIn(-limits.opsMax, Number.MAX_SAFE_INTEGER),
  heldSinceMs: naturalOf,
};

const readFrom = oneOf('here', 'prekey', 'lasting');

/** It follows from the rest: kept because a start has no time to work it out for every epoch. */
const workedOut = { admitPub: bytesOf(32) };

const readWhole = recordOf({ ...place, secret: bytesOf(32) }, { ...workedOut, from: readFrom });

const readPunctured = recordOf(
  {
    ...place,
    admitSeed: bytesOf(32),
    topic: textUpTo(64),
    rdv: bytesOf(32),
    rdvSeal: bytesOf(32),
    bind: bytesOf(32),
    ephemeral: bytesOf(32),
    devices: arrayUpTo(limits.devicesMax, bytesOf(32)),
    heads: bytesUpTo(limits.devicesMax * incarnationsMax * keyBytes),
    from: readFrom,
    waitsFor: arrayUpTo(2 * limits.prekeysKeptMax, bytesOf(prekeyIdBytes)),
  },
  workedOut,
);

export class EpochRecords {
  readonly #vault: Vault;
  readonly #convId: Uint8Array;

  constructor(vault: Vault, convId: Uint8Array) {
    this.#vault = vault;
    this.#convId = convId;
  }

  /** In the order this device came to hold them. */
  async load(): Promise<Result<ReadonlyArray<StoredEpoch>, StorageFailure>> {
    const epochs = await this.#vault.list(['e', this.#convId]);
    if (!epochs.ok) return epochs;
    const stored: StoredEpoch[] = [];
    for (const value of epochs.value.values) {
      const whole = readWhole(value);
      if (whole !== undefined) {
        const { from = 'prekey', heldSinceMs, ...seed } = whole;
        stored.push({ seed, notes: { heldSinceMs, from, waitsFor: [] } });
        continue;
      }
      const { epochId } = readPunctured(value) ?? {};
      if (epochId === undefined) continue;
      const chains = await this.#vault.list(['h', epochId]);
      if (!chains.ok) return chains;
      const punctured = puncturedOf(
        value,
        chains.value.values.flatMap((chain) => readChain(chain) ?? []),
      );
      if (punctured !== undefined) stored.push(punctured);
    }
    return ok(stored.sort((a, b) => a.seed.order - b.seed.order));
  }

  whole(
    seed: EpochSeed,
    { admitPub }: EpochKeys,
    { heldSinceMs, from }: EpochNotes,
  ): ReadonlyArray<Write> {
    const record = { ...seed, admitPub, heldSinceMs, from };
    return this.#vault.sealTwice(this.#nameOf(seed.epochId), record);
  }

  /** In the place of the secret and of the chains that changed. */
  punctured(
    seed: PuncturedSeed,
    { heldSinceMs, from, waitsFor }: EpochNotes,
    changed: ReadonlyArray<OwnedChain>,
  ): ReadonlyArray<Write> {
    const { left, epochId, base, segment, order } = seed;
    const { admitSeed, admitPub, topic, rdv, rdvSeal, bind, ephemeral } = left.keys;
    const record = this.#vault.sealTwice(this.#nameOf(epochId), {
      ...{ epochId, base, segment, order, heldSinceMs, from, waitsFor: [...waitsFor] },
      ...{ admitSeed, admitPub, topic, rdv, rdvSeal, bind, ephemeral },
      ...headsOf(left),
    });
    const chains = changed.flatMap(({ chain, ...owner }) =>
      this.#vault.sealTwice(['h', epochId, chainId(owner)], encodeChain(owner, chain)),
    );
    return [...record, ...chains];
  }

  #nameOf(epochId: Uint8Array): RecordName {
    return ['e', this.#convId, epochId];
  }
}

/** [ER2] Chain keys in the order of devices and incarnations; zeros where entries were erased. */
const headsOf = ({ chains }: PuncturedKeys): { devices: Uint8Array[]; heads: Uint8Array } => {
  const byId = new Map(chains.map(({ chain, ...owner }) => [toHex(chainId(owner)), chain]));
  const devices = [
    ...new Map(chains.map(({ devSignPub }) => [toHex(devSignPub), devSignPub])).values(),
  ];
  const heads = devices.flatMap((devSignPub) =>
    Array.from({ length: incarnationsMax }, (_, incarnation) => {
      const chain = byId.get(toHex(chainId({ devSignPub, incarnation })));
      return chain?.erased.size === 0 ? chain.key : noKey;
    }),
  );
  return { devices, heads: concatBytes(...heads) };
};

const puncturedOf = (
  value: CborValue,
  chains: ReadonlyArray<OwnedChain>,
): StoredEpoch | undefined => {
  const record = readPunctured(value);
  if (record === undefined) return undefined;
  const { devices, heads, epochId, base, segment, order } = record;
  if (heads.length !== devices.length * incarnationsMax * keyBytes) return undefined;
  const untouched = devices.flatMap((devSignPub, at) =>
    Array.from({ length: incarnationsMax }, (_, incarnation) => {
      const from = (at * incarnationsMax + incarnation) * keyBytes;
      const key = heads.slice(from, from + keyBytes);
      return { devSignPub, incarnation, chain: wholeChain(key) };
    }).filter(({ chain }) => chain.key.some((byte) => byte !== 0)),
  );
  const { admitSeed, topic, rdv, rdvSeal, bind, ephemeral } = record;
  const roots = { epochId, admitSeed, topic, rdv, rdvSeal, bind, ephemeral };
  const keys = epochKeysOf(roots, record.admitPub);
  const { heldSinceMs, from, waitsFor } = record;
  return {
    seed: { epochId, base, segment, order, left: { keys, chains: [...untouched, ...chains] } },
    notes: { heldSinceMs, from, waitsFor },
  };
};
