/**
 * The epochs of one conversation as they lie on this device: recorded once when they come, in their
 * order, and from then on only to lose what is erased in them.
 */
import { assert } from '../../base/assert.ts';
import { isZero, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { ControlOp } from '../../protocol/membership/ops.ts';
import { limits } from '../../protocol/limits.ts';
import type { Write } from '../../storage/port.ts';
import type { MembershipState } from '../conversation/membership/membership-state.ts';
import { segmentGroupOf, type StoreFailure } from '../vault/segments.ts';
import { Epoch } from './epoch.ts';
import type { EpochLogs, LogDeps } from './epoch-logs.ts';
import { EpochRecords, type EpochNotes } from './epoch-records.ts';
import { Eraser } from './eraser.ts';
import type { Pause } from './log-folding.ts';
import type { OwnPrekeys } from './prekeys.ts';

export interface EpochShelfInput {
  readonly membership: MembershipState;
  readonly logs: EpochLogs;
  readonly prekeys: OwnPrekeys;
  /** Device → identity, both in hex: who may write. */
  readonly recipients: (epoch: Pick<Epoch, 'id' | 'idHex'>) => ReadonlyMap<string, string>;
}

/** An epoch that is about to be stored. */
export interface EpochRecord {
  readonly epoch: Epoch;
  readonly record: ReadonlyArray<Write>;
}

/** How the logs are opened. */
export interface Pace {
  readonly pause: Pause;
  /** What is folded fills a screen. */
  readonly hasEnough: () => boolean;
  /** What is folded now has no holes from this lamport on. */
  readonly readable: (fromLamport: number) => Promise<void>;
}

export class EpochShelf {
  readonly eraser: Eraser;
  readonly #deps: LogDeps;
  readonly #input: EpochShelfInput;
  readonly #records: EpochRecords;
  readonly #notes = new Map<string, EpochNotes>();
  #nextOrder = 0;

  constructor(deps: LogDeps, input: EpochShelfInput) {
    this.#deps = deps;
    this.#input = input;
    this.#records = new EpochRecords(deps.vault, input.membership.convId);
    this.eraser = new Eraser(deps, {
      ...input,
      records: this.#records,
      notesOf: (epoch) => this.#notesOf(epoch),
      setNotes: (epoch, notes) => this.#notes.set(epoch.idHex, notes),
    });
  }

  /** [LZ3] The newest first: what is folded of them is told as soon as it fills a screen. */
  async load({ pause, hasEnough, readable }: Pace): Promise<Result<boolean, StoreFailure>> {
    const stored = await this.#records.load();
    if (!stored.ok) return stored;
    const epochs = stored.value.map(({ seed, notes }) => {
      const epoch = new Epoch(seed);
      this.#notes.set(epoch.idHex, notes);
      this.#nextOrder = Math.max(this.#nextOrder, epoch.order + 1);
      return epoch;
    });
    const { logs } = this.#input;
    const later: Epoch[] = [];
    let floor = 0;
    for (const epoch of epochs.reverse()) {
      const isLater = floor > 0 || hasEnough();
      const opened = isLater ? ok(floor) : await logs.openNewest(epoch);
      if (!opened.ok) return opened;
      floor = opened.value;
      if (isLater || floor > 0) later.push(epoch);
    }
    let isSame = true;
    for (const [at, epoch] of later.entries()) {
      await readable(at === 0 ? floor : 0);
      const rest = await logs.openRest(epoch, pause);
      if (!rest.ok) return rest;
      isSame &&= rest.value;
    }
    const looked = await this.eraser.look();
    return looked.ok ? ok(isSame) : looked;
  }

  ageMs({ idHex }: Epoch): number {
    return this.#deps.core.clock.now() - (this.#notes.get(idHex)?.heldSinceMs ?? 0);
  }

  /** An epoch made here. */
  made(op: ControlOp, secret: Uint8Array): Promise<Result<EpochRecord, StoreFailure>> {
    return this.#record(op, secret, 'here');
  }

  /** One whose secret came in a box that names this key; undefined where nobody remembers. */
  given(
    op: ControlOp,
    secret: Uint8Array,
    boxId: Uint8Array | undefined,
  ): Promise<Result<EpochRecord, StoreFailure>> {
    return this.#record(op, secret, boxId !== undefined && isZero(boxId) ? 'lasting' : 'prekey');
  }

  async #record(
    op: ControlOp,
    secret: Uint8Array,
    from: EpochNotes['from'],
  ): Promise<Result<EpochRecord, StoreFailure>> {
    const { membership, recipients } = this.#input;
    assert(op.body.type === 'epoch', 'an epoch is named by its operation');
    const segment = await this.#deps.segments.assign(segmentGroupOf(membership.convId));
    if (!segment.ok) return err(segment.error);
    const ownHex = toHex(this.#deps.me.device.publicKey);
    const isSealedToUs = recipients({ id: op.opId, idHex: toHex(op.opId) }).has(ownHex);
    const seed = {
      epochId: op.opId,
      secret,
      base: op.body.base,
      segment: segment.value,
      order: isSealedToUs ? this.#nextOrder : op.depth - limits.opsMax,
    };
    const heldSinceMs = Math.max(0, this.#deps.core.clock.now());
    const notes: EpochNotes = { heldSinceMs, from, waitsFor: [] };
    const epoch = new Epoch(seed);
    this.#notes.set(epoch.idHex, notes);
    if (isSealedToUs) this.#nextOrder += 1;
    return ok({ epoch, record: this.#records.whole(seed, epoch.keys, notes) });
  }

  #notesOf({ idHex }: Epoch): EpochNotes {
    return this.#notes.get(idHex) ?? { heldSinceMs: 0, from: 'prekey', waitsFor: [] };
  }
}
