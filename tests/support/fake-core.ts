/**
 * A core without cryptography, storage or network, for tests of the interface: it answers commands
 * from memory, and the test plays the other people through its further methods.
 */
import { err, ok } from '../../src/base/result.ts';
import type {
  Closed,
  Command,
  CommandError,
  CommandResult,
  CommandValues,
  ConnectionView,
  ConversationDetails,
  ConversationId,
  ConversationKind,
  ConversationSummary,
  Core,
  CoreEvent,
  CoreState,
  Delivery,
  InviteView,
  JoinRequest,
  JoinView,
  MemberView,
  MessageItem,
  Notice,
  Person,
  TimelineItem,
  TruthLine,
} from '../../src/core/api.ts';
import { inspectFake, safetyOfFake } from './fake-holders.ts';

const windowSize = 200;

export const usualInvite = { level: 'member', usesMax: 256, lifeMs: 7 * 24 * 3600 * 1000 } as const;

/** Somebody in a conversation, to whom nothing can be done unless the test says so. */
export const memberOf = (
  person: Person,
  level: MemberView['level'],
  permits: Partial<MemberView['permits']> = {},
): MemberView => ({
  person,
  level,
  presence: { kind: 'unknown' },
  deviceCount: 1,
  troubles: [],
  permits: { levels: [], mayRemove: false, mayRegroup: false, ...permits },
});

export interface FakeConversation {
  id: ConversationId;
  kind: ConversationKind;
  name: string;
  items: TimelineItem[];
  members: MemberView[];
  invites: InviteView[];
  draft: string;
  unreadCount: number;
  truth: TruthLine;
  failure?: { errorId: string };
  closed?: Closed;
}

export interface FakeOptions {
  readonly now: () => number;
  /** Undefined: the first run. */
  readonly me?: Person;
  readonly conversations?: ReadonlyArray<FakeConversation>;
}

type Value = CommandValues[keyof CommandValues];

export class FakeCore implements Core {
  readonly #now: () => number;
  readonly #listeners = new Set<(event: CoreEvent) => void>();
  readonly conversations: FakeConversation[];
  me: Person | undefined;
  requests: JoinRequest[] = [];
  joins: JoinView[] = [];
  troubles: CoreState['troubles'] = [];
  phase: CoreState['phase'];
  connection: ConnectionView = {
    isOnline: true,
    isStarted: true,
    canWebRtc: true,
    relays: [],
    directCount: 0,
    relayedCount: 0,
  };
  /** What the next command of this type answers instead. */
  readonly refusals = new Map<Command['type'], CommandError>();
  /** Commands as they came, without the drafts. */
  readonly log: Command[] = [];
  /** Held back while set: to see what the interface shows before an answer. */
  gate: Promise<void> | undefined;
  #openId: ConversationId | undefined;
  #shownFrom = 0;
  #serial = 0;

  constructor(options: FakeOptions) {
    this.#now = options.now;
    this.me = options.me;
    this.conversations = [...(options.conversations ?? [])];
    this.phase = options.me === undefined ? 'first-run' : 'ready';
  }

