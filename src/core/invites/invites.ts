/**
 * All invites of this device: those it answers for and those it follows. Making a link, revoking it,
 * reading one, joining and deciding are here; what happens inside an invite's room is in
 * hosted-invite.ts and join-attempt.ts.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { createSerialQueue } from '../../base/serial-queue.ts';
import { deriveInvite, encodeInviteLink, historyPubOf } from '../../protocol/invites/invite.ts';
import { limits } from '../../protocol/limits.ts';
import { mayAuthor } from '../../protocol/membership/membership.ts';
import { convIdOf, type ConversationSpec } from '../../protocol/membership/ops.ts';
import type { CommandError, InviteView, JoinRequest } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { AppendFailure, LogDeps } from '../epochs/epoch-logs.ts';
import { directBodyOf, FollowedInvites } from './followed-invites.ts';
import type { Asker } from './asker.ts';
import { HostedInvite } from './hosted-invite.ts';
import {
  areSameOptions,
  checkedOptions,
  mayInvite,
  shownOptions,
  type PrepareOptions,
} from './invite-options.ts';
import type { InviteRoom } from './invite-room.ts';
import { RevokedInvites } from './revoked-invites.ts';
import { encodeOwnLink, optionsOf, readOwnLink, type OwnLink } from './own-link.ts';
import { commandErrorOf } from '../failures.ts';
import type { Scope } from '../scope.ts';
import type { Write } from '../../storage/port.ts';
import type { StoreFailure } from '../vault/segments.ts';

export interface InvitesHost {
  conversations(): ReadonlyArray<Conversation>;
  self(): Conversation;
  /** Creates or finds the conversation object of an id; it is not kept before `keep`. */
  conversation(convId: Uint8Array): Conversation;
  keep(
    conversation: Conversation,
    beside: ReadonlyArray<Write>,
  ): Promise<Result<undefined, StoreFailure>>;
  createConversation(
    spec: ConversationSpec,
    others: ReadonlyArray<Asker>,
  ): Promise<Result<Conversation, AppendFailure | 'too-many'>>;
  changed(room: InviteRoom, cause: 'own' | 'received'): void;
  shown(): void;
  /** Rooms came or went. */
  scopesChanged(): void;
  wasForgotten(convId: Uint8Array): boolean;
  /** The few that a link or a welcome names. */
  relays(): ReadonlyArray<string>;
  learnRelays(relays: ReadonlyArray<string>): void;
}

export class Invites {
  readonly #deps: LogDeps;
  readonly #host: InvitesHost;
  readonly #ownLinks = new Map<string, OwnLink>();
  readonly #hosted = new Map<string, HostedInvite>();
  /** Their rooms stay until a mailbox knows it too. */
  readonly #revoked: RevokedInvites;
  /** Links of others. */
  readonly followed: FollowedInvites;
  /** Rooms are opened one by one: two of one invite would both write this device's log in it. */
  readonly #changes = createSerialQueue(limits.queueWaitingMax);
  #isLoaded = false;

