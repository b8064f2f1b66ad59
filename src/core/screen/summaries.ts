/**
 * What the list shows of every conversation: made anew where something of it was told, and kept for the
 * next start (see views/kept-summary.ts). Of those that are not open yet it is what was kept.
 */
import { isSameValue } from '../../base/same-value.ts';
import { limits } from '../../protocol/limits.ts';
import type { Clock } from '../../platform/port.ts';
import type { ConversationSummary } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { summaryOf } from '../conversation/views/conversation-view.ts';
import { keptName, keptToCbor, listedAs, newestFirst } from '../conversation/views/kept-summary.ts';
import type { ViewContext } from '../conversation/views/view-context.ts';
import type { Session } from '../session.ts';
import type { Vault } from '../vault/vault.ts';

interface Made {
  /** Undefined: it is not listed. */
  readonly summary: ConversationSummary | undefined;
  readonly atMs: number;
}

/** [CT4] Turned down, or begun by somebody who is blocked: it is not listed. */
const isTurnedDown = (
  { notes, isRequest, membership }: Conversation,
  { ownHex, settings }: ViewContext,
): boolean => {
  const others = [...membership.view.levels.keys()].filter((id) => id !== ownHex);
  const isByBlocked = isRequest && others.some((id) => settings.isBlocked(id));
  return notes.request === 'declined' || isByBlocked;
};

/** What every summary depends on beside its conversation. */
const keyOf = ({ isOnline, relay, retryMs, ownName }: ViewContext): string =>
  [isOnline, relay, retryMs, ownName].join();

export class Summaries {
  readonly #clock: Clock;
  readonly #made = new Map<Conversation, Made>();
  readonly #unkept = new Set<Conversation>();
  #key = '';
  #isKeepingDue = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined: any of them. */
  changed(conversation: Conversation | undefined): void {
    if (conversation === undefined) this.#made.clear();
    else {
      this.#made.delete(conversation);
      this.#unkept.add(conversation);
    }
  }

  /** Newest first. */
  list(session: Session, context: ViewContext): ReadonlyArray<ConversationSummary> {
    if (keyOf(context) !== this.#key) this.#made.clear();
    this.#key = keyOf(context);
    this.#forgetOld(context.nowMs);
    const opened = session.conversations().filter(({ isForgotten }) => !isForgotten);
    const all = [
      ...opened.map((conversation) => this.#of(conversation, context)),
      ...session.opener
        .list()
        .map(({ conversation: { notes }, kept }) => listedAs(kept, notes, context)),
    ];
    this.#keepSoon(session);
    return newestFirst(all);
  }

  #of(conversation: Conversation, context: ViewContext): ConversationSummary | undefined {
    const made = this.#made.get(conversation) ?? {
      summary: isTurnedDown(conversation, context) ? undefined : summaryOf(conversation, context),
      atMs: context.nowMs,
    };
    this.#made.set(conversation, made);
    return made.summary;
  }

  /** Time changes some, too: what is parked is not for ever. A few at a time. */
  #forgetOld(nowMs: number): void {
    const old = [...this.#made].filter(
      ([, { atMs }]) => Math.abs(nowMs - atMs) > limits.summaryAgeMaxMs,
    );
    for (const [conversation] of old.slice(0, limits.summariesRemadeMax)) {
      this.#made.delete(conversation);
    }
  }

  #keepSoon(session: Session): void {
    if (this.#isKeepingDue || this.#unkept.size === 0) return;
    this.#isKeepingDue = true;
    this.#clock.schedule(limits.summaryKeepMs, () => {
      this.#isKeepingDue = false;
      void this.#keep(session);
    });
  }

  /** [LZ1] Where it fails the next start opens the conversation first, or shows what was before. */
  async #keep(session: Session): Promise<void> {
    const { vault } = session.deps;
    // What changes meanwhile waits for the next time: else a busy conversation would be kept without end.
    for (const conversation of [...this.#unkept]) {
      const isHere = session.conversation(conversation.id) === conversation;
      if (!isHere) this.#unkept.delete(conversation);
      else await conversation.run(() => this.#keepOne(vault, conversation));
    }
  }

  /** [LZ2] In its queue, so that nothing is erased between the look and the write. */
  async #keepOne(vault: Vault, conversation: Conversation): Promise<void> {
    const made = this.#made.get(conversation);
    if (made === undefined || !this.#unkept.delete(conversation)) return; // after the next look
    const { summary } = made;
    if (summary === undefined || summary.failure !== undefined || conversation.isForgotten) return;
    const hasTimers = conversation.fold.hasTimers || summary.timerMs !== undefined;
    const name = keptName(conversation.convId);
    const due = keptToCbor(summary, hasTimers);
    // A start tells of every conversation, and of most of them nothing new.
    const kept = await vault.read(name);
    if (kept.ok && isSameValue(kept.value, due)) return;
    // What was deleted while this was read is in no summary any more, and comes into none again.
    if (this.#made.get(conversation) !== made) {
      this.#unkept.add(conversation);
      return;
    }
    const stored = await vault.commit([vault.seal(name, due)]);
    if (!stored.ok) this.#unkept.add(conversation);
  }
}
