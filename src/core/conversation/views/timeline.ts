/** The timeline that is open on screen: a window of items, and what changed in it since last time. */
import { equalBytes } from '../../../base/bytes.ts';
import { isSameValue } from '../../../base/same-value.ts';
import { limits } from '../../../protocol/limits.ts';
import type { CoreEvent, TimelineItem } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ProjectedItem } from '../reading/projection.ts';
import type { ViewContext } from './view-context.ts';
import { pastsOf, predecessorOf, type Past } from './past.ts';
import {
  lengthOf,
  timelineLength,
  timelineOf,
  waitingIn,
  type WithPasts,
} from './timeline-view.ts';

export class Timeline {
  readonly conversation: Conversation;
  readonly #emit: (event: CoreEvent) => void;
  /** Position of the first shown item; what comes later does not move it. */
  #start: number;
  #shown: ReadonlyArray<TimelineItem> | undefined;
  #earlierCount = 0;
  /** What lies before it, as far as it is open. */
  #pasts: ReadonlyArray<Past> = [];
  /** Items in it. */
  #pastCount = 0;
  /** While older items come from disk the window stays where it is: at this one, or so far in the outbox. */
  #anchor: ProjectedItem | number | undefined;

  constructor(conversation: Conversation, context: ViewContext, emit: (event: CoreEvent) => void) {
    this.conversation = conversation;
    this.#emit = emit;
    this.#start = 0;
    this.#lookBack(context);
    this.showLatest();
  }

  /** Whether what is shown of this one may show here. */
  shows(conversation: Conversation): boolean {
    if (conversation === this.conversation) return true;
    const predecessor = predecessorOf(this.conversation.membership.view);
    const isOldGroup = predecessor && equalBytes(predecessor.convId, conversation.convId);
    return isOldGroup === true || this.#pasts.some(({ of }) => of === conversation);
  }

  /** The newest ones, a window full. */
  showLatest(): void {
    this.#anchor = undefined;
    this.#start = Math.max(0, timelineLength(this.#all) - limits.timelineWindow);
  }

  /** Nothing before what is shown can be shown now. */
  get isAtStart(): boolean {
    return this.#firstShown <= this.conversation.opening.unreadableCount;
  }

  /** Few at a time while one scrolls, since each is drawn; more for who goes far back. */
  showEarlier(): void {
    const shownCount = timelineLength(this.#all) - this.#firstShown;
    const step = Math.max(limits.timelineStepMin, Math.ceil(shownCount / limits.timelineStepPart));
    this.#start = Math.max(0, this.#firstShown - step);
    this.#anchor = undefined;
  }

  /** Tells what is different from what was told last; nothing if nothing is. */
  refresh(context: ViewContext): void {
    const before = this.#shown;
    const { opening } = this.conversation;
    this.#start = this.#firstShown;
    this.#lookBack(context);
    this.#start = Math.max(this.#start, opening.unreadableCount);
    this.#anchor = opening.isUnderWay ? this.#itemAt(this.#start) : undefined;
    // A timeline left open for days lets go of its oldest items; they come back when asked for.
    const shownCount = timelineLength(this.#all) - this.#start;
    if (shownCount > limits.timelineShownMax) this.showLatest();
    const { items, earlierCount: heldCount } = timelineOf(this.#all, this.#start, context);
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

  get #all(): WithPasts {
    return { conversation: this.conversation, pasts: this.#pasts };
  }

  get #firstShown(): number {
    const { projection } = this.conversation;
    const anchor = this.#anchor;
    if (anchor === undefined) return this.#start;
    const isWaiting = typeof anchor === 'number';
    const at = isWaiting ? projection.items.length + anchor : projection.countBefore(anchor);
    return this.#pastCount + at;
  }

  /** Of one that waits, its place among those; undefined: there is nothing. */
  #itemAt(position: number): ProjectedItem | number | undefined {
    const { items } = this.conversation.projection;
    const waitingAt = position - items.length;
    const isThere = waitingAt >= 0 && waitingAt < waitingIn(this.conversation).length;
    return isThere ? waitingAt : items[position];
  }

  /** Until all of the conversation is open there would be a hole between it and its past. */
  #lookBack(context: ViewContext): void {
    const { conversation } = this;
    this.#pasts = conversation.opening.isUnderWay
      ? []
      : pastsOf(conversation, context, this.#pasts);
    const count = this.#pasts.reduce((sum, past) => sum + lengthOf(past), 0);
    this.#start += count - this.#pastCount; // the same items stay on the screen
    this.#pastCount = count;
  }
}
