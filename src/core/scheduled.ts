/**
 * Messages that go out at a time of their own. Each waits on this device alone, sealed, until this
 * device is awake at that time or after it; then it is composed like any other, in the transaction
 * that takes it off the list, so that a crash sends it once. The person means their wall clock: when
 * that is set to another time, the messages follow it.
 */
import { toHex } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import { createSerialQueue } from '../base/serial-queue.ts';
import { arrayUpTo, bytesOf, naturalOf, recordOf, textUpTo, tupleOf } from '../protocol/cbor.ts';
import { limits } from '../protocol/limits.ts';
import type { CommandError, Draft, Mention, ScheduledDraft, ScheduledView } from './api.ts';
import { composeText } from './conversation/content/compose.ts';
import { checkWriter } from './conversation/content/say.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { LogDeps } from './epochs/epoch-logs.ts';
import { commandErrorOf, type CoreFailure } from './failures.ts';
import { createRerun } from './rerun.ts';
import type { StoreFailure } from './vault/segments.ts';
import type { RecordName } from './vault/vault.ts';

export interface ScheduledHost {
  conversations(): ReadonlyArray<Conversation>;
  shown(conversation: Conversation): void;
  failed(failure: CoreFailure): void;
}

interface Waiting {
  readonly id: Uint8Array;
  /** Of two for the same moment the one that was written first goes first. */
  readonly order: number;
  readonly atMs: number;
  readonly text: string;
  readonly mentions: ReadonlyArray<Mention>;
  readonly replyTo: string | undefined;
}

/** Somebody who is named, or nobody: everyone. */
const readMention = tupleOf(textUpTo(limits.nameBytesMax), textUpTo(64));

const readWaiting = recordOf(
  {
    id: bytesOf(16),
    order: naturalOf,
    atMs: naturalOf,
    text: textUpTo(limits.textBytesMax),
    mentions: arrayUpTo(limits.mentionsMax, readMention),
  },
  { replyTo: textUpTo(limits.messageKeyBytesMax) },
);

const inTurn = (a: Waiting, b: Waiting): number => a.atMs - b.atMs || a.order - b.order;

type Done = Promise<Result<undefined, CommandError>>;
type Scheduling = Result<{ readonly id: string }, CommandError>;

export class Scheduled {
  readonly #deps: LogDeps;
  readonly #host: ScheduledHost;
  readonly #byConversation = new Map<string, ReadonlyArray<Waiting>>();
  #nextOrder = 0;
  #cancelCheck: (() => void) | undefined;
  readonly #turns = createSerialQueue(limits.queueWaitingMax);

  constructor(deps: LogDeps, host: ScheduledHost) {
    this.#deps = deps;
    this.#host = host;
  }

  /** With the conversations loaded: what came due meanwhile goes out now. */
  async load(): Promise<Result<undefined, StoreFailure>> {
    for (const { id, convId } of this.#host.conversations()) {
      const stored = await this.#deps.vault.list(['q', convId]);
      if (!stored.ok) return stored;
      const all = stored.value.values.flatMap((value) => {
        const waiting = readWaiting(value);
        return waiting === undefined ? [] : [fromRecord(waiting)];
      });
      for (const { order } of all) this.#nextOrder = Math.max(this.#nextOrder, order + 1);
      this.#put(id, all);
    }
    this.soon();
    return ok(undefined);
  }

  of({ id }: Conversation): ReadonlyArray<ScheduledView> {
    return this.#of(id).map(({ id: own, atMs, text }) => ({ id: toHex(own), atMs, text }));
  }

  /** [SL1] On disk when it resolves. With the id of one that waits it takes its place. */
  schedule(conversation: Conversation, draft: ScheduledDraft): Promise<Scheduling> {
    return this.#inTurn(() => this.#schedule(conversation, draft));
  }

  cancel(conversation: Conversation, id: string): Done {
    return this.#inTurn(() => this.#cancel(conversation, id));
  }