  subscribe(listener: (event: CoreEvent) => void): () => void {
    this.#listeners.add(listener);
    queueMicrotask(() => {
      listener({ type: 'StateChanged', state: this.#state() });
    });
    return () => this.#listeners.delete(listener);
  }

  async execute<C extends Command>(command: C): Promise<CommandResult<C>> {
    if (command.type !== 'SaveDraft') this.log.push(command);
    await this.gate;
    const refusal = this.refusals.get(command.type);
    this.refusals.delete(command.type);
    const result = refusal === undefined ? this.#answer(command) : err(refusal);
    return result as CommandResult<C>;
  }

  // ---------------------------------------------------------------- the others

  /** Sends the whole state, as the core does after every change. */
  changed(): void {
    this.#emit({ type: 'StateChanged', state: this.#state() });
    if (this.#openId !== undefined) this.#details(this.#find(this.#openId));
  }

  receive(id: ConversationId, author: Person, text: string): void {
    const item: MessageItem = {
      type: 'message',
      key: this.#key('m'),
      author,
      text,
      sentAtMs: this.#now(),
      arrivedAtMs: this.#now(),
      isEdited: false,
      delivery: undefined,
    };
    const conversation = this.#find(id);
    conversation.unreadCount += 1;
    this.#append(conversation, item);
    this.#emit({ type: 'MessageArrived', conversationId: id, item });
    this.changed();
  }

  /** A line about the conversation itself. */
  addNotice(id: ConversationId, notice: Notice): void {
    this.#append(this.#find(id), {
      type: 'notice',
      key: this.#key('n'),
      notice,
      atMs: this.#now(),
    });
  }

  setDelivery(id: ConversationId, key: string, delivery: Delivery): void {
    const conversation = this.#find(id);
    const at = conversation.items.findIndex((item) => item.key === key);
    const item = conversation.items[at];
    if (item?.type !== 'message') throw new Error('no such message');
    const changed = { ...item, delivery };
    conversation.items[at] = changed;
    if (id === this.#openId)
      this.#splice(id, { at: at - this.#shownFrom, removedCount: 1, inserted: [changed] });
    this.changed();
  }

  lastOwnKey(id: ConversationId): string {
    const own = this.#find(id).items.findLast(
      (item) => item.type === 'message' && item.author.isMe,
    );
    if (own === undefined) throw new Error('nothing of mine here');
    return own.key;
  }

  // ---------------------------------------------------------------- commands

  #answer(command: Command): ReturnType<typeof ok<Value>> | ReturnType<typeof err<CommandError>> {
    switch (command.type) {
      case 'CreateIdentity':
      case 'Rename':
        return this.#name(command);
      case 'CreateGroup':
        return ok({ conversationId: this.add('group', command.name).id });
      case 'SendMessage':
        return this.#send(command.conversationId, command.text);
      case 'OpenTimeline':
        return this.#open(command.conversationId);
      case 'ShowEarlier':
        return this.#showEarlier(command.conversationId);
      case 'ShowLatest':
        return this.#showLatest(command.conversationId);
      case 'CloseTimeline':
        this.#openId = undefined;
        return ok(undefined);
      case 'InspectMessage':
        return inspectFake(this.#find(command.conversationId), command.key);
      case 'MarkRead':
        this.#find(command.conversationId).unreadCount = 0;
        break;
      case 'SaveDraft':
        this.#find(command.conversationId).draft = command.text;
        break;
      case 'PrepareInvite':
        return ok(this.#prepare(command));
      case 'RevokeInvite':
        for (const conversation of this.conversations) {
          conversation.invites = conversation.invites.filter(
            (invite) => invite.inviteId !== command.inviteId,
          );
        }
        break;
      case 'SetLevel':
      case 'Remove':
        return this.#changeMember(command);
      case 'Leave':
        this.#find(command.conversationId).closed = { kind: 'left' };
        break;
      case 'NewGroupWithout':
        return ok({
          conversationId: this.add('group', this.#find(command.conversationId).name).id,
        });
      case 'ReadInvite':
        return this.#read(command.link);
      case 'Join':
        return this.#join();
      case 'CancelJoin':
        this.joins = this.joins.filter((join) => join.inviteId !== command.inviteId);
        break;
      case 'Decide':
        this.requests = this.requests.filter((other) => other.requestId !== command.requestId);
        break;
      case 'EraseMessages':
      case 'SetOwnRelays':
        break;
      case 'SetRelays':
        return this.#setRelays(command.addresses);
    }
    this.changed();
    return ok(undefined);
  }

  add(kind: ConversationKind, name: string): FakeConversation {
    const me = this.me;
    if (me === undefined) throw new Error('nobody is here');
    const conversation: FakeConversation = {
      id: this.#key('c'),
      kind,
      name,
      items:
        kind === 'group'
          ? [
              {
                type: 'notice',
                key: this.#key('n'),
                notice: { kind: 'created', by: me },
                atMs: this.#now(),
              },
            ]
          : [],
      members: [memberOf(me, 'owner')],
      invites: [],
      draft: '',
      unreadCount: 0,
      truth: kind === 'self' ? { kind: 'only-you' } : { kind: 'alone' },
    };
    this.conversations.push(conversation);
    this.changed();
    return conversation;
  }

  #changeMember(command: Extract<Command, { type: 'SetLevel' | 'Remove' }>) {
    const conversation = this.#find(command.conversationId);
    const member = conversation.members.find(({ person }) => person.id === command.personId);
    if (member === undefined || this.me === undefined) return err('unknown-person' as const);
    const { person: who } = member;
    const by = this.me;
    const others = conversation.members.filter((other) => other !== member);
    const isRemoved = command.type === 'Remove';
    conversation.members = isRemoved ? others : [...others, { ...member, level: command.level }];
    const notice: Notice = isRemoved
      ? { kind: 'removed', by, who }
      : { kind: 'level', by, who, level: command.level };
    this.#append(conversation, { type: 'notice', key: this.#key('n'), notice, atMs: this.#now() });
    this.#details(conversation);
    this.changed();
    return ok(undefined);
  }

  #name(command: { readonly type: string; readonly name: string }) {
    if (command.name === '') return err('empty' as const);
    this.me = { id: this.me?.id ?? 'me', name: command.name, isMe: true };
    if (command.type === 'Rename') {
      this.changed();
      return ok(undefined);
    }
    this.phase = 'ready';
    return ok({ conversationId: this.add('self', '').id });
  }

  #send(id: ConversationId, text: string) {
    if (this.me === undefined) return err('not-ready' as const);
    const conversation = this.#find(id);
    const peopleCount = conversation.members.length - 1;
    const item: MessageItem = {
      type: 'message',
      key: this.#key('m'),
      author: this.me,
      text,
      sentAtMs: this.#now(),
      arrivedAtMs: undefined,
      isEdited: false,
      delivery: { state: 'saved', haveCount: 0, peopleCount },
    };
    this.#append(conversation, item);
    this.changed();
    return ok({ key: item.key });
  }

