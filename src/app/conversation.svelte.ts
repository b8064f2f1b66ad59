import type {
  ConversationDetails,
  ConversationId,
  ConversationSummary,
  Core,
  CoreEvent,
  Mention,
  MessageDetails,
  MessageItem,
  TimelineItem,
  WindowMove,
} from '../core/api.ts';
import { ComposerState, type Draft } from './composer.svelte.ts';
import type { EmojiState } from './emoji.svelte.ts';
import type { AppClock } from './environment.ts';
import { JumpState, type ReadingPlace } from './jump.svelte.ts';
import { MessageActs } from './message-acts.svelte.ts';
import { SelectionState } from './selection.svelte.ts';
import { t } from './text/t.ts';
import { ThreadState } from './thread.svelte.ts';
import { createTimelineRows } from './timeline-rows.ts';

/** A message counts as read when it was in sight this long (UX.md §B4). */
const readAfterMs = 1000;
/** `limits.timelineShownMax`, without loading all limits for the first screen. */
const shownMax = 240;
/** After this a waiting message gets a sentence that says why (UX.md §B3). */
const waitingSentenceAfterMs = 10_000;

type Spliced = Extract<CoreEvent, { type: 'TimelineSpliced' }>;
type ThreadChanged = Extract<CoreEvent, { type: 'ThreadChanged' }>;

export interface ConversationDeps {
  readonly core: Core;
  readonly clock: AppClock;
  /** Read inside a derivation, it follows the core's state. */
  readonly summary: () => ConversationSummary | undefined;
  readonly nowMs: () => number;
  /** What was typed here before and may not be stored yet. */
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly emoji: EmojiState;
  /** A thread opens or closes. */
  readonly onThread: (isOpen: boolean) => void;
  /** Where the reader was when they left, within this session. */
  readonly place: ReadingPlace | undefined;
  readonly onLeave: (place: ReadingPlace | undefined) => void;
}

export const isEditable = (item: MessageItem): boolean =>
  item.author.isMe &&
  item.isPast !== true &&
  item.deletion === undefined &&
  item.text !== '' &&
  item.poll === undefined;

/** The open conversation. The core owns its messages; this class shows them and gives commands. */
export class ConversationState {
  readonly id: ConversationId;
  readonly place: ReadingPlace | undefined;
  items = $state.raw<ReadonlyArray<TimelineItem>>([]);
  /** Items above and below those, which come when one scrolls there. */
  earlierCount = $state(0);
  laterCount = $state(0);
  /** The first splice has come: an empty timeline is really empty. */
  isLoaded = $state(false);
  details = $state.raw<ConversationDetails | undefined>(undefined);
  /** The message that is looked at closely. */
  inspected = $state.raw<MessageDetails | undefined>(undefined);
  thread = $state.raw<ThreadState | undefined>(undefined);
  readonly composer: ComposerState;
  readonly acts: MessageActs;
  readonly selection: SelectionState;
  readonly jump: JumpState;
  /** The "New messages" line stands above this one; it stays where the reader left. */
  newKey = $state<string | undefined>(undefined);
  /** Messages that came in above what had been read, and were not looked at. */
  lateKeys = $state.raw<ReadonlyArray<string>>([]);
  /** By others, below what is in sight. */
  unseenCount = $state(0);
  /**
   * Where Tab enters the timeline: the message that had the focus last, or else the newest. Set and not
   * derived: every row looks at it, and nearly every change leaves it as it was.
   */
  tabKey = $state<string | undefined>(undefined);
  #isEndInSight = $state(true);

