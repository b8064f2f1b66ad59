/**
 * Epoch secrets from device to device, beside the seals an epoch's author makes (PROTOCOL §4, §9):
 * who may have an epoch, as recipient or as history; its secret sealed anew to one device; and
 * opening what was sealed to this one.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { isGivenHistory, mayBeShared } from '../../protocol/membership/history.ts';
import { viewAt, type MemberDevice } from '../../protocol/membership/membership.ts';
import type { ControlOp } from '../../protocol/membership/ops.ts';
import {
  openSealBox,
  sealSecret,
  type Seal,
  type SealRecipient,
} from '../../protocol/epochs/seal.ts';
import { prekeyIdBytes } from '../../protocol/epochs/prekey.ts';
import { limits } from '../../protocol/limits.ts';
import type { MembershipState } from '../conversation/membership/membership-state.ts';
import type { Bundles } from './bundles.ts';
import type { Epoch } from './epoch.ts';
import type { LogDeps } from './epoch-logs.ts';
import type { OwnPrekeys } from './prekeys.ts';

export interface HandOverInput {
  readonly membership: MembershipState;
  readonly prekeys: OwnPrekeys;
  readonly bundles: Bundles;
}

export class HandOver {
  readonly #deps: LogDeps;
  readonly #input: HandOverInput;
  /** By epoch in hex: the key that the box names which was opened last. */
  readonly #openedBy = new Map<string, Uint8Array>();

  constructor(deps: LogDeps, input: HandOverInput) {
    this.#deps = deps;
    this.#input = input;
  }

  /** The epoch is from before this device of a member came, who was let in with history. */
  isHistoryOf(epochId: Uint8Array, devSignPub: Uint8Array): boolean {
    const { opSet, view } = this.#input.membership;
    if (view.historyGrants.length === 0) return false;
    const device = deviceIn(view.devices, devSignPub);
    return device !== undefined && isGivenHistory(opSet, { epochId, ...device });
  }

  /** Others than its recipients may hold its secret: it is read, and not written any more. */
  isShared(epochId: Uint8Array): boolean {
    return mayBeShared(this.#input.membership.opSet, epochId);
  }

  /** Which key opened the box of an epoch that is about to be recorded. */
  takeOpenedBy(epochId: Uint8Array): Uint8Array | undefined {
    const boxId = this.#openedBy.get(toHex(epochId));
    this.#openedBy.delete(toHex(epochId));
    return boxId;
  }

  /** For one who may read an epoch we hold: its secret, sealed anew; undefined for others. */
  async sealFor(epoch: Epoch, devSignPub: Uint8Array): Promise<Seal | undefined> {
    const { membership, bundles } = this.#input;
    const recipients = viewAt(membership.opSet, epoch.id)?.devices ?? [];
    const first = recipients.findIndex((device) => equalBytes(device.devSignPub, devSignPub));
    const isHistory = first < 0 && this.isHistoryOf(epoch.id, devSignPub);
    if (epoch.secret === undefined) return undefined; // something in it was erased here
    const device = isHistory ? deviceIn(membership.view.devices, devSignPub) : recipients[first];
    if (device === undefined) return undefined;
    const prekey = await bundles.verified(this.#deps.core.backend, devSignPub);
    const isHybrid = isHistory || recipients.length <= limits.hybridDevicesMax;
    const [seal] = await this.#seal(epoch, [{ ...device, prekey }], isHybrid);
    return seal && { ...seal, first: Math.max(0, first) };
  }

  /** [HI4] The secrets of these epochs, so many at most, for who reads a welcome. */
  async sealOlder(
    epochs: ReadonlyArray<Epoch>,
    recipients: ReadonlyArray<SealRecipient>,
  ): Promise<ReadonlyArray<Seal>> {
    const seals: Seal[] = [];
    const whole = epochs.filter(({ secret }) => secret !== undefined);
    for (const epoch of whole.slice(0, limits.welcomeOlderEpochsMax)) {
      seals.push(...(await this.#seal(epoch, recipients, true)));
    }
    return seals;
  }

  /** What is in one of these boxes for us, whatever their places. */
  async openAny(
    op: ControlOp,
    seals: ReadonlyArray<Seal>,
    inboxSeed = this.#deps.me.inboxSeed,
  ): Promise<Uint8Array | undefined> {
    for (const seal of seals) {
      for (const box of seal.boxes) {
        const secret = await this.#open(op, { seal, box, inboxSeed });
        if (secret !== undefined) return secret;
      }
    }
    return undefined;
  }

  /** What is in our own box, or in any where the epoch is history that we were given. */
  async open(op: ControlOp, seals: ReadonlyArray<Seal>): Promise<Uint8Array | undefined> {
    const { device, inboxSeed } = this.#deps.me;
    const recipients = viewAt(this.#input.membership.opSet, op.opId)?.devices ?? [];
    const own = recipients.findIndex(({ devSignPub }) => equalBytes(devSignPub, device.publicKey));
    if (own < 0) {
      return this.isHistoryOf(op.opId, device.publicKey) ? this.openAny(op, seals) : undefined;
    }
    for (const seal of seals) {
      const box = seal.boxes[own - seal.first];
      const secret = box && (await this.#open(op, { seal, box, inboxSeed }));
      if (secret !== undefined) return secret;
    }
    return undefined;
  }

  async #seal(
    { id: epochId, secret }: Epoch,
    recipients: ReadonlyArray<SealRecipient>,
    isHybrid: boolean,
  ): Promise<ReadonlyArray<Seal>> {
    if (secret === undefined) return [];
    const { backend, random } = this.#deps.core;
    const own = secret.slice(); // something may be erased there before all boxes are sealed
    const seals = await sealSecret(backend, random, { epochId, secret: own, recipients, isHybrid });
    own.fill(0);
    return seals;
  }

  async #open(
    { opId, body }: ControlOp,
    {
      seal: { ephemeralPub },
      box,
      inboxSeed,
    }: { readonly seal: Seal; readonly box: Uint8Array; readonly inboxSeed: Uint8Array },
  ): Promise<Uint8Array | undefined> {
    if (body.type !== 'epoch') return undefined;
    const opened = await openSealBox(this.#deps.core.backend, {
      epochId: opId,
      secretHash: body.secretHash,
      ephemeralPub,
      box,
      prekeys: this.#input.prekeys.all(),
      inboxSeed,
    });
    if (!opened.ok) return undefined;
    this.#openedBy.set(toHex(opId), box.slice(0, prekeyIdBytes));
    return opened.value;
  }
}

const deviceIn = (
  devices: ReadonlyArray<MemberDevice>,
  devSignPub: Uint8Array,
): MemberDevice | undefined => devices.find((device) => equalBytes(device.devSignPub, devSignPub));
