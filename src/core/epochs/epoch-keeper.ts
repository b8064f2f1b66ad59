/**
 * The epochs of one conversation (PROTOCOL §4): which one may be sent under, when a new one is due,
 * how it is made, sealed and handed to everybody, and how one made by others is taken up.
 */
import { assert } from '../../base/assert.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { nextBase } from '../../protocol/body.ts';
import { bytesOf, intIn, naturalOf, recordOf, textUpTo } from '../../protocol/cbor.ts';
import { secretHash } from '../../protocol/epochs/epoch-keys.ts';
import { limits } from '../../protocol/limits.ts';
import {
  epochBaseMax,
  isEpochValid,
  isInPast,
  viewAt,
  viewDigest,
} from '../../protocol/membership/membership.ts';
import { logHeadsOf } from '../../protocol/membership/log-heads.ts';
import { opsSince } from '../../protocol/membership/membership.ts';
import { zeroId, type ControlOp, type EpochBody } from '../../protocol/membership/ops.ts';
import { encodeControl, encodeOps, packOps } from '../../protocol/payload.ts';
import { encodeSeal, sealSecret, type Seal } from '../../protocol/epochs/seal.ts';
import type { Write } from '../../storage/port.ts';
import { Bundles } from './bundles.ts';
import { Epoch } from './epoch.ts';
import type { AppendFailure, Content, EpochLogs, LogDeps } from './epoch-logs.ts';
import { HandOver } from './hand-over.ts';
import type { MembershipState } from '../conversation/membership/membership-state.ts';
import { PendingSeals } from './pending-seals.ts';
import { chooseEpoch, isWornOut } from './send-rule.ts';
import { fairShare } from './fair-share.ts';
import type { OwnPrekeys } from './prekeys.ts';
import { segmentGroupOf, type StoreFailure } from '../vault/segments.ts';

const headsMax = 8;

export interface EpochKeeperInput {
  readonly membership: MembershipState;
  readonly prekeys: OwnPrekeys;
  readonly logs: EpochLogs;
  readonly greatestLamport: () => number;
  /** Seals of it came, and none opens. */
  readonly onUnopened: (epochHex: string) => void;
  /** Somebody else spoke last: what comes next is an answer. */
  readonly isAnswerDue: () => boolean;
  /** Makes an entry's content: mid and time are the conversation's. */
  readonly content: (type: string, payload: Content['payload']) => Content;
}

/** An epoch made here and not yet stored. */
export interface EpochDraft {
  readonly op: ControlOp;
  readonly secret: Uint8Array;
  readonly seals: ReadonlyArray<Seal>;
  readonly epoch: Epoch;
  /** Its record, for the vault. */
  readonly record: ReadonlyArray<Write>;
}

const readEpoch = recordOf({
  epochId: bytesOf(32),
  secret: bytesOf(32),
  base: naturalOf,
  segment: textUpTo(64),
  order: intIn(-limits.opsMax, Number.MAX_SAFE_INTEGER),
  heldSinceMs: naturalOf,
});

export class EpochKeeper {
  readonly #deps: LogDeps;
  readonly #input: EpochKeeperInput;
  /** By device in hex: who may read and write, and as whom. Never changes for an epoch. */
  readonly #recipients = new Map<string, ReadonlyMap<string, string>>();
  readonly #heldSinceMs = new Map<string, number>();
  readonly #pendingSeals = new PendingSeals();
  readonly bundles: Bundles;
  readonly handOver: HandOver;
  #nextOrder = 0;

  constructor(deps: LogDeps, input: EpochKeeperInput) {
    this.#deps = deps;
    this.#input = input;
    this.bundles = new Bundles(input.membership);
    this.handOver = new HandOver(deps, { ...input, bundles: this.bundles });
  }

  async load(): Promise<Result<undefined, StoreFailure>> {
    const { membership, logs } = this.#input;
    const stored = await this.#deps.vault.list(['e', membership.convId]);
    if (!stored.ok) return stored;
    const seeds = stored.value.values
      .flatMap((value) => readEpoch(value) ?? [])
      .sort((a, b) => a.order - b.order);
    for (const seed of seeds) {
      const epoch = new Epoch(seed);
      this.#take(epoch, seed.heldSinceMs);
      const opened = await logs.open(epoch);
      if (!opened.ok) return opened;
    }
    return ok(undefined);
  }

