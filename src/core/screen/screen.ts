/** What the interface was told and when: the small state, the open timeline, arrivals. */
import { err, ok, type Result } from '../../base/result.ts';
import type { Clock } from '../../platform/port.ts';
import { limits } from '../../protocol/limits.ts';
import type { CoreEvent, CoreState, WindowMove } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { ProjectedMessage } from '../conversation/reading/projection.ts';
import { rootFor, Thread } from '../conversation/views/thread.ts';
import type { Session } from '../session.ts';
import { Timeline } from '../conversation/views/timeline.ts';
import { Summaries } from './summaries.ts';
import { detailsOf } from '../conversation/views/conversation-view.ts';
import { messageItem } from '../conversation/views/message-view.ts';
import type { ViewContext } from '../conversation/views/view-context.ts';

export interface ScreenInput {
  readonly clock: Clock;
  readonly state: () => CoreState;
  /** Undefined before there is an identity. */
  readonly session: () => Session | undefined;
  readonly context: (session: Session) => ViewContext;
}

export class Screen {
  readonly #input: ScreenInput;
  readonly #listeners = new Set<(event: CoreEvent) => void>();
  #timeline: Timeline | undefined;
  /** Of the open conversation. */
  #thread: Thread | undefined;
  readonly #summaries: Summaries;
  #stateDue: { readonly withinMs: number; readonly cancel: () => void } | undefined;
  /** A moment ago it was told; something of it has changed since. */
  #timelineLately: 'told' | 'changed' | undefined;

  constructor(input: ScreenInput) {
    this.#input = input;
    this.#summaries = new Summaries(input.clock);
  }

  subscribe(listener: (event: CoreEvent) => void): () => void {
    this.#listeners.add(listener);
    this.stateChanged();
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** At the end, or around a message. */
  open(conversation: Conversation, key?: string): void {
    const session = this.#input.session();
    if (session === undefined) return;
    this.#thread = undefined;
    this.#timeline = new Timeline(conversation, (event) => {
      this.#emit(event);
    });
    this.#timeline.open(this.#input.context(session), key);
  }

  /** Moves the window of the open timeline. False: there is no such message to show. */
  async show(conversation: Conversation, move: WindowMove): Promise<boolean> {
    const { opening } = conversation;
    let isThere = this.#move(conversation, move);
    // What is wanted may still be on its way from disk. What broke on it never comes.
    while (!isThere && opening.isUnderWay && conversation.errorId === undefined) {
      await opening.more();
      isThere = this.#move(conversation, move);
    }
    return isThere;
  }

  close(): void {
    this.#timeline = undefined;
    this.#thread = undefined;
  }

  openThread(
    conversation: Conversation,
    key: string,
  ): Result<undefined, 'unknown-conversation' | 'unknown-message'> {
    if (this.#timeline?.conversation !== conversation) return err('unknown-conversation');
    const root = rootFor(conversation, key);
    if (root === undefined) return err('unknown-message');
    this.#thread = new Thread(conversation, root, (event) => {
      this.#emit(event);
    });
    this.#refreshTimeline();
    return ok(undefined);
  }

  closeThread(): void {
    this.#thread = undefined;
  }

  /** What the list shows now. */
  list(session: Session, context: ViewContext): CoreState['conversations'] {
    return this.#summaries.list(session, context);
  }

  /** A command was answered, or peers came or went; undefined: it is about no conversation alone. */
  answered(conversation: Conversation | undefined): void {
    this.#summaries.changed(conversation);
    this.stateChanged();
  }

  /** Something of this conversation, or of the rest, may look different. */
  shown(conversation: Conversation | undefined, withinMs?: number): void {
    if (conversation !== undefined) this.#summaries.changed(conversation);
    if (!this.#isUnopened(conversation)) this.stateChanged(withinMs);
    if (conversation === undefined || this.#timeline?.shows(conversation) !== true) return;
    this.#timelineChanged();
  }

  /** [LZ1] Until it is open the list shows it as it was kept. */
  #isUnopened(conversation: Conversation | undefined): boolean {
    const opener = this.#input.session()?.opener;
    return conversation !== undefined && opener?.find(conversation.id) === conversation;
  }

  /** It is read, and the next one right behind it: the list says hardly anything else than before. */
  opened(conversation: Conversation): void {
    if (this.#timeline?.shows(conversation) === true) {
      this.shown(conversation);
      return;
    }
    this.#summaries.changed(conversation);
    this.stateChanged(limits.openedTellMs);
  }

  /** The first change shows at once; those right behind it together. */
  #timelineChanged(): void {
    if (this.#timelineLately !== undefined) {
      this.#timelineLately = 'changed';
      return;
    }
    this.#timelineLately = 'told';
    this.#refreshTimeline();
    this.#input.clock.schedule(limits.timelineDelayMs, () => {
      const isDue = this.#timelineLately === 'changed';
      this.#timelineLately = undefined;
      if (isDue) this.#timelineChanged();
    });
  }

  arrived(conversation: Conversation, message: ProjectedMessage): void {
    const session = this.#input.session();
    if (session === undefined) return;
    // [BK1] Nobody is called for the sake of who is blocked, or of who is no contact yet.
    if (session.settings.isBlocked(message.authorHex) || conversation.isRequest) return;
    const item = messageItem(conversation, message, this.#input.context(session));
    this.#emit({ type: 'MessageArrived', conversationId: conversation.id, item });
  }

  /** Told soon, and many changes at once. */
  stateChanged(withinMs: number = limits.stateDelayMs): void {
    if (this.#stateDue !== undefined && this.#stateDue.withinMs <= withinMs) return;
    this.#stateDue?.cancel();
    const cancel = this.#input.clock.schedule(withinMs, () => {
      this.#stateDue = undefined;
      this.#emit({ type: 'StateChanged', state: this.#input.state() });
      this.#emitDetails();
    });
    this.#stateDue = { withinMs, cancel };
  }

  #move(conversation: Conversation, move: WindowMove): boolean {
    const session = this.#input.session();
    const timeline = this.#timeline;
    const isOpen = session !== undefined && timeline?.conversation === conversation;
    return !isOpen || timeline.show(move, this.#input.context(session));
  }

  #refreshTimeline(): void {
    const session = this.#input.session();
    if (session === undefined) return;
    const context = this.#input.context(session);
    this.#timeline?.refresh(context);
    this.#thread?.refresh(context);
  }

  #emitDetails(): void {
    const session = this.#input.session();
    const conversation = this.#timeline?.conversation;
    if (session === undefined || conversation === undefined) return;
    if (conversation.opening.isUnderWay) return; // it would count what is not all there
    const invites = session.invites.views(conversation.kind === 'self' ? undefined : conversation);
    const scheduled = session.scheduled.of(conversation);
    const details = detailsOf(conversation, { invites, scheduled }, this.#input.context(session));
    this.#emit({ type: 'DetailsChanged', details });
  }

  #emit(event: CoreEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
