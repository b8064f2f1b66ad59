/**
 * Everything that exists once there is an identity: conversations, invites, links and meetings of
 * this device, and how they tell each other of changes.
 */
import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { NetworkEvent, PeerId, Verdict } from '../network/port.ts';
import { bytesOf, recordOf } from '../protocol/cbor.ts';
import { limits } from '../protocol/limits.ts';
import {
  convIdOf,
  type ConversationSpec,
  type CreateBody,
  type OpBody,
} from '../protocol/membership/ops.ts';
import { beginConversation } from './begin-conversation.ts';
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
import type { Self } from './vault/me.ts';
import { Mailboxes } from './sync/mailboxes.ts';
import { Meetings } from './sync/meetings.ts';
import type { ProjectedMessage } from './conversation/reading/projection.ts';
import { People } from './people.ts';
import { Regroup, type Alongside } from './regroup.ts';
import type { Relays } from './sync/relays.ts';
import type { Scope } from './scope.ts';
import { Segments, type StoreFailure } from './vault/segments.ts';
import { Settings } from './vault/settings.ts';

export interface SessionHost {
  /** Something of this conversation that is shown may have changed; undefined: of the rest. */
  shown(conversation: Conversation | undefined): void;
  arrived(conversation: Conversation, message: ProjectedMessage): void;
  failed(failure: CoreFailure): void;
}

const readConversation = recordOf({ convId: bytesOf(32) });

export class Session {
  readonly deps: LogDeps;
  readonly invites: Invites;
  readonly links: Links;
  readonly settings: Settings;
  readonly people: People;
  readonly contacts: Contacts;
  readonly #core: CoreDeps;
  readonly #host: SessionHost;
  readonly #meetings: Meetings;
  readonly #mailboxes: Mailboxes;
  readonly #segments: Segments;
  readonly forgetting: Forgetting;
  readonly #conversations = new Map<string, Conversation>();
  readonly regroup: Regroup;
  readonly #gossip: IdentityGossip;
  #areOffersDirty = false;
  #isPruning = false;

