/**
 * The epochs of one conversation (PROTOCOL §4): which one may be sent under, when a new one is due,
 * how it is made, sealed and handed to everybody, and how one made by others is taken up.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { nextBase } from '../../protocol/body.ts';
import { secretHash } from '../../protocol/epochs/epoch-keys.ts';
import { noPrekeyId } from '../../protocol/epochs/prekey.ts';
import { limits } from '../../protocol/limits.ts';
import {
  greatestEpochBase,
  isEpochValid,
  isInPast,
  viewAt,
  viewDigest,
} from '../../protocol/membership/membership.ts';
import { givenByLink } from '../../protocol/membership/history.ts';
import { logHeadsOf } from '../../protocol/membership/log-heads.ts';
import { opsSince } from '../../protocol/membership/membership.ts';
import { zeroId, type ControlOp, type EpochBody } from '../../protocol/membership/ops.ts';
import { encodeControl, encodeOps, packOps } from '../../protocol/payload.ts';
import { encodeSeal, sealSecret, type Seal } from '../../protocol/epochs/seal.ts';
import type { Write } from '../../storage/port.ts';
import { Bundles } from './bundles.ts';
import type { Epoch } from './epoch.ts';
import type { AppendFailure, Content, EpochLogs, LogDeps } from './epoch-logs.ts';
import { EpochShelf, type Pace } from './epoch-shelf.ts';
import type { Eraser } from './eraser.ts';
import { HandOver } from './hand-over.ts';
import type { MembershipState } from '../conversation/membership/membership-state.ts';
import { PendingSeals } from './pending-seals.ts';
import { chooseEpoch, isWornOut } from './send-rule.ts';
import { fairShare } from './fair-share.ts';
import type { OwnPrekeys } from './prekeys.ts';
import type { StoreFailure } from '../vault/segments.ts';

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

export class EpochKeeper {
  readonly #deps: LogDeps;
  readonly #input: EpochKeeperInput;
  /** By device in hex: who may read and write, and as whom. Never changes for an epoch. */
  readonly #recipients = new Map<string, ReadonlyMap<string, string>>();
  readonly #shelf: EpochShelf;
  readonly #pendingSeals = new PendingSeals();
  readonly bundles: Bundles;
  readonly handOver: HandOver;

  constructor(deps: LogDeps, input: EpochKeeperInput) {
    this.#deps = deps;
    this.#input = input;
    this.bundles = new Bundles(input.membership);
    this.handOver = new HandOver(deps, { ...input, bundles: this.bundles });
    this.#shelf = new EpochShelf(deps, {
      ...input,
      recipients: (epoch) => this.recipients(epoch),
    });
  }

  /** False: everything must be folded once more. */
  load(pace: Pace): Promise<Result<boolean, StoreFailure>> {
    return this.#shelf.load(pace);
  }

  get eraser(): Eraser {
    return this.#shelf.eraser;
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

  /** [HI3] What whoever has this open link may read of what we can: newest first, so much at most. */
  sharedBy(invite: Parameters<typeof givenByLink>[1]): ReadonlyArray<Epoch> {
    const isGiven = givenByLink(this.#input.membership.opSet, invite);
    return this.held()
      .filter(({ id, secret }) => secret !== undefined && isGiven(id))
      .slice(0, limits.welcomeOlderEpochsMax);
  }

  /** [MB19] What living links give, without what was given to us: nothing of ours belongs there. */
  shared(): ReadonlyArray<Epoch> {
    const nowMs = this.#deps.core.clock.now();
    const living = this.#input.membership.view.livingInvites.filter(
      ({ body }) => body.isOpen && body.expiryHintMs > nowMs,
    );
    const shared = new Set(living.flatMap((invite) => this.sharedBy(invite)));
    return this.#sealedToUs().filter((epoch) => shared.has(epoch));
  }

  /** [HI1] A recipient, or one who was let in with what had been before. */
  mayRead(epoch: Pick<Epoch, 'id' | 'idHex'>, devSignPub: Uint8Array): boolean {
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
    const owner = this.#input.membership.ownerOf(deviceHex);
    if (owner !== undefined) return owner;
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
      const taken = await this.takeUp(op, secret, []);
      if (!taken.ok) return taken;
      adopted.push(taken.value);
    }
    return ok(adopted);
  }

  /** [DP5] After a full catch-up. True: what was being erased may be gone. */
  async retirePrekeys(): Promise<Result<boolean, StoreFailure>> {
    const named = this.#pendingSeals.boxIds();
    const retired = await this.#input.prekeys.retire((idHex) => named.has(idHex));
    if (!retired.ok || !retired.value) return retired;
    const looked = await this.eraser.look();
    return looked.ok ? ok(true) : looked;
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
    const kept = due.length === 0 ? ok(undefined) : await this.#deps.vault.commit(due);
    if (!kept.ok) return kept;
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
    // A newcomer is given a secret.
    if (current !== undefined && (why !== 'welcome' || current.secret !== undefined)) {
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
    const op = await membership.author({
      type: 'epoch',
      recipientsDigest: viewDigest(view),
      prevEpochId: newest?.id ?? zeroId,
      secretHash: secretHash(secret),
      base: nextBase({
        greatestSeen: this.#input.greatestLamport(),
        greatestPastBase: greatestEpochBase(membership.opSet),
        nowMs: core.clock.now(),
      }),
      why,
      idLogHeads: logHeadsOf(view),
    });
    const ownPub = this.#deps.me.device.publicKey;
    const recipients = await Promise.all(
      view.devices.map(async ({ devSignPub, inboxPub }) => {
        if (equalBytes(devSignPub, ownPub)) return undefined; // has it, and may have to erase it
        const prekey = await this.bundles.verified(core.backend, devSignPub);
        return { devSignPub, inboxPub, prekey };
      }),
    );
    const isHybrid = recipients.length <= limits.hybridDevicesMax;
    const seals = await sealSecret(core.backend, core.random, {
      epochId: op.opId,
      secret,
      recipients,
      isHybrid,
    });
    const record = await this.#shelf.made(op, secret);
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

  /** Takes up an epoch whose secret was sealed to us, also in a welcome: stored with `writes`. */
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
    const boxId = this.handOver.takeOpenedBy(op.opId);
    const given = await this.#shelf.given(op, secret, boxId);
    if (!given.ok) return given;
    const { epoch, record } = given.value;
    const use = this.#input.prekeys.using(boxId ?? noPrekeyId);
    const stored = await this.#deps.vault.commit([...record, ...use.writes, ...writes]);
    if (!stored.ok) return stored;
    use.stored();
    const opened = await this.#open(epoch);
    return opened.ok ? ok(epoch) : opened;
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
    const ageMs = this.#shelf.ageMs(epoch);
    const { membership, isAnswerDue, logs } = this.#input;
    const isTurn = membership.view.kind === 'direct' && isAnswerDue();
    return isWornOut({ ...logs.size(epoch), ageMs, isTurn });
  }
}
