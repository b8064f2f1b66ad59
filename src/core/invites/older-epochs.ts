/**
 * Which older epochs a welcome after an approval brings (PROTOCOL §9, §10): those that the newcomer
 * was given, sealed to their prekeys. Never one that is still written in.
 */
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
