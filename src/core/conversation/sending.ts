/** What was composed goes into a log and out to others, as soon as it may (PROTOCOL §5, Outbox). */
import { ok, type Result } from '../../base/result.ts';
import type { AppendFailure, LogDeps } from '../epochs/epoch-logs.ts';
import { limits } from '../../protocol/limits.ts';
import { createRerun } from '../rerun.ts';
import type { ConversationHost } from './conversation-host.ts';
import type { Conversation } from './conversation.ts';
import { EpochJitter } from './epoch-jitter.ts';
import { mayAppend } from './may-append.ts';

const batchMax = 100;

/** They go where others are reading, and are no reason for a new epoch. */
const quietTypes: ReadonlySet<string> = new Set(['receipt', 'profile']);

export class Sending {
  readonly #deps: LogDeps;
  readonly #host: ConversationHost;
  readonly #conversation: Conversation;
  readonly #jitter: EpochJitter;

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
    await conversation.erasing.redacted();
    await conversation.erasing.beginTimers();
    // More at once is for links to carry: whoever hears it as gossip takes only so much of one writer.
    const live = appended.value.length <= limits.liveEntriesMax ? appended.value : [];
    for (const { envelope } of live) {
      this.#deps.core.network.publish(epoch.keys.topic, envelope.bytes);
    }
    this.#host.changed(conversation, epoch, 'own');
    this.#host.shown(conversation);
    return ok(outbox.waiting.length > 0);
  }
}
