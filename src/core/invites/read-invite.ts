/** A link looked at before there is an identity: nobody's own yet, and nobody's member. */
import { toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { decodeInviteLink, deriveInvite } from '../../protocol/invites/invite.ts';
import type { CommandError, InvitePreview } from '../api.ts';
import type { CoreDeps } from '../deps.ts';

export const readInvite = async (
  { backend, clock }: CoreDeps,
  text: string,
): Promise<Result<InvitePreview, CommandError>> => {
  const link = decodeInviteLink(text);
  if (!link.ok) return link;
  const { kind, isOpen, expiresAtMs, relays, secret } = link.value;
  if (expiresAtMs <= clock.now()) return err('expired');
  const { inviteId } = await deriveInvite(backend, secret);
  return ok({ inviteId: toHex(inviteId), kind, isOpen, expiresAtMs, relays });
};