  sendNow(conversation: Conversation, id: string): Done {
    return this.#inTurn(() => {
      const waiting = this.#find(conversation, id);
      if (waiting === undefined) return Promise.resolve(err('unknown-message' as const));
      return this.#send(conversation, waiting);
    });
  }

  /** [SL2] One after the other: what goes out is neither changed nor sent again meanwhile. */
  async #inTurn<T>(act: () => Promise<Result<T, CommandError>>): Promise<Result<T, CommandError>> {
    const ran = await this.#turns.run(act);
    return ran.ok ? ran.value : err('busy');
  }

  async #schedule(
    conversation: Conversation,
    { id, atMs, ...draft }: ScheduledDraft,
  ): Promise<Scheduling> {
    const before = id === undefined ? undefined : this.#find(conversation, id);
    if (id !== undefined && before === undefined) return err('unknown-message');
    const isFar = atMs > this.#deps.core.clock.now() + limits.scheduledAheadMaxMs;
    if (!Number.isSafeInteger(atMs) || atMs < 0 || isFar) return err('not-allowed');
    const writer = checkWriter(conversation, this.#speaker);
    if (!writer.ok) return writer;
    const whole = { ...draft, replyTo: draft.replyTo ?? before?.replyTo };
    const composed = compose(conversation, whole);
    if (!composed.ok) return composed;
    const others = this.#of(conversation.id).filter((one) => one !== before);
    if (others.length >= limits.scheduledMax) return err('too-many');
    const waiting: Waiting = {
      id: before?.id ?? this.#deps.core.random.bytes(16),
      order: this.#nextOrder++,
      atMs,
      text: draft.text,
      mentions: draft.mentions ?? [],
      replyTo: whole.replyTo,
    };
    const { vault } = this.#deps;
    const name = nameOf(conversation, waiting);
    const stored = await vault.commit([vault.seal(name, toRecord(waiting))]);
    if (!stored.ok) return this.#refused(stored.error);
    this.#put(conversation.id, [...others, waiting]);
    this.#host.shown(conversation);
    this.soon();
    return ok({ id: toHex(waiting.id) });
  }

  async #cancel(conversation: Conversation, id: string): Done {
    const waiting = this.#find(conversation, id);
    if (waiting === undefined) return err('unknown-message');
    const { vault } = this.#deps;
    const stored = await vault.commit([vault.remove(nameOf(conversation, waiting))]);
    if (!stored.ok) return this.#refused(stored.error);
    this.#drop(conversation, waiting);
    return ok(undefined);
  }

  /** The conversation is gone from this device, its records too. */
  forget({ id }: Conversation): void {
    this.#byConversation.delete(id);
  }

  /** Sends what is due, and looks again when the next one may be: timers rest while a device sleeps. */
  readonly soon = createRerun(async () => {
    await this.#sendDue();
    this.#cancelCheck?.();
    const { clock } = this.#deps.core;
    const nowMs = clock.now();
    const times = [...this.#byConversation.values()].flat().map(({ atMs }) => atMs);
    if (times.length === 0) return false;
    const nextMs = Math.min(
      ...times.filter((atMs) => atMs > nowMs),
      nowMs + limits.scheduledCheckMs,
    );
    this.#cancelCheck = clock.schedule(nextMs - nowMs, () => {
      this.soon();
    });
    return false;
  });

  /** [SL2] Each conversation's in their order; one that cannot be written now waits on. */
  async #sendDue(): Promise<void> {
    for (const conversation of this.#host.conversations()) {
      const nowMs = this.#deps.core.clock.now();
      for (const waiting of this.#of(conversation.id)) {
        if (waiting.atMs > nowMs) break;
        const sent = await this.#inTurn(() => this.#send(conversation, waiting));
        if (!sent.ok) break;
      }
    }
  }

  async #send(conversation: Conversation, waiting: Waiting): Done {
    const writer = checkWriter(conversation, this.#speaker);
    const composed = writer.ok ? compose(conversation, waiting) : writer;
    if (!composed.ok) return composed;
    // It may have gone out, or been taken back, while this waited for its turn.
    if (!this.#of(conversation.id).includes(waiting)) return err('unknown-message');
    const content = conversation.content(composed.value.type, composed.value.payload);
    const removal = this.#deps.vault.remove(nameOf(conversation, waiting));
    const added = await conversation.outbox.add(content, [removal]);
    if (!added.ok) return this.#refused(added.error);
    this.#drop(conversation, waiting);
    conversation.flushSoon();
    return ok(undefined);
  }

  #refused(failure: StoreFailure | 'too-many'): Result<never, CommandError> {
    if (failure !== 'too-many') this.#host.failed(failure);
    return err(commandErrorOf(failure));
  }

  get #speaker(): { readonly ownId: Uint8Array } {
    return { ownId: this.#deps.me.identity.identityId };
  }

  #of(conversationId: string): ReadonlyArray<Waiting> {
    return this.#byConversation.get(conversationId) ?? [];
  }

  #find({ id: conversationId }: Conversation, id: string): Waiting | undefined {
    return this.#of(conversationId).find((one) => toHex(one.id) === id);
  }

  #put(conversationId: string, all: ReadonlyArray<Waiting>): void {
    if (all.length === 0) this.#byConversation.delete(conversationId);
    else this.#byConversation.set(conversationId, [...all].sort(inTurn));
  }

  #drop(conversation: Conversation, waiting: Waiting): void {
    this.#put(
      conversation.id,
      this.#of(conversation.id).filter((one) => one !== waiting),
    );
    this.#host.shown(conversation);
  }
}

/** What it answered may be gone by then: the words still count. */
const compose = (conversation: Conversation, { text, mentions, replyTo }: Draft) => {
  const withoutCards = { introduce: (): undefined => undefined };
  const whole = { text, ...(mentions && { mentions }) };
  const answering = composeText(conversation, { ...whole, replyTo }, withoutCards);
  const isLost = !answering.ok && answering.error === 'unknown-message';
  return isLost ? composeText(conversation, whole, withoutCards) : answering;
};

const nameOf = ({ convId }: Conversation, { id }: Waiting): RecordName => ['q', convId, id];

const toRecord = ({ mentions, replyTo, ...waiting }: Waiting) => ({
  ...waiting,
  mentions: mentions.map(({ name, personId = '' }) => [name, personId]),
  ...(replyTo !== undefined && { replyTo }),
});

const fromRecord = ({
  mentions,
  replyTo,
  ...waiting
}: NonNullable<ReturnType<typeof readWaiting>>): Waiting => ({
  ...waiting,
  mentions: mentions.map(([name, personId]) => ({
    name,
    personId: personId === '' ? undefined : personId,
  })),
  replyTo,
});
