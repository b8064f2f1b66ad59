/**
 * The blind mailbox (PROTOCOL §7): keeps sealed entries for members who are away. It decides from
 * the entries alone, by the gate that every device has, and holds no key that opens anything: who may
 * write is said by certificates under the key the mailbox is named after.
 */
import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { createSerialQueue } from '../../src/base/serial-queue.ts';
import type { CryptoBackend } from '../../src/crypto/backend.ts';
import { limits } from '../../src/protocol/limits.ts';
import { verifyWriterCert } from '../../src/protocol/mailbox.ts';
import {
  decodeMailboxRequest,
  encodeMailboxReply,
  type MailboxReply,
  type MailboxRequest,
  type PutOutcome,
} from '../../src/protocol/mailbox-frames.ts';
import { checkRun } from '../../src/replication/gate.ts';
import { inspect } from '../../src/replication/inspect.ts';
import { sliceOf } from '../../src/replication/slice.ts';
import { decodeChunkRequest, encodeChunkReply } from '../../src/protocol/mailbox-chunks.ts';
import { createAddressQuota, type AddressQuota } from './address-quota.ts';
import type { Addition, MailboxStore, StoredMailbox, StoredWriter } from './mailbox-store.ts';
import { MailboxChunks } from './mailbox-chunks.ts';
import { WriterShares } from './writer-shares.ts';
import { storedLog } from './stored-log.ts';

const notKept: MailboxReply = { t: 'refused', why: 'failed' };

/** So much of a quota a new mailbox takes, beside what is written into it. */
const newMailboxBytes = 1024;

export interface MailboxOptions {
  readonly store: MailboxStore;
  readonly backend: CryptoBackend;
  readonly now: () => number;
  /** Of all mailboxes together. */
  readonly bytesMax: number;
  /** Of a mailbox nobody writes into. */
  readonly lifeMs: number;
  /** Written from one address in a day; of files as much again. */
  readonly addressBytesMax?: number;
  /** Chunks of small files as well. */
  readonly hasFiles: boolean;
}

type Put = Extract<MailboxRequest, { t: 'put' }>;
type Runs = Extract<ReturnType<typeof inspect>, { ok: true }>['value'];

/** What lies in a mailbox already, and what a request adds to it. */
interface Plan {
  readonly from: string;
  readonly put: Put;
  readonly mailbox: StoredMailbox | undefined;
  readonly writers: ReadonlyMap<string, StoredWriter>;
  readonly additions: Addition[];
}

export class Mailbox {
  readonly #options: MailboxOptions;
  readonly #quota: AddressQuota;
  readonly #shares = new WriterShares();
  readonly #chunks: MailboxChunks | undefined;
  /** One request at a time: what was checked must still be so when it is written. */
  readonly #queue = createSerialQueue(limits.mailboxWaitingMax);

  constructor(options: MailboxOptions) {
    this.#options = options;
    const bytesMax = options.addressBytesMax ?? limits.mailboxAddressBytesMax;
    this.#quota = createAddressQuota(options.now, bytesMax);
    this.#chunks = options.hasFiles
      ? new MailboxChunks({ ...options, addressBytesMax: bytesMax })
      : undefined;
  }

  get status(): { readonly mailboxes: number; readonly bytes: number } {
    const { count, bytes, chunks } = this.#options.store;
    return { mailboxes: count, bytes: bytes + chunks.bytes };
  }

  /** Its disk failed: nothing is acknowledged any more, until it is started anew. */
  get isLost(): boolean {
    return this.#options.store.isLost;
  }

