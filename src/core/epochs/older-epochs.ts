/**
 * Which older epochs the welcome of who was added brings (PROTOCOL §9, §10): those that the newcomer
 * was given, sealed to their prekeys. Never one that is still written in.
 */
import type { Seal, SealRecipient } from '../../protocol/epochs/seal.ts';
import type { Epoch } from './epoch.ts';
import type { EpochKeeper } from './epoch-keeper.ts';

/** Newest first; the recipients are devices of one person. */
export const givenToNewcomer = (
  epochs: EpochKeeper,
  [first]: ReadonlyArray<SealRecipient>,
): ReadonlyArray<Epoch> =>
  first === undefined
    ? []
    : epochs.held().filter(({ id }) => epochs.handOver.isHistoryOf(id, first.devSignPub));

export const olderSealsForNewcomer = (
  epochs: EpochKeeper,
  recipients: ReadonlyArray<SealRecipient>,
): Promise<ReadonlyArray<Seal>> =>
  epochs.handOver.sealOlder(givenToNewcomer(epochs, recipients), recipients);
