/**
 * A core without cryptography, storage or network, for tests of the interface: it answers commands
 * from memory, and the test plays the other people through its further methods.
 */
import { err, ok } from '../../src/base/result.ts';
import type {
  AttachmentCommand,
  FetchingCommand,
  AttachmentState,
  Command,
  CommandError,
  CommandResult,
  ConnectionView,
  ConversationDetails,
  ConversationId,
  ConversationKind,
  Core,
  CoreEvent,
  CoreState,
  Delivery,
  Draft,
  FetchSettings,
  JoinRequest,
  KeepingCommand,
  LinkView,
  JoinView,
  MessageItem,
  Notice,
  Person,
  StickerCommand,
  TimelineItem,
} from '../../src/core/api.ts';
import { usualFetching } from '../../src/core/vault/fetch-rules.ts';
import { answerAttachment, withState, type FakeFile } from './fake-attachments.ts';
import { answerContent, place, reacted, writeDraft, type Answer } from './fake-content.ts';
import { inspectFake, safetyOfFake } from './fake-holders.ts';
import { emptyConversation, messageIn, type FakeConversation, type FakeHost } from './fake-host.ts';
import { prepareInvite, readInvite, relaysOf, revokeInvite, waitingJoin } from './fake-invites.ts';
import { answerKeeping, isKeeping } from './fake-keeping.ts';
import { changeMember } from './fake-members.ts';
import { answerPeople } from './fake-people.ts';
import { answerSticker, isSticker, type FakeStickers } from './fake-stickers.ts';
import { summaryOfFake } from './fake-summary.ts';
import { FakeWindow, type Splice } from './fake-window.ts';

export { memberOf, type FakeConversation } from './fake-host.ts';
export { usualInvite } from './fake-invites.ts';

type PlainCommand = Exclude<
  Command,
  AttachmentCommand | FetchingCommand | KeepingCommand | StickerCommand
>;

export interface FakeOptions {
  readonly now: () => number;
  /** Undefined: the first run. */
  readonly me?: Person;
  readonly conversations?: ReadonlyArray<FakeConversation>;
}

export class FakeCore implements Core, FakeHost {
  readonly now: () => number;
  readonly #listeners = new Set<(event: CoreEvent) => void>();
  conversations: FakeConversation[];
  sharing: CoreState['sharing'] = { receipts: true, typing: true, presence: true };
  fetching: FetchSettings = usualFetching;
  blocked: Person[] = [];
  readonly pictures = new Map<string, Uint8Array<ArrayBuffer>>();
  me: Person | undefined;
  requests: JoinRequest[] = [];
  links: ReadonlyArray<LinkView> = [];
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
  readonly files = new Map<string, FakeFile>();
  readonly stickers: FakeStickers = { packs: [], pictures: new Map() };
  /** Held back while set: to see what the interface shows before an answer. */
  gate: Promise<void> | undefined;
  #openId: ConversationId | undefined;
  #threadKey: string | undefined;
  #window: FakeWindow | undefined;
  #serial = 0;

  constructor(options: FakeOptions) {
    this.now = options.now;
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
    const result = refusal === undefined ? await this.#routed(command) : err(refusal);
    return result as CommandResult<C>;
  }

