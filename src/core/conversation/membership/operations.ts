/** What sync may ask of a conversation's membership: who may be given which operations. */
import { equalBytes, toHex } from '../../../base/bytes.ts';
import type { Seal } from '../../../protocol/epochs/seal.ts';
import type { Epoch } from '../../epochs/epoch.ts';
import type { EpochKeeper } from '../../epochs/epoch-keeper.ts';
import type { ScopeOperations } from '../../scope.ts';
import type { MembershipState } from './membership-state.ts';

export interface OperationsInput {
  readonly ownId: Uint8Array;
  readonly membership: MembershipState;
  readonly epochs: EpochKeeper;
  /** Takes operations in, and the epochs they make valid. */
  readonly receive: (ops: ReadonlyArray<Uint8Array>, source: string) => Promise<void>;
}

export class Operations implements ScopeOperations {
  readonly #input: OperationsInput;
  #isDepartureKnown = false;

  constructor(input: OperationsInput) {
    this.#input = input;
  }

  /** Others have told this device that it went, or that it left: no need to look for them. */
  get isDepartureKnown(): boolean {
    return this.#isDepartureKnown;
  }

  ids(): ReadonlyArray<Uint8Array> {
    return this.#input.membership.ids();
  }

  idsHash(): Uint8Array {
    return this.#input.membership.idsHash();
  }

  mayHave(devSignPub: Uint8Array): boolean {
    return this.#input.membership.isMemberDevice(devSignPub);
  }

  lackedBy(ids: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> {
    return this.#input.membership.lackedBy(ids);
  }

  /** [RM2] */
  lastWords(epoch: Epoch, devSignPub: Uint8Array): ReadonlyArray<Uint8Array> {
    const { epochs, membership } = this.#input;
    const identityHex = epochs.recipients(epoch).get(toHex(devSignPub));
    if (identityHex === undefined) return [];
    return membership.lastWords({ devSignPub, identityHex }, epoch.id);
  }

  async receive(ops: ReadonlyArray<Uint8Array>, source: string): Promise<void> {
    const { ownId, membership, receive } = this.#input;
    await receive(ops, source);
    const departure = membership.departureOf(toHex(ownId));
    this.#isDepartureKnown =
      departure?.body.type === 'leave' &&
      (this.#isDepartureKnown || ops.some((bytes) => equalBytes(bytes, departure.bytes)));
  }

  sealFor(epoch: Epoch, devSignPub: Uint8Array): Promise<Seal | undefined> {
    return this.#input.epochs.handOver.sealFor(epoch, devSignPub);
  }

  receiveSeal(seal: Seal, deviceHex: string): Promise<void> {
    this.#input.epochs.noteSeal(seal, deviceHex);
    return this.receive([], deviceHex);
  }
}
