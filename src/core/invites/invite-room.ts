/**
 * Where an invite's two sides meet: a pseudo-epoch whose secret comes from the link (PROTOCOL §10),
 * with the same logs, gate, sync and meeting as any epoch. Anybody who has the link may write here,
 * so nothing in it is believed for where it stands.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { ok, type Result } from '../../base/result.ts';
import type { Bind } from '../../protocol/epochs/bind.ts';
import { recordOf, textUpTo } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { Row } from '../../protocol/row.ts';
import type { Run } from '../../replication/runs.ts';
import type { Write } from '../../storage/port.ts';
import { ContainedQueue, type NotRun } from '../contained-queue.ts';
import { Epoch, type OpenedEntry } from '../epochs/epoch.ts';
import {
  EpochLogs,
  type Admittance,
  type AppendFailure,
  type Content,
  type LogDeps,
  type LogHost,
} from '../epochs/epoch-logs.ts';
import { OwnPrekeys } from '../epochs/prekeys.ts';
import { RoomShares } from './room-shares.ts';
import type { Coming, Parcel, Scope, ScopePeer } from '../scope.ts';
import type { StoreFailure } from '../vault/segments.ts';

const segmentGroup = 'invites';
const readRoom = recordOf({ segment: textUpTo(64) });

export interface InviteRoomInput {
  readonly inviteId: Uint8Array;
  readonly pseudoSecret: Uint8Array;
  /** New entries were folded; more may follow before this resolves. */
  readonly settle: () => Promise<void>;
  readonly onEntry: (entry: OpenedEntry) => void;
  readonly onPeers: () => void;
  /** A device that may bring the logs of others: of a member, where it is known who is one. */
  readonly isTrusted?: (devSignPub: Uint8Array) => boolean;
  /** Something was appended: whoever is at hand should hear. */
  readonly changed: (room: InviteRoom, cause: 'own' | 'received') => void;
}

export class InviteRoom implements Scope, LogHost {
  readonly scopeId: string;
  readonly logs: EpochLogs;
  readonly prekeys: OwnPrekeys;
  readonly operations = undefined;
  readonly signals = undefined;
  readonly #deps: LogDeps;
  readonly #input: InviteRoomInput;
  readonly #queue: ContainedQueue;
  readonly #shares = new RoomShares();
  #epoch: Epoch | undefined;
  #greatestLamport = 0;
  #peers: ReadonlyArray<ScopePeer> = [];
  #parked: ReadonlyArray<Row> = [];
  #hasMailbox = false;

