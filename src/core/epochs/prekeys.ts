/**
 * This device's rolling prekeys in one scope (PROTOCOL §2): the newest is published in each bind;
 * older ones are kept while an epoch that is sealed to them may still arrive, and then erased.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import {
  arrayUpTo,
  booleanOf,
  bytesOf,
  bytesUpTo,
  naturalOf,
  recordOf,
  type CborValue,
} from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import { createPrekey, prekeyId, type PrekeySecret } from '../../protocol/epochs/prekey.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { CoreDeps } from '../deps.ts';
import type { Me } from '../vault/me.ts';
import type { RecordName, Vault } from '../vault/vault.ts';

export interface OwnPrekey {
  readonly secret: PrekeySecret;
  readonly bundle: Uint8Array;
  readonly createdAtMs: number;
  /** It opened the box of an epoch: its predecessors go after the next full catch-up. */
  readonly isUsed?: boolean;
  /** Something that it may open was erased: the next bind publishes another. */
  readonly isSpent?: boolean;
}

const readPrekeys = arrayUpTo(
  limits.prekeysKeptMax,
  recordOf(
    {
      x25519Seed: bytesOf(32),
      kemSeed: bytesOf(64),
      bundle: bytesUpTo(limits.prekeyBundleBytesMax),
      createdAtMs: naturalOf,
    },
    { isUsed: booleanOf, isSpent: booleanOf },
  ),
);

const ownPrekeys = (value: CborValue): ReadonlyArray<OwnPrekey> =>
  (readPrekeys(value) ?? []).map(({ x25519Seed, kemSeed, ...prekey }) => ({
    secret: { x25519Seed, kemSeed },
    ...prekey,
  }));

const idHexOf = ({ bundle }: OwnPrekey): string => toHex(prekeyId(bundle));

/** Ids of all prekeys on this device: one may lie in several scopes. */
export const heldPrekeyIds = async (
  vault: Vault,
): Promise<Result<ReadonlySet<string>, StorageFailure>> => {
  const stored = await vault.list(['k']);
  if (!stored.ok) return stored;
  return ok(new Set(stored.value.values.flatMap(ownPrekeys).map(idHexOf)));
};

/** A change of the record: to be called once its writes are stored. */
export interface PrekeyChange {
  readonly writes: ReadonlyArray<Write>;
  readonly stored: () => void;
}

export class OwnPrekeys {
  readonly #deps: CoreDeps;
  readonly #me: Me;
  readonly #vault: Vault;
  readonly #name: RecordName;
  #prekeys: ReadonlyArray<OwnPrekey> = [];
  /** Scopes that hold some of these as well, and need them no longer than this one. */
  readonly #alsoIn = new Set<OwnPrekeys>();

  constructor(deps: CoreDeps, self: { me: Me; vault: Vault }, scopeId: Uint8Array) {
    this.#deps = deps;
    this.#me = self.me;
    this.#vault = self.vault;
    this.#name = ['k', scopeId];
  }

