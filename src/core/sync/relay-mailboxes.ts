/**
 * The mailboxes at one relay, while it is up. All offered epochs are polled together; where something
 * was written, it is fetched and goes the way of all entries; then what the mailbox lacks is left
 * there. One request at a time; whatever is not answered is asked again in the next round.
 */
import { toHex } from '../../base/bytes.ts';
import type { RelayAddress } from '../../network/port.ts';
import { limits } from '../../protocol/limits.ts';
import {
  decodeMailboxReply,
  encodeMailboxRequest,
  type Held,
  type Mark,
  type MailboxReply,
  type MailboxRequest,
} from '../../protocol/mailbox-frames.ts';
import type { Row } from '../../protocol/row.ts';
import { inspect } from '../../replication/inspect.ts';
import type { Run } from '../../replication/runs.ts';
import type { CoreDeps } from '../deps.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { Scope } from '../scope.ts';
import { WriterCerts } from './writer-certs.ts';

export interface RelayMailboxesInput {
  readonly relay: RelayAddress;
  readonly ownDevice: Uint8Array;
  readonly scopes: () => ReadonlyArray<Scope>;
  /** What `isCaughtUp` says of this scope may have changed. */
  readonly onProgress: (scope: Scope) => void;
}

interface Offer {
  readonly scope: Scope;
  readonly epoch: Epoch;
}

/** What is known of one mailbox. */
interface Known {
  /** As of when we had everything it holds; undefined before. */
  fetchedMark: Mark | undefined;
  rows: ReadonlyArray<Row>;
  /** The same by hex of writerPub. */
  nextSeqByWriter: ReadonlyMap<string, number>;
  /** Something was added here since it was compared with what we hold. */
  isDirty: boolean;
  /** The same of what this device wrote. */
  hasOwn: boolean;
}

export class RelayMailboxes {
  readonly #deps: CoreDeps;
  readonly #input: RelayMailboxesInput;
  readonly #certs: WriterCerts;
  readonly #knownByEpoch = new Map<string, Known>();
  #cancelRound: (() => void) | undefined;
  #pollDueMs = 0;
  /** A round that polls is about to begin. */
  #isPollNear = false;
  #isRunning = false;
  #isRoundDue = false;
  #isClosed = false;

  constructor(deps: CoreDeps, input: RelayMailboxesInput) {
    this.#deps = deps;
    this.#input = input;
    this.#certs = new WriterCerts(deps.backend);
    this.#schedule(0);
  }

  /** It has told all it holds of the scope's offered epochs. */
  isCaughtUp(scope: Scope): boolean {
    const offered = scope.offeredEpochs();
    const isFetched = ({ idHex }: Epoch): boolean =>
      this.#knownByEpoch.get(idHex)?.fetchedMark !== undefined;
    return !this.#isClosed && scope.usesMailbox && offered.length > 0 && offered.every(isFetched);
  }

