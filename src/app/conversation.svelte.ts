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
} from '../core/api.ts';
import { ComposerState, type Draft } from './composer.svelte.ts';
import type { EmojiState } from './emoji.svelte.ts';
import type { AppClock } from './environment.ts';
import { JumpState } from './jump.svelte.ts';
import { MessageActs } from './message-acts.svelte.ts';
import { SelectionState } from './selection.svelte.ts';
import { t } from './text/t.ts';
import { ThreadState } from './thread.svelte.ts';
import { createTimelineRows } from './timeline-rows.ts';

/** A message counts as read when it was in sight this long (UX.md §B4). */
const readAfterMs = 1000;
/** Items on screen, beyond which a reader at the end lets go of those far above. */
const followedMax = 400;
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

/** Where the reader was, by what stood at the top of the screen. */
export interface ReadingPlace {
  readonly key: string;
  readonly offsetPx: number;
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
  /** Called as its timeline goes off the screen. */
  readonly leave: (place: ReadingPlace | undefined) => void;
  items = $state.raw<ReadonlyArray<TimelineItem>>([]);
  earlierCount = $state(0);
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
  /** By others, below what is on screen. */
  unseenCount = $state(0);
  isAtBottom = $state(true);

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
  #isWindowActive = false;
  #isLoadingEarlier = false;
  #isLettingGo = false;
  /** Since the last message came: the next unread one moves the line. */
  #hasReadAll = false;
  #stopRead: (() => void) | undefined;

  constructor(id: ConversationId, deps: ConversationDeps) {
    this.id = id;
    this.#deps = deps;
    this.place = deps.place;
    this.leave = deps.onLeave;
    this.acts = new MessageActs(deps.core, id);
    this.selection = new SelectionState(() => this.messages);
    this.composer = this.#createComposer(deps.draft, deps.onDraft);
    this.jump = new JumpState({
      clock: deps.clock,
      isShown: (key) => this.items.some((item) => item.key === key),
      showEarlier: () => this.#showEarlier(),
    });
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
  readonly showTop = (isNear: boolean): void => {
    if (isNear) void this.#showEarlier();
  };

  readonly showBottom = (isAtBottom: boolean): void => {
    this.isAtBottom = isAtBottom;
    if (isAtBottom) this.unseenCount = 0;
    if (isAtBottom && this.jump.highlighted === undefined) this.jump.forget();
    this.considerRead();
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
    if (!this.isLoaded) this.newKey = this.#firstNew();
    else if (isAppended) this.#countUnseen(event.inserted);
    this.isLoaded = true;
    this.considerRead();
    void this.#letGo();
  }

  /** Left for another conversation. */
  close(): void {
    this.#stopRead?.();
    this.composer.close();
    if (this.thread !== undefined) this.closeThread();
  }

  /** False: nothing is before these, or it is on its way already. */
  async #showEarlier(): Promise<boolean> {
    if (this.#isLoadingEarlier || this.earlierCount === 0) return false;
    this.#isLoadingEarlier = true;
    const result = await this.#deps.core.execute({ type: 'ShowEarlier', conversationId: this.id });
    this.#isLoadingEarlier = false;
    return result.ok;
  }

  /** Who follows a long talk does not carry all of it along. */
  async #letGo(): Promise<void> {
    const isNear = this.isAtBottom && !this.jump.isUnderWay;
    if (this.#isLettingGo || !isNear || this.items.length <= followedMax) return;
    this.#isLettingGo = true;
    await this.#deps.core.execute({ type: 'ShowLatest', conversationId: this.id });
    this.#isLettingGo = false;
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
        if (threadOf === undefined) this.newKey = undefined;
      },
    });
  }
}
