/**
 * Composed and not yet appended (PROTOCOL §5, Outbox): stored sealed before anything is shown, and
 * taken out in the transaction that appends it. It keeps its order and its mid.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { anyValue, bytesOf, intIn, naturalOf, recordOf, textUpTo } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { StorageFailure, Write } from '../../storage/port.ts';
import type { Content } from '../epochs/epoch-logs.ts';
import type { Vault } from '../vault/vault.ts';
import { keptName } from './views/kept-summary.ts';

interface Waiting extends Content {
  readonly order: number;
}

/** What goes into a transaction, and what to call when that is done. */
export interface Staged {
  readonly writes: ReadonlyArray<Write>;
  readonly stored: () => void;
}

const readWaiting = recordOf({
  order: naturalOf,
  type: textUpTo(limits.entryTypeBytesMax),
  mid: bytesOf(16),
  sentAt: intIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  payload: anyValue,
});

const isAmong = (mid: Uint8Array, contents: ReadonlyArray<Content>): boolean =>
  contents.some((content) => equalBytes(content.mid, mid));

export class Outbox {
  readonly #vault: Vault;
  readonly #scopeId: Uint8Array;
  #waiting: ReadonlyArray<Waiting> = [];
  /** Shown and not to be sent yet: what goes with them is not ready. */
  #preparing: ReadonlyArray<Content> = [];
  #composed: ReadonlyArray<Content> = [];
  #nextOrder = 0;

  constructor(vault: Vault, scopeId: Uint8Array) {
    this.#vault = vault;
    this.#scopeId = scopeId;
  }

  /** In the order of composing. */
  get waiting(): ReadonlyArray<Content> {
    return this.#waiting;
  }

  /** The same, and what is still being prepared after it: all that is shown. */
  get composed(): ReadonlyArray<Content> {
    return this.#composed;
  }

  /** In memory only: it is kept from when it is added. */
  prepare(content: Content): void {
    this.#preparing = [...this.#preparing, content];
    this.#gather();
  }

  isPreparing(mid: Uint8Array): boolean {
    return this.#preparing.some((content) => equalBytes(content.mid, mid));
  }

  async load(): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#vault.list(['o', this.#scopeId]);
    if (!stored.ok) return stored;
    this.#waiting = stored.value.values
      .flatMap((value) => readWaiting(value) ?? [])
      .sort((a, b) => a.order - b.order);
    this.#nextOrder = (this.#waiting.at(-1)?.order ?? -1) + 1;
    this.#gather();
    return ok(undefined);
  }

  /** Resolves when it is on disk. */
  async add(
    content: Content,
    writes: ReadonlyArray<Write> = [],
  ): Promise<Result<undefined, StorageFailure | 'too-many'>> {
    const staged = this.stage([content]);
    if (!staged.ok) return staged;
    // [LZ2] The words that are to go everywhere are no longer what the list shows here.
    const unkept = content.type === 'redact' ? [this.#unkept()] : [];
    const stored = await this.#vault.commit([...writes, ...staged.value.writes, ...unkept]);
    if (stored.ok) staged.value.stored();
    return stored;
  }

  /** The same for several, within a transaction of somebody else's. */
  stage(contents: ReadonlyArray<Content>): Result<Staged, 'too-many'> {
    if (this.#waiting.length + contents.length > limits.outboxMax) return err('too-many');
    const waiting = contents.map((content, i) => ({ ...content, order: this.#nextOrder + i }));
    this.#nextOrder += contents.length;
    return ok({
      writes: waiting.map((one) => this.#vault.seal(['o', this.#scopeId, one.mid], { ...one })),
      stored: () => {
        this.#waiting = [...this.#waiting, ...waiting].sort((a, b) => a.order - b.order);
        this.#preparing = this.#preparing.filter(({ mid }) => !isAmong(mid, contents));
        this.#gather();
      },
    });
  }

  /** Inside the conversation's queue: what is not in a log yet never gets there. */
  async withdraw(contents: ReadonlyArray<Content>): Promise<Result<undefined, StorageFailure>> {
    const stored = await this.#vault.commit([...this.removals(contents), this.#unkept()]);
    if (stored.ok) this.removed(contents);
    return stored;
  }

  /** The same, in the place of what waits of its type: this says all of it and more. */
  async replace(content: Content): Promise<Result<undefined, StorageFailure | 'too-many'>> {
    const before = this.#waiting.filter(({ type }) => type === content.type);
    const added = await this.add(content, this.removals(before));
    if (added.ok) this.removed(before);
    return added;
  }

  /** What the transaction that appends these must also write. */
  removals(contents: ReadonlyArray<Content>): ReadonlyArray<Write> {
    return contents.map(({ mid }) => this.#vault.remove(['o', this.#scopeId, mid]));
  }

  /** After that transaction. */
  removed(contents: ReadonlyArray<Content>): void {
    const mids = new Set(contents.map(({ mid }) => toHex(mid)));
    const isLeft = ({ mid }: Content): boolean => !mids.has(toHex(mid));
    this.#waiting = this.#waiting.filter(isLeft);
    this.#preparing = this.#preparing.filter(isLeft);
    this.#gather();
  }

  #unkept(): Write {
    return this.#vault.remove(keptName(this.#scopeId));
  }

  /** Replaced when it changes, and only then: who reads it compares. */
  #gather(): void {
    this.#composed = [...this.#waiting, ...this.#preparing];
  }
}