  changed(epoch: Epoch, cause: 'own' | 'received'): void {
    const known = this.#knownByEpoch.get(epoch.idHex);
    if (known !== undefined) known.isDirty = true;
    if (known !== undefined && cause === 'own') known.hasOwn = true;
    if (cause === 'own' && !this.#isPollNear) this.#schedule(limits.mailboxGatherMs);
  }

  /** [MB30] At once where an epoch is new: who comes in waits for the answer. */
  pollSoon(): void {
    this.#pollDueMs = 0;
    const isNew = this.#offers().some(({ epoch }) => !this.#knownByEpoch.has(epoch.idHex));
    this.#isPollNear ||= isNew && !this.#isRunning;
    this.#schedule(this.#isPollNear ? 0 : limits.mailboxGatherMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRound?.();
  }

  #schedule(delayMs: number): void {
    this.#isRoundDue = this.#isRunning;
    if (this.#isClosed || this.#isRunning) return;
    this.#cancelRound?.();
    this.#cancelRound = this.#deps.clock.schedule(delayMs, () => {
      void this.#runRound();
    });
  }

  async #runRound(): Promise<void> {
    this.#isRunning = true;
    this.#isPollNear = false;
    const isAnswered = await this.#round();
    this.#isRunning = false;
    if (!isAnswered) this.#pollDueMs = 0;
    const idleMs = isAnswered ? limits.mailboxPollMs : limits.mailboxRetryMs;
    this.#schedule(isAnswered && this.#isRoundDue ? limits.mailboxGatherMs : idleMs);
    this.#isRoundDue = false;
  }

  /** False: the relay did not answer. */
  async #round(): Promise<boolean> {
    const offers = this.#offers();
    const isPoll = this.#deps.clock.monotonic() >= this.#pollDueMs;
    if (isPoll) {
      if (!(await this.#poll(offers))) return false;
      this.#pollDueMs = this.#deps.clock.monotonic() + limits.mailboxPollMs;
    }
    for (const offer of offers) {
      const known = this.#known(offer.epoch);
      if (known.fetchedMark === undefined && !(await this.#fetch(offer, known))) return false;
      // [MB26] What others wrote they leave there themselves; what they could not, goes with a poll.
      const isDue = isPoll ? known.isDirty : known.hasOwn;
      const whose = isPoll ? 'all' : 'own';
      if (isDue && !(await this.#leave(offer, known, whose))) return false;
    }
    for (const offer of this.#history()) {
      const known = this.#known(offer.epoch);
      if (known.fetchedMark === undefined && !(await this.#fetch(offer, known))) return false;
    }
    return true;
  }

  /** [MB18] What newcomers were let in with is fetched once, newest first; nothing is left there. */
  #history(): ReadonlyArray<Offer> {
    return this.#input
      .scopes()
      .filter(({ usesMailbox }) => usesMailbox)
      .flatMap((scope) => scope.logs.all().map((epoch) => ({ scope, epoch })))
      .filter(({ epoch }) => epoch.isHistory)
      .sort((a, b) => b.epoch.order - a.epoch.order)
      .slice(0, limits.mailboxesPolledMax);
  }

  /**
   * The newest epoch of every scope before any older one, so that none is crowded out; [MB19] then
   * what an open link gives.
   */
  #offers(): ReadonlyArray<Offer> {
    return this.#input
      .scopes()
      .filter(({ usesMailbox }) => usesMailbox)
      .flatMap((scope) =>
        [...scope.offeredEpochs(), ...scope.sharedEpochs()].map((epoch, age) => ({
          ...{ scope, epoch, age },
        })),
      )
      .sort((a, b) => a.age - b.age)
      .slice(0, limits.mailboxesPolledMax);
  }

  /** Notes where something was written that we have not fetched. */
  async #poll(offers: ReadonlyArray<Offer>): Promise<boolean> {
    const mailboxIds = offers.map(({ epoch }) => epoch.keys.mailboxId);
    if (mailboxIds.length === 0) return true;
    const reply = await this.#ask({ t: 'poll', mailboxIds });
    if (reply?.t !== 'marks' || reply.marks.length !== offers.length) return false;
    for (const [i, { scope, epoch }] of offers.entries()) {
      const known = this.#known(epoch);
      if (known.fetchedMark === reply.marks[i]) {
        scope.onParked(epoch, known.rows); // as it said before
        continue;
      }
      // It may hold less than it did: it expired, or its operator restored an older copy.
      known.isDirty = true;
      known.fetchedMark = undefined;
      // [MB9] What lies there may be a removal: nothing is written before it was fetched.
      this.#input.onProgress(scope);
    }
    return true;
  }

  async #fetch({ scope, epoch }: Offer, known: Known): Promise<boolean> {
    // What was refused once is not asked for again and again.
    const nextSeqs = nextSeqByWriterOf(scope.logs.rows(epoch));
    let count = 0;
    for (;;) {
      const held = [...nextSeqs.values()];
      const reply = await this.#ask({ t: 'get', mailboxId: epoch.keys.mailboxId, held });
      if (reply?.t !== 'held') return false;
      const runs = inspect(reply.update, { bytesMax: limits.mailboxUpdateBytesMax });
      if (!runs.ok) return false;
      count += runs.value.reduce((sum, { envelopes }) => sum + envelopes.length, 0);
      const isAsked = runs.value.every(
        ({ writerPub, fromSeq }) => fromSeq === (nextSeqs.get(toHex(writerPub))?.nextSeq ?? 0),
      );
      // [MB15] One that holds more than it may, or says the same again, would go on for ever.
      if (!isAsked || count > limits.mailboxEntriesMax) return false;
      if (!(await this.#receive({ scope, epoch }, runs.value, reply.isComplete))) return true;
      for (const { writerPub, fromSeq, envelopes } of runs.value) {
        nextSeqs.set(toHex(writerPub), { writerPub, nextSeq: fromSeq + envelopes.length });
      }
      this.#learn({ scope, epoch }, known, reply.rows);
      if (!reply.isComplete && runs.value.length > 0) continue;
      known.fetchedMark = reply.mark;
      this.#input.onProgress(scope);
      return true;
    }
  }

  /** False: they could not be taken now, and are asked for again later. */
  async #receive(
    { scope, epoch }: Offer,
    runs: ReadonlyArray<Run>,
    isComplete: boolean,
  ): Promise<boolean> {
    if (runs.length === 0) return true;
    const count = runs.reduce((sum, { envelopes }) => sum + envelopes.length, 0);
    const arrival = isComplete && count <= limits.liveEntriesMax ? 'live' : 'catch-up';
    const coming = { arrival, path: 'mailbox', from: this.#input.relay } as const;
    const received = await scope.run(() => scope.receive([{ epoch, runs, coming }]));
    return received.ok && received.value.every(({ ok }) => ok);
  }

  /** [MB16] Leaves there what it lacks, part by part; what it does not take is offered once. */
  async #leave(offer: Offer, known: Known, whose: 'own' | 'all'): Promise<boolean> {
    const { scope, epoch } = offer;
    const own = new Set(epoch.writersOf(this.#input.ownDevice));
    const endOf = (writerPub: Uint8Array): number | undefined =>
      whose === 'all' || own.has(toHex(writerPub)) ? undefined : 0;
    if (whose === 'all') known.isDirty = false;
    known.hasOwn = false;
    const offered = new Map(known.nextSeqByWriter);
    for (;;) {
      const { rows, update, isComplete } = scope.logs.slice(epoch, offered, {
        bytesMax: limits.mailboxLeftBytesMax,
        endOf,
      });
      if (rows.length === 0) return true;
      const unknown = rows.filter(({ writerPub }) => !known.nextSeqByWriter.has(toHex(writerPub)));
      const reply = await this.#ask({
        t: 'put',
        mailboxId: epoch.keys.mailboxId,
        admitPub: epoch.keys.admitPub,
        certs: await this.#certs.of(epoch, unknown),
        update,
      });
      if (reply?.t !== 'stored') {
        known.isDirty = true;
        known.hasOwn = true;
        return false;
      }
      this.#learn(offer, known, reply.rows);
      // What others left there in between is fetched with the next poll.
      if (this.#holdsAll(offer, reply.rows)) known.fetchedMark = reply.mark;
      for (const { writerPub, nextSeq } of rows) {
        const writerHex = toHex(writerPub);
        const isTaken = (known.nextSeqByWriter.get(writerHex) ?? 0) >= nextSeq;
        // One log that is too long, or another history of it, must not keep out the others.
        offered.set(writerHex, isTaken ? nextSeq : limits.seqMax);
      }
      if (isComplete) return true;
    }
  }

  #learn({ scope, epoch }: Offer, known: Known, rows: ReadonlyArray<Row>): void {
    known.rows = rows;
    known.nextSeqByWriter = new Map(rows.map((row) => [toHex(row.writerPub), row.nextSeq]));
    scope.onParked(epoch, rows);
  }

  #holdsAll({ scope, epoch }: Offer, rows: ReadonlyArray<Row>): boolean {
    const own = nextSeqByWriterOf(scope.logs.rows(epoch));
    return rows.every((row) => (own.get(toHex(row.writerPub))?.nextSeq ?? 0) >= row.nextSeq);
  }

  #known({ idHex }: Epoch): Known {
    const known = this.#knownByEpoch.get(idHex);
    if (known !== undefined) return known;
    const made: Known = {
      fetchedMark: undefined,
      rows: [],
      nextSeqByWriter: new Map(),
      isDirty: true,
      hasOwn: true,
    };
    this.#knownByEpoch.set(idHex, made);
    return made;
  }

  async #ask(request: MailboxRequest): Promise<MailboxReply | undefined> {
    const { network } = this.#deps;
    const answer = await network.askMailbox(this.#input.relay, encodeMailboxRequest(request));
    const reply = answer && decodeMailboxReply(answer);
    return reply?.ok === true && !this.#isClosed ? reply.value : undefined;
  }
}

const nextSeqByWriterOf = (rows: ReadonlyArray<Held>): Map<string, Held> =>
  new Map(rows.map(({ writerPub, nextSeq }) => [toHex(writerPub), { writerPub, nextSeq }]));
