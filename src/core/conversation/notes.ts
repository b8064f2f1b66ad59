/** What only this device knows about a conversation: what was read, what was begun, who was heard. */
import { err, ok, type Result } from '../../base/result.ts';
import { arrayUpTo, naturalOf, recordOf, textUpTo, tupleOf } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { Vault } from '../vault/vault.ts';

const readNotes = recordOf({
  readCount: naturalOf,
  draft: textUpTo(limits.bodyBytesMax),
  createdAtMs: naturalOf,
  heard: arrayUpTo(limits.devicesMax, tupleOf(textUpTo(64), naturalOf)),
});

export class Notes {
  readonly #vault: Vault;
  readonly #scopeId: Uint8Array;
  /** Other people's messages that were read: of so many, in whatever order they came. */
  readCount = 0;
  draft = '';
  createdAtMs = 0;
  readonly #heardMs = new Map<string, number>();

  constructor(vault: Vault, scopeId: Uint8Array) {
    this.#vault = vault;
    this.#scopeId = scopeId;
  }

  async load(): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#vault.read(['m', this.#scopeId]);
    if (!stored.ok) return stored.error === 'damaged-record' ? ok(undefined) : err(stored.error);
    const notes = readNotes(stored.value ?? null);
    if (notes === undefined) return ok(undefined);
    this.readCount = notes.readCount;
    this.draft = notes.draft;
    this.createdAtMs = notes.createdAtMs;
    for (const [identityHex, atMs] of notes.heard) this.#heardMs.set(identityHex, atMs);
    return ok(undefined);
  }

  /** There are so many: where some were hidden, as many as are left were read at most. */
  foundRead(othersCount: number): void {
    this.readCount = Math.min(this.readCount, othersCount);
  }

  heard(identityHex: string, atMs: number): void {
    if (this.#heardMs.size >= limits.devicesMax && !this.#heardMs.has(identityHex)) return;
    this.#heardMs.set(identityHex, atMs);
  }

  heardAll(identityHexes: ReadonlyArray<string>, atMs: number): void {
    for (const identityHex of identityHexes) this.heard(identityHex, atMs);
  }

  heardMs(identityHex: string): number | undefined {
    return this.#heardMs.get(identityHex);
  }

  write(): Write {
    return this.#vault.seal(['m', this.#scopeId], {
      readCount: this.readCount,
      draft: this.draft,
      createdAtMs: this.createdAtMs,
      heard: [...this.#heardMs].map(([identityHex, atMs]) => [identityHex, Math.max(0, atMs)]),
    });
  }

  save(): Promise<Result<undefined, StorageFailure>> {
    return this.#vault.commit([this.write()]);
  }
}
