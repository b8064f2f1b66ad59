/**
 * The state of the whole window: what the core last said, where the person is, what is open. Made
 * once in a composition root with `createAppState` and handed down by context.
 */
import type {
  CommandError,
  ConversationId,
  ConversationSummary,
  Core,
  CoreEvent,
  CoreState,
  InviteId,
  RequestId,
} from '../core/api.ts';
import { AnnouncerState } from './announcer.svelte.ts';
import type { MediaDeps, MediaState } from './attachments/media.svelte.ts';
import type { Draft } from './composer.svelte.ts';
import { ConversationState } from './conversation.svelte.ts';
import { EmojiState } from './emoji.svelte.ts';
import type { AppEnvironment, Tab } from './environment.ts';
import { InviteState } from './invite.svelte.ts';
import { JoinState } from './join.svelte.ts';
import { ConnectionsState } from './connections.svelte.ts';
import { LanguageState } from './language.svelte.ts';
import { MembersState } from './members.svelte.ts';
import { PanesState, type Panel } from './panes.svelte.ts';
import { PeopleState } from './people.svelte.ts';
import { RouteState, type Route } from './route.svelte.ts';
import { AppearanceState, ProfileState, RelaysState, StorageState } from './settings.svelte.ts';
import { startingState } from './starting-state.ts';

const tickMs = 5000;
/** A short gap is not worth a banner (UX.md §B5). */
const offlineBannerAfterMs = 3000;

export class AppState {
  core = $state.raw<CoreState>(startingState);
  tab = $state<Tab>('leader');
  nowMs = $state(0);
  panel = $state<Panel | undefined>(undefined);
  /** Beside the conversation, where there is room for it; on a phone it is a pane of its own. */
  isDetailsOpen = $state(false);
  isNewMenuOpen = $state(false);
  isNewMenuWanted = $state(false);
  hasOfflineBanner = $state(false);
  conversation = $state.raw<ConversationState | undefined>(undefined);
  /** Pictures, voices and files: its code comes with the first one that is shown. */
  media = $state.raw<MediaState | undefined>(undefined);
  requestProblem = $state<CommandError | undefined>(undefined);

  readonly route: RouteState;
  readonly panes: PanesState;
  readonly invite: InviteState;
  readonly join: JoinState;
  readonly members: MembersState;
  readonly people: PeopleState;
  readonly announcer: AnnouncerState;
  readonly emoji: EmojiState;
  readonly appearance: AppearanceState;
  readonly language: LanguageState;
  readonly profile: ProfileState;
  readonly relays: RelaysState;
  readonly storage: StorageState;
  readonly connections: ConnectionsState;
  readonly environment: AppEnvironment;

