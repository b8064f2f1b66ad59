/** Takes up what entries and peers brought: operations, the epochs they make valid, what shows now. */
import { ok, type Result } from '../../base/result.ts';
import type { Admittance } from '../epochs/epoch-logs.ts';
import type { Parcel } from '../scope.ts';
import type { StoreFailure } from '../vault/segments.ts';
import type { ConversationHost } from './conversation-host.ts';
import type { Conversation } from './conversation.ts';
import type { Testimony } from './membership/testimony.ts';
import type { Reader } from './reading/reader.ts';

export interface IntakeInput {
  readonly conversation: Conversation;
  readonly host: ConversationHost;
  readonly reader: () => Reader;
  readonly testimony: () => Testimony;
}

/** Inside the conversation's queue. */
export class Intake {
  readonly #input: IntakeInput;

  constructor(input: IntakeInput) {
    this.#input = input;
  }

  /** Entries of others: however many came together, what they change is looked at once. */
  async receive(parcels: ReadonlyArray<Parcel>): Promise<ReadonlyArray<Admittance>> {
    const { conversation, host } = this.#input;
    const admitted = await conversation.logs.admit(
      parcels.map(({ epoch, runs, coming: { arrival } }) => ({ epoch, runs, arrival })),
    );
    const failure = admitted.find((one) => !one.ok);
    if (failure?.ok === false) host.failed(conversation, failure.error);
    const isFresh = (one: Admittance | undefined): boolean =>
      one?.ok === true && one.value.freshCount > 0;
    const fresh = parcels.filter((_, at) => isFresh(admitted[at]));
    if (fresh.length === 0) return admitted;
    const settled = await this.settle();
    if (!settled.ok) return admitted.map(() => settled);
    if (conversation.offers.hasAny) host.offered(conversation);
    for (const epoch of new Set(fresh.map((parcel) => parcel.epoch))) {
      host.changed(conversation, epoch, 'received');
    }
    host.shown(conversation);
    conversation.flushSoon();
    return admitted;
  }

  /** After entries came. */
  async settle(): Promise<Result<undefined, StoreFailure>> {
    const { membership, fold } = this.#input.conversation;
    const carried = this.#input.reader().takeCarriedOps();
    const before = membership.version;
    await membership.accept(
      carried.map(({ bytes }) => bytes),
      'log',
    );
    for (const op of carried) fold.notice(op);
    return this.#afterOps(before);
  }

  /** Operations that came without an entry. */
  async receiveOps(ops: ReadonlyArray<Uint8Array>, source: string): Promise<void> {
    const { conversation, host } = this.#input;
    const before = conversation.membership.version;
    await conversation.membership.accept(ops, source);
    const settled = await this.#afterOps(before);
    if (!settled.ok) host.failed(conversation, settled.error);
    else if (conversation.membership.version !== before) {
      host.changed(conversation, undefined, 'received');
    }
  }

  async #afterOps(versionBefore: number): Promise<Result<undefined, StoreFailure>> {
    const { conversation, host, reader, testimony } = this.#input;
    const { membership, epochs, erasing, attention, profiles } = conversation;
    const stored = await membership.store();
    if (!stored.ok) return stored;
    await reader().renew();
    const adopted = await epochs.adopt();
    if (!adopted.ok) return adopted;
    for (const epoch of adopted.value) host.changed(conversation, epoch, 'received');
    if (adopted.value.length > 0) host.offersChanged();
    reader().refresh();
    await erasing.redacted();
    attention.marks.refresh();
    testimony().forks.look();
    testimony().complaints.look();
    if (membership.version !== versionBefore) {
      host.membershipChanged(conversation);
      host.shown(conversation);
      void profiles.tellNewcomers();
    }
    return ok(undefined);
  }
}
