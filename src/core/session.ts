/**
 * Everything that exists once there is an identity: conversations, invites, links and meetings of
 * this device, and how they tell each other of changes.
 */
import { assert } from '../base/assert.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { NetworkEvent, PeerId, Verdict } from '../network/port.ts';
import { limits } from '../protocol/limits.ts';
import {
  convIdOf,
  type ConversationSpec,
  type CreateBody,
  type OpBody,
} from '../protocol/membership/ops.ts';
import { Attachments } from './attachments.ts';
import { beginConversation, keepConversation } from './begin-conversation.ts';
import { Conversation } from './conversation/conversation.ts';
import { Contacts } from './contacts.ts';
import type { CoreDeps } from './deps.ts';
import type { Epoch } from './epochs/epoch.ts';
import type { AppendFailure, LogDeps } from './epochs/epoch-logs.ts';
import type { CoreFailure } from './failures.ts';
import { Forgetting } from './forget.ts';
import { IdentityGossip } from './identity-gossip.ts';
import { Invites } from './invites/invites.ts';
import { Links } from './sync/links.ts';
import type { SessionInput } from './session-host.ts';
import type { Self } from './vault/me.ts';
import { Mailboxes } from './sync/mailboxes.ts';
import { Meetings } from './sync/meetings.ts';
import { createOffers, type OffersChanged } from './sync/offers.ts';
import { People } from './people.ts';
import { Regroup, type Alongside } from './regroup.ts';
import type { Scope } from './scope.ts';
import { Scheduled } from './scheduled.ts';
import { createPruning } from './vault/pruning.ts';
import { Segments, type StoreFailure } from './vault/segments.ts';
import type { Write } from '../storage/port.ts';
import { readListed, type Listed } from './start/listed.ts';
import { Opener } from './unopened.ts';
import type { Settings } from './vault/settings.ts';

export class Session {
  readonly deps: LogDeps;
  readonly invites: Invites;
  readonly links: Links;
  readonly settings: Settings;
  readonly people: People;
  readonly contacts: Contacts;
  readonly scheduled: Scheduled;
  readonly attachments: Attachments;
  /** Of conversations that are listed and not open yet. */
  readonly opener: Opener;
  readonly #host: SessionInput['host'];
  readonly #meetings: Meetings;
  readonly #mailboxes: Mailboxes;
  readonly #segments: Segments;
  readonly forgetting: Forgetting;
  readonly #conversations = new Map<string, Conversation>();
  readonly regroup: Regroup;
  readonly #gossip: IdentityGossip;
  readonly #offersChanged: OffersChanged;
  readonly #pruneSoon: () => void;

