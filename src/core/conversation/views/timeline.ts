/** The timeline that is open on screen: a window of items, and what changed in it since last time. */
import { isSameValue } from '../../../base/same-value.ts';
import { limits } from '../../../protocol/limits.ts';
import type { CoreEvent, TimelineItem } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ProjectedItem } from '../reading/projection.ts';
import type { ViewContext } from './view-context.ts';
import { timelineLength, timelineOf } from './timeline-view.ts';

export class Timeline {
  readonly conversation: Conversation;
  readonly #emit: (event: CoreEvent) => void;
  /** Position of the first shown item; what comes later does not move it. */
  #start: number;
  #shown: ReadonlyArray<TimelineItem> | undefined;
  #earlierCount = 0;
  /** While older items come from disk the window stays where it is: at this one. */
  #anchor: ProjectedItem | undefined;

  constructor(conversation: Conversation, emit: (event: CoreEvent) => void) {
    this.conversation = conversation;
    this.#emit = emit;
    this.#start = 0;
    this.showLatest();
  }

  /** The newest ones, a window full. */
  showLatest(): void {
    this.#anchor = undefined;
    this.#start = Math.max(0, timelineLength(this.conversation) - limits.timelineWindow);
  }

  /** Nothing before what is shown can be shown now. */
  get isAtStart(): boolean {
    const { opening, projection } = this.conversation;
    const start = this.#anchor ? projection.countBefore(this.#anchor) : this.#start;
    return start <= opening.unreadableCount;
  }

  showEarlier(): void {
    if (this.#anchor !== undefined) {
      this.#start = this.conversation.projection.countBefore(this.#anchor);
    }
    this.#anchor = undefined;
    this.#start = Math.max(0, this.#start - limits.timelineWindowStep);
  }

  /** Tells what is different from what was told last; nothing if nothing is. */
  refresh(context: ViewContext): void {
    const before = this.#shown;
    const { opening, projection } = this.conversation;
    if (this.#anchor !== undefined) this.#start = projection.countBefore(this.#anchor);
    this.#start = Math.max(this.#start, opening.unreadableCount);
    this.#anchor = opening.isUnderWay ? projection.items[this.#start] : undefined;
    // A timeline left open for days lets go of its oldest items; they come back when asked for.
    const shownCount = timelineLength(this.conversation) - this.#start;
    if (shownCount > limits.timelineShownMax) this.showLatest();
    const { items, earlierCount: heldCount } = timelineOf(this.conversation, this.#start, context);
    const earlierCount = opening.isUnderWay ? Math.max(1, heldCount) : heldCount;
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