  async #routed(command: Command): Promise<Answer> {
    if (isKeeping(command)) return answerKeeping(this, command);
    if (isSticker(command)) return answerSticker(this, command);
    return (await answerAttachment(this, command)) ?? this.#answer(command as PlainCommand);
  }

  // ---------------------------------------------------------------- the others

  /** Sends the whole state, as the core does after every change. */
  changed(): void {
    this.#emit({ type: 'StateChanged', state: this.#state() });
    const open = this.conversations.find(({ id }) => id === this.#openId);
    if (open !== undefined) {
      this.#details(open);
      this.#tellThread(open);
    }
  }

  receive(id: ConversationId, author: Person, draft: string | Draft): string {
    const conversation = this.find(id);
    const whole = typeof draft === 'string' ? { text: draft } : draft;
    const item = place(this, conversation, writeDraft(this, conversation, { ...whole, author }));
    conversation.unreadCount += 1;
    this.#emit({ type: 'MessageArrived', conversationId: id, item });
    this.changed();
    return item.key;
  }

  /** Somebody else reacts. */
  react(id: ConversationId, key: string, by: { person: Person; emoji: string }): void {
    const item = messageIn(this.find(id), key);
    if (item === undefined) throw new Error('no such message');
    this.change(id, key, { reactions: reacted(item.reactions, { ...by, isOn: true }) });
  }

  /** Anything about a message becomes different. */
  change(id: ConversationId, key: string, change: Partial<MessageItem>): void {
    const conversation = this.find(id);
    const item = messageIn(conversation, key);
    if (item === undefined) throw new Error('no such message');
    this.replace(conversation, key, { ...item, ...change });
    this.changed();
  }

  /** A line about the conversation itself. */
  addNotice(to: ConversationId | FakeConversation, notice: Notice): void {
    this.append(typeof to === 'string' ? this.find(to) : to, {
      type: 'notice',
      key: this.freshKey('n'),
      notice,
      atMs: this.now(),
    });
  }

  /** How far a file of a message is. */
  setFile(id: ConversationId, key: string, at: { file: string; state: AttachmentState }): void {
    const item = messageIn(this.find(id), key);
    if (item === undefined) throw new Error('no such message');
    this.change(id, key, withState(item, at.file, at.state));
  }

  setDelivery(id: ConversationId, key: string, delivery: Delivery): void {
    this.change(id, key, { delivery });
  }

  lastOwnKey(id: ConversationId): string {
    const own = this.find(id).items.findLast((item) => item.type === 'message' && item.author.isMe);
    if (own === undefined) throw new Error('nothing of mine here');
    return own.key;
  }

  // ---------------------------------------------------------------- commands

  #answer(command: PlainCommand): Answer {
    switch (command.type) {
      case 'CreateIdentity':
      case 'Rename':
        return this.#name(command);
      case 'CreateGroup':
        return ok({ conversationId: this.add('group', command.name).id });
      case 'SendMessage':
        return this.#send(command);
      case 'InspectLinks':
        return ok(this.links);
      case 'OpenTimeline':
        return this.#open(command);
      case 'ShowEarlier':
      case 'ShowLater':
      case 'ShowLatest':
      case 'ShowAround':
        return this.#window?.move(command) === true ? ok(undefined) : err('unknown-message');
      case 'CloseTimeline':
        this.#openId = undefined;
        return ok(undefined);
      case 'InspectMessage':
        return inspectFake(this.find(command.conversationId), command.key);
      case 'MarkRead':
        Object.assign(this.find(command.conversationId), { unreadCount: 0, lateKeys: [] });
        break;
      case 'SaveDraft':
        this.find(command.conversationId).draft = command.text;
        this.find(command.conversationId).draftReplyTo = command.replyTo;
        break;
      case 'PrepareInvite':
        return ok(prepareInvite(this, command));
      case 'RevokeInvite':
        revokeInvite(this, command.inviteId);
        break;
      case 'SetLevel':
      case 'Remove':
        return changeMember(this, command);
      case 'Leave':
        this.find(command.conversationId).closed = { kind: 'left' };
        break;
      case 'NewGroupWithout':
        return ok({ conversationId: this.add('group', this.find(command.conversationId).name).id });
      case 'ReadInvite':
        return readInvite(this, command.link);
      case 'Join':
        return this.#join();
      case 'CancelJoin':
        this.joins = this.joins.filter((join) => join.inviteId !== command.inviteId);
        break;
      case 'Decide':
        this.requests = this.requests.filter((other) => other.requestId !== command.requestId);
        break;
      case 'SetOwnRelays':
        break;
      case 'SetRelays':
        return this.#setRelays(command.addresses);
      case 'OpenThread':
        this.#threadKey = command.key;
        break;
      case 'CloseThread':
        this.#threadKey = undefined;
        break;
      default:
        return answerContent(this, command) ?? answerPeople(this, command) ?? err('busy');
    }
    this.changed();
    return ok(undefined);
  }

  add(kind: ConversationKind, name: string): FakeConversation {
    const me = this.me;
    if (me === undefined) throw new Error('nobody is here');
    const conversation = emptyConversation(this.freshKey('c'), { kind, name, me });
    if (kind === 'group') this.addNotice(conversation, { kind: 'created', by: me });
    this.conversations.push(conversation);
    this.changed();
    return conversation;
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

  #send(command: Draft & { readonly conversationId: ConversationId }) {
    const author = this.me;
    if (author === undefined) return err('not-ready' as const);
    const conversation = this.find(command.conversationId);
    const item = writeDraft(this, conversation, { ...command, author });
    place(this, conversation, item);
    this.changed();
    return ok({ key: item.key });
  }

  #open({ conversationId, key }: Extract<Command, { type: 'OpenTimeline' }>) {
    const conversation = this.find(conversationId);
    let isReset = true;
    const tell = (splice: Splice): void => {
      this.#emit({ type: 'TimelineSpliced', conversationId, isReset, ...splice });
      isReset = false;
    };
    this.#openId = conversationId;
    this.#window = new FakeWindow(conversation.items, { key, tell });
    this.#details(conversation);
    return ok(undefined);
  }

  #join() {
    const join = waitingJoin(this.freshKey('j'));
    this.joins = [...this.joins, join];
    this.changed();
    return ok({ inviteId: join.inviteId });
  }

  #setRelays(addresses: ReadonlyArray<string>) {
    const relays = relaysOf(this.connection.relays, addresses);
    if (relays === undefined) return err('bad-address' as const);
    this.connection = { ...this.connection, relays };
    this.changed();
    return ok(undefined);
  }

  // ---------------------------------------------------------------- events

  append(conversation: FakeConversation, item: TimelineItem): void {
    conversation.items.push(item);
    if (conversation.id !== this.#openId) return;
    this.#window?.appended();
  }

  replace(conversation: FakeConversation, key: string, item: MessageItem | undefined): void {
    const inserted = item === undefined ? [] : [item];
    const at = conversation.items.findIndex((other) => other.key === key);
    if (at === -1) {
      for (const [root, thread] of conversation.threads ?? []) {
        const inThread = thread.findIndex((other) => other.key === key);
        if (inThread === -1) continue;
        conversation.threads?.set(root, thread.toSpliced(inThread, 1, ...inserted));
      }
      return;
    }
    conversation.items.splice(at, 1, ...inserted);
    if (conversation.id === this.#openId) this.#window?.replaced(at, inserted);
  }

  #tellThread(conversation: FakeConversation): void {
    const root = messageIn(conversation, this.#threadKey);
    if (root === undefined) return;
    const items = conversation.threads?.get(root.key) ?? [];
    this.#emit({ type: 'ThreadChanged', conversationId: conversation.id, root, items });
  }

  #details(conversation: FakeConversation): void {
    const details: ConversationDetails = {
      conversationId: conversation.id,
      members: conversation.members,
      invites: conversation.invites,
      safety: safetyOfFake(conversation),
      pins: conversation.pins ?? [],
      scheduled: conversation.scheduled ?? [],
      fetchRules: conversation.fetchRules,
      beingErasedCount: 0,
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
      conversations: this.conversations.map(summaryOfFake),
      requests: this.requests,
      joins: this.joins,
      connection: this.connection,
      troubles: this.troubles,
      sharing: this.sharing,
      fetching: { ...this.fetching, isMetered: false },
      blocked: this.blocked,
    };
  }

  find(id: ConversationId): FakeConversation {
    const found = this.conversations.find((conversation) => conversation.id === id);
    if (found === undefined) throw new Error(`no conversation ${id}`);
    return found;
  }

  freshKey(prefix: string): string {
    this.#serial += 1;
    return `${prefix}${this.#serial}`;
  }
}