  constructor(core: CoreDeps, self: Self, { host, relays, settings }: SessionInput) {
    this.#host = host;
    const failed = (failure: CoreFailure): void => {
      host.failed(failure);
    };
    const shown = (conversation: Conversation | undefined): void => {
      host.shown(conversation);
    };
    this.#segments = new Segments(core, self.vault);
    this.settings = settings;
    this.deps = { core, me: self.me, vault: self.vault, segments: this.#segments };
    this.opener = new Opener({
      clock: core.clock,
      opened: (conversation) => {
        this.#opened(conversation);
      },
      finish: () => this.#finish(),
    });
    const scopes = (): ReadonlyArray<Scope> => this.#scopes();
    const conversations = (): ReadonlyArray<Conversation> => this.conversations();
    this.links = new Links(core, {
      me: self.me,
      scopes,
      onChange: () => {
        shown(undefined);
        this.attachments.linksChanged();
      },
    });
    this.attachments = new Attachments(this.deps, this.settings, {
      conversations,
      allOpen: async () => (await this.opener.all()).ok,
      relays: () => this.#mailboxes.relays,
      links: this.links,
      shown,
    });
    this.forgetting = new Forgetting(this.deps, {
      gone: async (conversation) => {
        this.#conversations.delete(conversation.id);
        this.scheduled.forget(conversation);
        this.#offersChanged();
        await this.attachments.forget(conversation);
        await this.invites.forget(conversation.convId);
        host.shown(undefined);
      },
      failed,
    });
    this.people = new People(this.deps, this.settings, { conversations, shown });
    this.#meetings = new Meetings(core, scopes, (peerId) => this.links.hasProved(peerId));
    this.#mailboxes = new Mailboxes(core, scopes, self.me.device.publicKey);
    this.#offersChanged = createOffers({
      ...core,
      epochs: () => this.conversations().flatMap((conversation) => conversation.offeredEpochs()),
      tell: () => {
        this.links.offersChanged();
        this.#meetings.refresh();
        this.#mailboxes.offersChanged();
      },
    });
    this.#pruneSoon = createPruning(core.clock, this.#segments);
    this.#gossip = new IdentityGossip(this.deps, { conversations, failed });
    this.regroup = new Regroup(this.deps, {
      conversations,
      conversation: (convId) => this.#conversationOf(convId),
      create: (spec, others, alongside) => this.createConversation(spec, others, alongside),
      keep: (conversation) => this.#keep(conversation),
      failed,
      settings: this.settings,
      wasForgotten: (epochId) => this.forgetting.hadEpoch(epochId),
    });
    this.contacts = new Contacts(this.deps, {
      conversations,
      create: (spec, others) => this.createConversation(spec, others),
      answered: (conversation) => this.#answered(conversation),
    });
    this.scheduled = new Scheduled(this.deps, {
      conversations: () => this.conversations().filter(({ isForgotten }) => !isForgotten),
      shown,
      failed,
    });
    this.invites = new Invites(this.deps, {
      conversations,
      self: () => this.self(),
      conversation: (convId) => this.#conversationOf(convId),
      keep: async (conversation, beside) => {
        await this.contacts.met(conversation);
        return this.#keep(conversation, beside);
      },
      createConversation: async (spec, others) => {
        const identities = others.map(({ request }): OpBody => {
          const { identityLog, name, prekeyBundles } = request;
          return { type: 'identity', identityLog, name, prekeyBundles };
        });
        const made = await this.createConversation(spec, identities);
        if (made.ok) await this.contacts.met(made.value);
        return made;
      },
      changed: (room, cause) => {
        this.#changed(room, room.offeredEpochs()[0], cause);
      },
      shown: () => shown(undefined),
      scopesChanged: () => {
        this.#offersChanged();
      },
      wasForgotten: (convId) => this.forgetting.hadConversation(convId),
      relays: () => relays.forOthers(),
      learnRelays: (learnt) => {
        void relays.learn(learnt).then((saved) => {
          if (!saved.ok) host.failed(saved.error);
        });
      },
    });
  }

  /** With what was read for the list already, if anything was. */
  async load(known?: ReadonlyArray<Listed>): Promise<Result<undefined, StoreFailure>> {
    const loaded = await this.#segments.load();
    if (!loaded.ok) return loaded;
    const resumed = await this.forgetting.resume();
    if (!resumed.ok) return resumed;
    const listed = known === undefined ? await readListed(this.deps.vault) : ok(known);
    if (!listed.ok) return listed;
    for (const { convId, kept, notes } of listed.value) {
      const conversation = this.#conversationOf(convId);
      conversation.notes.take(notes);
      if (kept !== undefined) this.opener.add({ conversation, kept });
      else {
        const opened = await this.opener.openNow(conversation);
        if (!opened.ok) return opened;
      }
    }
    // Nothing is left to be opened in the background.
    return this.opener.list().length > 0 ? ok(undefined) : this.opener.all();
  }

  /** With all conversations. */
  async #finish(): Promise<Result<undefined, StoreFailure>> {
    for (const home of this.conversations()) await this.regroup.takeUp(home);
    await this.people.profileChanged(); // where a crash had come between
    const scheduled = await this.scheduled.load();
    if (!scheduled.ok) return scheduled;
    this.#gossip.soon();
    this.#pruneSoon(); // what the last run left in the journal
    this.attachments.start();
    return this.invites.load();
  }

  #opened(conversation: Conversation): void {
    this.#conversations.set(conversation.id, conversation);
    this.#host.opened(conversation);
    this.#offersChanged(limits.offersGatherMs); // the next one is right behind it
  }

  conversations(): ReadonlyArray<Conversation> {
    return [...this.#conversations.values()];
  }

  /** Also one that is not open yet: commands wait for what they need of it. */
  conversation(id: string): Conversation | undefined {
    const found = this.#conversations.get(id) ?? this.opener.find(id);
    return found?.isForgotten === true ? undefined : found;
  }

  get hasSelf(): boolean {
    const isListed = this.opener.list().some(({ kept }) => kept.kind === 'self');
    return isListed || this.conversations().some(({ kind }) => kind === 'self');
  }

  /** Notes to self: made with the identity. */
  self(): Conversation {
    const self = this.conversations().find(({ kind }) => kind === 'self');
    assert(self !== undefined, 'an identity has its own conversation');
    return self;
  }

  /**
   * Makes a conversation with its operations, first epoch and records, in one transaction; answers
   * the one that is there where the same was made before.
   */
  async createConversation(
    spec: ConversationSpec,
    others: ReadonlyArray<OpBody> = [],
    alongside: Alongside = () => Promise.resolve(ok({ writes: [], stored: () => undefined })),
  ): Promise<Result<Conversation, AppendFailure | 'too-many'>> {
    const count = this.#conversations.size + this.opener.list().length;
    if (count >= limits.conversationsMax) return err('too-many');
    const body: CreateBody = { type: 'create', conversation: spec };
    const conversation = this.#conversationOf(convIdOf(body));
    const opened = await this.opener.open(conversation.id); // what is stored is not begun again
    if (!opened.ok) return opened;
    if (this.#conversations.has(conversation.id)) return ok(conversation);
    const created = await conversation.run(() =>
      beginConversation(this.deps, conversation, { ops: [body, ...others], alongside }),
    );
    if (!created.ok) return err('failed');
    if (!created.value.ok) return created.value;
    this.#conversations.set(conversation.id, conversation);
    conversation.appended(created.value.value);
    return ok(conversation);
  }

  // ------------------------------------------------------------- network

  networkEvent(event: NetworkEvent): void {
    switch (event.type) {
      case 'Started':
        this.links.started(event.peerId);
        this.#meetings.started(event);
        this.#offersChanged();
        return;
      case 'RelayChanged':
        this.#meetings.relayChanged(event);
        this.#mailboxes.relayChanged(event);
        this.attachments.linksChanged();
        return;
      case 'Met':
        this.#meetings.met(event);
        return;
      case 'LinkOpened':
        this.links.opened(event);
        return;
      case 'LinkClosed':
        this.links.closed(event.link);
        return;
      case 'FrameReceived':
        this.links.frame(event.link, event.frame);
        return;
      case 'BlobReceived':
      case 'MeteredChanged':
        this.attachments.networkEvent(event);
        return;
      case 'DialFailed':
      case 'OnlineChanged':
        return;
    }
  }

  gossip(topic: string, frame: Uint8Array, from: PeerId): Promise<Verdict> {
    return this.links.gossip(topic, frame, from);
  }

  /** Tries again what a full disk or the like had stopped. */
  retry(): void {
    for (const conversation of this.#conversations.values()) conversation.retry();
    this.invites.retry();
    this.attachments.retry();
  }

  async close(): Promise<void> {
    this.opener.close();
    this.#meetings.close();
    this.#mailboxes.close();
    await this.attachments.close();
    await this.#segments.close();
  }

  // ------------------------------------------------------------- changes

  #scopes(): ReadonlyArray<Scope> {
    return [...this.#conversations.values(), ...this.invites.rooms()];
  }

  #changed(scope: Scope, epoch: Epoch | undefined, cause: 'own' | 'received'): void {
    this.links.changed(scope, epoch, cause);
    if (epoch !== undefined) this.#mailboxes.changed(epoch, cause);
    this.#pruneSoon();
  }

  /** A request was: what waited for it goes on, or it is found no more. */
  async #answered(conversation: Conversation): Promise<void> {
    this.#offersChanged();
    this.#host.shown(conversation);
    if (conversation.isRequest) return;
    conversation.attention.tellSoon();
    await conversation.profiles.tellNewcomers();
    await this.regroup.takeUp(conversation);
  }

  #conversationOf(convId: Uint8Array): Conversation {
    const id = this.deps.vault.opaque(convId);
    const known = this.#conversations.get(id) ?? this.opener.find(id);
    if (known !== undefined) return known;
    return new Conversation(
      this.deps,
      {
        settings: this.settings,
        changed: (scope, epoch, cause) => {
          this.#changed(scope, epoch, cause);
        },
        signal: (scope, frame) => {
          this.links.signal(scope, frame);
        },
        offersChanged: () => {
          this.#offersChanged();
        },
        shown: (shown) => {
          this.#host.shown(shown);
          this.attachments.changed(shown);
        },
        peersShown: (shown) => {
          this.#host.peersShown(shown);
          this.attachments.changed(shown);
        },
        arrived: (shown, message) => {
          this.#host.arrived(shown, message);
        },
        membershipChanged: () => {
          this.#gossip.soon();
          void this.invites.refreshHosted();
        },
        offered: (home) => {
          void this.opener.all().then(() => this.regroup.takeUp(home));
        },
        failed: (_conversation, failure) => {
          this.#host.failed(failure);
        },
      },
      convId,
    );
  }

  async #keep(
    conversation: Conversation,
    beside: ReadonlyArray<Write> = [],
  ): Promise<Result<undefined, StoreFailure>> {
    if (this.#conversations.has(conversation.id)) return this.deps.vault.commit(beside);
    if (this.#conversations.size >= limits.conversationsMax) return err('failed');
    const stored = await keepConversation(this.deps, conversation, beside);
    if (!stored.ok) return stored;
    this.#conversations.set(conversation.id, conversation);
    conversation.placeNotices();
    this.#offersChanged();
    this.#host.shown(conversation, 0); // who follows a link waits for it
    void this.invites.refreshHosted();
    return ok(undefined);
  }
}