  async load(): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#vault.read(this.#name);
    if (!stored.ok) return stored.error === 'damaged-record' ? ok(undefined) : err(stored.error);
    this.#prekeys = ownPrekeys(stored.value ?? null);
    return ok(undefined);
  }

  /** All that may open something, newest first. */
  all(): ReadonlyArray<OwnPrekey> {
    return this.#prekeys;
  }

  /** Some may go after the next full catch-up. */
  get hasSucceeded(): boolean {
    const used = this.#prekeys.findIndex(({ isUsed }) => isUsed === true);
    return used >= 0 && used < this.#prekeys.length - 1;
  }

  /** The newest is as old as one may get, or there is none. */
  get isDue(): boolean {
    const ageMs = this.#deps.clock.now() - (this.#prekeys[0]?.createdAtMs ?? 0);
    return this.#prekeys.length === 0 || ageMs < 0 || ageMs >= limits.prekeyAgeMaxMs;
  }

  /** What the other scope holds of ours goes when ours goes. */
  outlive(other: OwnPrekeys): void {
    this.#alsoIn.add(other);
  }

  /** [DP5] An epoch's box was opened with it. */
  using(id: Uint8Array): PrekeyChange {
    const isIt = ({ bundle }: OwnPrekey): boolean => equalBytes(prekeyId(bundle), id);
    return this.#changing((prekey) => (isIt(prekey) ? { ...prekey, isUsed: true } : prekey));
  }

  /** [DP6] The newest one is not published again. */
  spending(): PrekeyChange {
    return this.#changing((prekey, at) => (at === 0 ? { ...prekey, isSpent: true } : prekey));
  }

  /**
   * [DP5] After a full catch-up: those before the newest one that was used are erased, but what a box
   * names that is not opened yet. True: some were.
   */
  async retire(
    isNeeded: (prekeyIdHex: string) => boolean,
  ): Promise<Result<boolean, StorageFailure>> {
    const used = this.#prekeys.findIndex(({ isUsed }) => isUsed === true);
    const isLeft = (prekey: OwnPrekey, at: number): boolean =>
      used < 0 || at <= used || isNeeded(idHexOf(prekey));
    const retired = new Set(this.#prekeys.filter((prekey, at) => !isLeft(prekey, at)).map(idHexOf));
    if (retired.size === 0) return ok(false);
    const scopes = [this, ...this.#alsoIn].map((scope) => scope.#without(retired));
    const stored = await this.#vault.commit(scopes.flatMap(({ writes }) => writes));
    if (!stored.ok) return stored;
    for (const scope of scopes) scope.stored();
    return ok(true);
  }

  #without(retired: ReadonlySet<string>): PrekeyChange {
    return this.#changing((prekey) => (retired.has(idHexOf(prekey)) ? undefined : prekey));
  }

  #changing(change: (prekey: OwnPrekey, at: number) => OwnPrekey | undefined): PrekeyChange {
    const prekeys = this.#prekeys.flatMap((prekey, at) => change(prekey, at) ?? []);
    const isSame = prekeys.every((prekey, at) => prekey === this.#prekeys[at]);
    if (isSame && prekeys.length === this.#prekeys.length) {
      return { writes: [], stored: () => undefined };
    }
    return {
      writes: [this.#write(prekeys)],
      stored: () => {
        this.#prekeys = prekeys;
      },
    };
  }

  /** Keeps what was promised elsewhere (to an invite): epochs here may be sealed to it. */
  async takeOver(other: OwnPrekeys): Promise<Result<undefined, StorageFailure>> {
    const isNew = ({ bundle }: OwnPrekey): boolean =>
      !this.#prekeys.some((own) => equalBytes(own.bundle, bundle));
    const promised = other.all().filter(isNew);
    if (promised.length === 0) return ok(undefined);
    const prekeys = [...this.#prekeys, ...promised].slice(0, limits.prekeysKeptMax);
    const stored = await this.#vault.commit([this.#write(prekeys)]);
    if (stored.ok) this.#prekeys = prekeys;
    return stored;
  }

  /** The bundle to publish: the newest, or a fresh one, stored before anybody sees it. */
  async current(): Promise<Result<Uint8Array, StorageFailure>> {
    const newest = this.#prekeys[0];
    if (newest !== undefined && !this.isDue && newest.isSpent !== true) return ok(newest.bundle);
    const secret = {
      x25519Seed: this.#deps.random.bytes(32),
      kemSeed: this.#deps.random.bytes(64),
    };
    const createdAtMs = Math.max(0, this.#deps.clock.now());
    const deviceSigner = this.#me.device;
    const bundle = await createPrekey({ secret, deviceSigner, createdAtMs });
    const prekeys = [{ secret, bundle, createdAtMs }, ...this.#prekeys].slice(
      0,
      limits.prekeysKeptMax,
    );
    const stored = await this.#vault.commit([this.#write(prekeys)]);
    if (!stored.ok) return stored;
    this.#prekeys = prekeys;
    return ok(bundle);
  }

  #write(prekeys: ReadonlyArray<OwnPrekey>): Write {
    return this.#vault.seal(
      this.#name,
      prekeys.map(({ secret, ...prekey }) => ({ ...secret, ...prekey })),
    );
  }
}
