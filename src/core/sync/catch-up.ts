/**
 * One scope with one authenticated device over one link (PROTOCOL §7): both say what they hold, each
 * pushes what the other lacks, and the stream stays open, so that live entries take the same way.
 * An acknowledged vector is also what "delivered" means.
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { limits } from '../../protocol/limits.ts';
import {
  encodeSyncFrame,
  opParts,
  sealOps,
  type EpochVector,
  type Row,
  type SyncFrame,
} from '../../protocol/sync-frames.ts';
import type { Run } from '../../replication/runs.ts';
import type { CoreDeps } from '../deps.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { Scope, ScopePeer } from '../scope.ts';
import type { Arrivals } from './arrivals.ts';
import {
  lackingIn,
  nextSeqs,
  raise,
  rowAfter,
  sentAgain,
  theirEpochOf,
  unconfirmed,
  type TheirEpoch,
} from './their-epoch.ts';

/** Epochs whose rows are said at once; older ones by hash until hashes differ. */
const epochsWithRows = 2;
/** Handed over and not taken up yet: whoever takes none up costs us no more. */
const sealsUnderWayMax = 8;

export interface CatchUpInput {
  readonly scope: Scope;
  /** The epoch under which the device said hello. */
  readonly epoch: Epoch;
  readonly devSignPub: Uint8Array;
  readonly path: 'direct' | 'relayed';
  readonly send: (frame: Uint8Array) => Promise<void>;
  readonly source: string;
  readonly arrivals: Arrivals;
  /** Called when `peer` may have changed. */
  readonly onChange: () => void;
}

export class CatchUp {
  readonly #deps: CoreDeps;
  readonly #input: CatchUpInput;
  readonly devSignPub: Uint8Array;
  readonly deviceHex: string;
  readonly #theirs = new Map<string, TheirEpoch>();
  /** Epochs whose rows we have sent on this link. */
  readonly #rowsSent = new Set<string>();
  readonly #vectorsDue = new Set<Epoch>();
  #cancelVector: (() => void) | undefined;
  #vectorDueMs = 0;
  #cancelPatience: (() => void) | undefined;
  #cancelResend: (() => void) | undefined;
  #sentOpsHash: Uint8Array | undefined;
  #sentIdsFor: Uint8Array | undefined;
  /** Epochs the device spoke of. */
  readonly #spokenOf = new Set<string>();
  /** Epochs it was given the secret of on this link, and has not spoken of since. */
  readonly #handedOver = new Set<string>();
  #hasVector = false;
  #hasSaidLastWords = false;
  #isPatient = true;
  #isClosed = false;

  constructor(deps: CoreDeps, input: CatchUpInput) {
    this.#deps = deps;
    this.#input = input;
    this.devSignPub = input.devSignPub;
    this.deviceHex = toHex(input.devSignPub);
  }