  /** Total: any bytes have an answer. `from` names whose quota it is. */
  async answer(request: Uint8Array, from: string): Promise<Uint8Array> {
    const decoded = decodeMailboxRequest(request);
    if (!decoded.ok) return this.#answerOnFiles(request, from);
    const answered = await this.#queue.run(() => this.#answer(decoded.value, from));
    if (!answered.ok) return encodeMailboxReply({ t: 'refused', why: 'too-often' });
    return encodeMailboxReply((await this.#isKept()) ? answered.value : notKept);
  }

  /** Forgets whole mailboxes whose time is over. */
  expire(): void {
    this.#options.store.expire(this.#options.now() - this.#options.lifeMs);
    const lifeMs = Math.min(this.#options.lifeMs, limits.mailboxChunkLifeMs);
    this.#options.store.chunks.expire(this.#options.now() - lifeMs);
  }

  close(): void {
    this.#options.store.close();
  }

  async #answerOnFiles(request: Uint8Array, from: string): Promise<Uint8Array> {
    const chunks = this.#chunks;
    const decoded = decodeChunkRequest(request);
    if (chunks === undefined || !decoded.ok) {
      return encodeMailboxReply({ t: 'refused', why: 'malformed' });
    }
    const answered = await this.#queue.run(() =>
      chunks.answer(decoded.value, this.#find(decoded.value.mailboxId), from),
    );
    if (!answered.ok) return encodeMailboxReply({ t: 'refused', why: 'too-often' });
    return (await this.#isKept()) ? encodeChunkReply(answered.value) : encodeMailboxReply(notKept);
  }

  /** [MB6] Outside of the queue: the next requests have their turn, and share the next sync. */
  #isKept(): Promise<boolean> {
    return this.#options.store.settled();
  }

  async #answer(request: MailboxRequest, from: string): Promise<MailboxReply> {
    switch (request.t) {
      case 'poll':
        return { t: 'marks', marks: request.mailboxIds.map((id) => this.#find(id)?.mark ?? 0) };
      case 'get':
        return this.#get(request);
      case 'put':
        return this.#put(request, from);
    }
  }

  #find(id: Uint8Array): StoredMailbox | undefined {
    const { store, now, lifeMs } = this.#options;
    const mailbox = store.mailbox(id);
    if (mailbox === undefined || mailbox.writtenMs >= now() - lifeMs) return mailbox;
    this.expire(); // never by prefix: nothing is added to what should be gone
    return undefined;
  }

  #get({ mailboxId, held }: Extract<MailboxRequest, { t: 'get' }>): MailboxReply {
    const mailbox = this.#find(mailboxId);
    const writers = mailbox === undefined ? [] : this.#options.store.writers(mailbox);
    const { update, isComplete } = sliceOf(
      writers.map((writer) => this.#log(mailboxId, writer.writerPub, writer)),
      {
        mailbox: mailboxId.slice(0, 16),
        nextSeqByWriter: new Map(held.map((row) => [toHex(row.writerPub), row.nextSeq])),
        bytesMax: limits.mailboxUpdateBytesMax,
      },
    );
    return { t: 'held', mark: mailbox?.mark ?? 0, rows: writers.map(rowOf), update, isComplete };
  }

  async #put(put: Put, from: string): Promise<MailboxReply> {
    const runs = inspect(put.update, { bytesMax: limits.mailboxUpdateBytesMax });
    if (!runs.ok) return { t: 'refused', why: 'malformed' };
    const mailbox = this.#find(put.mailboxId);
    const idHex = toHex(put.mailboxId);
    if (mailbox === undefined) this.#shares.forget(idHex);
    const stored = mailbox === undefined ? [] : this.#options.store.writers(mailbox);
    const writers = new Map(stored.map((writer) => [toHex(writer.writerPub), writer]));
    const plan: Plan = { from, put, mailbox, writers, additions: [] };
    const outcome = await this.#check(plan, runs.value);
    if (plan.additions.length > 0) {
      const added = this.#options.store.add(put.mailboxId, plan.additions);
      if (!added.ok && added.error === 'failed') return { t: 'refused', why: 'failed' };
      if (!added.ok) return this.#stored(put.mailboxId, 'full');
      this.#shares.add(idHex, from, newWritersIn(plan, plan.additions));
    }
    return this.#stored(put.mailboxId, outcome);
  }

  #stored(mailboxId: Uint8Array, outcome: PutOutcome): MailboxReply {
    const mailbox = this.#find(mailboxId);
    const rows = mailbox === undefined ? [] : this.#options.store.writers(mailbox).map(rowOf);
    return { t: 'stored', mark: mailbox?.mark ?? 0, rows, outcome };
  }

