/**
 * What goes into an invite's room for who was let in by a yes. Everybody in the room is given all of
 * it, so those who came in together are welcomed together.
 */
import { assert } from '../../base/assert.ts';
import { ok, type Result } from '../../base/result.ts';
import { sealSecret, type Seal, type SealRecipient } from '../../protocol/epochs/seal.ts';
import type { WelcomePart } from '../../protocol/invites/welcome.ts';
import { limits } from '../../protocol/limits.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';
import { givenToNewcomer } from '../epochs/older-epochs.ts';
import { recipientsAmong, type Asker } from './asker.ts';
import { sealWelcome } from './sealed-welcome.ts';

export interface WelcomeSeals {
  readonly seals: ReadonlyArray<Seal>;
  readonly olderSeals: ReadonlyArray<Seal>;
}

export interface WelcomeEntriesInput {
  readonly inviteId: Uint8Array;
  readonly conversation: Conversation;
  readonly epoch: Epoch;
  /** Never none; the first of them is served in any case. */
  readonly askers: ReadonlyArray<Asker>;
  readonly make: (
    seals: WelcomeSeals,
  ) => Promise<Result<ReadonlyArray<WelcomePart>, 'welcome-too-big'>>;
}

type Entries = Awaited<ReturnType<typeof sealWelcome>>;

/** For whom these entries are: the others are welcomed by further ones. */
export interface Welcoming {
  readonly askers: ReadonlyArray<Asker>;
  readonly entries: Entries;
}

interface Addressee {
  readonly asker: Asker;
  readonly recipients: ReadonlyArray<SealRecipient>;
  /** The epochs from before that are for them. */
  readonly given: ReadonlyArray<Epoch>;
}

export const welcomeEntries = async (
  core: LogDeps['core'],
  input: WelcomeEntriesInput,
): Promise<Result<Welcoming, 'welcome-too-big'>> => {
  const { askers, conversation, epoch } = input;
  const all = askers.map((asker): Addressee => {
    const recipients = recipientsAmong(asker, conversation, epoch);
    return { asker, recipients, given: givenToNewcomer(conversation.epochs, recipients) };
  });
  const together = await entriesFor(core, input, fittingTogether(all));
  return together.ok || all.length === 1 ? together : entriesFor(core, input, all.slice(0, 1));
};

/** With the first of them: who was given the same, as far as one seal has boxes for all. */
const fittingTogether = (all: ReadonlyArray<Addressee>): ReadonlyArray<Addressee> => {
  const first = all[0];
  let boxCount = 0;
  return all.filter(({ recipients, given }) => {
    const isSame =
      given.length === first?.given.length && given.every((one, at) => one === first.given[at]);
    const isFit = boxCount === 0 || boxCount + recipients.length <= limits.sealBoxesMax;
    if (isSame && isFit) boxCount += recipients.length;
    return isSame && isFit;
  });
};

const entriesFor = async (
  core: LogDeps['core'],
  { inviteId, conversation, epoch: { id: epochId, secret }, make }: WelcomeEntriesInput,
  addressees: ReadonlyArray<Addressee>,
): Promise<Result<Welcoming, 'welcome-too-big'>> => {
  const recipients = addressees.flatMap((one) => one.recipients);
  const given = addressees[0]?.given ?? [];
  assert(secret !== undefined, 'a welcome gives away an epoch that is whole');
  const parts = await make({
    seals: await sealSecret(core.backend, core.random, {
      ...{ epochId, secret, recipients, isHybrid: true },
    }),
    olderSeals: await conversation.epochs.handOver.sealOlder(given, recipients),
  });
  if (!parts.ok) return parts;
  const entries = await sealWelcome(core, {
    inviteId,
    to: addressees.map(({ asker: { request }, recipients: devices }) => ({
      ...{ device: request.devSignPub, recipients: devices },
    })),
    parts: parts.value,
  });
  return ok({ askers: addressees.map(({ asker }) => asker), entries });
};