  readonly unreadCount = $derived.by(() =>
    this.#listed
      .filter(({ isMuted, isArchived, isRequest }) => !isMuted && !isArchived && !isRequest)
      .reduce((sum, conversation) => sum + conversation.unreadCount, 0),
  );
  readonly #listed = $derived.by(() => this.core.conversations); // most states are about others
  readonly #newestFirst = $derived.by(() =>
    this.#listed.toSorted((a, b) => b.activeAtMs - a.activeAtMs),
  );
  readonly sortedConversations = $derived.by(() =>
    this.#newestFirst.filter(({ isArchived, isRequest }) => !isArchived && !isRequest),
  );
  readonly archivedConversations = $derived.by(() =>
    this.#newestFirst.filter(({ isArchived, isRequest }) => isArchived && !isRequest),
  );
  /** What strangers began; each has a card, and no row. */
  readonly strangers = $derived.by(() => this.#newestFirst.filter(({ isRequest }) => isRequest));
  /** Those about the invite whose dialog is open stand there; the others in the list. */
  readonly listRequests = $derived.by(() =>
    this.core.requests.filter((request) => request.inviteId !== this.invite.view?.inviteId),
  );
  readonly openJoins = $derived.by(() => this.core.joins.filter((join) => join.stage !== 'joined'));

  /** A dialog has the keyboard. */
  readonly hasDialog = $derived.by(
    () =>
      this.panel !== undefined ||
      this.invite.target !== undefined ||
      this.join.link !== undefined ||
      this.members.asked !== undefined ||
      this.conversation?.acts.asked !== undefined ||
      this.emoji.target !== undefined ||
      this.people.asked !== undefined ||
      this.media?.hasDialog === true ||
      this.isNewMenuOpen,
  );

  readonly #core: Core;
  /** Typed in this session; the stored ones come with the core's state a little later. */
  readonly #drafts = new Map<ConversationId, Draft>();
  readonly #places = new Map<ConversationId, ConversationState['place']>();
  #isWindowActive = false;
  #stopOffline: (() => void) | undefined;

  constructor(core: Core, environment: AppEnvironment) {
    this.#core = core;
    this.environment = environment;
    this.nowMs = environment.clock.now();
    this.panes = new PanesState(environment.preferences);
    this.invite = new InviteState(core, (text) => environment.copyText(text));
    this.members = new MembersState(core, (id) => {
      this.openConversation(id);
    });
    this.people = new PeopleState(core, {
      open: this.openConversation,
      onDeleted: (id) => {
        if (this.conversation?.id === id) this.route.replace({ screen: 'home' });
      },
    });
    this.join = new JoinState({
      core,
      onJoining: (inviteId) => {
        this.route.go({ screen: 'join', inviteId });
      },
    });
    this.announcer = new AnnouncerState(environment.clock);
    this.emoji = new EmojiState({
      preferences: environment.preferences,
      language: () => this.language.current,
      load: (language) => environment.loadEmoji(language),
    });
    this.appearance = new AppearanceState(environment.preferences, (look) => {
      environment.applyLook(look);
    });
    this.language = new LanguageState(environment);
    this.profile = new ProfileState(core);
    this.relays = new RelaysState(core, () => this.core.connection.relays);
    this.storage = new StorageState(environment.storageMeter);
    this.connections = new ConnectionsState({
      core,
      clock: environment.clock,
      copyText: (text) => environment.copyText(text),
      about: environment,
    });
    this.route = new RouteState(environment.addressBar, {
      onChange: (route) => {
        this.#leaveThread(route);
        this.#followRoute(route);
      },
      onInvite: (link) => void this.join.open(link),
    });
    core.subscribe(this.#receive);
    this.#tick();
  }

  get hasDetails(): boolean {
    const route = this.route.current;
    if (route.screen !== 'conversation') return false;
    return route.hasDetails || (this.isDetailsOpen && !this.environment.isNarrow());
  }

  /** From the composition root: this tab runs Sotto, or another one does. */
  readonly setTab = (tab: Tab): void => {
    this.tab = tab;
    if (tab === 'leader') return;
    // Its core goes away; the next one knows nothing of what is open here.
    this.conversation?.close();
    this.conversation = undefined;
    this.core = startingState;
  };

  /** The one there is, or the first. */
  readonly openMedia = (create: (deps: MediaDeps) => MediaState): MediaState =>
    (this.media ??= create({ core: this.#core, preferences: this.environment.preferences }));

  readonly useHere = (): void => {
    this.environment.useHere();
  };

  /** The window has the focus and is visible: messages on screen are being read. */
  readonly setWindowActive = (isActive: boolean): void => {
    this.#isWindowActive = isActive;
    this.conversation?.showActive(isActive);
  };

  readonly summaryOf = (id: ConversationId): ConversationSummary | undefined =>
    this.core.conversations.find((conversation) => conversation.id === id);

  readonly openConversation = (id: ConversationId): void => {
    this.route.go({ screen: 'conversation', id, hasDetails: false });
  };

  readonly openNewMenu = (): void => {
    this.isNewMenuWanted = true;
    this.isNewMenuOpen = true;
  };

  /** First run without an invite: an identity, then a place to write at once. */
  readonly start = async (name: string): Promise<CommandError | undefined> => {
    const result = await this.#core.execute({ type: 'CreateIdentity', name: name.trim() });
    if (!result.ok) return result.error;
    this.openConversation(result.value.conversationId);
    return undefined;
  };

  readonly createGroup = async (name: string): Promise<CommandError | undefined> => {
    const result = await this.#core.execute({ type: 'CreateGroup', name: name.trim() });
    if (!result.ok) return result.error;
    this.panel = undefined;
    this.openConversation(result.value.conversationId);
    return undefined;
  };

  readonly decide = async (requestId: RequestId, isApproved: boolean): Promise<void> => {
    const result = await this.#core.execute({ type: 'Decide', requestId, isApproved });
    this.requestProblem = result.ok ? undefined : result.error;
    // A direct invite is used up by a yes; the new conversation is what comes next.
    if (result.ok && isApproved && this.invite.target?.kind === 'direct') this.invite.close();
  };

  readonly revokeInvite = async (inviteId: InviteId): Promise<CommandError | undefined> => {
    const result = await this.#core.execute({ type: 'RevokeInvite', inviteId });
    return result.ok ? undefined : result.error;
  };

  readonly cancelJoin = async (inviteId: InviteId): Promise<void> => {
    await this.#core.execute({ type: 'CancelJoin', inviteId });
    this.route.replace({ screen: 'home' });
  };

  /** Shows one message of the open conversation closely. */
  readonly inspect = async (key: string): Promise<void> => {
    await this.conversation?.inspect(key);
    this.panel = 'message-details';
  };

  /** What was picked goes where the picker was opened for. */
  readonly pickEmoji = (emoji: string): void => {
    const { target } = this.emoji;
    const { conversation } = this;
    this.emoji.remember(emoji);
    this.emoji.close();
    if (target === undefined || conversation === undefined) return;
    if (target.kind === 'write') {
      const composer = target.isThread ? conversation.thread?.composer : conversation.composer;
      composer?.insert(emoji);
      return;
    }
    const item = conversation.find(target.key);
    if (item !== undefined) void conversation.acts.react(item, emoji);
  };

  readonly toggleDetails = (): void => {
    const route = this.route.current;
    if (route.screen !== 'conversation') return;
    if (this.environment.isNarrow()) {
      if (route.hasDetails) this.route.back({ ...route, hasDetails: false });
      else this.route.go({ ...route, hasDetails: true });
      return;
    }
    const isOpen = this.hasDetails;
    // They were opened on a screen that has grown since.
    if (route.hasDetails) this.route.replace({ ...route, hasDetails: false });
    this.isDetailsOpen = !isOpen;
  };

  readonly #receive = (event: CoreEvent): void => {
    if (this.tab === 'other') return; // The last words of a core that makes way.
    switch (event.type) {
      case 'StateChanged':
        this.#takeState(event.state);
        break;
      case 'TimelineSpliced':
        if (event.conversationId === this.conversation?.id) this.conversation.splice(event);
        break;
      case 'DetailsChanged':
        if (event.details.conversationId === this.conversation?.id) {
          this.conversation.details = event.details;
        }
        break;
      case 'ThreadChanged':
        if (event.conversationId === this.conversation?.id) this.conversation.takeThread(event);
        break;
      case 'MessageArrived':
        if (event.conversationId === this.conversation?.id) this.announcer.announce(event.item);
        break;
    }
  };

  #takeState(state: CoreState): void {
    const isFirstReady = state.phase === 'ready' && this.core.phase !== 'ready';
    this.core = state;
    this.nowMs = this.environment.clock.now();
    this.#watchOffline(state.connection.isOnline);
    this.environment.showUnread(this.unreadCount);
    this.#followJoin();
    if (isFirstReady) this.#chooseFirst();
    this.#followRoute(this.route.current);
    this.conversation?.considerRead();
    const inspected = this.panel === 'message-details' ? this.conversation?.inspected : undefined;
    if (inspected !== undefined) void this.conversation?.inspect(inspected.item.key);
  }

  /** With room for two panes the newest conversation is open from the start. */
  #chooseFirst(): void {
    const [newest] = this.sortedConversations;
    if (newest === undefined || this.environment.isNarrow()) return;
    // Who is joining goes there next.
    if (this.route.current.screen !== 'home' || this.join.isBusy) return;
    this.route.replace({ screen: 'conversation', id: newest.id, hasDetails: false });
  }

  readonly #followRoute = (route: Route): void => {
    const id = route.screen === 'conversation' ? route.id : undefined;
    if (id === this.conversation?.id) return;
    if (id !== undefined && this.summaryOf(id) === undefined) return;
    this.conversation?.close();
    this.announcer.clear();
    if (id === undefined) {
      this.conversation = undefined;
      void this.#core.execute({ type: 'CloseTimeline' });
    } else {
      this.conversation = this.#createConversation(id);
      void this.conversation.open();
    }
  };

  /** By the system's back. */
  #leaveThread(route: Route): void {
    const isStaying = route.screen === 'conversation' && route.id === this.conversation?.id;
    if (!isStaying || route.hasThread === true || !this.environment.isNarrow()) return;
    if (this.conversation?.thread !== undefined) this.conversation.closeThread();
  }

  /** On a phone a thread is a pane, so that "back" leads out of it. */
  readonly #showThread = (isOpen: boolean): void => {
    const route = this.route.current;
    if (route.screen !== 'conversation' || route.hasThread === isOpen) return;
    if (!isOpen && route.hasThread === true) this.route.back({ ...route, hasThread: false });
    else if (isOpen && this.environment.isNarrow()) this.route.go({ ...route, hasThread: true });
  };

  #createConversation(id: ConversationId): ConversationState {
    const conversation = new ConversationState(id, {
      core: this.#core,
      clock: this.environment.clock,
      summary: () => this.summaryOf(id),
      nowMs: () => this.nowMs,
      draft: this.#drafts.get(id) ?? {
        text: this.summaryOf(id)?.draft ?? '',
        replyTo: this.summaryOf(id)?.draftReplyTo,
      },
      onDraft: (draft) => this.#drafts.set(id, draft),
      emoji: this.emoji,
      onThread: this.#showThread,
      place: this.#places.get(id),
      onLeave: (place) => this.#places.set(id, place),
    });
    conversation.showActive(this.#isWindowActive);
    return conversation;
  }

  /** Whoever waits for a yes is taken into the conversation when it comes. */
  #followJoin(): void {
    const route = this.route.current;
    if (route.screen !== 'join') return;
    const join = this.core.joins.find((other) => other.inviteId === route.inviteId);
    const id = join?.conversationId;
    if (join?.stage !== 'joined' || id === undefined || this.summaryOf(id) === undefined) return;
    this.route.replace({ screen: 'conversation', id, hasDetails: false });
  }

  #watchOffline(isOnline: boolean): void {
    if (isOnline) {
      this.#stopOffline?.();
      this.#stopOffline = undefined;
      this.hasOfflineBanner = false;
    } else {
      this.#stopOffline ??= this.environment.clock.schedule(offlineBannerAfterMs, () => {
        this.hasOfflineBanner = true;
      });
    }
  }

  readonly #tick = (): void => {
    this.nowMs = this.environment.clock.now();
    this.environment.clock.schedule(tickMs, this.#tick);
  };
}

/** The one state of a window. The first `StateChanged` is expected soon after it subscribes. */
export const createAppState = (core: Core, environment: AppEnvironment): AppState =>
  new AppState(core, environment);
