/**
 * Which older epochs a welcome brings, sealed to whom (PROTOCOL §9, §10): after an approval those
 * that the newcomer was given, to their prekeys; in an open invite's room those from before the
 * link, to whoever holds it. Never one that is still written in.
 */
import { agreementKeyPair } from '../../crypto/agreement.ts';
import { historySeedOf } from '../../protocol/invites/invite.ts';
import { isInPast } from '../../protocol/membership/membership.ts';
import type { ControlOp } from '../../protocol/membership/ops.ts';
import type { Seal, SealRecipient } from '../../protocol/epochs/seal.ts';
import type { Conversation } from '../conversation/conversation.ts';

/** Newest first; the recipients are devices of one person. */
export const olderSealsForNewcomer = async (
  { epochs }: Conversation,
  recipients: ReadonlyArray<SealRecipient>,
): Promise<ReadonlyArray<Seal>> => {
  const [first] = recipients;
  if (first === undefined) return [];
  const given = epochs.held().filter(({ id }) => epochs.handOver.isHistoryOf(id, first.devSignPub));
  return epochs.handOver.sealOlder(given, recipients);
};

/**
 * [HI3] What was there when the link was made; joiners get what came since from members. The secret
 * is the link's own.
 */
export const olderSealsForLink = async (
  { epochs, membership }: Conversation,
  { body, opId }: ControlOp,
  linkSecret: Uint8Array,
): Promise<ReadonlyArray<Seal>> => {
  if (body.type !== 'invite' || body.history !== 'all' || !body.isOpen) return [];
  const before = epochs.held().filter(({ id }) => !isInPast(membership.opSet, opId, id));
  const inboxPub = agreementKeyPair(historySeedOf(linkSecret)).publicKey;
  const whoeverHasTheLink = { devSignPub: new Uint8Array(32), inboxPub, prekey: undefined };
  return epochs.handOver.sealOlder(before, [whoeverHasTheLink]);
};
