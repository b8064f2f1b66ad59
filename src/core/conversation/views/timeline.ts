/** The timeline that is open on screen: what is in its window, and what changed there since last time. */
import { equalBytes } from '../../../base/bytes.ts';
import { isSameValue } from '../../../base/same-value.ts';
import type { CoreEvent, WindowMove } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ViewContext } from './view-context.ts';
import { pastsOf, predecessorOf, type Past } from './past.ts';
import { timelineOf, type Range, type TimelineView, type WithPasts } from './timeline-view.ts';
import { destination, TimelineWindow } from './timeline-windowing.ts';

export class Timeline {
  readonly conversation: Conversation;
  readonly #emit: (event: CoreEvent) => void;
  readonly #shownWindow = new TimelineWindow();
  #told: TimelineView | undefined;
  /** What lies before it, as far as it is open. */
  #pasts: ReadonlyArray<Past> = [];

  constructor(conversation: Conversation, emit: (event: CoreEvent) => void) {
    this.conversation = conversation;
    this.#emit = emit;
  }

  /** Around a message, or at the end. */
  open(context: ViewContext, key: string | undefined): void {
    this.#lookBack(context);
    const isThere = key !== undefined && this.show({ type: 'ShowAround', key }, context);
    if (!isThere) this.show({ type: 'ShowLatest' }, context);
  }

  /** Whether what is shown of this one may show here. */
  shows(conversation: Conversation): boolean {
    if (conversation === this.conversation) return true;
    const predecessor = predecessorOf(this.conversation.membership.view);
    const isOldGroup = predecessor && equalBytes(predecessor.convId, conversation.convId);
    return isOldGroup === true || this.#pasts.some(({ of }) => of === conversation);
  }

  /** False: there is nothing there to show, or not yet. */
  show(move: WindowMove, context: ViewContext): boolean {
    const to = destination(move, this.#range, this.#all);
    if (to !== undefined) this.#move(to, context);
    return to !== undefined;
  }

  /** Tells what is different from what was told last; nothing if nothing is. */
  refresh(context: ViewContext): void {
    this.#lookBack(context);
    const range = this.#range;
    this.#shownWindow.set(this.#all, range);
    this.#tell(timelineOf(this.#all, range, context));
  }

  /** To somewhere near first what comes is told, then what goes: rows between the two stay as they are. */
  #move(to: Range, context: ViewContext): void {
    const { start, end } = this.#range;
    const isNear = this.#told !== undefined && to.start < end && start < to.end;
    if (isNear) {
      const both = { start: Math.min(start, to.start), end: Math.max(end, to.end) };
      this.#tell(timelineOf(this.#all, both, context));
    }
    this.#shownWindow.set(this.#all, to);
    this.refresh(context);
  }

  #tell(view: TimelineView): void {
    const before = this.#told;
    const { items, earlierCount, laterCount } = view;
    const old = before?.items ?? [];
    let at = 0;
    while (at < old.length && at < items.length && isSameValue(old[at], items[at])) at += 1;
    let kept = 0; // at the end
    const keptMax = Math.min(old.length, items.length) - at;
    while (kept < keptMax && isSameValue(old.at(-1 - kept), items.at(-1 - kept))) kept += 1;
    const removedCount = old.length - at - kept;
    const inserted = items.slice(at, items.length - kept);
    const isSameAround = earlierCount === before?.earlierCount && laterCount === before.laterCount;
    if (isSameAround && removedCount === 0 && inserted.length === 0) return;
    this.#told = view;
    this.#emit({
      type: 'TimelineSpliced',
      conversationId: this.conversation.id,
      isReset: before === undefined,
      at,
      removedCount,
      inserted,
      earlierCount,
      laterCount,
    });
  }

  get #all(): WithPasts {
    return { conversation: this.conversation, pasts: this.#pasts };
  }

  get #range(): Range {
    return this.#shownWindow.range(this.#all);
  }

  /** Until all of the conversation is open there would be a hole between it and its past. */
  #lookBack(context: ViewContext): void {
    const { conversation } = this;
    this.#pasts = conversation.opening.isUnderWay
      ? []
      : pastsOf(conversation, context, this.#pasts);
  }
}