  /** The newest item is in sight. */
  readonly isAtBottom = $derived.by(() => this.#isEndInSight && this.laterCount === 0);
  readonly summary = $derived.by(() => this.#deps.summary());
  readonly #rowsOf = createTimelineRows();
  readonly rows = $derived.by(() => this.#rowsOf(this));
  readonly messages = $derived.by(() => this.items.filter((item) => item.type === 'message'));
  /** Who can be named here: everybody else, and in a group all of them. */
  readonly nameable = $derived.by((): ReadonlyArray<Mention> => {
    const others = (this.details?.members ?? []).filter(({ person }) => !person.isMe);
    return [
      ...others.map(({ person }) => ({ name: person.name, personId: person.id })),
      ...(this.summary?.kind === 'group'
        ? [{ name: t.mention.everyone, personId: undefined }]
        : []),
    ];
  });
  /** Own and still only here, long enough to say why. */
  readonly hasLongWaiting = $derived.by(() => {
    const before = this.#deps.nowMs() - waitingSentenceAfterMs;
    return this.items.some(
      (item) =>
        item.type === 'message' &&
        item.isPast !== true &&
        item.delivery?.state === 'saved' &&
        item.sentAtMs < before,
    );
  });

  readonly #deps: ConversationDeps;
  readonly #listed = new Set<string>();
  #focusedKey: string | undefined;
  #isWindowActive = false;
  /** Moves of the timeline's window that are under way: each once at a time. */
  readonly #moves = new Set<WindowMove['type']>();
  /** Since the last message came: the next unread one moves the line. */
  #hasReadAll = false;
  #stopRead: (() => void) | undefined;

  constructor(id: ConversationId, deps: ConversationDeps) {
    this.id = id;
    this.#deps = deps;
    this.place = deps.place;
    this.acts = new MessageActs(deps.core, id);
    this.selection = new SelectionState(() => this.messages);
    this.composer = this.#createComposer(deps.draft, deps.onDraft);
    this.jump = new JumpState({
      clock: deps.clock,
      isShown: (key) => this.items.some((item) => item.key === key),
      showAround: (key) => this.#moveWindow({ type: 'ShowAround', key }),
      showLatest: async () =>
        this.laterCount === 0 || (await this.#moveWindow({ type: 'ShowLatest' })),
    });
  }

  /** Where there is something new, else where the reader was, else at the end. */
  async open(): Promise<void> {
    const key = this.summary?.newKey ?? this.place?.key;
    await this.#deps.core.execute({ type: 'OpenTimeline', conversationId: this.id, key });
  }

  readonly find = (key: string): MessageItem | undefined =>
    this.messages.find((item) => item.key === key) ?? this.thread?.find(key);

  /** The composer of the place where this message stands. */
  readonly composerOf = (item: MessageItem): ComposerState =>
    this.thread !== undefined && item.threadOf === this.thread.key
      ? this.thread.composer
      : this.composer;

  readonly openThread = async (key: string): Promise<void> => {
    const noDraft = { text: '', replyTo: undefined };
    this.thread = new ThreadState(
      key,
      this.#createComposer(noDraft, () => undefined, key),
    );
    const command = { conversationId: this.id, key };
    const result = await this.#deps.core.execute({ type: 'OpenThread', ...command });
    if (result.ok) this.#deps.onThread(true);
    else this.thread = undefined;
  };

  readonly closeThread = (): void => {
    this.thread = undefined;
    void this.#deps.core.execute({ type: 'CloseThread' });
    this.#deps.onThread(false);
  };

  takeThread(event: ThreadChanged): void {
    this.thread?.take(event);
  }

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
  readonly nearTop = (isNear: boolean): void => {
    if (isNear && this.earlierCount > 0) void this.#moveWindow({ type: 'ShowEarlier' });
  };

  /** So is its bottom. */
  readonly nearBottom = (isNear: boolean): void => {
    if (isNear && this.laterCount > 0) void this.#moveWindow({ type: 'ShowLater' });
  };

  readonly showBottom = (isInSight: boolean): void => {
    this.#isEndInSight = isInSight;
    if (this.isAtBottom) this.unseenCount = 0;
    if (this.isAtBottom && this.jump.highlighted === undefined) this.jump.forget();
    this.considerRead();
  };

  readonly focused = (key: string): void => {
    this.#focusedKey = key;
    this.tabKey = key;
  };

  /** The first of those that came late. */
  readonly showLate = (): void => {
    const [key, ...others] = this.lateKeys;
    this.lateKeys = others;
    if (key !== undefined) void this.jump.to(key);
  };

  readonly showActive = (isWindowActive: boolean): void => {
    this.#isWindowActive = isWindowActive;
    this.considerRead();
  };

  /** Reading means: the end is in sight, the window has the focus, and a second goes by. */
  considerRead(): void {
    this.#listLate();
    this.#listUnseen();
    const isInSight = this.#isWindowActive && this.isAtBottom && this.isLoaded;
    const isReading = isInSight && !this.acts.isKeptUnread;
    const hasUnread = (this.summary?.unreadCount ?? 0) > 0;
    if (isReading && hasUnread) {
      this.#stopRead ??= this.#deps.clock.schedule(readAfterMs, this.#seen);
    } else {
      this.#stopRead?.();
      this.#stopRead = undefined;
    }
  }

  /** Marked as unread within that second, it stays so: nothing may have been told of it yet. */
  readonly #seen = (): void => {
    this.#stopRead = undefined;
    if (!this.acts.isKeptUnread) void this.markRead();
  };

  splice(event: Spliced): void {
    const isNew = this.laterCount === 0 && event.laterCount === 0; // or else it was only not shown
    const isAppended = isNew && event.at >= this.items.length && this.isLoaded && !event.isReset;
    const kept = event.isReset ? [] : this.items;
    this.items = kept.toSpliced(event.at, event.removedCount, ...event.inserted);
    this.earlierCount = event.earlierCount;
    this.laterCount = event.laterCount;
    const hasFocused = this.items.some(({ key }) => key === this.#focusedKey);
    this.tabKey = hasFocused ? this.#focusedKey : this.messages.at(-1)?.key;
    if (!this.isLoaded) this.newKey = this.#firstNew();
    else if (isAppended) this.#countUnseen(event.inserted);
    this.isLoaded = true;
    this.considerRead();
    // A move of the window brings some before others go.
    const isGrown = this.items.length > shownMax && this.#moves.size === 0;
    if (isGrown) void this.#letGo();
  }

  /** Left for another conversation. */
  close(): void {
    this.#deps.onLeave(this.isAtBottom ? undefined : this.jump.reading());
    this.#stopRead?.();
    this.composer.close();
    if (this.thread !== undefined) this.closeThread();
  }

  /** Who follows a long talk, or reads while it goes on, does not carry all of it along. */
  async #letGo(): Promise<void> {
    if (this.jump.isUnderWay) return;
    const key = this.isAtBottom ? undefined : this.jump.reading()?.key;
    await this.#moveWindow(
      key === undefined ? { type: 'ShowLatest' } : { type: 'ShowAround', key },
    );
  }

  async #moveWindow(move: WindowMove): Promise<boolean> {
    if (this.#moves.has(move.type)) return false;
    this.#moves.add(move.type);
    const result = await this.#deps.core.execute({ ...move, conversationId: this.id });
    this.#moves.delete(move.type);
    return result.ok;
  }

  /** Where it is not loaded, the first that is. */
  #firstNew(): string | undefined {
    const key = this.summary?.newKey;
    const isHere = key === undefined || this.items.some((item) => item.key === key);
    return isHere ? key : this.messages.find(({ author }) => !author.isMe)?.key;
  }

  /** Listed until they were looked at, also when reading on has made them count as read. */
  #listLate(): void {
    const keys = (this.summary?.lateKeys ?? []).filter((key) => !this.#listed.has(key));
    if (keys.length === 0) return;
    for (const key of keys) this.#listed.add(key);
    this.lateKeys = [...this.lateKeys, ...keys];
  }

  /** Below the window nothing is told of but how many there are. */
  #listUnseen(): void {
    if (this.laterCount === 0) return;
    this.unseenCount = Math.max(this.unseenCount, this.summary?.unreadCount ?? 0);
    if (!this.#hasReadAll || this.summary?.newKey === undefined) return;
    this.#hasReadAll = false;
    this.newKey = this.summary.newKey;
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

  #createComposer(draft: Draft, onDraft: (draft: Draft) => void, threadOf?: string): ComposerState {
    const { core, clock, emoji } = this.#deps;
    return new ComposerState({
      core,
      clock,
      emoji,
      conversationId: this.id,
      ...(threadOf === undefined ? {} : { threadOf }),
      find: this.find,
      lastOwn: () =>
        (threadOf === undefined ? this.messages : (this.thread?.items ?? [])).findLast(isEditable),
      nameable: () => this.nameable,
      draft,
      onDraft,
      onHandedOver: () => {
        if (threadOf !== undefined) return;
        this.newKey = undefined;
        if (this.laterCount > 0) void this.jump.toLatest();
      },
    });
  }
}
