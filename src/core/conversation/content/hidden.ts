/** Messages that were deleted on this device alone: kept by name, sealed, and no longer shown. */
import { err, ok, type Result } from '../../../base/result.ts';
import { arrayUpTo, bytesOf, tupleOf } from '../../../protocol/cbor.ts';
import { keyOfMessage } from '../../../protocol/content-payloads.ts';
import { limits } from '../../../protocol/limits.ts';
import type { StorageFailure } from '../../../storage/port.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Projection } from '../reading/projection.ts';
import { nameOfKey } from './message-names.ts';

const readHidden = arrayUpTo(limits.hiddenMax, tupleOf(bytesOf(32), bytesOf(16)));

export class Hidden {
  readonly #vault: Vault;
  readonly #scopeId: Uint8Array;
  readonly #projection: () => Projection;
  #keys: ReadonlySet<string> = new Set();

  constructor(vault: Vault, scopeId: Uint8Array, projection: () => Projection) {
    this.#vault = vault;
    this.#scopeId = scopeId;
    this.#projection = projection;
  }

  /** A record that does not read hides nothing. */
  async load(): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#vault.read(['h', this.#scopeId]);
    if (!stored.ok) return stored.error === 'damaged-record' ? ok(undefined) : err(stored.error);
    const names = readHidden(stored.value ?? null) ?? [];
    this.#keys = new Set(names.map(([identityId, mid]) => keyOfMessage({ identityId, mid })));
    return ok(undefined);
  }

  /** Another set after each change. */
  get keys(): ReadonlySet<string> {
    return this.#keys;
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** [HD1] They are hidden once that is on disk. */
  async add(keys: ReadonlyArray<string>): Promise<Result<undefined, StorageFailure | 'too-many'>> {
    const all = new Set([...this.#keys, ...keys]);
    if (all.size > limits.hiddenMax) return err('too-many');
    const names = [...all].flatMap((key) => nameOfKey(key) ?? []);
    const stored = await this.#vault.commit([
      this.#vault.seal(
        ['h', this.#scopeId],
        names.map(({ identityId, mid }) => [identityId, mid]),
      ),
    ]);
    if (!stored.ok) return stored;
    this.#projection().moved(keys, () => {
      this.#keys = all;
    });
    return ok(undefined);
  }
}
