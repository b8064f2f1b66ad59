/** The timeline that is open on screen: a window of items, and what changed in it since last time. */
import { isSameValue } from '../../../base/same-value.ts';
import { limits } from '../../../protocol/limits.ts';
import type { CoreEvent, TimelineItem } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ViewContext } from './view-context.ts';
import { pastsOf, type Past } from './past.ts';
import { timelineLength, timelineOf, type WithPasts } from './timeline-view.ts';

export class Timeline {
  readonly conversation: Conversation;
  readonly #emit: (event: CoreEvent) => void;
  /** Position of the first shown item; what comes later does not move it. */
  #start: number;
  #shown: ReadonlyArray<TimelineItem> | undefined;
  #earlierCount = 0;
  /** What lies before it. */
  readonly #pasts: ReadonlyArray<Past>;

  constructor(conversation: Conversation, context: ViewContext, emit: (event: CoreEvent) => void) {
    this.conversation = conversation;
    this.#emit = emit;
    this.#pasts = pastsOf(conversation, context);
    this.#start = 0;
    this.showLatest();
  }

  /** Whether what is shown of this one may show here. */
  shows(conversation: Conversation): boolean {
    return conversation === this.conversation || this.#pasts.some(({ of }) => of === conversation);
  }

  get #all(): WithPasts {
    return {
      conversation: this.conversation,
      pasts: this.#pasts.filter(({ of }) => !of.isForgotten),
    };
  }

  /** The newest ones, a window full. */
  showLatest(): void {
    this.#start = Math.max(0, timelineLength(this.#all) - limits.timelineWindow);
  }

  showEarlier(): void {
    this.#start = Math.max(0, this.#start - limits.timelineWindowStep);
  }

  /** Tells what is different from what was told last; nothing if nothing is. */
  refresh(context: ViewContext): void {
    const before = this.#shown;
    // A timeline left open for days lets go of its oldest items; they come back when asked for.
    const shownCount = timelineLength(this.#all) - this.#start;
    if (shownCount > limits.timelineShownMax) this.showLatest();
    const { items, earlierCount } = timelineOf(this.#all, this.#start, context);
    const old = before ?? [];
    let at = 0;
    while (at < old.length && at < items.length && isSameValue(old[at], items[at])) at += 1;
    let kept = 0; // at the end
    const keptMax = Math.min(old.length, items.length) - at;
    while (kept < keptMax && isSameValue(old.at(-1 - kept), items.at(-1 - kept))) kept += 1;
    const removedCount = old.length - at - kept;
    const inserted = items.slice(at, items.length - kept);
    const isUnchanged = removedCount === 0 && inserted.length === 0;
    if (before !== undefined && isUnchanged && earlierCount === this.#earlierCount) return;
    this.#shown = items;
    this.#earlierCount = earlierCount;
    this.#emit({
      type: 'TimelineSpliced',
      conversationId: this.conversation.id,
      isReset: before === undefined,
      at,
      removedCount,
      inserted,
      earlierCount,
    });
  }
}
