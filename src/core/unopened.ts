/**
 * Conversations that are listed and not open yet: each is opened when it is asked for, the others one
 * after another, the newest first. What looks at all conversations waits until all are open.
 */
import { ok, type Result } from '../base/result.ts';
import { limits } from '../protocol/limits.ts';
import type { Clock } from '../platform/port.ts';
import type { Command } from './api.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { KeptSummary } from './conversation/views/kept-summary.ts';
import type { StoreFailure } from './vault/segments.ts';

export interface Unopened {
  readonly conversation: Conversation;
  readonly kept: KeptSummary;
}

type Types = ReadonlySet<Command['type']>;

/** [LZ4] What these need is there from the start, and nothing that is open changes by them. */
export const needNothing: Types = new Set([
  ...(['CreateIdentity', 'CreateGroup', 'CloseTimeline', 'CloseThread'] as const),
  ...(['SetRelays', 'SetOwnRelays', 'InspectLinks'] as const),
]);

/** These need something to read. */
const needReadable: Types = new Set([
  ...(['OpenTimeline', 'ShowEarlier', 'ShowLater', 'ShowLatest', 'ShowAround'] as const),
  'SaveDraft',
]);

/** [LZ13] Words alone lean on no message that may not be read yet. */
const isWordsAlone = (command: Command): boolean => {
  if (command.type !== 'SendMessage') return false;
  const { replyTo, threadOf, cardOf, attachments = [] } = command;
  return [replyTo, threadOf, cardOf, ...attachments].every((part) => part === undefined);
};

/** These are about one conversation and look at others. */
const needAll: Types = new Set([
  ...(['Forward', 'NewGroupWithout', 'DeleteConversation'] as const),
  ...(['MessagePerson', 'AddContact', 'AnswerRequest'] as const),
  ...(['Schedule', 'SendScheduled', 'CancelScheduled'] as const),
]);

export interface OpenerInput {
  readonly clock: Clock;
  readonly opened: (conversation: Conversation) => void;
  /** With all of them. */
  readonly finish: () => Promise<Result<undefined, StoreFailure>>;
}

export class Opener {
  readonly #input: OpenerInput;
  readonly #unopened = new Map<string, Unopened>();
  #all: Promise<Result<undefined, StoreFailure>> | undefined;
  /** What somebody waits for goes before what is opened in the background. */
  #asked: Promise<unknown> = Promise.resolve();
  /** Somebody waits for all of them: nothing is to rest. */
  #isHurried = false;
  #isClosed = false;

  constructor(input: OpenerInput) {
    this.#input = input;
  }

  add(unopened: Unopened): void {
    unopened.conversation.opening.knownTimerMs = unopened.kept.timerMs;
    this.#unopened.set(unopened.conversation.id, unopened);
  }

  list(): ReadonlyArray<Unopened> {
    return [...this.#unopened.values()];
  }

  find(id: string): Conversation | undefined {
    return this.#unopened.get(id)?.conversation;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Before the list is shown: of one of which nothing is known. */
  async openNow(conversation: Conversation): Promise<Result<undefined, StoreFailure>> {
    const opened = await conversation.opening.whole();
    if (opened.ok && !opened.value.ok) return opened.value;
    this.#input.opened(conversation); // one that stopped says so itself
    return ok(undefined);
  }

  /** Opens one of these now, all of it. */
  async open(id: string): Promise<Result<undefined, StoreFailure>> {
    const unopened = this.#unopened.get(id);
    if (unopened === undefined) return ok(undefined);
    const { conversation } = unopened;
    const opened = await conversation.opening.whole();
    if (opened.ok && !opened.value.ok) return opened.value;
    if (!this.#isClosed && this.#unopened.delete(id)) this.#input.opened(conversation);
    return ok(undefined);
  }

  /** The newest first. */
  all(): Promise<Result<undefined, StoreFailure>> {
    this.#all ??= this.#openAll();
    return this.#all;
  }

  /** Resolves when what this command needs is there. */
  async awaited(command: Command): Promise<void> {
    const { type } = command;
    if (needNothing.has(type)) return;
    const id = 'conversationId' in command ? command.conversationId : undefined;
    if (id === undefined || needAll.has(type)) {
      this.#isHurried = true;
      await this.all();
      return;
    }
    const opened = this.open(id);
    const restMs = type === 'OpenTimeline' ? limits.openerRestMs : limits.openerBreathMs;
    this.#asked = opened.then(() => this.#pause(restMs));
    if (needReadable.has(type) || isWordsAlone(command)) await this.find(id)?.opening.readable();
    else await opened;
  }

  async #openAll(): Promise<Result<undefined, StoreFailure>> {
    const newestFirst = this.list().toSorted((a, b) => b.kept.activeAtMs - a.kept.activeAtMs);
    for (const { conversation } of newestFirst) {
      await this.#pause();
      if (!this.#isHurried) await this.#asked;
      const opened = await this.open(conversation.id);
      if (!opened.ok || this.#isClosed) return opened;
    }
    return this.#input.finish();
  }

  #pause(restMs = 0): Promise<void> {
    return new Promise((resolve) => {
      this.#input.clock.schedule(restMs, resolve);
    });
  }
}
