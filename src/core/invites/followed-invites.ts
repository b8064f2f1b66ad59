/** The invites of others that this device follows, until it is in or gives up (PROTOCOL §10). */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { SerialQueue } from '../../base/serial-queue.ts';
import { bytesOf, recordOf, textUpTo } from '../../protocol/cbor.ts';
import {
  decodeInviteLink,
  deriveInvite,
  encodeInviteLink,
  type InviteLink,
} from '../../protocol/invites/invite.ts';
import { limits } from '../../protocol/limits.ts';
import { convIdOf, type CreateBody } from '../../protocol/membership/ops.ts';
import type { Write } from '../../storage/port.ts';
import type { CommandError, InvitePreview, JoinView } from '../api.ts';
import { OwnPrekeys } from '../epochs/prekeys.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';
import { commandErrorOf } from '../failures.ts';
import type { InvitesHost } from './invites.ts';
import { JoinAttempt } from './join-attempt.ts';
import { readInvite } from './read-invite.ts';
import type { StoreFailure } from '../vault/segments.ts';

/** A link that is followed; `joined` names the conversation it led to, zeros until then. */
const readFollowed = recordOf({ link: textUpTo(limits.linkCharsMax), joined: bytesOf(32) });
const notJoined = new Uint8Array(32);

/** What two people's conversation is named by: the same from either side. */
export const directBodyOf = (ownId: Uint8Array, otherId: Uint8Array): CreateBody => {
  const [first, second] = toHex(ownId) < toHex(otherId) ? [ownId, otherId] : [otherId, ownId];
  return { type: 'create', conversation: { kind: 'direct', identityIds: [first, second] } };
};

export class FollowedInvites {
  readonly #deps: LogDeps;
  readonly #host: InvitesHost;
  /** Rooms are opened one by one, together with those of hosted invites. */
  readonly #changes: SerialQueue;
  readonly #attempts = new Map<string, JoinAttempt>();
  /** Joined in an earlier session: nothing more to show. */
  readonly #finished = new Set<JoinAttempt>();

  constructor(deps: LogDeps, host: InvitesHost, changes: SerialQueue) {
    this.#deps = deps;
    this.#host = host;
    this.#changes = changes;
  }

  async load(): Promise<Result<undefined, StoreFailure>> {
    const followed = await this.#deps.vault.list(['n']);
    if (!followed.ok) return followed;
    for (const value of followed.value.values) {
      const record = readFollowed(value);
      const link = decodeInviteLink(record?.link ?? '');
      if (!link.ok) continue;
      const joined = this.#host
        .conversations()
        .find(({ convId }) => record !== undefined && equalBytes(convId, record.joined));
      const isGone = record !== undefined && this.#host.wasForgotten(record.joined);
      if (isGone && joined === undefined) continue;
      if (link.value.expiresAtMs <= this.#deps.core.clock.now()) {
        if (joined !== undefined) await this.#holdPrekeys(link.value, joined);
        continue;
      }
      // Whoever let themselves in keeps the room open: the others may not have fetched it yet.
      await this.#follow(link.value, joined);
    }
    return ok(undefined);
  }

