/** What was composed goes into a log and out to others, as soon as it may (PROTOCOL §5, Outbox). */
import { err, ok, type Result } from '../../base/result.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { AppendedEntry, AppendFailure, Content, LogDeps } from '../epochs/epoch-logs.ts';
import { limits } from '../../protocol/limits.ts';
import type { Write } from '../../storage/port.ts';
import { createRerun } from '../rerun.ts';
import type { StoreFailure } from '../vault/segments.ts';
import type { ConversationHost } from './conversation-host.ts';
import type { Conversation } from './conversation.ts';
import { EpochJitter } from './epoch-jitter.ts';
import { mayAppend } from './may-append.ts';
import { needsGossip } from './needs-gossip.ts';

const batchMax = 100;

/** They go where others are reading, and are no reason for a new epoch. */
const quietTypes: ReadonlySet<string> = new Set(['receipt', 'profile']);

type Kept = Result<undefined, StoreFailure | 'too-many'>;

export class Sending {
  readonly #deps: LogDeps;
  readonly #host: ConversationHost;
  readonly #conversation: Conversation;
  readonly #jitter: EpochJitter;
  /** What was composed last, on its way into a log. */
  #attempt: Promise<unknown> = Promise.resolve();
  #composedCount = 0;

  constructor(deps: LogDeps, host: ConversationHost, conversation: Conversation) {
    this.#deps = deps;
    this.#host = host;
    this.#conversation = conversation;
    this.#jitter = new EpochJitter(deps.core, () => {
      this.soon();
    });
  }

  /** As soon as the queue lets it and somebody has caught up with us. */
  readonly soon = createRerun(async () => {
    const { outbox, prekeys } = this.#conversation;
    if (outbox.waiting.length === 0 && !prekeys.isDue) return false;
    const flushed = await this.#conversation.run(() => this.#flush());
    if (flushed.ok && !flushed.value.ok) this.#host.failed(this.#conversation, flushed.value.error);
    return flushed.ok && flushed.value.ok && flushed.value.value;
  });

  /** What was just composed: on disk when it resolves, in a log or in the outbox. */
  async keep(content: Content, writes: ReadonlyArray<Write>): Promise<Kept> {
    this.#composedCount += 1;
    try {
      return await this.#keep(content, writes);
    } finally {
      this.#composedCount -= 1;
    }
  }

  async #keep(content: Content, writes: ReadonlyArray<Write>): Promise<Kept> {
    const { outbox } = this.#conversation;
    if (this.#composedCount === 1 && outbox.waiting.length === 0) {
      const attempt = this.#appendAtOnce(content, writes);
      this.#attempt = attempt.catch(() => undefined); // whoever waits for it only waits
      const appended = await attempt;
      if (appended !== undefined) return appended;
    } else await this.#attempt; // what was composed before stays before
    const added = await outbox.add(content, writes);
    if (!added.ok) return added;
    this.#host.shown(this.#conversation);
    this.soon();
    return added;
  }

  /**
   * [OB5] Into a log in one transaction, where nothing waits before it or stands in its way.
   * Undefined: nothing was written, and it is for the outbox.
   */
  async #appendAtOnce(
    content: Content,
    writes: ReadonlyArray<Write>,
  ): Promise<Result<undefined, StoreFailure> | undefined> {
    const conversation = this.#conversation;
    const { prekeys, epochs, logs, outbox } = conversation;
    // What is deleted has more to write than itself; nobody waits here for much else to be done.
    const isBusy = conversation.isBusy || conversation.opening.isUnderWay;
    const isFit = content.type !== 'redact' && !prekeys.isDue && !isBusy;
    if (!isFit || !mayAppend(conversation)) return undefined;
    const ran = await conversation.run(async () => {
      const epoch = mayAppend(conversation) ? epochs.choose({ isQuiet: false }) : undefined;
      if (epoch === undefined) return undefined;
      const appended = await logs.append(epoch, [content], writes);
      // It may be on disk all the same, and must not come to lie in the outbox beside that.
      if (!appended.ok) return appended.error === 'failed' ? err('failed' as const) : undefined;
      outbox.removed([content]);
      await this.#followUp(epoch, appended.value);
      return ok(undefined);
    });
    return ran.ok ? ran.value : undefined;
  }

  /** True: there is more. */
  async #flush(): Promise<Result<boolean, AppendFailure>> {
    const conversation = this.#conversation;
    const { outbox, logs, membership } = conversation;
    if (!mayAppend(conversation)) return ok(false);
    const isQuiet =
      outbox.waiting.length > 0 && outbox.waiting.every(({ type }) => quietTypes.has(type));
    let epoch = conversation.epochs.choose({ isQuiet });
    if (epoch === undefined) {
      if (isQuiet) return ok(false);
      if (membership.view.devices.length > 1 && !this.#jitter.isOver()) return ok(false);
      const made = await conversation.publish([], 'send');
      if (!made.ok) return made;
      epoch = made.value;
    }
    const batch = outbox.waiting.slice(0, batchMax);
    const appended = await logs.append(epoch, batch, outbox.removals(batch));
    if (!appended.ok) return appended;
    outbox.removed(batch);
    await this.#followUp(epoch, appended.value);
    return ok(outbox.waiting.length > 0);
  }

  /** After an append: everybody at hand hears of it, what it erases goes, and it shows. */
  async #followUp(epoch: Epoch, entries: ReadonlyArray<AppendedEntry>): Promise<void> {
    const conversation = this.#conversation;
    // More at once is for links to carry: whoever hears it as gossip takes only so much of one writer.
    const isFew = entries.length <= limits.liveEntriesMax;
    const live = isFew && needsGossip(conversation, epoch) ? entries : [];
    for (const { envelope } of live) {
      this.#deps.core.network.publish(epoch.keys.topic, envelope.bytes);
    }
    this.#host.changed(conversation, epoch, 'own');
    await conversation.erasing.redacted();
    await conversation.erasing.beginTimers();
    this.#host.shown(conversation);
  }
}
