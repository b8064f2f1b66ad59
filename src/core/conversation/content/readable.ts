/**
 * What there is to read on this device: the fold of the logs, what waits in the outbox on top of it,
 * less what was deleted here.
 */
import type { Content } from '../../epochs/log-host.ts';
import type { Fold } from '../reading/fold.ts';
import type { ProjectedMessage, ProjectedTimer } from '../reading/projection.ts';
import type { Annotated } from './annotated.ts';
import { compareOrdered } from '../reading/sorted.ts';
import { timerLineOf, wholeConversation } from './annotation.ts';
import { Waiting } from './waiting.ts';

/** A conversation, as far as it is read. */
interface Read {
  readonly fold: Fold;
  readonly outbox: { readonly composed: ReadonlyArray<Content> };
  readonly hidden: { has(key: string): boolean };
}

export interface Pinned {
  readonly message: ProjectedMessage;
  readonly byHex: string;
}

export class Readable {
  readonly #of: Read;
  readonly #waiting: Waiting;

  constructor(ownHex: string, of: Read) {
    this.#of = of;
    this.#waiting = new Waiting(ownHex, () => of.outbox.composed);
  }

  /** Own messages in no log yet, in the order of composing. */
  waiting(): ReadonlyArray<ProjectedMessage> {
    return [...this.#waiting.messages.values()].filter(this.#isWaiting);
  }

  /** Changes of the timer that wait. */
  waitingTimers(): ReadonlyArray<ProjectedTimer> {
    const waiting = this.#waiting.annotationsOf(wholeConversation);
    return waiting.flatMap((annotation) => timerLineOf(annotation) ?? []);
  }

  /** What waits of these messages, and of what was done to them. */
  waitingAbout(keys: ReadonlySet<string>): ReadonlyArray<Content> {
    return this.#waiting.about(keys);
  }

  /** A message that is here, wherever it stands. */
  message(key: string): ProjectedMessage | undefined {
    const { projection } = this.#of.fold;
    const waiting = this.#of.hidden.has(key) ? undefined : this.#waiting.messages.get(key);
    return projection.message(key) ?? waiting;
  }

  /** The newest of these, in a thread or not. */
  last(isMeant: (message: ProjectedMessage) => boolean): ProjectedMessage | undefined {
    return this.waiting().at(-1) ?? this.#of.fold.projection.lastMessage(isMeant);
  }

  /** What became of a message. */
  annotated(key: string): Annotated {
    return this.#of.fold.annotations.of(key, this.#waiting.annotationsOf(key));
  }

  /** The message under which this one stands; undefined: it stands in the timeline. */
  rootOf({ threadKey }: ProjectedMessage): string | undefined {
    return threadKey !== undefined && this.isRoot(threadKey) ? threadKey : undefined;
  }

  /** [TH1] A thread can grow under it. */
  isRoot(key: string): boolean {
    const root = this.message(key);
    return root !== undefined && root.threadKey === undefined;
  }

  /** What stands under a message. */
  thread(rootKey: string): ReadonlyArray<ProjectedMessage> {
    if (!this.isRoot(rootKey)) return [];
    const waiting = this.#waiting.inThread(rootKey).filter(this.#isWaiting);
    return [...this.#of.fold.projection.thread(rootKey), ...waiting];
  }

  /** Newest pin first. */
  pinned(): ReadonlyArray<Pinned> {
    const targets = new Set([...this.#of.fold.annotations.pinnedOnce, ...this.#waiting.targets]);
    return [...targets]
      .flatMap((key) => {
        const [message, { pin }] = [this.message(key), this.annotated(key)];
        return message === undefined || pin === undefined ? [] : [{ message, pin }];
      })
      .sort((a, b) => compareOrdered(b.pin, a.pin))
      .map(({ message, pin }) => ({ message, byHex: pin.authorHex }));
  }

  readonly #isWaiting = ({ key }: ProjectedMessage): boolean =>
    !this.#of.hidden.has(key) && this.#of.fold.projection.byKey(key) === undefined;

  /** Where the conversation has no policy: what somebody set last. */
  get timer(): Annotated['settings'] {
    return this.annotated(wholeConversation).settings;
  }
}