  /** A room that is not opened any more still holds what was promised there. */
  async #holdPrekeys({ secret }: InviteLink, { prekeys }: Conversation): Promise<void> {
    const { inviteId } = await deriveInvite(this.#deps.core.backend, secret);
    const ofRoom = new OwnPrekeys(this.#deps.core, this.#deps, inviteId);
    const loaded = await ofRoom.load();
    if (loaded.ok) prekeys.outlive(ofRoom);
  }

  all(): ReadonlyArray<JoinAttempt> {
    return [...this.#attempts.values()];
  }

  /**
   * Leaves the rooms of invites that were taken back, and says whether there were any: what lies in
   * them would still let somebody believe they are in.
   */
  leaveRevoked(): boolean {
    const revoked = this.all().filter(({ link, inviteId, joinedConversation }) => {
      if (link.kind !== 'group' || joinedConversation === undefined) return false;
      const { invites } = joinedConversation.membership.view;
      return !invites.some(({ body }) => equalBytes(body.inviteId, inviteId));
    });
    for (const { idHex } of revoked) this.#attempts.delete(idHex);
    return revoked.length > 0;
  }

  async preview(text: string): Promise<Result<InvitePreview, CommandError>> {
    const link = decodeInviteLink(text);
    if (!link.ok) return link;
    const isOwn = equalBytes(link.value.inviterRootHash, this.#deps.me.identity.identityId);
    if (isOwn) return err('own');
    if (this.#isMemberAlready(link.value)) return err('already-member');
    return readInvite(this.#deps.core, text);
  }

  async join(text: string): Promise<Result<{ readonly inviteId: string }, CommandError>> {
    const joined = await this.#changes.run(() => this.#join(text));
    return joined.ok ? joined.value : err('busy');
  }

  async #join(text: string): Promise<Result<{ readonly inviteId: string }, CommandError>> {
    const preview = await this.preview(text);
    if (!preview.ok) return preview;
    const { inviteId } = preview.value;
    const known = this.#attempts.get(inviteId);
    if (known !== undefined && known.stage !== 'declined') return ok({ inviteId });
    if (this.#attempts.size >= limits.livingInvitesMax) return err('too-many');
    const link = decodeInviteLink(text);
    if (!link.ok) return link;
    const derived = await deriveInvite(this.#deps.core.backend, link.value.secret);
    const stored = await this.#deps.vault.commit([
      this.#followedWrite(derived.inviteId, link.value, notJoined),
    ]);
    if (!stored.ok) return err(commandErrorOf(stored.error));
    this.#host.learnRelays(link.value.relays);
    const followed = await this.#follow(link.value);
    return followed.ok ? ok({ inviteId }) : err(commandErrorOf(followed.error));
  }

  /** Rooms of links by which one came into a conversation that is gone from this device. */
  async forget(convId: Uint8Array): Promise<void> {
    const gone = this.all().filter(
      ({ joinedConversation }) =>
        joinedConversation && equalBytes(joinedConversation.convId, convId),
    );
    for (const { idHex } of gone) this.#attempts.delete(idHex);
    const { vault } = this.#deps;
    await vault.commit(gone.map(({ inviteId }) => vault.remove(['n', inviteId])));
  }

  async cancel(inviteIdHex: string): Promise<Result<undefined, CommandError>> {
    const attempt = this.#attempts.get(inviteIdHex);
    if (attempt === undefined) return err('unknown-invite');
    const removed = await this.#deps.vault.commit([
      this.#deps.vault.remove(['n', attempt.inviteId]),
    ]);
    if (!removed.ok) return err(commandErrorOf(removed.error));
    this.#attempts.delete(inviteIdHex);
    this.#host.scopesChanged();
    this.#host.shown();
    return ok(undefined);
  }

  joins(): ReadonlyArray<JoinView> {
    const shown = [...this.#attempts.values()].filter((attempt) => !this.#finished.has(attempt));
    return shown.map((attempt) => ({
      inviteId: attempt.idHex,
      kind: attempt.link.kind,
      stage: attempt.stage,
      words: attempt.words,
      conversationId: attempt.joinedConversation?.id,
    }));
  }

  #isMemberAlready(link: InviteLink): boolean {
    if (link.kind !== 'direct') return false;
    const convId = convIdOf(directBodyOf(this.#deps.me.identity.identityId, link.inviterRootHash));
    return this.#host.conversations().some((c) => equalBytes(c.convId, convId) && c.isMember);
  }

  async #follow(link: InviteLink, joined?: Conversation): Promise<Result<undefined, StoreFailure>> {
    const derived = await deriveInvite(this.#deps.core.backend, link.secret);
    const attempt = new JoinAttempt(
      this.#deps,
      {
        changed: (room, cause) => {
          this.#host.changed(room, cause);
        },
        shown: () => {
          this.#host.shown();
        },
        conversation: (convId) => this.#host.conversation(convId),
        joined: (own, conversation) => this.#joined(own, conversation),
        learnRelays: (relays) => {
          this.#host.learnRelays(relays);
        },
      },
      { link, derived },
    );
    const opened = await attempt.room.open();
    if (!opened.ok) return opened;
    this.#attempts.set(attempt.idHex, attempt);
    if (joined !== undefined) {
      attempt.joinedConversation = joined;
      joined.prekeys.outlive(attempt.room.prekeys);
      this.#finished.add(attempt);
    }
    this.#host.scopesChanged();
    void attempt.room.run(() => attempt.settle());
    this.#host.shown();
    return ok(undefined);
  }

  async #joined(
    attempt: JoinAttempt,
    conversation: Conversation,
  ): Promise<Result<undefined, StoreFailure>> {
    return this.#host.keep(conversation, [
      this.#followedWrite(attempt.inviteId, attempt.link, conversation.convId),
    ]);
  }

  #followedWrite(inviteId: Uint8Array, link: InviteLink, joined: Uint8Array): Write {
    return this.#deps.vault.seal(['n', inviteId], { link: encodeInviteLink('', link), joined });
  }
}
