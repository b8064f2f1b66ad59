/**
 * People who let themselves in by an open invite (PROTOCOL §10): what they left in its room is taken
 * up and written where everybody reads. Anybody with the link can write into the room, so only what
 * counts is passed on.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import type { Body } from '../../protocol/body.ts';
import { limits } from '../../protocol/limits.ts';
import { decodeOp, type ControlOp, type OpBody } from '../../protocol/membership/ops.ts';
import { encodeControl, readControl } from '../../protocol/payload.ts';
import { decodeSeal, encodeSeal, type Seal } from '../../protocol/epochs/seal.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { Content } from '../epochs/epoch-logs.ts';

/** What somebody who lets themselves in writes. */
const joinTypes: ReadonlySet<string> = new Set(['join', 'merge', 'epoch']);

export class OpenJoins {
  readonly #inviteId: Uint8Array;
  readonly #source: string;
  #ops: Uint8Array[] = [];
  #seals: Seal[] = [];
  /** Who joined here, by which epochs, and what of it we passed on. */
  readonly #joiners = new Set<string>();
  readonly #epochs = new Set<string>();
  readonly #passedOn = new Set<string>();

  constructor(inviteId: Uint8Array) {
    this.#inviteId = inviteId;
    this.#source = toHex(inviteId);
  }

  /** A `control` or `seal` entry of the room. */
  note({ type, payload }: Pick<Body, 'type' | 'payload'>): void {
    if (type === 'control') {
      const op = readControl(payload);
      if (op && this.#ops.length < limits.welcomeOpsMax) this.#ops.push(op);
      return;
    }
    const seal = decodeSeal(payload);
    if (seal.ok && this.#seals.length < limits.waitingOpsMax) this.#seals.push(seal.value);
  }

  /** Every operation that came: who comes in takes what counts of them. */
  heard(): ReadonlyArray<Uint8Array> {
    return this.#ops;
  }

  /**
   * Takes up what came since the last time. One who may add people also writes it where everybody
   * reads; if all members did, each join would be written as often as there are members.
   */
  async takeUp(home: Conversation, isPassedOn: boolean): Promise<void> {
    const ops = this.#joinsAmong(this.#ops);
    const seals = this.#seals.filter(({ epochId }) => this.#epochs.has(toHex(epochId)));
    this.#ops = [];
    this.#seals = [];
    if (ops.length === 0 && seals.length === 0) return;
    await home.run(async () => {
      const heads = isPassedOn ? home.epochs.held().slice(0, 1) : [];
      const contents = await this.#take(home, { ops, seals });
      if (contents.length === 0) return;
      for (const head of heads) {
        const appended = await home.logs.append(head, contents);
        if (appended.ok) home.appended(head);
      }
    });
  }

  /** What others may need of it. */
  async #take(
    home: Conversation,
    { ops, seals }: { readonly ops: ReadonlyArray<ControlOp>; readonly seals: ReadonlyArray<Seal> },
  ): Promise<ReadonlyArray<Content>> {
    const { membership, epochs, operations } = home;
    const fresh = ops.filter(({ opId }) => membership.op(opId) === undefined);
    for (const seal of seals) epochs.noteSeal(seal, this.#source);
    const received = ops.map(({ bytes }) => bytes);
    await operations.receive(received, this.#source);
    const counting = membership.counting(fresh);
    for (const { opId } of counting) this.#passedOn.add(toHex(opId));
    return [
      ...counting.map(({ bytes }) => home.content('control', encodeControl(bytes))),
      ...seals
        .filter(({ epochId }) => this.#passedOn.has(toHex(epochId)))
        .map((seal) => home.content('seal', encodeSeal(seal))),
    ];
  }

  /** What people who let themselves in have signed, and who took the link back. */
  #joinsAmong(received: ReadonlyArray<Uint8Array>): ReadonlyArray<ControlOp> {
    const ops = received.flatMap((bytes) => {
      const op = decodeOp(bytes);
      return op.ok ? [op.value] : [];
    });
    for (const { body, identityId } of ops) {
      const isHere = body.type === 'join' && equalBytes(body.inviteId, this.#inviteId);
      if (isHere) this.#joiners.add(toHex(identityId));
    }
    const theirs = ops.filter(
      ({ body, identityId }) => joinTypes.has(body.type) && this.#joiners.has(toHex(identityId)),
    );
    for (const { body, opId } of theirs) {
      if (body.type === 'epoch') this.#epochs.add(toHex(opId));
    }
    return [...theirs, ...ops.filter(({ body }) => this.#isRevoke(body))];
  }

  /** Without it a welcome that still lies in a mailbox would let somebody believe they are in. */
  #isRevoke(body: OpBody): boolean {
    return body.type === 'invite-revoke' && equalBytes(body.inviteId, this.#inviteId);
  }
}
