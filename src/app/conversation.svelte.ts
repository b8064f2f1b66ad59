import type {
  CommandError,
  ConversationDetails,
  ConversationId,
  ConversationSummary,
  Core,
  CoreEvent,
  MessageDetails,
  TimelineItem,
} from '../core/api.ts';
import type { AppClock } from './environment.ts';
import { firstUnreadKey, timelineRows } from './timeline-rows.ts';

const draftDelayMs = 300;
const typingEachMs = 1000;
/** A message counts as read when it was in sight this long (UX.md §B4). */
const readAfterMs = 1000;
/** Items on screen, beyond which a reader at the end lets go of those far above. */
const followedMax = 400;
/** After this a waiting message gets a sentence that says why (UX.md §B3). */
const waitingSentenceAfterMs = 10_000;

type Spliced = Extract<CoreEvent, { type: 'TimelineSpliced' }>;

export interface ConversationDeps {
  readonly core: Core;
  readonly clock: AppClock;
  /** Read inside a derivation, it follows the core's state. */
  readonly summary: () => ConversationSummary | undefined;
  readonly nowMs: () => number;
  /** What was typed here before and may not be stored yet. */
  readonly draft: string;
  readonly onDraft: (text: string) => void;
  /** Where the reader was when they left, within this session. */
  readonly place: ReadingPlace | undefined;
  readonly onLeave: (place: ReadingPlace | undefined) => void;
}

/** Where the reader was, by what stood at the top of the screen. */
export interface ReadingPlace {
  readonly key: string;
  readonly offsetPx: number;
}

/** The open conversation. The core owns its messages; this class shows them and gives commands. */
export class ConversationState {
  readonly id: ConversationId;
  readonly place: ReadingPlace | undefined;
  /** Called as its timeline goes off the screen. */
  readonly leave: (place: ReadingPlace | undefined) => void;
  items = $state.raw<ReadonlyArray<TimelineItem>>([]);
  earlierCount = $state(0);
  /** The first splice has come: an empty timeline is really empty. */
  isLoaded = $state(false);
  details = $state.raw<ConversationDetails | undefined>(undefined);
  /** The message that is looked at closely. */
  inspected = $state.raw<MessageDetails | undefined>(undefined);
  draft = $state('');
  problem = $state<CommandError | undefined>(undefined);
  /** The "New messages" line stands above this one; it stays where the reader left. */
  newKey = $state<string | undefined>(undefined);
  /** By others, below what is on screen. */
  unseenCount = $state(0);
  isAtBottom = $state(true);

