/**
 * Open links that this device took back (PROTOCOL §10): it says so in their rooms, where the welcome
 * lies, and keeps the rooms until a mailbox knows it too. After a crash it looks once more, as long
 * as such a link could still be followed.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { limits } from '../../protocol/limits.ts';
import type { ControlOp } from '../../protocol/membership/ops.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';
import { HostedInvite, type HostedInviteHost } from './hosted-invite.ts';
import type { InviteRoom } from './invite-room.ts';

export class RevokedInvites {
  readonly #deps: LogDeps;
  readonly #host: HostedInviteHost;
  readonly #invites = new Map<string, HostedInvite>();

  constructor(deps: LogDeps, host: HostedInviteHost) {
    this.#deps = deps;
    this.#host = host;
  }

  /** That no mailbox knows of yet. */
  rooms(): ReadonlyArray<InviteRoom> {
    return [...this.#invites.values()].map(({ room }) => room).filter(({ isParked }) => !isParked);
  }

  /** Whoever took the link back, also by a removal, says so where its welcome lies. */
  async say(hosted: HostedInvite): Promise<void> {
    const op = this.#ownRevocations(hosted.home).find(({ body }) =>
      isOf(body, hosted.inviteId, 'invite-revoke'),
    );
    if (op === undefined) return;
    await hosted.room.run(() => hosted.sayRevoked(op));
    this.#invites.set(hosted.idHex, hosted);
  }

  /** [IN8] At a start: what the last run took back and may not have said. */
  async sayAgain(
    homes: ReadonlyArray<Conversation>,
    isOpened: (idHex: string) => boolean,
  ): Promise<void> {
    for (const { home, op, inviteId } of homes.flatMap((home) => this.#takenBack(home))) {
      if (isOpened(toHex(inviteId))) continue;
      const inviterLog = home.membership.view.identities.get(toHex(op.identityId))?.log;
      if (inviterLog === undefined) continue;
      const hosted = new HostedInvite(this.#deps, this.#host, { op, home, inviterLog });
      const opened = await hosted.room.open();
      if (opened.ok) await this.say(hosted);
    }
  }

  /** The newest ones that could still be followed. */
  #takenBack(home: Conversation) {
    const nowMs = this.#deps.core.clock.now();
    const invites = home.membership.all().filter(({ body }) => body.type === 'invite');
    return this.#ownRevocations(home)
      .flatMap(({ body }) => {
        const op =
          body.type === 'invite-revoke'
            ? invites.find((invite) => isOf(invite.body, body.inviteId, 'invite'))
            : undefined;
        if (op?.body.type !== 'invite' || !op.body.isOpen) return [];
        const { inviteId, expiryHintMs } = op.body;
        return expiryHintMs > nowMs ? [{ home, op, inviteId }] : [];
      })
      .slice(-limits.livingInvitesMax);
  }

  #ownRevocations({ membership }: Conversation): ReadonlyArray<ControlOp> {
    const own = this.#deps.me.device.publicKey;
    return membership
      .all()
      .filter(
        ({ body, devSignPub }) => body.type === 'invite-revoke' && equalBytes(devSignPub, own),
      );
  }
}

const isOf = (
  body: ControlOp['body'],
  inviteId: Uint8Array,
  type: 'invite' | 'invite-revoke',
): boolean => body.type === type && 'inviteId' in body && equalBytes(body.inviteId, inviteId);