  get peer(): ScopePeer {
    const { devSignPub, path } = this.#input;
    const lackingCount = this.#lackingCount();
    const isSaid = [...this.#spokenOf].every((hex) => this.#theirs.get(hex)?.said);
    return {
      devSignPub,
      deviceHex: this.deviceHex,
      path,
      lackingCount,
      isComplete: lackingCount === 0 && this.#hasVector && isSaid,
      isCaughtUp: !this.#isPatient || (this.#hasVector && lackingCount === 0),
    };
  }

  start(): void {
    this.#cancelPatience = this.#deps.clock.schedule(limits.catchUpPatienceMs, () => {
      this.#isPatient = false;
      this.#input.onChange();
    });
    this.#scheduleResend();
    this.#sendVectors(this.#readable().map((epoch, i) => [epoch, i < epochsWithRows] as const));
    this.#sendOpset(false);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelVector?.();
    this.#cancelPatience?.();
    this.#cancelResend?.();
  }

  /**
   * Something was added here: to this epoch's log, or to the operations. What others wrote is
   * confirmed by a vector, for their "delivered"; what we wrote is pushed and needs none.
   */
  changed(epoch: Epoch | undefined, cause: 'own' | 'received'): void {
    if (this.#isClosed) return;
    if (epoch !== undefined && this.#mayRead(epoch)) {
      if (cause === 'received' || !this.#rowsSent.has(epoch.idHex)) {
        this.#vectorsDue.add(epoch);
        this.#scheduleVector(this.#input.arrivals.forwarding.vectorDelays.othersMs);
      }
      const isLater = cause === 'received' && this.#input.arrivals.forwarding.holdsBack(epoch);
      if (!isLater) void this.#push(epoch);
    }
    this.#sendOpset(false);
    void this.#sendSeals();
  }

  /** More of this epoch may go on now. */
  due(epoch: Epoch): void {
    if (!this.#isClosed && this.#mayRead(epoch)) void this.#push(epoch);
  }

  /** A vector of theirs: learn from it, answer it, push what they lack. */
  onVector(epochs: ReadonlyArray<EpochVector>): void {
    this.#hasVector = true;
    for (const vector of epochs) {
      const epoch = this.#readable().find((e) => equalBytes(e.mailbox, vector.mailbox));
      if (epoch !== undefined) this.#onEpochVector(epoch, vector);
    }
    this.#input.onChange();
    void this.#sendSeals();
  }

  /** Inspected entries of one epoch. False: the peer sent what no honest one sends. */
  async onRuns(epoch: Epoch, runs: ReadonlyArray<Run>): Promise<boolean> {
    if (!this.#mayRead(epoch)) return true;
    // Whoever sends entries holds them: they need not come back.
    raise(this.#their(epoch).sent, runs.map(rowAfter));
    const arrival = this.#lackingCount() > limits.liveEntriesMax ? 'catch-up' : 'live';
    const { source: from, devSignPub } = this.#input;
    const coming = { arrival, path: 'link', from, devSignPub } as const;
    const { arrivals } = this.#input;
    const received = await arrivals.take({ epoch, runs, coming });
    this.#vectorsDue.add(epoch);
    this.#scheduleVector(arrivals.forwarding.vectorDelays.senderMs);
    this.#input.onChange();
    return !received.ok || !received.value.ok || received.value.value.fault !== 'invalid';
  }

  onOpset({ opsHash, ids }: Extract<SyncFrame, { t: 'opset' }>): void {
    const { operations } = this.#input.scope;
    if (operations?.mayHave(this.#input.devSignPub) !== true) return;
    if (equalBytes(opsHash, operations.idsHash())) return;
    if (ids === undefined) {
      this.#sendOpset(true);
      return;
    }
    void this.#sendOps(operations.lackedBy(ids));
    const own = new Set(operations.ids().map(toHex));
    if (ids.some((id) => !own.has(toHex(id)))) this.#sendOpset(true);
  }

  #onEpochVector(epoch: Epoch, { vectorHash, rows }: EpochVector): void {
    const { scope } = this.#input;
    const theirs = this.#their(epoch);
    this.#spokenOf.add(epoch.idHex);
    this.#handedOver.delete(epoch.idHex);
    const isSame = equalBytes(vectorHash, scope.logs.vectorHash(epoch));
    const known = rows ?? (isSame ? scope.logs.rows(epoch) : undefined);
    if (known === undefined) {
      this.#sendVectors([[epoch, true]]);
      return;
    }
    theirs.said = nextSeqs(known);
    theirs.ahead = known;
    this.#showOtherHistories(epoch, theirs, known);
    const isAgreed = ({ writerPub }: Row): boolean => !theirs.contested.has(toHex(writerPub));
    raise(theirs.sent, known.filter(isAgreed));
    scope.onRows(this.deviceHex, epoch, known);
    if (!isSame && !this.#rowsSent.has(epoch.idHex)) this.#sendVectors([[epoch, true]]);
    void this.#push(epoch);
  }

  /**
   * They hold another entry than we do at one place of a log. Where the two part nobody knows yet, so
   * they are shown ours from its beginning: the gate finds the place, and with it the proof. Once per
   * log and link; and however much they say to hold, until all of ours was sent.
   */
  #showOtherHistories(epoch: Epoch, theirs: TheirEpoch, rows: ReadonlyArray<Row>): void {
    for (const row of rows) {
      if (!this.#input.scope.logs.isOtherHistory(epoch, row)) continue;
      const writerHex = toHex(row.writerPub);
      if (theirs.contested.has(writerHex)) continue;
      theirs.contested.add(writerHex);
      theirs.sent.set(writerHex, 0);
    }
  }

  /** Sends what they lack, part by part, each when the transport took the one before. */
  async #push(epoch: Epoch): Promise<void> {
    const theirs = this.#theirs.get(epoch.idHex);
    if (theirs?.said === undefined) return; // they will say what they hold first
    if (theirs.isPushing) {
      theirs.isDirty = true;
      return;
    }
    theirs.isPushing = true;
    try {
      do theirs.isDirty = false;
      while (await this.#pushPart(epoch, theirs));
    } catch {
      // The link closed under us; the next one starts from their vector.
    } finally {
      theirs.isPushing = false;
    }
  }

  /** True: there is more to send now. */
  async #pushPart(epoch: Epoch, theirs: TheirEpoch): Promise<boolean> {
    // More waits until they confirm: a fast sender must not fill a slow receiver's memory.
    if (unconfirmed(theirs.said, theirs.sent) > limits.syncUnconfirmedMax) return false;
    const slice = this.#input.scope.logs.slice(epoch, theirs.sent, {
      bytesMax: this.#replyBytesMax,
      endOf: (writerPub) => this.#input.arrivals.forwarding.endOf(epoch, writerPub),
    });
    if (slice.rows.length > 0) {
      raise(theirs.sent, slice.rows);
      await this.#input.send(encodeSyncFrame({ t: 'update', update: slice.update }));
    }
    return !this.#isClosed && (!slice.isComplete || theirs.isDirty);
  }

  get #replyBytesMax(): number {
    const { path } = this.#input;
    return path === 'direct' ? limits.syncReplyBytesMax : limits.syncReplyRelayedBytesMax;
  }

  /** What was sent and not confirmed for a while goes out again (a full disk over there, say). */
  #scheduleResend(): void {
    this.#cancelResend = this.#deps.clock.schedule(limits.resendMs, () => {
      for (const epoch of this.#readable()) {
        const theirs = this.#theirs.get(epoch.idHex);
        if (theirs?.said === undefined || theirs.isPushing) continue;
        // What went out since the last look may be on its way still.
        const isBehind = unconfirmed(theirs.said, theirs.sentBefore) > 0;
        if (isBehind) theirs.sent = sentAgain(theirs);
        theirs.sentBefore = new Map(theirs.sent);
        if (isBehind) void this.#push(epoch);
      }
      this.#scheduleResend();
    });
  }

  #scheduleVector(delayMs: number): void {
    const dueMs = this.#deps.clock.monotonic() + delayMs;
    if (this.#cancelVector !== undefined && this.#vectorDueMs <= dueMs) return;
    this.#cancelVector?.();
    this.#vectorDueMs = dueMs;
    this.#cancelVector = this.#deps.clock.schedule(delayMs, () => {
      this.#cancelVector = undefined;
      const due = [...this.#vectorsDue];
      this.#vectorsDue.clear();
      // What they said of an epoch before we held it meant nothing to us: without rows they say it again.
      this.#sendVectors(
        due.map((epoch) => [epoch, this.#their(epoch).said !== undefined] as const),
      );
    });
  }

  #sendVectors(wanted: ReadonlyArray<readonly [epoch: Epoch, withRows: boolean]>): void {
    const { logs } = this.#input.scope;
    const epochs = wanted.slice(0, limits.syncEpochsMax).map(([epoch, withRows]) => {
      if (withRows) this.#rowsSent.add(epoch.idHex);
      return {
        mailbox: epoch.mailbox,
        vectorHash: logs.vectorHash(epoch),
        rows: withRows ? logs.rows(epoch) : undefined,
      };
    });
    if (epochs.length > 0) this.#sendFrame({ t: 'vector', epochs });
  }

  #sendOpset(withIds: boolean): void {
    const { operations } = this.#input.scope;
    if (operations === undefined) return;
    if (!operations.mayHave(this.#input.devSignPub)) {
      this.#sendLastWords();
      return;
    }
    const opsHash = operations.idsHash();
    const last = withIds ? this.#sentIdsFor : this.#sentOpsHash;
    if (last !== undefined && equalBytes(last, opsHash)) return;
    this.#sentOpsHash = opsHash;
    if (withIds) this.#sentIdsFor = opsHash;
    this.#sendFrame({
      t: 'opset',
      mailbox: this.#input.epoch.mailbox,
      opsHash,
      // More would make no frame; what is left out is sent to us once more.
      ids: withIds ? operations.ids().slice(0, limits.syncOpIdsMax) : undefined,
    });
  }

  /** The device was taken out while this link stood: it may know that, and nothing more. */
  #sendLastWords(): void {
    const { scope, epoch, devSignPub } = this.#input;
    const ops = scope.operations?.lastWords(epoch, devSignPub) ?? [];
    if (this.#hasSaidLastWords || ops.length === 0) return;
    this.#hasSaidLastWords = true;
    void this.#sendOps(ops);
  }

  async #sendOps(ops: ReadonlyArray<Uint8Array>): Promise<void> {
    const { epoch } = this.#input;
    try {
      for (const part of opParts(ops, this.#replyBytesMax)) {
        const box = sealOps(epoch.keys, this.#deps.random.bytes(24), part);
        await this.#input.send(encodeSyncFrame({ t: 'ops', mailbox: epoch.mailbox, box }));
      }
    } catch {
      // The link closed; the next one compares operations again.
    }
  }

  /**
   * Epochs that the device may read and does not speak of: their seals may lie in logs it cannot
   * read (PROTOCOL §4), or they were before its time and it was given history. Whoever holds the
   * secret hands it over, sealed to that device.
   */
  async #sendSeals(): Promise<void> {
    const { scope, devSignPub, epoch: shared } = this.#input;
    if (!this.#hasVector || scope.operations === undefined) return;
    for (const epoch of this.#readable()) {
      if (this.#handedOver.size >= sealsUnderWayMax) return;
      if (this.#spokenOf.has(epoch.idHex) || this.#handedOver.has(epoch.idHex)) continue;
      this.#handedOver.add(epoch.idHex);
      const seal = await scope.operations.sealFor(epoch, devSignPub);
      if (seal !== undefined) this.#sendFrame({ t: 'seal', mailbox: shared.mailbox, seal });
    }
  }

  #sendFrame(frame: SyncFrame): void {
    if (this.#isClosed) return;
    this.#input.send(encodeSyncFrame(frame)).catch(() => {
      // The link closed; whatever was said is said again on the next one.
    });
  }

  #readable(): ReadonlyArray<Epoch> {
    return this.#input.scope.logs
      .all()
      .filter((epoch) => this.#mayRead(epoch))
      .reverse();
  }

  #mayRead(epoch: Epoch): boolean {
    return this.#input.scope.mayRead(epoch, this.#input.devSignPub);
  }

  #their(epoch: Epoch): TheirEpoch {
    const known = this.#theirs.get(epoch.idHex);
    if (known !== undefined) return known;
    const theirs = theirEpochOf(epoch);
    this.#theirs.set(epoch.idHex, theirs);
    return theirs;
  }

  #lackingCount(): number {
    const { logs } = this.#input.scope;
    return [...this.#theirs.values()].reduce((sum, theirs) => sum + lackingIn(theirs, logs), 0);
  }
}
