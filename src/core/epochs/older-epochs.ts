/**
 * Which older epochs the welcome of who was added brings (PROTOCOL §9, §10): those that the newcomer
 * was given, sealed to their prekeys. Never one that is still written in.
 */
import type { Seal, SealRecipient } from '../../protocol/epochs/seal.ts';
import type { EpochKeeper } from './epoch-keeper.ts';

/** Newest first; the recipients are devices of one person. */
export const olderSealsForNewcomer = async (
  epochs: EpochKeeper,
  recipients: ReadonlyArray<SealRecipient>,
): Promise<ReadonlyArray<Seal>> => {
  const [first] = recipients;
  if (first === undefined) return [];
  const given = epochs.held().filter(({ id }) => epochs.handOver.isHistoryOf(id, first.devSignPub));
  return epochs.handOver.sealOlder(given, recipients);
};