  #open(id: ConversationId) {
    const conversation = this.#find(id);
    this.#openId = id;
    this.#shownFrom = Math.max(0, conversation.items.length - windowSize);
    this.#emit({
      type: 'TimelineSpliced',
      conversationId: id,
      isReset: true,
      at: 0,
      removedCount: 0,
      inserted: conversation.items.slice(this.#shownFrom),
      earlierCount: this.#shownFrom,
    });
    this.#details(conversation);
    return ok(undefined);
  }

  #showEarlier(id: ConversationId) {
    const from = Math.max(0, this.#shownFrom - windowSize);
    const inserted = this.#find(id).items.slice(from, this.#shownFrom);
    this.#shownFrom = from;
    this.#splice(id, { at: 0, removedCount: 0, inserted });
    return ok(undefined);
  }

  #showLatest(id: ConversationId) {
    const from = Math.max(0, this.#find(id).items.length - windowSize);
    const removedCount = Math.max(0, from - this.#shownFrom);
    this.#shownFrom += removedCount;
    if (removedCount > 0) this.#splice(id, { at: 0, removedCount, inserted: [] });
    return ok(undefined);
  }

  #prepare(command: Extract<Command, { type: 'PrepareInvite' }>): InviteView {
    const { target, isOpen, history = 'none', options = usualInvite } = command;
    const conversationId = target.kind === 'direct' ? undefined : target.conversationId;
    const invite: InviteView = {
      inviteId: this.#key('i'),
      conversationId,
      link: `https://sotto.example/#/i/${'abcdefghijklmnopqrstuvwxyz012345'.repeat(4)}${history === 'all' ? 'h' : ''}${isOpen ? 'o' : 'a'}`,
      isOpen,
      history,
      expiresAtMs: this.#now() + options.lifeMs,
      stage: 'waiting',
      options,
    };
    if (conversationId !== undefined) {
      const conversation = this.#find(conversationId);
      conversation.invites.push(invite);
      this.#details(conversation);
    }
    return invite;
  }

  #read(link: string) {
    const problem = /#\/i\/(mangled|newer-version|expired|own|already-member|revoked)$/u.exec(link);
    if (problem !== null) return err(problem[1] as CommandError);
    if (!link.includes('#/i/')) return err('mangled' as const);
    return ok({
      inviteId: 'invite',
      kind: 'direct' as const,
      isOpen: false,
      expiresAtMs: this.#now() + 7 * 24 * 3600 * 1000,
      relays: ['/dns4/relay.example/tcp/443/wss/p2p/12D3KooWRelay'],
    });
  }

  #join() {
    const inviteId = this.#key('j');
    this.joins = [
      ...this.joins,
      {
        inviteId,
        kind: 'direct',
        stage: 'waiting-approval',
        words: ['harbour', 'lantern', 'meadow', 'violin'],
        conversationId: undefined,
      },
    ];
    this.changed();
    return ok({ inviteId });
  }

  #setRelays(addresses: ReadonlyArray<string>) {
    if (addresses.some((address) => !address.startsWith('/'))) return err('bad-address' as const);
    this.connection = {
      ...this.connection,
      relays: [
        ...this.connection.relays.filter((relay) => relay.isOwn),
        ...addresses.map((address) => ({
          address,
          state: 'unreachable' as const,
          retryMs: 20_000,
          isOwn: false,
        })),
      ],
    };
    this.changed();
    return ok(undefined);
  }

  // ---------------------------------------------------------------- events

  #append(conversation: FakeConversation, item: TimelineItem): void {
    conversation.items.push(item);
    if (conversation.id !== this.#openId) return;
    this.#splice(conversation.id, {
      at: conversation.items.length - 1 - this.#shownFrom,
      removedCount: 0,
      inserted: [item],
    });
  }

  #splice(
    id: ConversationId,
    { at, removedCount, inserted }: { at: number; removedCount: number; inserted: TimelineItem[] },
  ): void {
    this.#emit({
      type: 'TimelineSpliced',
      conversationId: id,
      isReset: false,
      at,
      removedCount,
      inserted,
      earlierCount: this.#shownFrom,
    });
  }

  #details(conversation: FakeConversation): void {
    const details: ConversationDetails = {
      conversationId: conversation.id,
      members: conversation.members,
      invites: conversation.invites,
      safety: safetyOfFake(conversation),
    };
    this.#emit({ type: 'DetailsChanged', details });
  }

  #emit(event: CoreEvent): void {
    const copy = structuredClone(event); // As over the worker's boundary.
    for (const listener of this.#listeners) listener(copy);
  }

  #state(): CoreState {
    return {
      phase: this.phase,
      me: this.me,
      conversations: this.conversations.map((conversation) => this.#summary(conversation)),
      requests: this.requests,
      joins: this.joins,
      connection: this.connection,
      troubles: this.troubles,
    };
  }

  #summary(conversation: FakeConversation): ConversationSummary {
    const messages = conversation.items.filter((item) => item.type === 'message');
    const last = messages.at(-1);
    return {
      id: conversation.id,
      kind: conversation.kind,
      name: conversation.name,
      lastLine:
        last === undefined
          ? undefined
          : { author: last.author, text: last.text, atMs: last.sentAtMs },
      draft: conversation.draft,
      unreadCount: conversation.unreadCount,
      waitingCount: messages.filter((item) => item.delivery?.state === 'saved').length,
      peopleCount: conversation.members.length - 1,
      truth: conversation.truth,
      activeAtMs: last?.sentAtMs ?? 0,
      failure: conversation.failure,
      closed: conversation.closed,
    };
  }

  #find(id: ConversationId): FakeConversation {
    const found = this.conversations.find((conversation) => conversation.id === id);
    if (found === undefined) throw new Error(`no conversation ${id}`);
    return found;
  }

  #key(prefix: string): string {
    this.#serial += 1;
    return `${prefix}${this.#serial}`;
  }
}
