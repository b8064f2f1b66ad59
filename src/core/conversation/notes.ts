/** What only this device knows about a conversation: what was read, what was begun, who was heard. */
import { err, ok, type Result } from '../../base/result.ts';
import {
  arrayUpTo,
  booleanOf,
  naturalOf,
  oneOf,
  recordOf,
  textUpTo,
  tupleOf,
  type CborValue,
} from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { FetchRules } from '../api-attachments.ts';
import { readFetchRules } from '../vault/fetch-rules.ts';
import type { Vault } from '../vault/vault.ts';

/** Whether a stranger's conversation waits for an answer. */
export type RequestState = 'none' | 'waiting' | 'declined';

const readNotes = recordOf(
  {
    draft: textUpTo(limits.bodyBytesMax),
    createdAtMs: naturalOf,
    heard: arrayUpTo(limits.devicesMax, tupleOf(textUpTo(64), naturalOf)),
  },
  {
    /** As the first version counted what was read. */
    readCount: naturalOf,
    draftReplyTo: textUpTo(limits.messageKeyBytesMax),
    isArchived: booleanOf,
    isMuted: booleanOf,
    request: oneOf('none', 'waiting', 'declined'),
    fetchRules: readFetchRules,
  },
);

export class Notes {
  readonly #vault: Vault;
  readonly #scopeId: Uint8Array;
  /** Of a record of the first version: so many messages of others were read. */
  readCount = 0;
  draft = '';
  draftReplyTo: string | undefined;
  isArchived = false;
  isMuted = false;
  request: RequestState = 'none';
  /** Of its files; undefined: as everywhere. */
  fetchRules: FetchRules | undefined;
  createdAtMs = 0;
  readonly #heardMs = new Map<string, number>();

  constructor(vault: Vault, scopeId: Uint8Array) {
    this.#vault = vault;
    this.#scopeId = scopeId;
  }

  async load(): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#vault.read(['m', this.#scopeId]);
    if (!stored.ok) return stored.error === 'damaged-record' ? ok(undefined) : err(stored.error);
    this.take(stored.value ?? null);
    return ok(undefined);
  }

  /** What a record says; total. */
  take(value: CborValue): void {
    const notes = readNotes(value);
    if (notes === undefined) return;
    this.readCount = notes.readCount ?? 0;
    this.draft = notes.draft;
    this.draftReplyTo = notes.draftReplyTo;
    this.isArchived = notes.isArchived ?? false;
    this.isMuted = notes.isMuted ?? false;
    this.request = notes.request ?? 'none';
    this.fetchRules = notes.fetchRules;
    this.createdAtMs = notes.createdAtMs;
    for (const [identityHex, atMs] of notes.heard) this.#heardMs.set(identityHex, atMs);
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
      draft: this.draft,
      ...(this.draftReplyTo !== undefined && { draftReplyTo: this.draftReplyTo }),
      isArchived: this.isArchived,
      isMuted: this.isMuted,
      request: this.request,
      ...(this.fetchRules && { fetchRules: { ...this.fetchRules } }),
      createdAtMs: this.createdAtMs,
      heard: [...this.#heardMs].map(([identityHex, atMs]) => [identityHex, Math.max(0, atMs)]),
    });
  }

  save(): Promise<Result<undefined, StorageFailure>> {
    return this.#vault.commit([this.write()]);
  }
}