  readonly summary = $derived.by(() => this.#deps.summary());
  readonly rows = $derived.by(() => timelineRows(this.items, this.newKey));
  /** Own and still only here, long enough to say why. */
  readonly hasLongWaiting = $derived.by(() => {
    const before = this.#deps.nowMs() - waitingSentenceAfterMs;
    return this.items.some(
      (item) =>
        item.type === 'message' && item.delivery?.state === 'saved' && item.sentAtMs < before,
    );
  });

  readonly #deps: ConversationDeps;
  #isWindowActive = false;
  #isLoadingEarlier = false;
  #isLettingGo = false;
  #toldTypingMs = -Infinity;
  /** Since the last message came: the next unread one moves the line. */
  #hasReadAll = false;
  #stopDraft: (() => void) | undefined;
  #stopRead: (() => void) | undefined;

  constructor(id: ConversationId, deps: ConversationDeps) {
    this.id = id;
    this.#deps = deps;
    this.draft = deps.draft;
    this.place = deps.place;
    this.leave = deps.onLeave;
  }

  /** Sends what was typed. What could not be stored comes back into the field. */
  readonly send = async (): Promise<void> => {
    const text = this.draft.trim();
    if (text === '') return;
    this.#keepDraft('');
    this.newKey = undefined;
    this.problem = undefined;
    const result = await this.#deps.core.execute({
      type: 'SendMessage',
      conversationId: this.id,
      text,
    });
    if (!result.ok) {
      this.problem = result.error;
      if (this.draft === '') this.#keepDraft(text);
    }
    await this.flushDraft();
  };

  readonly type = (text: string): void => {
    this.#keepDraft(text);
    this.problem = undefined;
    if (text.trim() !== '') this.#tellTyping();
    this.#stopDraft?.();
    this.#stopDraft = this.#deps.clock.schedule(draftDelayMs, () => void this.flushDraft());
  };

  /** Stores the draft now; nothing is lost when the conversation is left within the delay. */
  readonly flushDraft = async (): Promise<void> => {
    this.#stopDraft?.();
    this.#stopDraft = undefined;
    const text = this.draft;
    const result = await this.#deps.core.execute({
      type: 'SaveDraft',
      conversationId: this.id,
      text,
    });
    if (!result.ok) this.problem ??= result.error;
  };

  readonly markRead = async (): Promise<void> => {
    this.#stopRead?.();
    this.#stopRead = undefined;
    this.#hasReadAll = true;
    await this.#deps.core.execute({ type: 'MarkRead', conversationId: this.id });
  };

  /** Looks at one message, again whenever something may have changed. */
  readonly inspect = async (key: string): Promise<void> => {
    const result = await this.#deps.core.execute({
      type: 'InspectMessage',
      conversationId: this.id,
      key,
    });
    this.inspected = result.ok ? result.value : undefined;
  };

  /** The top of what is loaded is near: bring more before it is reached. */
  readonly showTop = (isNear: boolean): void => {
    if (isNear) void this.#showEarlier();
  };

  readonly showBottom = (isAtBottom: boolean): void => {
    this.isAtBottom = isAtBottom;
    if (isAtBottom) this.unseenCount = 0;
    this.considerRead();
  };

  readonly showActive = (isWindowActive: boolean): void => {
    this.#isWindowActive = isWindowActive;
    this.considerRead();
  };

  /** Reading means: the end is in sight, the window has the focus, and a second goes by. */
  considerRead(): void {
    const isReading = this.#isWindowActive && this.isAtBottom && this.isLoaded;
    const hasUnread = (this.summary?.unreadCount ?? 0) > 0;
    if (isReading && hasUnread) {
      this.#stopRead ??= this.#deps.clock.schedule(readAfterMs, () => void this.markRead());
    } else {
      this.#stopRead?.();
      this.#stopRead = undefined;
    }
  }

  splice(event: Spliced): void {
    const isAppended = event.at >= this.items.length && this.isLoaded && !event.isReset;
    const kept = event.isReset ? [] : this.items;
    this.items = kept.toSpliced(event.at, event.removedCount, ...event.inserted);
    this.earlierCount = event.earlierCount;
    if (!this.isLoaded) this.newKey = firstUnreadKey(this.items, this.summary?.unreadCount ?? 0);
    else if (isAppended) this.#countUnseen(event.inserted);
    this.isLoaded = true;
    this.considerRead();
    void this.#letGo();
  }

  /** Left for another conversation. */
  close(): void {
    this.#stopRead?.();
    if (this.#stopDraft !== undefined) void this.flushDraft();
  }

  async #showEarlier(): Promise<void> {
    if (this.#isLoadingEarlier || this.earlierCount === 0) return;
    this.#isLoadingEarlier = true;
    await this.#deps.core.execute({ type: 'ShowEarlier', conversationId: this.id });
    this.#isLoadingEarlier = false;
  }

  /** Who follows a long talk does not carry all of it along. */
  async #letGo(): Promise<void> {
    if (this.#isLettingGo || !this.isAtBottom || this.items.length <= followedMax) return;
    this.#isLettingGo = true;
    await this.#deps.core.execute({ type: 'ShowLatest', conversationId: this.id });
    this.#isLettingGo = false;
  }

  #countUnseen(inserted: ReadonlyArray<TimelineItem>): void {
    const foreign = inserted.filter((item) => item.type === 'message' && !item.author.isMe);
    const [first] = foreign;
    if (first === undefined || (this.isAtBottom && this.#isWindowActive)) return;
    if (this.#hasReadAll) this.newKey = undefined;
    this.#hasReadAll = false;
    this.newKey ??= first.key;
    if (!this.isAtBottom) this.unseenCount += foreign.length;
  }

  /** The core tells it at most every few seconds. */
  #tellTyping(): void {
    const nowMs = this.#deps.clock.now();
    if (nowMs - this.#toldTypingMs < typingEachMs) return;
    this.#toldTypingMs = nowMs;
    void this.#deps.core.execute({ type: 'TellTyping', conversationId: this.id });
  }

  #keepDraft(text: string): void {
    this.draft = text;
    this.#deps.onDraft(text);
  }
}
