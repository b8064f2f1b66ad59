/**
 * Epochs whose maker did not seal them to everybody as promised (PROTOCOL §4, attack 19). Whoever was
 * left out, or was given something else, says so in a signed op; whoever holds the secret seals it to
 * them anew. The hash in the epoch's op decides what is right, so nobody is believed.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { limits } from '../../protocol/limits.ts';
import { isEpochValid, viewDigest } from '../../protocol/membership/membership.ts';
import type { ControlOp, OpBody } from '../../protocol/membership/ops.ts';
import type { Seal } from '../../protocol/epochs/seal.ts';
import type { MembershipState } from '../conversation/membership/membership-state.ts';
import type { Epoch } from './epoch.ts';
import type { EpochKeeper } from './epoch-keeper.ts';
import type { EpochLogs, LogDeps } from './epoch-logs.ts';

type Complaint = Extract<OpBody, { type: 'complaint' }>;

export interface ComplaintsInput {
  readonly membership: MembershipState;
  readonly logs: () => EpochLogs;
  readonly epochs: () => EpochKeeper;
  /** Something may be `due`: to be called inside the queue. */
  readonly onDue: () => void;
}

/** A box to hand over, and the log in which the device will find it. */
export interface Reseal {
  readonly epoch: Epoch;
  readonly devSignPub: Uint8Array;
  readonly within: Epoch;
  /** Epoch and place of the box. */
  readonly key: string;
}

export class Complaints {
  readonly #deps: LogDeps;
  readonly #input: ComplaintsInput;
  /** Epochs of which a box came that is not what it should be. */
  readonly #bad = new Set<string>();
  /** Epoch and place of each box that was sealed anew. */
  readonly #resealed = new Set<string>();
  #seenCount = 0;
  #isDue = false;

  constructor(deps: LogDeps, input: ComplaintsInput) {
    this.#deps = deps;
    this.#input = input;
  }

  noteBad(epochHex: string): void {
    if (this.#bad.size < limits.sealsWaitingMax) this.#bad.add(epochHex);
  }

  /** A box alone, from somebody else than the epoch's maker, was sealed anew. */
  noteSeal({ epochId, first, boxes }: Seal, deviceHex: string): void {
    const maker = this.#input.membership.op(epochId)?.devSignPub;
    if (boxes.length !== 1 || maker === undefined || toHex(maker) === deviceHex) return;
    this.sealedAnew(`${toHex(epochId)}/${String(first)}`);
  }

  /** Also what we sealed anew ourselves, whoever made the epoch: nobody is given a box by us twice. */
  sealedAnew(key: string): void {
    if (this.#resealed.size < limits.sealSourcesMax) this.#resealed.add(key);
  }

  /** Operations came: looks in a while whether there is anything to say, or to hand over. */
  look(): void {
    const { membership } = this.#input;
    if (this.#isDue || (this.#seenCount === membership.version && this.#bad.size === 0)) return;
    this.#seenCount = membership.version;
    if (this.#unopened().length + this.reseals().length === 0) return;
    this.#isDue = true;
    const { clock, random } = this.#deps.core;
    const [share = 0] = random.bytes(1);
    const jitterMs = Math.floor((limits.epochJitterMaxMs * share) / 256);
    clock.schedule(limits.complaintDelayMs + jitterMs, () => {
      this.#isDue = false;
      this.#input.onDue();
    });
  }

  /** [CP1] Of epochs that could be sent under now and that are still shut for us, each once. */
  due(): ReadonlyArray<Complaint> {
    const unopened = this.#unopened();
    const complaints = unopened.map(({ opId }): Complaint => {
      const reason = this.#bad.has(toHex(opId)) ? 'bad' : 'missing';
      return { type: 'complaint', epochId: opId, reason };
    });
    this.#bad.clear();
    return complaints;
  }

  /** [CP2] For members who complained of an epoch that is open here, and do not write in it yet. */
  reseals(): ReadonlyArray<Reseal> {
    return this.#complaints().flatMap(({ op, body }) => {
      if (!this.#input.membership.isMemberDevice(op.devSignPub)) return [];
      const epoch = this.#input.logs().byId(toHex(body.epochId));
      if (epoch === undefined || epoch.writersOf(op.devSignPub).length > 0) return [];
      const devices = [...this.#input.epochs().recipients(epoch).keys()];
      const place = devices.indexOf(toHex(op.devSignPub));
      const key = `${epoch.idHex}/${String(place)}`;
      if (place < 0 || this.#resealed.has(key)) return [];
      const within = this.#input
        .epochs()
        .held()
        .find((other) => other !== epoch && other.writersOf(op.devSignPub).length > 0);
      return within === undefined ? [] : [{ epoch, devSignPub: op.devSignPub, within, key }];
    });
  }

  #complaints(): ReadonlyArray<{ readonly op: ControlOp; readonly body: Complaint }> {
    const { membership } = this.#input;
    return membership
      .newest(limits.complaintsLookedAt)
      .flatMap((op) => (op.body.type === 'complaint' ? [{ op, body: op.body }] : []))
      .filter(({ op }) => membership.view.validOps.has(toHex(op.opId)));
  }

  #unopened(): ReadonlyArray<ControlOp> {
    const { membership } = this.#input;
    const own = this.#deps.me.device.publicKey;
    if (!membership.isMemberDevice(own)) return [];
    const digest = viewDigest(membership.view);
    const saidOf = new Set(
      this.#complaints()
        .filter(({ op }) => equalBytes(op.devSignPub, own))
        .map(({ body }) => toHex(body.epochId)),
    );
    return membership
      .newest(limits.complaintsLookedAt)
      .filter(
        (op) =>
          op.body.type === 'epoch' &&
          equalBytes(op.body.recipientsDigest, digest) &&
          this.#input.logs().byId(toHex(op.opId)) === undefined &&
          !saidOf.has(toHex(op.opId)) &&
          isEpochValid(membership.opSet, op),
      );
  }
}
