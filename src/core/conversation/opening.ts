/**
 * How a conversation comes back from disk: what is small first, then its newest messages, so that it
 * can be read, and then all the others. Until all of it is there nothing else runs in its queue,
 * and nobody is told of it: what it holds is said only as a whole.
 */
import type { Result } from '../../base/result.ts';
import type { Clock } from '../../platform/port.ts';
import { limits } from '../../protocol/limits.ts';
import type { NotRun } from '../contained-queue.ts';
import type { StoreFailure } from '../vault/segments.ts';
import type { Conversation } from './conversation.ts';
import { comparePlaces, type Ordered } from './reading/sorted.ts';

export interface OpeningInput {
  readonly clock: Clock;
  /** Small parts, in the order in which they need each other. */
  readonly small: () => Promise<Result<undefined, StoreFailure>>;
  /** Folds everything once more. */
  readonly again: () => Promise<void>;
  readonly settle: () => Promise<Result<undefined, StoreFailure>>;
  readonly shown: () => void;
}

type Opened = Result<Result<undefined, StoreFailure>, NotRun>;

export class Opening {
  readonly #conversation: Conversation;
  readonly #input: OpeningInput;
  /** [LZ13] As it was last known; all that is there says how it is. */
  knownTimerMs: number | undefined;
  #whole: Promise<Opened> | undefined;
  #isUnderWay = false;
  #readableFrom: Omit<Ordered, 'key'> | undefined;
  #waiting: (() => void)[] = [];

  constructor(conversation: Conversation, input: OpeningInput) {
    this.#conversation = conversation;
    this.#input = input;
  }

  /** Older messages are on their way from disk. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** [LZ3] How many items of the timeline may not be shown yet: some between them are not here. */
  get unreadableCount(): number {
    const from = this.#isUnderWay ? this.#readableFrom : undefined;
    return from === undefined ? 0 : this.#conversation.projection.countBefore(from);
  }

  /** Whether nothing that stands after this is still on its way. */
  isReadFrom(place: Omit<Ordered, 'key'>): boolean {
    const from = this.#readableFrom;
    return !this.#isUnderWay || (from !== undefined && comparePlaces(from, place) <= 0);
  }

  /** In the conversation's queue, before anything else. */
  whole(): Promise<Opened> {
    this.#whole ??= this.#open();
    return this.#whole;
  }

  /** Resolves when there is something to read, if not all. */
  async readable(): Promise<void> {
    if (this.#readableFrom === undefined) await this.more();
  }

  /** Resolves when there is more to read than now, or when all of it is there. */
  async more(): Promise<void> {
    const isNextReadable = new Promise<void>((resolve) => this.#waiting.push(resolve));
    await Promise.race([this.whole(), isNextReadable]);
  }

  /** What an earlier run had left in the outbox goes on its way. */
  async #open(): Promise<Opened> {
    const opened = await this.#conversation.run(() => this.load());
    this.#conversation.flushSoon();
    return opened;
  }

  /** The same, for who is in its queue already. */
  async load(): Promise<Result<undefined, StoreFailure>> {
    this.#isUnderWay = true;
    const loaded = await this.#load();
    this.#isUnderWay = false;
    return loaded;
  }

  async #load(): Promise<Result<undefined, StoreFailure>> {
    const conversation = this.#conversation;
    const { epochs, erasing, attention } = conversation;
    const small = await this.#input.small();
    if (!small.ok) return small;
    const isSame = await epochs.load({
      pause: () => this.#pause(),
      hasEnough: () => conversation.projection.items.length >= limits.timelineWindow,
      readable: (fromLamport) => this.#readable(fromLamport),
    });
    if (!isSame.ok) return isSame;
    if (!isSame.value) await this.#input.again();
    await erasing.begin();
    const read = await attention.loaded();
    return read.ok ? this.#input.settle() : read;
  }

  async #readable(fromLamport: number): Promise<void> {
    const isNewest = this.#readableFrom === undefined;
    const first = this.#conversation.projection.items.at(0);
    this.#readableFrom = fromLamport > 0 ? { lamport: fromLamport, hash: '' } : first;
    this.#conversation.fold.gaps.settle();
    await this.#pause();
    this.#input.shown();
    const waiting = this.#waiting.splice(0);
    for (const resolve of waiting) resolve();
    // Whoever waited for something to read paints it before more is read.
    if (isNewest && waiting.length > 0) await this.#rest(limits.readableRestMs);
  }

  /** Commands and other conversations have their turn; they see nothing that is due to go. */
  #pause(): Promise<void> {
    this.#conversation.erasing.hideDue();
    return this.#rest(0);
  }

  #rest(restMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#input.clock.schedule(restMs, resolve);
    });
  }
}