  /** Each run stands for itself; the worst outcome is told. */
  async #check(plan: Plan, runs: Runs): Promise<PutOutcome> {
    let outcome: PutOutcome = 'stored';
    for (const run of runs) {
      const addition = await this.#checkRun(plan, run);
      if (addition === 'refused') outcome = 'refused';
      else if (addition !== undefined && this.#isRoomFor(plan, addition)) {
        plan.additions.push(addition);
      } else if (addition !== undefined && outcome === 'stored') outcome = 'full';
    }
    return outcome;
  }

  /** Undefined: all of it lies there. */
  async #checkRun(plan: Plan, run: Runs[number]): Promise<Addition | 'refused' | undefined> {
    const { mailboxId } = plan.put;
    const { backend } = this.#options;
    if (!equalBytes(run.mailbox, mailboxId.slice(0, 16))) return 'refused';
    const known = plan.writers.get(toHex(run.writerPub));
    if (known === undefined && !(await this.#isCertified(plan.put, run.writerPub))) {
      return 'refused';
    }
    const log = this.#log(mailboxId, run.writerPub, known);
    const checked = await checkRun(backend, log, run);
    if (!checked.ok) return 'refused';
    const { fresh } = checked.value;
    if (fresh === undefined) return undefined;
    const signed = new Set(fresh.signedSeqs);
    return {
      writerPub: fresh.writerPub,
      fromSeq: fresh.fromSeq,
      headHash: fresh.headHash,
      entries: fresh.envelopes.map(({ seq, bytes }) => ({
        isSigned: signed.has(seq),
        envelope: bytes,
      })),
    };
  }

  async #isCertified({ mailboxId, admitPub, certs }: Put, writerPub: Uint8Array): Promise<boolean> {
    const own = certs.find((cert) => equalBytes(cert.writerPub, writerPub));
    if (own === undefined) return false;
    const claim = { mailboxId, writerPub };
    return verifyWriterCert(this.#options.backend, claim, { admitPub, cert: own.cert });
  }

  #isRoomFor(plan: Plan, addition: Addition): boolean {
    const { store, bytesMax } = this.#options;
    const { from, put, mailbox, writers, additions } = plan;
    const known = writers.get(toHex(addition.writerPub));
    const more = [...additions, addition];
    const bytes = bytesOf([addition]);
    const newBytes = mailbox === undefined && additions.length === 0 ? newMailboxBytes : 0;
    const newWriters = newWritersIn(plan, more);
    const isNew = newWritersIn(plan, [addition]) > 0;
    return (
      store.bytes + store.chunks.bytes + bytesOf(more) <= bytesMax &&
      (mailbox?.bytes ?? 0) + bytesOf(more) <= limits.mailboxBytesMax &&
      (mailbox?.entries ?? 0) + entriesOf(more) <= limits.mailboxEntriesMax &&
      writers.size + newWriters <= limits.mailboxWritersMax &&
      (!isNew || this.#shares.hasRoom(toHex(put.mailboxId), from, newWriters)) &&
      (known?.bytes ?? 0) + bytes <= limits.mailboxWriterBytesMax &&
      (known?.entries ?? 0) + addition.entries.length <= limits.mailboxWriterEntriesMax &&
      this.#quota.take(from, bytes + newBytes)
    );
  }

  #log(mailboxId: Uint8Array, writerPub: Uint8Array, stored: StoredWriter | undefined) {
    return storedLog(this.#options.store, { mailbox: mailboxId.slice(0, 16), writerPub }, stored);
  }
}

const rowOf = ({ writerPub, entries, headHash }: StoredWriter) => ({
  writerPub,
  nextSeq: entries,
  headHash,
});

const newWritersIn = ({ writers }: Plan, additions: ReadonlyArray<Addition>): number =>
  additions.filter(({ writerPub }) => !writers.has(toHex(writerPub))).length;

const entriesOf = (additions: ReadonlyArray<Addition>): number =>
  additions.reduce((sum, { entries }) => sum + entries.length, 0);

const bytesOf = (additions: ReadonlyArray<Addition>): number =>
  additions.reduce(
    (sum, { entries }) => sum + entries.reduce((own, { envelope }) => own + envelope.length, 0),
    0,
  );
