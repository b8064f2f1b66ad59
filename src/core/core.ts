/**
 * The core: commands in, events out, every effect through a port (ARCHITECTURE §4, §5). It runs in a
 * worker in browsers and is called directly in Node and in tests; the same code either way.
 */
import { err, ok, type Result } from '../base/result.ts';
import type { NetworkEvent, Verdict } from '../network/port.ts';
import { limits } from '../protocol/limits.ts';
import type {
  Command,
  CommandError,
  CommandResult,
  CommandValues,
  Core,
  CoreEvent,
  CoreState,
  Trouble,
  WindowMove,
} from './api.ts';
import type { Conversation } from './conversation/conversation.ts';
import { contentHandlers } from './commands/content-handlers.ts';
import type { CoreDeps } from './deps.ts';
import { commandErrorOf, troubleOf, type CoreFailure } from './failures.ts';
import { checkedName } from './checks.ts';
import { connectionHandlers } from './commands/connection-handlers.ts';
import { conversationHandlers } from './commands/conversation-handlers.ts';
import type { HandlerDeps, Handlers } from './commands/handlers.ts';
import { readInvite } from './invites/read-invite.ts';
import { fetchingHandlers } from './commands/fetching-handlers.ts';
import { lateHandlers } from './commands/late-handlers.ts';
import { memberHandlers } from './commands/member-handlers.ts';
import { ownHandlers } from './commands/own-handlers.ts';
import { peopleHandlers } from './commands/people-handlers.ts';
import { scheduledHandlers } from './commands/scheduled-handlers.ts';
import { keepSelf, makeSelf, openSelf, type MadeSelf, type Self } from './vault/me.ts';
import { HeardBefore } from './sync/heard-before.ts';
import { Relays } from './sync/relays.ts';
import { nobodysState, ownStateOf } from './screen/own-state.ts';
import { Screen } from './screen/screen.ts';
import { Session } from './session.ts';
import { connectionOf, contextOf, type NetworkStatus } from './screen/state-view.ts';
import { begin, type Begun, type Kept } from './start/begin.ts';
import { firstLookOf } from './start/first-look.ts';
import type { RunningCore } from './start/starting-core.ts';
import { Settings } from './vault/settings.ts';
import { needNothing } from './unopened.ts';
import type { ViewContext } from './conversation/views/view-context.ts';

/** Starts at once: loads what is stored, or goes on from there, then reaches for the network. */
export const createCore = (deps: CoreDeps, begun?: Begun): RunningCore =>
  new SottoCore(deps, begun);

class SottoCore implements Core {
  readonly #deps: CoreDeps;
  readonly #relays: Relays;
  readonly #screen: Screen;
  readonly #ready: Promise<void>;
  #phase: CoreState['phase'] = 'starting';
  /** [FP2] What is told while conversations are not there yet. */
  #look: CoreState | undefined;
  #session: Session | undefined;
  readonly #troubles = new Set<Trouble>();
  #isOnline = true;
  #isNetworkAsked = false;
  #isNetworkStarted = false;
  readonly #heardBefore = new HeardBefore();
  /** [NP11] Of somebody who may begin. */
  #made: Promise<MadeSelf> | undefined;
  #canWebRtc = true;
  #isRetryDue = false;
  /** [LZ12] What is read first need not be what was asked for last. */
  #lastTimelineAsked: Command | undefined;

