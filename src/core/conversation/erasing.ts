/**
 * What is erased in a conversation (PROTOCOL §9): by its author for everybody, on this device alone,
 * or because its time is over. Keys go first, in one transaction; then what was read with them.
 */
import { ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { NotRun } from '../contained-queue.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';
import type { EntryPlace } from '../epochs/epoch.ts';
import type { StoreFailure } from '../vault/segments.ts';
import { Expiry } from './expiry.ts';
import type { Conversation } from './conversation.ts';
import { messageKey } from './reading/projection.ts';
import { keptName } from './views/kept-summary.ts';

export interface ErasingHost {
  readonly shown: () => void;
  readonly failed: (failure: StoreFailure) => void;
}

export class Erasing {
  readonly #deps: LogDeps;
  readonly #conversation: Conversation;
  readonly #host: ErasingHost;
  readonly #expiry: Expiry;
  #cancel: (() => void) | undefined;
  /** Of redactions, not erased yet because a write failed. */
  #owed: ReadonlyArray<EntryPlace> = [];

  constructor(deps: LogDeps, conversation: Conversation, host: ErasingHost) {
    this.#deps = deps;
    this.#conversation = conversation;
    this.#host = host;
    const { convId } = conversation;
    this.#expiry = new Expiry({ vault: deps.vault, clock: deps.core.clock }, convId);
  }

  /** Before the epochs are: which timers run. */
  load(): Promise<Result<undefined, StoreFailure>> {
    return this.#expiry.load();
  }

  /** [EX4] Before anybody reads: what was due meanwhile is gone. A full disk is no reason to show it. */
  hideDue(): void {
    this.#conversation.fold.erase(this.#due());
  }

  /** With all that is stored. */
  async begin(): Promise<void> {
    this.hideDue();
    await this.#eraseDue();
    await this.beginTimers(); // a crash may have come between reading and this
  }

  /**
   * Erases messages on this device, by key: of a `redact` by their author, or for this person here.
   * One that waits is not sent; one that lies in several places goes from all of them.
   */
  async messages(keys: ReadonlyArray<string>): Promise<Result<undefined, StoreFailure | NotRun>> {
    const erased = await this.#conversation.run(() => this.#messages(new Set(keys)));
    return erased.ok ? erased.value : erased;
  }

  async #messages(keys: ReadonlySet<string>): Promise<Result<undefined, StoreFailure>> {
    const { outbox, fold } = this.#conversation;
    const waiting = outbox.composed.filter(({ mid }) => keys.has(messageKey(fold.ownHex, mid)));
    if (waiting.length > 0) {
      const withdrawn = await outbox.withdraw(waiting);
      if (!withdrawn.ok) return withdrawn;
      this.#host.shown();
    }
    return this.erase([...keys].flatMap((key) => fold.placesOf(key)));
  }

  /**
   * [ER3] Inside the conversation's queue: erases what lies at these places. All of a batch or nothing
   * of it; what is not held, carries operations or seals, or is erased already is left out.
   */
  async erase(places: ReadonlyArray<EntryPlace>): Promise<Result<undefined, StoreFailure>> {
    const held = places.filter((place) => this.#isHeld(place));
    // [LZ2] What the list shows may be the words that go.
    const unkept = [this.#deps.vault.remove(keptName(this.#conversation.convId))];
    for (let at = 0; at < held.length; at += limits.eraseBatchMax) {
      const batch = held.slice(at, at + limits.eraseBatchMax);
      const erased = await this.#conversation.epochs.eraser.erase(batch, [
        ...this.#expiry.removals(batch),
        ...unkept,
      ]);
      if (!erased.ok) return erased;
      this.#expiry.removed(batch);
      this.#conversation.fold.erase(batch);
    }
    if (held.length > 0) this.#host.shown();
    return ok(undefined);
  }

  /** Inside the conversation's queue, after entries came or went out: what their authors deleted. */
  async redacted(): Promise<void> {
    const places = [...this.#owed, ...this.#conversation.fold.takeRedacted()];
    if (places.length === 0) return;
    const erased = await this.erase(places);
    this.#owed = erased.ok ? [] : places;
    if (!erased.ok) this.#host.failed(erased.error);
  }

  /** [EX5] Timers begin: of own messages once they are in a log, of others' when they were read. */
  async beginTimers(): Promise<void> {
    const { projection, attention, fold } = this.#conversation;
    if (!fold.hasTimers) return;
    const fresh = new Map<number, EntryPlace[]>();
    for (const message of projection.having('timer')) {
      const { timerMs } = message.payload;
      if (timerMs === undefined) continue;
      const isSeen = message.authorHex === fold.ownHex || !attention.unread.isUnread(message);
      if (!isSeen || this.expiresAtMs(message.place) !== undefined) continue;
      const places = fresh.get(timerMs) ?? [];
      places.push(message.place);
      fresh.set(timerMs, places);
    }
    for (const [timerMs, places] of fresh) {
      const begun = await this.startTimers(places, timerMs);
      if (!begun.ok) this.#host.failed(begun.error);
    }
    if (fresh.size > 0) this.#host.shown();
  }

  /** By the wall clock; undefined: its time has not begun. */
  expiresAtMs(place: EntryPlace): number | undefined {
    return this.#expiry.expiresAtMs(place);
  }

  /** [EX1] Timers of these begin now, where they have none. */
  async startTimers(
    places: ReadonlyArray<EntryPlace>,
    timerMs: number,
  ): Promise<Result<undefined, StoreFailure>> {
    const begun = await this.#expiry.start(places, timerMs);
    this.#schedule();
    return begun;
  }

  /** [ER5] Messages whose keys are gone while an older key is left that may bring them back. */
  get underWayCount(): number {
    const { epochs, logs, projection } = this.#conversation;
    const underWay = logs.all().filter((epoch) => epochs.eraser.isUnderWay(epoch));
    if (underWay.length === 0) return 0;
    const hexes = new Set(underWay.map(({ idHex }) => idHex));
    return [...projection.erased].filter(({ place }) => hexes.has(place.epochHex)).length;
  }

  /** Also what a failed write had left. */
  retry(): void {
    if (!this.#expiry.isEmpty) void this.#conversation.run(() => this.#eraseDue());
    if (this.#owed.length > 0) void this.#conversation.run(() => this.redacted());
  }

  /** Everything is here that somebody else holds. */
  caughtUp(): void {
    if (!this.#conversation.prekeys.hasSucceeded) return;
    void this.#conversation.run(async () => {
      const retired = await this.#conversation.epochs.retirePrekeys();
      if (!retired.ok) this.#host.failed(retired.error);
      else if (retired.value) this.#host.shown();
    });
  }

  async #eraseDue(): Promise<void> {
    const erased = await this.erase(this.#due());
    if (!erased.ok) this.#host.failed(erased.error);
    else if (!this.#expiry.isEmpty) await this.#deps.vault.commit([this.#expiry.counted()]);
    this.#schedule();
  }

  /** With the edits, whenever they came. */
  #due(): ReadonlyArray<EntryPlace> {
    const { fold } = this.#conversation;
    return this.#expiry.due().flatMap((place) => {
      const key = fold.messageAt(place)?.key;
      return key === undefined ? [place] : fold.placesOf(key);
    });
  }

  #schedule(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#expiry.isEmpty) return;
    const { eraseLookMinMs, eraseLookMaxMs } = limits;
    const inMs = Math.min(Math.max(this.#expiry.nextInMs(), eraseLookMinMs), eraseLookMaxMs);
    this.#cancel = this.#deps.core.clock.schedule(inMs, () => {
      this.retry();
    });
  }

  #isHeld({ epochHex, writerHex, seq }: EntryPlace): boolean {
    const epoch = this.#conversation.logs.byId(epochHex);
    return epoch !== undefined && seq < epoch.nextSeqOf(writerHex);
  }
}