  constructor(core: CoreDeps, self: Self, { host, relays }: { host: SessionHost; relays: Relays }) {
    this.#core = core;
    this.#host = host;
    const failed = (failure: CoreFailure): void => {
      host.failed(failure);
    };
    this.#segments = new Segments(core, self.vault);
    this.settings = new Settings(self.vault);
    this.deps = { core, me: self.me, vault: self.vault, segments: this.#segments };
    const scopes = (): ReadonlyArray<Scope> => this.#scopes();
    this.links = new Links(core, {
      me: self.me,
      scopes,
      onChange: () => {
        host.shown(undefined);
      },
    });
    this.forgetting = new Forgetting(this.deps, {
      gone: async (conversation) => {
        this.#conversations.delete(conversation.id);
        this.#offersChanged();
        await this.invites.forget(conversation.convId);
        host.shown(undefined);
      },
      failed,
    });
    this.people = new People(this.deps, this.settings, {
      conversations: () => this.conversations(),
      shown: (conversation) => {
        host.shown(conversation);
      },
    });
    this.#meetings = new Meetings(core, scopes, (peerId) => this.links.hasProved(peerId));
    this.#mailboxes = new Mailboxes(core, scopes);
    this.#gossip = new IdentityGossip(this.deps, {
      conversations: () => this.conversations(),
      failed,
    });
    this.regroup = new Regroup(this.deps, {
      conversations: () => this.conversations(),
      conversation: (convId) => this.#conversationOf(convId),
      create: (spec, others, alongside) => this.createConversation(spec, others, alongside),
      keep: (conversation) => this.#keep(conversation),
      failed,
      settings: this.settings,
      wasForgotten: (epochId) => this.forgetting.hadEpoch(epochId),
    });
    this.contacts = new Contacts(this.deps, {
      conversations: () => this.conversations(),
      create: (spec, others) => this.createConversation(spec, others),
      answered: (conversation) => this.#answered(conversation),
    });
    this.invites = new Invites(this.deps, {
      conversations: () => this.conversations(),
      self: () => this.self(),
      conversation: (convId) => this.#conversationOf(convId),
      keep: async (conversation) => {
        await this.contacts.met(conversation);
        return this.#keep(conversation);
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
      shown: () => {
        host.shown(undefined);
      },
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

  async load(): Promise<Result<undefined, StoreFailure>> {
    for (const part of [this.#segments, this.settings]) {
      const loaded = await part.load();
      if (!loaded.ok) return loaded;
    }
    const resumed = await this.forgetting.resume();
    if (!resumed.ok) return resumed;
    const stored = await this.deps.vault.list(['c']);
    if (!stored.ok) return stored;
    for (const value of stored.value.values) {
      const record = readConversation(value);
      if (record === undefined) continue;
      const conversation = this.#conversationOf(record.convId);
      const loaded = await conversation.load();
      if (!loaded.ok) return loaded;
      this.#conversations.set(conversation.id, conversation);
      this.#host.shown(conversation);
    }
    for (const home of this.conversations()) await this.regroup.takeUp(home);
    await this.people.profileChanged(); // where a crash had come between
    this.#gossip.soon();
    this.#pruneSoon(); // what the last run left in the journal
    return this.invites.load();
  }

  /** What this person is called on this device. */
  get name(): string {
    return this.deps.me.name;
  }

  rename(name: string): void {
    this.deps.me.name = name;
  }

  conversations(): ReadonlyArray<Conversation> {
    return [...this.#conversations.values()];
  }

  conversation(id: string): Conversation | undefined {
    const found = this.#conversations.get(id);
    return found?.isForgotten === true ? undefined : found;
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
    if (this.#conversations.size >= limits.conversationsMax) return err('too-many');
    const body: CreateBody = { type: 'create', conversation: spec };
    const conversation = this.#conversationOf(convIdOf(body));
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
        this.#meetings.started(event.peerId);
        this.#offersChanged();
        return;
      case 'RelayChanged':
        this.#meetings.relayChanged(event);
        this.#mailboxes.relayChanged(event);
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
  }

  async close(): Promise<void> {
    this.#meetings.close();
    this.#mailboxes.close();
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

  /** Many changes at once are told once. */
  #offersChanged(): void {
    if (this.#areOffersDirty) return;
    this.#areOffersDirty = true;
    this.#core.clock.schedule(0, () => {
      this.#areOffersDirty = false;
      this.links.offersChanged();
      this.#meetings.refresh();
      this.#mailboxes.offersChanged();
      const topics = this.conversations()
        .flatMap((conversation) => conversation.offeredEpochs())
        .map(({ keys }) => keys.topic);
      this.#core.network.setTopics(topics.slice(0, limits.topicsMax));
    });
  }

  /** A request was: what waited for it goes on, or it is found no more. */
  async #answered(conversation: Conversation): Promise<void> {
    this.#offersChanged();
    this.#host.shown(conversation);
    if (conversation.isRequest) return;
    conversation.attention.tellSoon();
    await conversation.profiles.tell({ isForNewcomers: true });
    await this.regroup.takeUp(conversation);
  }

  #pruneSoon(): void {
    if (this.#isPruning) return;
    this.#isPruning = true;
    this.#core.clock.schedule(limits.journalPruneMs, () => {
      void this.#segments.prune().then((waiting) => {
        this.#isPruning = false;
        if (waiting > 0) this.#pruneSoon();
      });
    });
  }

  #conversationOf(convId: Uint8Array): Conversation {
    const known = this.conversations().find((c) => equalBytes(c.convId, convId));
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
        },
        arrived: (shown, message) => {
          this.#host.arrived(shown, message);
        },
        membershipChanged: () => {
          this.#gossip.soon();
          void this.invites.refreshHosted();
        },
        offered: (home) => {
          void this.regroup.takeUp(home);
        },
        failed: (_conversation, failure) => {
          this.#host.failed(failure);
        },
      },
      convId,
    );
  }

  async #keep(conversation: Conversation): Promise<Result<undefined, StoreFailure>> {
    const { vault, core } = this.deps;
    if (this.#conversations.has(conversation.id)) return ok(undefined);
    if (this.#conversations.size >= limits.conversationsMax) return err('failed');
    conversation.notes.createdAtMs = Math.max(0, core.clock.now());
    const stored = await vault.commit([
      ...vault.sealTwice(['c', conversation.convId], { convId: conversation.convId }),
      conversation.notes.write(),
    ]);
    if (!stored.ok) return stored;
    this.#conversations.set(conversation.id, conversation);
    conversation.placeNotices();
    this.#offersChanged();
    this.#host.shown(conversation);
    void this.invites.refreshHosted();
    return ok(undefined);
  }
}
