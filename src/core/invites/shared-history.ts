/**
 * [HI3] What an open link with history gives: in its room lie the secrets of the conversation's
 * epochs, sealed to whoever has the link, so that a newcomer reads while nobody is there. Who made
 * the link tells all of them, and everybody else those they made, each once.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { encodeSeal, readSeal, type Seal } from '../../protocol/epochs/seal.ts';
import type { CborValue } from '../../protocol/cbor.ts';
import type { ControlOp } from '../../protocol/membership/ops.ts';
import type { Conversation } from '../conversation/conversation.ts';

const noDevice = new Uint8Array(32);

export class SharedHistory {
  readonly #op: ControlOp;
  readonly #ownDevice: Uint8Array;
  /** Epochs in hex that this device told here. */
  readonly #told = new Set<string>();

  constructor(op: ControlOp, ownDevice: Uint8Array) {
    this.#op = op;
    this.#ownDevice = ownDevice;
  }

  /** An own entry of the room. */
  note(payload: CborValue): void {
    const seal = readSeal(payload);
    if (seal !== undefined) this.#told.add(toHex(seal.epochId));
  }

  /** What is not told yet, as payloads. */
  async news({ epochs, membership }: Conversation): Promise<ReadonlyArray<CborValue>> {
    const { body, opId, devSignPub } = this.#op;
    if (body.type !== 'invite' || body.historyPub === undefined) return [];
    const isMaker = equalBytes(devSignPub, this.#ownDevice);
    const isOwn = (id: Uint8Array): boolean => {
      const made = membership.op(id);
      return made !== undefined && equalBytes(made.devSignPub, this.#ownDevice);
    };
    const due = epochs
      .sharedBy({ opId, body })
      .filter(({ id, idHex }) => !this.#told.has(idHex) && (isMaker || isOwn(id)));
    if (due.length === 0) return [];
    const whoever = { devSignPub: noDevice, inboxPub: body.historyPub, prekey: undefined };
    const seals: ReadonlyArray<Seal> = await epochs.handOver.sealOlder(due, [whoever]);
    return seals.map(encodeSeal);
  }
}