  constructor(deps: LogDeps, input: InviteRoomInput) {
    this.#deps = deps;
    this.#input = input;
    this.#queue = new ContainedQueue(() => {
      input.onPeers();
    });
    this.scopeId = toHex(input.inviteId);
    this.logs = new EpochLogs(deps, this);
    this.prekeys = new OwnPrekeys(deps.core, deps, input.inviteId);
  }

  /** Opens the room and folds what is stored of it. */
  async open(): Promise<Result<undefined, StoreFailure>> {
    const { inviteId, pseudoSecret } = this.#input;
    const prekeys = await this.prekeys.load();
    if (!prekeys.ok) return prekeys;
    const segment = await this.#segment();
    if (!segment.ok) return segment;
    const epoch = new Epoch({
      epochId: inviteId,
      secret: pseudoSecret,
      base: 0,
      segment: segment.value,
      order: 0,
    });
    const opened = await this.logs.open(epoch);
    if (opened.ok) this.#epoch = epoch;
    return opened;
  }

  get peers(): ReadonlyArray<ScopePeer> {
    return this.#peers;
  }

  /** A mailbox, or somebody who is there, has told all it holds. */
  get isCaughtUp(): boolean {
    return this.#hasMailbox || this.#peers.some(({ isCaughtUp }) => isCaughtUp);
  }

  /** A mailbox is at hand, and holds all that this device wrote here. */
  get isParked(): boolean {
    const epoch = this.#epoch;
    const own = epoch?.writersOf(this.#deps.me.device.publicKey) ?? [];
    const written = epoch === undefined ? [] : this.logs.rows(epoch);
    const isThere = ({ writerPub, nextSeq }: Row): boolean =>
      this.#parked.some((row) => equalBytes(row.writerPub, writerPub) && row.nextSeq >= nextSeq);
    const ownRows = written.filter(({ writerPub }) => own.includes(toHex(writerPub)));
    return this.#hasMailbox && ownRows.length > 0 && ownRows.every(isThere);
  }

  /** Inside `run`: into this device's own log here. */
  async append(
    contents: ReadonlyArray<Omit<Content, 'mid' | 'sentAt'>>,
    writes: ReadonlyArray<Write> = [],
  ): Promise<Result<undefined, AppendFailure>> {
    if (this.#epoch === undefined) return ok(undefined);
    const { random, clock } = this.#deps.core;
    const whole = contents.map((content) => ({
      ...content,
      mid: random.bytes(16),
      sentAt: clock.now(),
    }));
    const appended = await this.logs.append(this.#epoch, whole, writes);
    if (!appended.ok) return appended;
    this.#input.changed(this, 'own');
    return ok(undefined);
  }

  run<T>(task: () => Promise<T>): Promise<Result<T, NotRun>> {
    return this.#queue.run(task);
  }

  offeredEpochs(): ReadonlyArray<Epoch> {
    return this.#epoch === undefined ? [] : [this.#epoch];
  }

  sharedEpochs(): ReadonlyArray<Epoch> {
    return [];
  }

  mayRead(): boolean {
    return true;
  }

  async receive(parcels: ReadonlyArray<Parcel>): Promise<ReadonlyArray<Admittance>> {
    const admitted: Admittance[] = [];
    for (const { epoch, runs, coming } of parcels) {
      const fitting = this.#fitting(epoch, runs, coming); // beside what those before it brought
      const { arrival } = coming;
      admitted.push(...(await this.logs.admit([{ epoch, runs: fitting, arrival }])));
    }
    if (admitted.some((one) => one.ok && one.value.freshCount > 0)) {
      this.#input.changed(this, 'received');
      await this.#input.settle();
    }
    return admitted;
  }

  onRows(): void {
    // An invite shows its stage, not who holds which entry.
  }

  onPeers(peers: ReadonlyArray<ScopePeer>): void {
    this.#peers = peers;
    this.#input.onPeers();
  }

  get usesMailbox(): boolean {
    return true;
  }

  onParked(_epoch: Epoch, rows: ReadonlyArray<Row>): void {
    this.#parked = rows;
    this.#input.onPeers();
  }

  onMailbox(isAtHand: boolean): void {
    this.#hasMailbox = isAtHand;
    this.#input.onPeers();
  }

  mayWrite(): boolean {
    return true;
  }

  onBind(): void {
    // Whoever asks says so in a request; a bind alone means nothing here.
  }

  onFork(): void {
    // A stranger's two histories: the gate keeps the first, and requests are judged one by one.
  }

  forkSeq(): undefined {
    return undefined;
  }

  onEntry(entry: OpenedEntry): void {
    this.#greatestLamport = Math.max(this.#greatestLamport, entry.body.lamport);
    this.#input.onEntry(entry);
  }

  greatestLamport(): number {
    return this.#greatestLamport;
  }

  async bindContent(): Promise<Result<Pick<Bind, 'closes' | 'prekeyBundle'>, StoreFailure>> {
    const prekeyBundle = await this.prekeys.current();
    return prekeyBundle.ok ? ok({ closes: [], prekeyBundle: prekeyBundle.value }) : prekeyBundle;
  }

  /** Whoever has the link could fill the disk of everybody who answers for it. */
  #fitting(epoch: Epoch, runs: ReadonlyArray<Run>, coming: Coming): ReadonlyArray<Run> {
    if (this.logs.size(epoch).bytes >= limits.roomBytesMax) return [];
    const held = new Set(this.logs.rows(epoch).map(({ writerPub }) => toHex(writerPub)));
    const { devSignPub } = coming;
    const isTrusted = devSignPub !== undefined && this.#input.isTrusted?.(devSignPub) === true;
    return this.#shares.fitting(runs, coming, { held, isTrusted });
  }

  async #segment(): Promise<Result<string, StoreFailure>> {
    const { vault, segments } = this.#deps;
    const name = ['r', this.#input.inviteId] as const;
    const stored = await vault.read(name);
    const room = stored.ok ? readRoom(stored.value ?? null) : undefined;
    if (room !== undefined) return ok(room.segment);
    return segments.assign(segmentGroup, (segment) => [vault.seal(name, { segment })]);
  }
}