  constructor(deps: CoreDeps, begun: Begun | undefined) {
    this.#deps = deps;
    this.#relays = new Relays(deps);
    this.#screen = new Screen({
      clock: deps.clock,
      state: () => this.#state(),
      session: () => this.#session,
      context: (session) => this.#context(session),
    });
    deps.storage.onLost((failure) => {
      this.#failed(failure);
    });
    this.#ready = this.#start(begun);
  }

  subscribe(listener: (event: CoreEvent) => void): () => void {
    return this.#screen.subscribe(listener);
  }

  async execute<C extends Command>(command: C): Promise<CommandResult<C>> {
    const { type } = command;
    if (type === 'OpenTimeline' || type === 'CloseTimeline') this.#lastTimelineAsked = command;
    await this.#ready;
    const handler = this.#handlers[command.type] as (
      own: C,
    ) => Promise<Result<CommandValues[C['type']], CommandError>>;
    await this.#session?.opener.awaited(command);
    const result = await handler(command);
    const id = 'conversationId' in command ? command.conversationId : undefined;
    if (needNothing.has(command.type)) this.#screen.stateChanged();
    else this.#screen.answered(id === undefined ? undefined : this.#session?.conversation(id));
    return result;
  }

  async close(): Promise<void> {
    await this.#deps.network.stop();
    await this.#session?.close();
    await this.#deps.storage.close();
  }

  // ------------------------------------------------------------- start

  async #start(already: Begun | undefined): Promise<void> {
    const begun = already ?? (await begin(this.#deps));
    if (!begun.ok) {
      this.#unusable(begun.error);
      return;
    }
    if (begun.value === undefined) {
      this.#phase = 'first-run';
      if (this.#deps.config.wasUsed === true) this.#troubles.add('storage-lost');
      this.#screen.stateChanged(0);
      return;
    }
    this.#look = firstLookOf(begun, this.#deps.config);
    const self = await openSelf(this.#deps, begun.value.stored);
    if (self === undefined) this.#unusable('damaged-record');
    else await this.#enter(self, { kept: begun.value });
  }

  #unusable(failure: CoreFailure): void {
    this.#phase = 'unusable';
    this.#failed(failure);
  }

  /** With an identity: everything is loaded, then the network may start. */
  async #enter(
    self: Self,
    { kept, invite }: { readonly kept?: Kept; readonly invite?: string | undefined },
  ): Promise<Result<undefined, CommandError>> {
    const screen = this.#screen;
    const session = new Session(this.#deps, self, {
      relays: this.#relays,
      settings: kept?.settings ?? new Settings(self.vault),
      host: {
        shown: screen.shown.bind(screen),
        opened: screen.opened.bind(screen),
        peersShown: screen.answered.bind(screen),
        arrived: screen.arrived.bind(screen),
        failed: (failure) => {
          this.#failed(failure);
        },
      },
    });
    this.#session = session;
    this.#heardBefore.tell(session);
    const loaded = await session.load(kept?.listed);
    if (!loaded.ok) {
      this.#unusable(loaded.error);
      return err(commandErrorOf(loaded.error));
    }
    if (invite !== undefined) {
      // What they came for is sought first, and while their own conversation is made; `Join` tells of it.
      await this.#relays.load(self.vault);
      await session.invites.followed.join(invite);
    }
    if (!session.hasSelf) {
      // Also after a crash between making the identity and its first conversation.
      const { identityId } = self.me.identity;
      const created = await session.createConversation({ kind: 'self', identityId });
      if (!created.ok) {
        this.#unusable(created.error); // the identity is stored: the next start goes on from here
        return err(commandErrorOf(created.error));
      }
    }
    this.#phase = 'ready';
    this.#screen.stateChanged(0);
    this.#startNetwork();
    void session.opener.all().then((opened) => {
      if (opened.ok) return;
      this.#phase = 'unusable';
      this.#failed(opened.error);
    });
    if (invite === undefined) await this.#relays.load(self.vault);
    return ok(undefined);
  }

  #startNetwork(): void {
    if (this.#isNetworkAsked) return;
    this.#isNetworkAsked = true;
    this.#deps.network.start({
      event: (event) => {
        this.#networkEvent(event);
      },
      gossip: (topic, frame, from): Promise<Verdict> =>
        this.#session?.gossip(topic, frame, from) ?? Promise.resolve('ignore'),
    });
  }

  /** [NP7] While they write their name the way to the page's own relays is there. */
  #beginForNewcomer(): void {
    this.#made ??= makeSelf(this.#deps);
    this.#startNetwork();
    this.#relays.apply();
  }

  #networkEvent(event: NetworkEvent): void {
    if (event.type === 'Started') {
      this.#isNetworkStarted = true;
      this.#canWebRtc = event.canWebRtc;
      if (!event.canWebRtc) this.#troubles.add('no-webrtc');
    }
    if (event.type === 'OnlineChanged') this.#isOnline = event.isOnline;
    if (event.type === 'RelayChanged') this.#relays.changed(event);
    if (this.#session === undefined) this.#heardBefore.note(event);
    else this.#session.networkEvent(event);
    // What frames change is told by whoever reads them: of a file there are thousands.
    const isFrame = event.type === 'FrameReceived' || event.type === 'BlobReceived';
    if (!isFrame) this.#screen.stateChanged();
  }

  // ------------------------------------------------------------- commands

  /** Before the handlers, which are made from it. */
  readonly #handlerDeps: HandlerDeps = {
    inSession: (act) => this.#withSession(act),
    inConversation: (id, act) => this.#withConversation(id, act),
    context: (session) => this.#context(session),
    screen: () => this.#screen,
    refused: (failure) => this.#refused(failure),
  };

  readonly #handlers: Handlers = {
    CreateIdentity: async ({ name, invite }) => {
      if (this.#phase !== 'first-run') return err('not-ready');
      const checked = checkedName(name);
      if (!checked.ok) return checked;
      this.#phase = 'starting';
      const made = await (this.#made ?? makeSelf(this.#deps));
      this.#made = undefined;
      const created = await keepSelf(this.#deps, made, checked.value);
      if (!created.ok) {
        this.#phase = 'first-run';
        this.#failed(created.error);
        return err(commandErrorOf(created.error));
      }
      const entered = await this.#enter(created.value, { invite });
      if (!entered.ok) return entered;
      this.#troubles.delete('storage-lost'); // has been said, and something is there again
      return this.#withSession((session) =>
        Promise.resolve(ok({ conversationId: session.self().id })),
      );
    },
    OpenTimeline: (command) =>
      this.#withConversation(command.conversationId, (conversation) => {
        const isWanted = command === this.#lastTimelineAsked; // or else somebody has gone on
        if (isWanted) this.#screen.open(conversation, command.key);
        return Promise.resolve(ok(undefined));
      }),
    ShowEarlier: (move) => this.#show(move),
    ShowLater: (move) => this.#show(move),
    ShowLatest: (move) => this.#show(move),
    ShowAround: (move) => this.#show(move),
    CloseTimeline: () => {
      this.#screen.close();
      return Promise.resolve(ok(undefined));
    },
    PrepareInvite: ({ target, isOpen, history = 'none', options }) =>
      this.#withSession(async (session) => {
        const { invites } = session;
        if (target.kind === 'direct') {
          return invites.prepare(undefined, { isOpen, history: 'none', options });
        }
        const conversation = session.conversation(target.conversationId);
        return conversation === undefined
          ? err('unknown-conversation')
          : invites.prepare(conversation, { isOpen, history, options });
      }),
    ...contentHandlers(this.#handlerDeps),
    ...lateHandlers(this.#handlerDeps),
    ...fetchingHandlers(this.#handlerDeps),
    ...conversationHandlers(this.#handlerDeps),
    ...peopleHandlers(this.#handlerDeps),
    ...connectionHandlers(this.#handlerDeps, () => this.#relays),
    ...memberHandlers(this.#handlerDeps.inConversation),
    ...scheduledHandlers(this.#handlerDeps.inConversation),
    ...ownHandlers(this.#handlerDeps),
    RevokeInvite: ({ inviteId }) =>
      this.#withSession((session) => session.invites.revoke(inviteId)),
    ReadInvite: async ({ link }) => {
      if (this.#session !== undefined) return this.#session.invites.followed.preview(link);
      const read = await readInvite(this.#deps, link);
      if (read.ok && this.#phase === 'first-run') this.#beginForNewcomer();
      return read;
    },
    Join: ({ link }) => this.#withSession((session) => session.invites.followed.join(link)),
    CancelJoin: ({ inviteId }) =>
      this.#withSession((session) => session.invites.followed.cancel(inviteId)),
    Decide: ({ requestId, isApproved }) =>
      this.#withSession((session) => session.invites.decide(requestId, isApproved)),
  };

  #show(move: WindowMove & { readonly conversationId: string }) {
    return this.#withConversation(move.conversationId, async (conversation) =>
      (await this.#screen.show(conversation, move)) ? ok(undefined) : err('unknown-message'),
    );
  }

  #withSession<T>(
    act: (session: Session) => Promise<Result<T, CommandError>>,
  ): Promise<Result<T, CommandError>> {
    const isReady = this.#session !== undefined && this.#phase === 'ready';
    return isReady && this.#session ? act(this.#session) : Promise.resolve(err('not-ready'));
  }

  #withConversation<T>(
    id: string,
    act: (conversation: Conversation, session: Session) => Promise<Result<T, CommandError>>,
  ): Promise<Result<T, CommandError>> {
    return this.#withSession((session) => {
      const conversation = session.conversation(id);
      return conversation === undefined
        ? Promise.resolve(err('unknown-conversation'))
        : act(conversation, session);
    });
  }

  // ------------------------------------------------------------- what is shown

  get #status(): NetworkStatus {
    return {
      isOnline: this.#isOnline,
      isStarted: this.#isNetworkStarted,
      canWebRtc: this.#canWebRtc,
      relays: this.#relays.views(),
    };
  }

  #context(session: Session): ViewContext {
    return contextOf(session, this.#status, this.#deps.clock.now());
  }

  #state(): CoreState {
    if (this.#phase === 'starting' && this.#look !== undefined) return this.#look;
    const session = this.#phase === 'ready' ? this.#session : undefined;
    const context = session && this.#context(session);
    const isMetered = session?.attachments.isMetered ?? false;
    return {
      ...(context === undefined ? nobodysState : ownStateOf(context, isMetered)),
      phase: this.#phase,
      conversations: session && context ? this.#screen.list(session, context) : [],
      requests: session?.invites.requests() ?? [],
      joins: session?.invites.followed.joins() ?? [],
      connection: connectionOf(session, this.#status),
      troubles: [...this.#troubles],
    };
  }

  // ------------------------------------------------------------- failures

  /** Shown at once, and tried again until it works (RELIABILITY I9). */
  #failed(failure: CoreFailure): void {
    this.#troubles.add(troubleOf(failure));
    this.#screen.stateChanged();
    if (this.#isRetryDue || this.#phase === 'unusable') return;
    this.#isRetryDue = true;
    this.#deps.clock.schedule(limits.storageRetryMs, () => {
      this.#isRetryDue = false;
      void this.#retry();
    });
  }

  async #retry(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const { vault } = session.deps;
    const probed = await vault.commit([vault.seal(['probe'], this.#deps.random.bytes(16))]);
    if (!probed.ok) {
      this.#failed(probed.error);
      return;
    }
    for (const trouble of this.#troubles) {
      if (trouble !== 'no-webrtc') this.#troubles.delete(trouble);
    }
    session.retry();
    this.#screen.stateChanged();
  }

  #refused(failure: CoreFailure): Result<never, CommandError> {
    if (failure !== 'too-many') this.#failed(failure);
    return err(commandErrorOf(failure));
  }
}