  constructor(deps: LogDeps, host: InvitesHost) {
    this.#deps = deps;
    this.#host = host;
    this.followed = new FollowedInvites(deps, host, this.#changes);
    this.#revoked = new RevokedInvites(deps, this.#hostOfRooms);
  }

  async load(): Promise<Result<undefined, StoreFailure>> {
    const own = await this.#deps.vault.list(['i']);
    if (!own.ok) return own;
    for (const value of own.value.values) {
      const link = readOwnLink(value);
      if (link !== undefined) this.#ownLinks.set(toHex(link.inviteId), link);
    }
    this.#isLoaded = true;
    await this.refreshHosted();
    const followed = await this.followed.load();
    if (!followed.ok) return followed;
    await this.#changes.run(() => this.#sayAgain());
    return followed;
  }

  async #sayAgain(): Promise<void> {
    const homes = this.#host.conversations().filter(({ isMember }) => isMember);
    const opened = [...this.#hosted.values(), ...this.followed.all()].map(({ idHex }) => idHex);
    await this.#revoked.sayAgain(homes, (idHex) => opened.includes(idHex));
    if (this.#revoked.rooms().length > 0) this.#host.scopesChanged();
  }

  rooms(): ReadonlyArray<Scope> {
    // Who came in by an invite and may add people answers for it: one room, not two.
    const attempts = this.followed.all().filter(({ idHex }) => !this.#hosted.has(idHex));
    const rooms = [...this.#hosted.values(), ...attempts].map(({ room }) => room);
    return [...rooms, ...this.#revoked.rooms()];
  }

  // ------------------------------------------------------------- hosting

  /** Opens rooms for invites that came, closes those of invites that went. */
  async refreshHosted(): Promise<void> {
    if (!this.#isLoaded) return; // which links were used is not known yet
    await this.#changes.run(() => this.#refreshHosted());
  }

  async #refreshHosted(): Promise<void> {
    const { me } = this.#deps;
    const ownId = me.identity.identityId;
    const nowMs = this.#deps.core.clock.now();
    const due = this.#host
      .conversations()
      .filter(({ isMember }) => isMember)
      .flatMap((home) => {
        const isOurs = this.#mayAdmit(home);
        return home.membership.view.invites
          .filter(({ body }) => isOurs || body.isOpen)
          .map(({ opId, inviter, body }) => ({ home, opId, inviter, body }));
      })
      .filter(({ body }) => body.expiryHintMs > nowMs)
      .sort((a, b) => Number(this.#isOwnLink(a.body)) - Number(this.#isOwnLink(b.body)))
      .slice(-limits.livingInvitesMax); // others' invites do not crowd out our own
    const dueIds = new Set(due.map(({ body }) => toHex(body.inviteId)));
    let isChanged = this.followed.leaveRevoked();
    for (const [idHex, hosted] of this.#hosted) {
      if (dueIds.has(idHex)) continue;
      this.#hosted.delete(idHex);
      isChanged = true;
      await this.#revoked.say(hosted);
    }
    for (const { home, opId, inviter, body } of due) {
      if (this.#hosted.has(toHex(body.inviteId))) continue;
      const op = home.membership.op(opId);
      const inviterLog = equalBytes(inviter, ownId)
        ? me.identity
        : home.membership.view.identities.get(toHex(inviter))?.log;
      if (op === undefined || inviterLog === undefined) continue;
      const hosted = new HostedInvite(this.#deps, this.#hostOfRooms, { op, home, inviterLog });
      const opened = await hosted.room.open();
      if (!opened.ok) continue;
      this.#hosted.set(hosted.idHex, hosted);
      isChanged = true;
    }
    if (isChanged) this.#host.scopesChanged();
    this.settleAll();
    this.#host.shown();
  }

  /** After a failed write: what it had stopped is due again. */
  retry(): void {
    for (const attempt of this.followed.all()) attempt.retry();
    this.settleAll();
  }

  /** Does what is due in every room. */
  settleAll(): void {
    for (const hosted of this.#hosted.values()) void hosted.room.run(() => hosted.settle());
    for (const attempt of this.followed.all()) void attempt.room.run(() => attempt.settle());
  }

  readonly #hostOfRooms = {
    changed: (room: InviteRoom, cause: 'own' | 'received'): void => {
      this.#host.changed(room, cause);
    },
    shown: (): void => {
      this.#host.shown();
    },
    relays: (): ReadonlyArray<string> => this.#host.relays(),
    isLiving: (invite: HostedInvite): boolean => this.#isLiving(invite),
    mayAdmit: ({ home }: HostedInvite): boolean => this.#mayAdmit(home),
    target: (invite: HostedInvite, { log }: Asker): Conversation | undefined => {
      if (!invite.isDirect) return invite.home;
      const convId = convIdOf(directBodyOf(this.#deps.me.identity.identityId, log.identityId));
      return this.#host.conversations().find((c) => equalBytes(c.convId, convId));
    },
    createDirect: async (
      invite: HostedInvite,
      asker: Asker,
    ): Promise<Result<Conversation, AppendFailure | 'too-many'>> => {
      const { conversation: spec } = directBodyOf(
        this.#deps.me.identity.identityId,
        asker.log.identityId,
      );
      const created = await this.#host.createConversation(spec, [asker]);
      const own = this.#ownLinks.get(invite.idHex);
      if (created.ok && own !== undefined) {
        await this.#keepLink({ ...own, usedBy: toHex(asker.log.identityId) });
      }
      return created;
    },
  };

  #mayAdmit({ kind, membership: { view } }: Conversation): boolean {
    return kind === 'self' || mayAuthor(view, this.#deps.me.identity.identityId, 'add');
  }

  #isOwnLink({ inviteId }: { readonly inviteId: Uint8Array }): boolean {
    return this.#ownLinks.has(toHex(inviteId));
  }

  #isLiving(invite: HostedInvite): boolean {
    if (invite.body.expiryHintMs <= this.#deps.core.clock.now()) return false;
    const { view } = invite.home.membership;
    const isOffered = view.livingInvites.some(({ body }) =>
      equalBytes(body.inviteId, invite.inviteId),
    );
    return isOffered && (this.#ownLinks.get(invite.idHex)?.usedBy ?? '') === '';
  }

  // ------------------------------------------------------------- links

  /** The living link for this target with these options, made and stored if there is none. */
  async prepare(
    target: Conversation | undefined,
    { isOpen, history, options: asked }: PrepareOptions,
  ): Promise<Result<InviteView, CommandError>> {
    const home = target ?? this.#host.self();
    const targetHex = target === undefined ? '' : toHex(target.convId);
    const { me, core } = this.#deps;
    const options = checkedOptions(asked, target !== undefined);
    const ownId = me.identity.identityId;
    if (options === undefined) return err('too-many');
    if (!mayInvite(home.membership.view, ownId, { isOpen, role: options.role })) {
      return err('not-allowed');
    }
    for (const [idHex, link] of this.#ownLinks) {
      const hosted = this.#hosted.get(idHex);
      if (hosted === undefined || !this.#isLiving(hosted)) continue;
      const isFit =
        link.target === targetHex &&
        link.isOpen === isOpen &&
        hosted.history === history &&
        areSameOptions(optionsOf(link), options);
      if (isFit) return ok(this.#view(await this.#withRelaysOfNow(link)));
    }
    const ownCount = [...this.#hosted.values()].filter(({ body }) => this.#isOwnLink(body)).length;
    if (ownCount >= limits.livingInvitesMax) return err('too-many');
    const secret = core.random.bytes(32);
    const derived = await deriveInvite(core.backend, secret);
    const expiresAtMs = Math.max(0, core.clock.now()) + options.lifeMs;
    const place = { secret, target: targetHex, isOpen, expiresAtMs };
    const kept = await this.#keepLink({
      ...place,
      inviteId: derived.inviteId,
      link: this.#linkOf(place),
      usedBy: '',
      options,
    });
    if (!kept.ok) return err(commandErrorOf(kept.error));
    const published = await home.run(async () => {
      const op = await home.membership.author({
        type: 'invite',
        inviteId: derived.inviteId,
        invPub: derived.invPub,
        pseudoSecret: derived.pseudoSecret,
        boxSeed: derived.boxSeed,
        role: options.role,
        maxUses: options.maxUses,
        expiryHintMs: expiresAtMs,
        isOpen,
        history,
        ...(isOpen && history !== 'none' ? { historyPub: historyPubOf(secret) } : {}),
      });
      return home.publish([op], 'invite');
    });
    if (!published.ok) return err('busy');
    if (!published.value.ok) return err(commandErrorOf(published.value.error));
    await this.refreshHosted();
    const own = this.#ownLinks.get(toHex(derived.inviteId));
    return own === undefined ? err('storage-failed') : ok(this.#view(own));
  }

  async revoke(inviteIdHex: string): Promise<Result<undefined, CommandError>> {
    const hosted = this.#hosted.get(inviteIdHex);
    if (hosted === undefined) return err('unknown-invite');
    const { home, inviteId } = hosted;
    const revoked = await home.run(async () => {
      const op = await home.membership.author({ type: 'invite-revoke', inviteId });
      return home.publish([op], 'invite');
    });
    if (!revoked.ok) return err('busy');
    if (!revoked.value.ok) return err(commandErrorOf(revoked.value.error));
    this.#ownLinks.delete(inviteIdHex);
    await this.#deps.vault.commit([this.#deps.vault.remove(['i', inviteId])]);
    await this.refreshHosted();
    return ok(undefined);
  }

  /** Links into a conversation that is gone from this device. */
  async forget(convId: Uint8Array): Promise<void> {
    const own = [...this.#ownLinks.values()].filter(({ target }) => target === toHex(convId));
    for (const { inviteId } of own) this.#ownLinks.delete(toHex(inviteId));
    const { vault } = this.#deps;
    await vault.commit(own.map(({ inviteId }) => vault.remove(['i', inviteId])));
    await this.followed.forget(convId);
    await this.refreshHosted();
  }

  /** Living links of a conversation (undefined: direct ones) that this device made. */
  views(conversation: Conversation | undefined): ReadonlyArray<InviteView> {
    const targetHex = conversation === undefined ? '' : toHex(conversation.convId);
    return [...this.#ownLinks.values()]
      .filter(({ target, inviteId }) => {
        const hosted = this.#hosted.get(toHex(inviteId));
        return target === targetHex && hosted !== undefined && this.#isLiving(hosted);
      })
      .map((link) => this.#view(link));
  }

  // ------------------------------------------------------------- requests

  requests(): ReadonlyArray<JoinRequest> {
    return [...this.#hosted.values()].flatMap((hosted) =>
      hosted.waiting.map((asker) => ({
        requestId: `${hosted.idHex}/${asker.deviceHex}`,
        inviteId: hosted.idHex,
        conversationId: hosted.isDirect ? undefined : hosted.home.id,
        name: asker.request.name,
        words: asker.words,
        isReachable: hosted.isReachable(asker),
      })),
    );
  }

  async decide(requestId: string, isApproved: boolean): Promise<Result<undefined, CommandError>> {
    const [idHex = '', deviceHex = ''] = requestId.split('/');
    const hosted = this.#hosted.get(idHex);
    if (hosted === undefined) return err('unknown-request');
    if (isApproved) hosted.approve(deviceHex);
    const decided = await hosted.room.run(() => hosted.decide(deviceHex, isApproved));
    this.#host.shown();
    if (!decided.ok) return err('busy');
    return decided.value.ok ? ok(undefined) : err(commandErrorOf(decided.value.error));
  }

  #linkOf({ secret, target, isOpen, expiresAtMs }: Omit<OwnLink, 'inviteId' | 'link' | 'usedBy'>) {
    const { me, core } = this.#deps;
    return encodeInviteLink(core.config.pageUrl, {
      kind: target === '' ? 'direct' : 'group',
      secret,
      inviterRootHash: me.identity.identityId,
      relays: this.#host.relays(),
      expiresAtMs,
      isOpen,
    });
  }

  /** Those it was made with may be gone. */
  async #withRelaysOfNow(own: OwnLink): Promise<OwnLink> {
    const fresh = { ...own, link: this.#linkOf(own) };
    const isChanged = fresh.link !== own.link;
    return isChanged && (await this.#keepLink(fresh)).ok ? fresh : own;
  }

  async #keepLink(link: OwnLink): Promise<Result<undefined, StoreFailure>> {
    const stored = await this.#deps.vault.commit([
      this.#deps.vault.seal(['i', link.inviteId], encodeOwnLink(link)),
    ]);
    if (stored.ok) this.#ownLinks.set(toHex(link.inviteId), link);
    return stored;
  }

  #view(link: OwnLink): InviteView {
    const idHex = toHex(link.inviteId);
    const target = this.#host.conversations().find(({ convId }) => toHex(convId) === link.target);
    return {
      inviteId: idHex,
      conversationId: target?.id,
      link: link.link,
      isOpen: link.isOpen,
      history: this.#hosted.get(idHex)?.history ?? 'none',
      expiresAtMs: link.expiresAtMs,
      stage: this.#hosted.get(idHex)?.stage ?? 'waiting',
      options: shownOptions(optionsOf(link)),
    };
  }
}
