/**
 * This device's rolling prekeys in one scope (PROTOCOL §2): the newest is published in each bind;
 * older ones are kept, since an epoch sealed to them may still arrive.
 */
import { equalBytes } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { arrayUpTo, bytesOf, bytesUpTo, naturalOf, recordOf } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import { createPrekey, type PrekeySecret } from '../../protocol/epochs/prekey.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { CoreDeps } from '../deps.ts';
import type { Me } from '../vault/me.ts';
import type { RecordName, Vault } from '../vault/vault.ts';

export interface OwnPrekey {
  readonly secret: PrekeySecret;
  readonly bundle: Uint8Array;
  readonly createdAtMs: number;
}

const readPrekeys = arrayUpTo(
  limits.prekeysKeptMax,
  recordOf({
    x25519Seed: bytesOf(32),
    kemSeed: bytesOf(64),
    bundle: bytesUpTo(limits.prekeyBundleBytesMax),
    createdAtMs: naturalOf,
  }),
);

export class OwnPrekeys {
  readonly #deps: CoreDeps;
  readonly #me: Me;
  readonly #vault: Vault;
  readonly #name: RecordName;
  #prekeys: ReadonlyArray<OwnPrekey> = [];

  constructor(deps: CoreDeps, self: { me: Me; vault: Vault }, scopeId: Uint8Array) {
    this.#deps = deps;
    this.#me = self.me;
    this.#vault = self.vault;
    this.#name = ['k', scopeId];
  }

  async load(): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#vault.read(this.#name);
    if (!stored.ok) return stored.error === 'damaged-record' ? ok(undefined) : err(stored.error);
    const prekeys = readPrekeys(stored.value ?? null) ?? [];
    this.#prekeys = prekeys.map(({ bundle, createdAtMs, ...secret }) => ({
      secret,
      bundle,
      createdAtMs,
    }));
    return ok(undefined);
  }

  /** All that may open something, newest first. */
  all(): ReadonlyArray<OwnPrekey> {
    return this.#prekeys;
  }

  /** The newest is as old as one may get, or there is none. */
  get isDue(): boolean {
    const ageMs = this.#deps.clock.now() - (this.#prekeys[0]?.createdAtMs ?? 0);
    return this.#prekeys.length === 0 || ageMs < 0 || ageMs >= limits.prekeyAgeMaxMs;
  }

  /** Keeps what was promised elsewhere (to an invite): epochs here may be sealed to it. */
  async takeOver(other: OwnPrekeys): Promise<Result<undefined, StorageFailure>> {
    const isNew = ({ bundle }: OwnPrekey): boolean =>
      !this.#prekeys.some((own) => equalBytes(own.bundle, bundle));
    const prekeys = [...this.#prekeys, ...other.all().filter(isNew)].slice(
      0,
      limits.prekeysKeptMax,
    );
    const stored = await this.#vault.commit([this.#write(prekeys)]);
    if (stored.ok) this.#prekeys = prekeys;
    return stored;
  }

  /** The bundle to publish: the newest, or a fresh one, stored before anybody sees it. */
  async current(): Promise<Result<Uint8Array, StorageFailure>> {
    const newest = this.#prekeys[0];
    if (newest !== undefined && !this.isDue) return ok(newest.bundle);
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
      prekeys.map(({ secret, bundle, createdAtMs }) => ({ ...secret, bundle, createdAtMs })),
    );
  }
}
