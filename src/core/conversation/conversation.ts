/**
 * One conversation: its membership, epochs and logs, what was composed and not yet appended, who is
 * at hand, and the readable projection of all of it. Everything that changes it runs in its queue,
 * one thing at a time (ARCHITECTURE §3.7).
 */
import { toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import type { ControlOp } from '../../protocol/membership/ops.ts';
import type { Row } from '../../protocol/sync-frames.ts';
import { ContainedQueue, type NotRun } from '../contained-queue.ts';
import type { Delivery } from './delivery.ts';
import { DeliveryKeeper } from './delivery-keeper.ts';
import type { EntryPlace, Epoch } from '../epochs/epoch.ts';
import { EpochKeeper } from '../epochs/epoch-keeper.ts';
import {
  EpochLogs,
  type Admittance,
  type AppendFailure,
  type LogDeps,
} from '../epochs/epoch-logs.ts';
import type { Content } from '../epochs/log-host.ts';
import { Attention } from './attention/attention.ts';
import { Profiles } from './attention/profiles.ts';
import { Typing } from './attention/typing.ts';
import { Erasing } from './erasing.ts';
import { Intake } from './intake.ts';
import { LogEvents } from './log-events.ts';
import { MembershipState } from './membership/membership-state.ts';
import type { ConversationHost } from './conversation-host.ts';
import { Hidden } from './content/hidden.ts';
import { Readable } from './content/readable.ts';
import type { Fold } from './reading/fold.ts';
import { Reader } from './reading/reader.ts';
import { Sending } from './sending.ts';
import { Testimony } from './membership/testimony.ts';
import { GroupOffers } from './membership/regroup.ts';
import { Notes } from './notes.ts';
import { Opening } from './opening.ts';
import { Operations } from './membership/operations.ts';
import { Outbox } from './outbox.ts';
import { isUnanswered } from './attention/request.ts';
import { OwnPrekeys } from '../epochs/prekeys.ts';
import type { ContentLimits } from './reading/content-limits.ts';
import type { Projection } from './reading/projection.ts';
import type { Parcel, Scope, ScopePeer } from '../scope.ts';
import type { Write } from '../../storage/port.ts';
import { segmentGroupOf, type StoreFailure } from '../vault/segments.ts';

const offeredMax = 8;

type Sent = Promise<Result<Content, StoreFailure | 'too-many'>>;

export class Conversation implements Scope {
  readonly id: string;
  readonly scopeId: string;
  readonly convId: Uint8Array;
  readonly membership: MembershipState;
  readonly logs: EpochLogs;
  readonly epochs: EpochKeeper;
  readonly prekeys: OwnPrekeys;
  readonly outbox: Outbox;
  readonly notes: Notes;
  readonly hidden: Hidden;
  readonly readable: Readable;
  readonly attention: Attention;
  readonly signals: Typing;
  readonly profiles: Profiles;
  /** New groups that were made out of this one. */
  readonly offers = new GroupOffers((place) => this.#reader.isCounted(place));
  readonly operations: Operations;
  readonly erasing: Erasing;
  readonly opening: Opening;
  readonly #deps: LogDeps;
  readonly #host: ConversationHost;
  readonly #queue: ContainedQueue;
  readonly #testimony: Testimony;
  readonly #intake: Intake;
  readonly #reader: Reader;
  readonly #sending: Sending;
  #peers: ReadonlyArray<ScopePeer> = [];
  #hasMailbox = false;
  /** It is being taken off this device. */
  isForgotten = false;
  readonly #deliveries: DeliveryKeeper;

  constructor(deps: LogDeps, host: ConversationHost, convId: Uint8Array) {
    this.#deps = deps;
    this.#host = host;
    const shown = (): void => {
      host.shown(this);
    };
    const failed = (failure: AppendFailure): void => {
      host.failed(this, failure);
    };
    this.#queue = new ContainedQueue(shown);
    this.convId = convId;
    this.id = deps.vault.opaque(convId);
    this.scopeId = toHex(convId);
    this.membership = new MembershipState(deps, convId);
    const later = { reader: () => this.#reader, testimony: () => this.#testimony };
    this.#intake = new Intake({ ...later, conversation: this, host });
    const deliveries = () => this.#deliveries;
    this.logs = new EpochLogs(
      deps,
      new LogEvents(deps, { ...later, conversation: this, deliveries }),
    );
    this.prekeys = new OwnPrekeys(deps.core, deps, convId);
    this.outbox = new Outbox(deps.vault, convId);
    this.notes = new Notes(deps.vault, convId);
    this.hidden = new Hidden(deps.vault, convId, () => this.projection);
    this.readable = new Readable(toHex(deps.me.identity.identityId), this);
    const { settings } = host;
    const isCounted = (place: EntryPlace): boolean => this.#reader.isCounted(place);
    const people = { deps, conversation: this, settings, isCounted, failed };
    this.attention = new Attention(people);
    this.profiles = new Profiles(people);
    const send = (frame: Uint8Array): void => {
      host.signal(this, frame);
    };
    this.signals = new Typing({ ...people, send, shown });
    const isCrowd = (): boolean => this.membership.isCrowd;
    this.#deliveries = new DeliveryKeeper(deps, convId, { isCrowd, learned: shown, failed });
    this.epochs = new EpochKeeper(deps, {
      membership: this.membership,
      prekeys: this.prekeys,
      logs: this.logs,
      greatestLamport: () => this.greatestLamport(),
      isAnswerDue: () => this.fold.isAnswerDue,
      onUnopened: (epochHex) => {
        this.#testimony.complaints.noteBad(epochHex);
      },
      content: (type, payload) => this.content(type, payload),
    });
    this.#testimony = new Testimony(deps, this, { settle: () => this.#intake.settle(), failed });
    this.#sending = new Sending(deps, host, this);
    this.#reader = new Reader({
      ownHex: toHex(deps.me.identity.identityId),
      isHidden: (key) => this.hidden.has(key),
      clock: deps.core.clock,
      membership: this.membership,
      logs: this.logs,
      authorOf: ({ epoch, devSignPub }) => this.epochs.recipients(epoch).get(toHex(devSignPub)),
      onSeal: (seal, deviceHex) => {
        this.#testimony.complaints.noteSeal(seal, deviceHex);
        this.epochs.noteSeal(seal, deviceHex);
      },
      onArrived: (message) => {
        host.arrived(this, message);
      },
    });
    this.erasing = new Erasing(deps, this, { shown, failed });
    this.opening = new Opening(this, {
      clock: deps.core.clock,
      small: () => this.#loadSmall(),
      again: () => this.#reader.again(),
      settle: () => this.#intake.settle(),
      shown,
    });
    this.operations = new Operations({
      ownId: deps.me.identity.identityId,
      membership: this.membership,
      epochs: this.epochs,
      receive: (ops, source) => this.#intake.receiveOps(ops, source),
    });
  }

  /** Records that are read whole. Nothing is folded yet; what comes from disk is folded once. */
  async #loadSmall(): Promise<Result<undefined, StoreFailure>> {
    const { membership, prekeys, outbox, notes, hidden, attention, erasing } = this;
    this.#deps.segments.expect(segmentGroupOf(this.convId));
    // All at once: somebody waits, and each is a trip to the disk.
    const [, ...loads] = await Promise.all([
      this.#deliveries.load(),
      ...[membership, prekeys, outbox, notes, hidden, erasing].map((part) => part.load()),
    ]);
    loads.push(await attention.load()); // it asks the notes
    for (const loaded of loads) if (!loaded.ok) return loaded;
    await this.#reader.renew();
    return ok(undefined);
  }

  get kind(): 'self' | 'direct' | 'group' {
    return this.membership.view.kind ?? 'group';
  }

  /** A broken invariant stopped this conversation; its log is as it was. */
  get errorId(): string | undefined {
    return this.#queue.errorId;
  }

  /** More than one thing is being done, or waits to be. */
  get isBusy(): boolean {
    return this.#queue.waiting > 1;
  }

  /** Who holds what of ours. */
  get delivery(): Delivery {
    return this.#deliveries.delivery;
  }

  /** How far each log counts. */
  get limits(): ContentLimits<Epoch> {
    return this.#reader.limits;
  }

  get fold(): Fold {
    return this.#reader.fold;
  }

  /** What is read of it, in the order of the screen. */
  get projection(): Projection {
    return this.fold.projection;
  }

  /** This device, among those of the conversation. */
  get deviceHex(): string {
    return toHex(this.#deps.me.device.publicKey);
  }

  /** Devices of members that are at hand. */
  get peers(): ReadonlyArray<ScopePeer> {
    return this.#peers.filter(({ devSignPub }) => this.membership.isMemberDevice(devSignPub));
  }

  get isMember(): boolean {
    return this.membership.isMember(this.#deps.me.identity.identityId);
  }

  /** A stranger began it, and this person has neither said yes nor answered. */
  get isRequest(): boolean {
    return isUnanswered(this);
  }

  /** By identity in hex: what somebody calls themselves here, or was called by who added them. */
  nameOf(identityHex: string): string | undefined {
    return this.fold.nameOf(identityHex) ?? this.membership.view.profiles.get(identityHex)?.name;
  }

  identityOf(deviceHex: string): string | undefined {
    return this.epochs.identityOf(deviceHex);
  }

  greatestLamport(): number {
    return this.projection.greatestLamport;
  }

  content(type: string, payload: Content['payload']): Content {
    const { random, clock } = this.#deps.core;
    return { type, mid: random.bytes(16), sentAt: clock.now(), payload };
  }

  // ------------------------------------------------------------- out

  /** Composes: on disk when it resolves, in a log or in the outbox; sent when somebody is there. */
  send(type: string, payload: Content['payload']): Sent {
    return this.sendPrepared(this.content(type, payload));
  }

  /** The same of something that has its name already, together with what else must be on disk. */
  async sendPrepared(content: Content, writes: ReadonlyArray<Write> = []): Sent {
    const kept = await this.#sending.keep(content, writes);
    return kept.ok ? ok(content) : kept;
  }

  /** Does again what a failed write had stopped. */
  retry(): void {
    this.#deliveries.save();
    this.erasing.retry();
    void this.run(() => this.#intake.settle()).then((settled) => {
      if (settled.ok && !settled.value.ok) this.#host.failed(this, settled.value.error);
    });
    this.flushSoon();
  }

  /** Appends what waits, as soon as the queue lets it and somebody has caught up with us. */
  flushSoon(): void {
    this.#sending.soon();
  }

  /** Inside `run`: tells everybody of operations made here (see EpochKeeper). */
  async publish(ops: ReadonlyArray<ControlOp>, why: string): Promise<Result<Epoch, AppendFailure>> {
    const [newest] = this.epochs.held();
    const published = await this.epochs.publish(ops, why);
    if (!published.ok) return published;
    this.appended(published.value);
    // An epoch of our own is news, too: rooms of open links tell it.
    if (published.value !== newest) this.#host.membershipChanged(this);
    return published;
  }

  /** Inside `run`: the same of operations that wait for nobody's answer (see EpochKeeper). */
  async announce(ops: ReadonlyArray<ControlOp>): Promise<Result<undefined, AppendFailure>> {
    const announced = await this.epochs.announce(ops);
    if (!announced.ok) return announced;
    if (announced.value !== undefined) this.appended(announced.value);
    this.#host.membershipChanged(this);
    return this.#intake.settle();
  }

  /** Own entries carry operations, too: what they say shows where they stand. */
  placeNotices(): void {
    for (const op of this.#reader.takeCarriedOps()) this.fold.notice(op);
  }

  /** After anything was appended here: peers hear of it, the screen shows it. */
  appended(epoch: Epoch): void {
    this.placeNotices();
    for (const head of this.epochs.held().slice(0, offeredMax)) {
      this.#host.changed(this, head, 'own');
    }
    this.#host.changed(this, epoch, 'own');
    this.#host.offersChanged();
    this.#host.shown(this);
  }

  // ------------------------------------------------------------- Scope

  /** Nothing of it runs, or is written, after this. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  run<T>(task: () => Promise<T>): Promise<Result<T, NotRun>> {
    return this.#queue.run(task);
  }

  offeredEpochs(): ReadonlyArray<Epoch> {
    // Who was removed may be told that it does not hold; who left is heard once.
    const isSought = this.isMember || !this.operations.isDepartureKnown;
    const isWanted = this.notes.request !== 'declined';
    return isSought && isWanted ? this.epochs.offered(offeredMax) : [];
  }

  /** [RM1] Nothing more goes to the device of who is no member any more. */
  mayRead(epoch: Epoch, devSignPub: Uint8Array): boolean {
    return this.membership.isMemberDevice(devSignPub) && this.epochs.mayRead(epoch, devSignPub);
  }

  receive(parcels: ReadonlyArray<Parcel>): Promise<ReadonlyArray<Admittance>> {
    return this.#intake.receive(parcels);
  }

  onRows(deviceHex: string, epoch: Epoch, rows: ReadonlyArray<Row>): void {
    this.#deliveries.onRows(deviceHex, epoch, rows);
  }

  onPeers(peers: ReadonlyArray<ScopePeer>): void {
    const devices = [...this.#peers, ...peers].map(({ deviceHex }) => deviceHex);
    const people = devices.flatMap((deviceHex) => this.identityOf(deviceHex) ?? []);
    this.notes.heardAll(people, this.#deps.core.clock.now());
    this.#peers = peers;
    if (this.peers.some(({ isComplete }) => isComplete)) this.erasing.caughtUp();
    this.#host.peersShown(this);
    this.flushSoon();
  }

  sharedEpochs(): ReadonlyArray<Epoch> {
    const offered = this.offeredEpochs();
    return this.epochs.shared().filter((epoch) => !offered.includes(epoch));
  }

  /** What a mailbox at hand holds is here, and what is here can go there. */
  get hasMailbox(): boolean {
    return this.#hasMailbox;
  }

  get usesMailbox(): boolean {
    // [MB19] Alone, but who has a link may come.
    const { devices, livingInvites } = this.membership.view;
    const isAwaited = livingInvites.some(({ body }) => body.isOpen);
    return this.isMember && (devices.length > 1 || isAwaited);
  }

  onParked(epoch: Epoch, rows: ReadonlyArray<Row>): void {
    this.#deliveries.onParked(epoch, rows);
  }

  onMailbox(isAtHand: boolean): void {
    this.#hasMailbox = isAtHand;
    if (!isAtHand) return;
    this.erasing.caughtUp();
    this.flushSoon();
  }
}
