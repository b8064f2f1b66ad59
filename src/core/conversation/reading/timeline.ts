/** The timeline that is open on screen: a window of items, and what changed in it since last time. */
import { limits } from '../../../protocol/limits.ts';
import type { CoreEvent, TimelineItem } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { timelineLength, timelineOf, type ViewContext } from './view.ts';

const isSameItem = (a: TimelineItem | undefined, b: TimelineItem | undefined): boolean => {
  if (a === undefined || b?.key !== a.key || a.type !== b.type) return false;
  if (a.type === 'message' && b.type === 'message') {
    return (
      a.text === b.text &&
      a.author.name === b.author.name &&
      a.author.status === b.author.status &&
      a.author.pictureId === b.author.pictureId &&
      a.arrivedAtMs === b.arrivedAtMs &&
      a.sentAtMs === b.sentAtMs &&
      a.delivery?.state === b.delivery?.state &&
      a.delivery?.haveCount === b.delivery?.haveCount &&
      a.delivery?.peopleCount === b.delivery?.peopleCount
    );
  }
  return JSON.stringify(a) === JSON.stringify(b); // a notice is a few short fields
};

export class Timeline {
  readonly conversation: Conversation;
  readonly #emit: (event: CoreEvent) => void;
  /** Position of the first shown item; what comes later does not move it. */
  #start: number;
  #shown: ReadonlyArray<TimelineItem> | undefined;
  #earlierCount = 0;

  constructor(conversation: Conversation, emit: (event: CoreEvent) => void) {
    this.conversation = conversation;
    this.#emit = emit;
    this.#start = 0;
    this.showLatest();
  }

  /** The newest ones, a window full. */
  showLatest(): void {
    this.#start = Math.max(0, timelineLength(this.conversation) - limits.timelineWindow);
  }

  showEarlier(): void {
    this.#start = Math.max(0, this.#start - limits.timelineWindowStep);
  }

  /** Tells what is different from what was told last; nothing if nothing is. */
  refresh(context: ViewContext): void {
    const before = this.#shown;
    // A timeline left open for days lets go of its oldest items; they come back when asked for.
    const shownCount = timelineLength(this.conversation) - this.#start;
    if (shownCount > limits.timelineShownMax) this.showLatest();
    const { items, earlierCount } = timelineOf(this.conversation, this.#start, context);
    const old = before ?? [];
    let at = 0;
    while (at < old.length && at < items.length && isSameItem(old[at], items[at])) at += 1;
    let kept = 0; // at the end
    const keptMax = Math.min(old.length, items.length) - at;
    while (kept < keptMax && isSameItem(old.at(-1 - kept), items.at(-1 - kept))) kept += 1;
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