  /** Newest first, history at the end. */
  held(): ReadonlyArray<Epoch> {
    return [...this.#input.logs.all()].reverse();
  }

  /** Newest first, so many at most: under these others find us. */
  offered(countMax: number): ReadonlyArray<Epoch> {
    const authorOf = ({ id }: Epoch): string =>
      toHex(this.#input.membership.op(id)?.devSignPub ?? zeroId);
    return fairShare(this.#sealedToUs(), authorOf, countMax);
  }

  /** Without history: others of it do not look for us there, and nothing of ours belongs there. */
  #sealedToUs(): ReadonlyArray<Epoch> {
    return this.held().filter(({ isHistory }) => !isHistory);
  }

  /** [HI1] A recipient, or one who was let in with what had been before. */
  mayRead(epoch: Epoch, devSignPub: Uint8Array): boolean {
    return (
      this.recipients(epoch).has(toHex(devSignPub)) ||
      this.handOver.isHistoryOf(epoch.id, devSignPub)
    );
  }

  /** Device → identity, both in hex. */
  recipients(epoch: Pick<Epoch, 'id' | 'idHex'>): ReadonlyMap<string, string> {
    const known = this.#recipients.get(epoch.idHex);
    if (known !== undefined) return known;
    const view = viewAt(this.#input.membership.opSet, epoch.id);
    const recipients = new Map(
      (view?.devices ?? []).map(({ devSignPub, identityId }) => [
        toHex(devSignPub),
        toHex(identityId),
      ]),
    );
    this.#recipients.set(epoch.idHex, recipients);
    return recipients;
  }

  /** Whose device it is, or was in an epoch held. */
  identityOf(deviceHex: string): string | undefined {
    const { devices } = this.#input.membership.view;
    const device = devices.find(({ devSignPub }) => toHex(devSignPub) === deviceHex);
    if (device !== undefined) return toHex(device.identityId);
    for (const epoch of this.held()) {
      const identityHex = this.recipients(epoch).get(deviceHex);
      if (identityHex !== undefined) return identityHex;
    }
    return undefined;
  }

  /** `source` is the device that brought it. */
  noteSeal(seal: Seal, source: string): void {
    if (this.#input.logs.byId(toHex(seal.epochId)) !== undefined) return;
    this.#pendingSeals.add(seal, source);
  }

  /** Opens every epoch whose operation is held and valid and whose secret was sealed to us. */
  async adopt(): Promise<Result<ReadonlyArray<Epoch>, StoreFailure>> {
    const adopted: Epoch[] = [];
    for (const [epochHex, seals] of this.#pendingSeals.byEpoch()) {
      // Seals lie in older logs, which are read first: by now their epoch may be open.
      if (this.#input.logs.byId(epochHex) !== undefined) {
        this.#pendingSeals.drop(epochHex);
        continue;
      }
      const first = seals[0];
      const op = first && this.#input.membership.op(first.epochId);
      if (op === undefined || !isEpochValid(this.#input.membership.opSet, op)) continue;
      const secret = await this.handOver.open(op, seals);
      if (secret === undefined) {
        this.#pendingSeals.drop(epochHex); // not tried again and again; others hand it over anew
        this.#input.onUnopened(epochHex);
        continue;
      }
      const draft = await this.#record(op, secret);
      if (!draft.ok) return draft;
      const stored = await this.#deps.vault.commit(draft.value.record);
      if (!stored.ok) return stored;
      const opened = await this.#open(draft.value.epoch);
      if (!opened.ok) return opened;
      adopted.push(draft.value.epoch);
    }
    return ok(adopted);
  }

  /** The epoch to write under now; undefined: one must be made. What is quiet wears none out. */
  choose({ isQuiet = false } = {}): Epoch | undefined {
    const { membership } = this.#input;
    const isClosed = (epoch: Epoch): boolean =>
      (!isQuiet && this.#isWornOut(epoch)) || this.handOver.isShared(epoch.id);
    return chooseEpoch({ membership, held: this.held(), isClosed });
  }

  /** Tells everybody of operations made here, where they are; the next who writes makes an epoch. */
  async announce(ops: ReadonlyArray<ControlOp>): Promise<Result<Epoch | undefined, AppendFailure>> {
    const { membership, logs, content } = this.#input;
    const { writes, stored } = membership.writes();
    const controls = ops.map((op) => content('control', encodeControl(op.bytes)));
    const heads = this.#heads();
    let due = writes;
    for (const head of heads) {
      const appended = await logs.append(head, controls, due);
      if (!appended.ok) return appended;
      due = [];
    }
    stored();
    return ok(heads[0]);
  }

  /**
   * Tells everybody of operations made here, under a new epoch where they change the device set or
   * none fits. Resolves with the epoch to send under, once all of it is stored.
   */
  async publish(ops: ReadonlyArray<ControlOp>, why: string): Promise<Result<Epoch, AppendFailure>> {
    const { membership, logs, content } = this.#input;
    const controls = ops.map((op) => content('control', encodeControl(op.bytes)));
    const current = this.choose();
    if (current !== undefined) {
      const { writes, stored } = membership.writes();
      const appended = await logs.append(current, controls, writes);
      if (!appended.ok) return appended;
      stored();
      return ok(current);
    }
    const heads = this.#heads();
    const draft = await this.draft(why);
    if (!draft.ok) return draft;
    const { op, seals, epoch, record } = draft.value;
    const handOver = [
      ...controls,
      content('control', encodeControl(op.bytes)),
      ...seals.map((seal) => content('seal', encodeSeal(seal))),
    ];
    // With the first append everything is stored: a crash leaves no epoch that nobody can open.
    const { writes, stored } = membership.writes();
    let due: ReadonlyArray<Write> = [...record, ...writes];
    for (const head of heads) {
      const appended = await logs.append(head, handOver, due);
      if (!appended.ok) return appended;
      due = [];
    }
    if (due.length > 0) {
      const committed = await this.#deps.vault.commit(due);
      if (!committed.ok) return committed;
    }
    stored();
    return this.begin(draft.value.op, epoch);
  }

  /** Makes an epoch for the device set of now: signed, drawn, sealed; nothing is stored. */
  async draft(why: string): Promise<Result<EpochDraft, AppendFailure>> {
    const { core } = this.#deps;
    const { membership } = this.#input;
    const { view } = membership;
    // Others decide how many devices there are: no reason to break.
    if (view.devices.length > limits.devicesMax) return err('epoch-full');
    const secret = core.random.bytes(32);
    const newest = this.held()[0];
    const greatestPastBase = Math.max(0, epochBaseMax(membership.opSet) - limits.lamportSpanMax);
    const op = await membership.author({
      type: 'epoch',
      recipientsDigest: viewDigest(view),
      prevEpochId: newest?.id ?? zeroId,
      secretHash: secretHash(secret),
      base: nextBase({ greatestSeen: this.#input.greatestLamport(), greatestPastBase }),
      why,
      idLogHeads: logHeadsOf(view),
    });
    const recipients = await Promise.all(
      view.devices.map(async ({ devSignPub, inboxPub }) => ({
        devSignPub,
        inboxPub,
        prekey: await this.bundles.verified(this.#deps.core.backend, devSignPub),
      })),
    );
    const isHybrid = recipients.length <= limits.hybridDevicesMax;
    const seals = await sealSecret(core.backend, core.random, {
      epochId: op.opId,
      secret,
      recipients,
      isHybrid,
    });
    const record = await this.#record(op, secret);
    return record.ok ? ok({ op, secret, seals, ...record.value }) : record;
  }

  /** Opens an epoch made here, whose records are stored, and writes its beginning. */
  async begin(op: ControlOp, epoch: Epoch): Promise<Result<Epoch, AppendFailure>> {
    const { membership, logs, content } = this.#input;
    const opened = await this.#open(epoch);
    if (!opened.ok) return opened;
    const body = op.body as EpochBody;
    const since = opsSince(membership.opSet, op.opId, body.prevEpochId).filter(
      (other) => !equalBytes(other.opId, op.opId),
    );
    const packed = packOps({ ops: since.map(({ bytes }) => bytes), identityLogs: [] });
    const appended = await logs.append(epoch, [
      content('control', encodeControl(op.bytes)),
      ...packed.map((payload) => content('ops', encodeOps(payload))),
    ]);
    return appended.ok ? ok(epoch) : appended;
  }

  /** Takes up an epoch whose secret came another way (a welcome): stored with `writes`. */
  async takeUp(
    op: ControlOp,
    secret: Uint8Array,
    writes: ReadonlyArray<Write>,
  ): Promise<Result<Epoch, StoreFailure>> {
    // Recorded once: its log stays in the segment where it began.
    const held = this.#input.logs.byId(toHex(op.opId));
    if (held !== undefined) {
      const kept = await this.#deps.vault.commit(writes);
      return kept.ok ? ok(held) : kept;
    }
    const record = await this.#record(op, secret);
    if (!record.ok) return record;
    const stored = await this.#deps.vault.commit([...record.value.record, ...writes]);
    if (!stored.ok) return stored;
    const opened = await this.#open(record.value.epoch);
    return opened.ok ? ok(record.value.epoch) : opened;
  }

  /**
   * [HI4] What a welcome brings of before, as far as the operations give it to this device; what is
   * missing, members hand over later.
   */
  async takeUpOlder(seals: ReadonlyArray<Seal>, inboxSeed?: Uint8Array): Promise<void> {
    const { opSet } = this.#input.membership;
    for (const seal of seals) {
      if (this.#input.logs.byId(toHex(seal.epochId)) !== undefined) continue;
      const op = this.#input.membership.op(seal.epochId);
      const isGiven = this.handOver.isHistoryOf(seal.epochId, this.#deps.me.device.publicKey);
      if (op === undefined || !isGiven || !isEpochValid(opSet, op)) continue;
      const secret = await this.handOver.openAny(op, [seal], inboxSeed);
      if (secret !== undefined && !(await this.takeUp(op, secret, [])).ok) return;
    }
  }

  async #record(
    op: ControlOp,
    secret: Uint8Array,
  ): Promise<
    Result<{ readonly epoch: Epoch; readonly record: ReadonlyArray<Write> }, StoreFailure>
  > {
    const { membership } = this.#input;
    assert(op.body.type === 'epoch', 'an epoch is named by its operation');
    const segment = await this.#deps.segments.assign(segmentGroupOf(membership.convId));
    if (!segment.ok) return err(segment.error);
    const isSealedToUs = this.recipients({ id: op.opId, idHex: toHex(op.opId) }).has(
      toHex(this.#deps.me.device.publicKey),
    );
    const seed = {
      epochId: op.opId,
      secret,
      base: op.body.base,
      segment: segment.value,
      order: isSealedToUs ? this.#nextOrder : op.depth - limits.opsMax,
    };
    const heldSinceMs = Math.max(0, this.#deps.core.clock.now());
    const epoch = new Epoch(seed);
    this.#heldSinceMs.set(epoch.idHex, heldSinceMs);
    if (isSealedToUs) this.#nextOrder += 1;
    const name = ['e', membership.convId, op.opId] as const;
    return ok({ epoch, record: this.#deps.vault.sealTwice(name, { ...seed, heldSinceMs }) });
  }

  #take(epoch: Epoch, heldSinceMs: number): void {
    this.#heldSinceMs.set(epoch.idHex, heldSinceMs);
    this.#nextOrder = Math.max(this.#nextOrder, epoch.order + 1);
  }

  #open(epoch: Epoch): Promise<Result<undefined, StoreFailure>> {
    this.#pendingSeals.drop(epoch.idHex);
    return this.#input.logs.open(epoch);
  }

  /** Epochs that no other held epoch has in its past: whoever is there must hear of the next. */
  #heads(): ReadonlyArray<Epoch> {
    const { opSet } = this.#input.membership;
    const all = this.#sealedToUs();
    return all
      .filter((epoch) => !all.some((other) => isInPast(opSet, epoch.id, other.id)))
      .slice(0, headsMax);
  }

  #isWornOut(epoch: Epoch): boolean {
    const ageMs = this.#deps.core.clock.now() - (this.#heldSinceMs.get(epoch.idHex) ?? 0);
    const { membership, isAnswerDue, logs } = this.#input;
    const isTurn = membership.view.kind === 'direct' && isAnswerDue();
    return isWornOut({ ...logs.size(epoch), ageMs, isTurn });
  }
}
