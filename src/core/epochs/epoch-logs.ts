/**
 * The epochs of one scope (a conversation, or an invite) with their logs: what is held, what comes
 * in, what is appended. Everything that enters a log enters here: the gate first, then the journal,
 * then the document, then the fold (ARCHITECTURE §5).
 */
import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { encodeBind, type Bind } from '../../protocol/epochs/bind.ts';
import { encodeBody, nextLamport } from '../../protocol/body.ts';
import { decodeEnvelope, entryHash, type Envelope } from '../../protocol/envelope.ts';
import { openEnvelope, sealEnvelope } from '../../protocol/envelope-box.ts';
import { ratchet } from '../../protocol/epochs/epoch-keys.ts';
import { limits } from '../../protocol/limits.ts';
import { sameRow, vectorHashOf, type Row } from '../../protocol/sync-frames.ts';
import { checkRun, type HeldLog } from '../../replication/gate.ts';
import type { EntryLog } from '../../replication/log.ts';
import { runOf } from '../../replication/runs.ts';
import type { Slice, SliceRequest } from '../../replication/slice.ts';
import type { Write } from '../../storage/port.ts';
import { Admission, type Admittance, type Arrived } from './admission.ts';
import { depsOf } from './deps-of.ts';
import type { Epoch } from './epoch.ts';
import type { AppendedEntry, AppendFailure, Content, LogDeps, LogHost } from './log-host.ts';
import { LogFolding, type Pause, type Writers } from './log-folding.ts';
import { openWriter, writerWrite, type OwnWriter } from './own-writer.ts';
import type { StoreFailure } from '../vault/segments.ts';

export type { Admittance, Arrived } from './admission.ts';
export type { Admitted, AppendedEntry, AppendFailure } from './log-host.ts';
export type { Arrival, Content, LogDeps, LogHost } from './log-host.ts';

interface Vector {
  readonly rows: ReadonlyArray<Row>;
  readonly hash: Uint8Array;
}

/** Of this device's log, not stored yet. */
interface Beginning {
  readonly bind: Bind;
  readonly envelope: Envelope;
}

interface Sealing {
  readonly writer: OwnWriter;
  readonly begun: Beginning | undefined;
  readonly contents: ReadonlyArray<Content>;
}

/** The hash of a head names its writer, too. */
const areSameRows = (a: ReadonlyArray<Row>, b: ReadonlyArray<Row>): boolean =>
  a.length === b.length &&
  a.every((row, at) => {
    const other = b[at];
    return other !== undefined && sameRow(row, other);
  });

export class EpochLogs {
  readonly #deps: LogDeps;
  readonly #host: LogHost;
  readonly #epochs = new Map<string, Epoch>();
  #inOrder: ReadonlyArray<Epoch> | undefined;
  readonly #logs = new Map<string, EntryLog>();
  readonly #ownWriters = new Map<string, OwnWriter>();
  /** By epoch, as it was when it was asked for last. */
  readonly #vectors = new WeakMap<Epoch, Vector>();
  readonly #folding: LogFolding;
  readonly #admission: Admission;

  constructor(deps: LogDeps, host: LogHost) {
    this.#deps = deps;
    this.#host = host;
    this.#folding = new LogFolding(deps.core.backend, host);
    this.#admission = new Admission(deps, {
      ...{ host, folding: this.#folding },
      held: (epoch, writerPub) => this.#held(epoch, writerPub),
    });
  }

  /** In the order this device came to hold them. */
  all(): ReadonlyArray<Epoch> {
    this.#inOrder ??= [...this.#epochs.values()].sort((a, b) => a.order - b.order);
    return this.#inOrder;
  }

  byId(idHex: string): Epoch | undefined {
    return this.#epochs.get(idHex);
  }

  /** Opens an epoch's log and folds what is stored of it. */
  async open(epoch: Epoch, pause?: Pause): Promise<Result<undefined, StoreFailure>> {
    const writers = await this.#openLog(epoch);
    if (!writers.ok) return writers;
    if (writers.value !== undefined) await this.#folding.whole(epoch, writers.value, pause);
    return ok(undefined);
  }

  /** See LogFolding. */
  async openNewest(epoch: Epoch): Promise<Result<number, StoreFailure>> {
    const writers = await this.#openLog(epoch);
    if (!writers.ok) return writers;
    return ok(await this.#folding.newest(epoch, writers.value ?? []));
  }

  /** False: everything must be folded once more. */
  async openRest(epoch: Epoch, pause: Pause): Promise<Result<boolean, StoreFailure>> {
    if (this.#logs.has(epoch.idHex)) return ok(await this.#folding.rest(epoch, pause));
    const opened = await this.open(epoch, pause);
    return opened.ok ? ok(true) : opened;
  }

  /** Its logs; undefined: it is open already. */
  async #openLog(epoch: Epoch): Promise<Result<Writers | undefined, StoreFailure>> {
    if (this.#logs.has(epoch.idHex)) return ok(undefined);
    const log = await this.#deps.segments.log(epoch.segment);
    if (!log.ok) return log;
    this.#epochs.set(epoch.idHex, epoch);
    this.#inOrder = undefined;
    this.#logs.set(epoch.idHex, log.value);
    return ok(log.value.writers(epoch.mailbox));
  }

  /** Gives everything that is held to the host once more. */
  async refold(): Promise<void> {
    for (const epoch of this.all()) {
      epoch.rewind();
      await this.#folding.whole(epoch, this.#log(epoch).writers(epoch.mailbox));
    }
  }

  /** What is held and counts. */
  rows(epoch: Epoch): ReadonlyArray<Row> {
    return this.#log(epoch)
      .rows(epoch.mailbox)
      .flatMap((row) => {
        const end = this.#host.forkSeq(epoch, row.writerPub) ?? row.nextSeq;
        if (end >= row.nextSeq) return [row];
        const headHash = this.#held(epoch, row.writerPub).hashAt(end - 1);
        return headHash === undefined ? [] : [{ ...row, nextSeq: end, headHash }];
      });
  }

  /** Whether somebody holds another entry than we do where such a row ends (attack 12). */
  isOtherHistory(epoch: Epoch, { writerPub, nextSeq, headHash }: Row): boolean {
    const held = this.#held(epoch, writerPub).hashAt(nextSeq - 1);
    const isCounted = nextSeq <= (this.#host.forkSeq(epoch, writerPub) ?? limits.seqMax);
    return isCounted && held !== undefined && !equalBytes(held, headHash);
  }

  /** The signed bind that a log begins with; undefined if it is not held. */
  bindBytes(epoch: Epoch, writerPub: Uint8Array): Uint8Array | undefined {
    const [first] = this.#held(epoch, writerPub).entries(0, 1);
    const opened = first && openEnvelope(first, epoch.keys.bind);
    return opened?.ok === true ? opened.value : undefined;
  }

  /** Exactly this entry. */
  holds(epoch: Epoch, envelope: Envelope): boolean {
    const held = this.#held(epoch, envelope.writerPub).hashAt(envelope.seq);
    return held !== undefined && equalBytes(held, entryHash(envelope));
  }

  /** How many entries of a log are held. */
  heldCount(epoch: Epoch, writerPub: Uint8Array): number {
    return this.#held(epoch, writerPub).nextSeq;
  }

  /** Of the entry at this place; undefined where none is held. */
  hashAt(epoch: Epoch, writerPub: Uint8Array, seq: number): Uint8Array | undefined {
    return this.#held(epoch, writerPub).hashAt(seq);
  }

  /** What is held at a place of a log. */
  entryAt(epoch: Epoch, writerPub: Uint8Array, seq: number): Envelope | undefined {
    return this.#held(epoch, writerPub).entries(seq, seq + 1)[0];
  }

  /** Every link asks, whenever it says or hears what is held. */
  vectorHash(epoch: Epoch): Uint8Array {
    const rows = this.rows(epoch);
    const known = this.#vectors.get(epoch);
    if (known !== undefined && areSameRows(known.rows, rows)) return known.hash;
    const hash = vectorHashOf(rows);
    this.#vectors.set(epoch, { rows, hash });
    return hash;
  }

  size(epoch: Epoch): { readonly entries: number; readonly bytes: number } {
    return this.#log(epoch).size(epoch.mailbox);
  }

  /** `endOf`: where less of a log is to go. */
  slice(
    epoch: Epoch,
    nextSeqByWriter: ReadonlyMap<string, number>,
    { bytesMax, endOf }: Pick<SliceRequest, 'bytesMax' | 'endOf'>,
  ): Slice {
    const { mailbox } = epoch;
    const end = (writerPub: Uint8Array): number | undefined => {
      const [asked, counted] = [endOf?.(writerPub), this.#host.forkSeq(epoch, writerPub)];
      return asked === undefined ? counted : Math.min(asked, counted ?? asked);
    };
    return this.#log(epoch).slice({ mailbox, nextSeqByWriter, bytesMax, endOf: end });
  }

  stateHash(epoch: Epoch): Uint8Array {
    return this.#log(epoch).stateHash(epoch.mailbox);
  }

  /** Entries from somebody else, in the order in which they came; an answer for each. */
  admit(arrived: ReadonlyArray<Arrived>): Promise<ReadonlyArray<Admittance>> {
    return this.#admission.admit(arrived);
  }

  /**
   * Seals these contents, in order, into this device's own log, with whatever records must not be
   * stored without them. Binds first where this device has not written in the epoch yet.
   */
  async append(
    epoch: Epoch,
    contents: ReadonlyArray<Content>,
    writes: ReadonlyArray<Write> = [],
  ): Promise<Result<ReadonlyArray<AppendedEntry>, AppendFailure>> {
    const writer = await this.ownWriter(epoch);
    if (!writer.ok) return writer;
    const begun = await this.#begin(epoch, writer.value);
    if (!begun.ok) return begun;
    if (begun.value === undefined && contents.length === 0 && writes.length === 0) return ok([]);
    const sealed = await this.#seal(epoch, { writer: writer.value, begun: begun.value, contents });
    if (!sealed.ok) return sealed;
    const envelopes = sealed.value;
    const beginning = begun.value === undefined ? [] : [begun.value.envelope];
    const stored = await this.#storeOwn(epoch, {
      writer: writer.value,
      envelopes: [...beginning, ...envelopes],
      writes,
    });
    if (!stored.ok) return stored;
    this.#folding.fold(epoch, { bind: begun.value?.bind, envelopes, arrival: 'own' });
    const { writerPub } = writer.value;
    return ok(envelopes.map((envelope) => ({ seq: envelope.seq, writerPub, envelope })));
  }

  /** Under which key this device writes on in an epoch. */
  async ownWriter(epoch: Epoch): Promise<Result<OwnWriter, StoreFailure>> {
    const known = this.#ownWriters.get(epoch.idHex);
    if (known !== undefined) return ok(known);
    const log = this.#log(epoch);
    const opened = await openWriter(this.#deps, epoch, log);
    if (opened.ok) this.#ownWriters.set(epoch.idHex, opened.value);
    return opened;
  }

  /** The bind that this device's log in an epoch begins with; undefined where it has begun. */
  async #begin(
    epoch: Epoch,
    writer: OwnWriter,
  ): Promise<Result<Beginning | undefined, AppendFailure>> {
    if (this.#held(epoch, writer.writerPub).nextSeq > 0) return ok(undefined);
    const { me, core } = this.#deps;
    const content = await this.#host.bindContent(epoch);
    if (!content.ok) return content;
    const { writerPub, incarnation } = writer;
    const bind: Bind = {
      epochId: epoch.id,
      devSignPub: me.device.publicKey,
      incarnation,
      writerPub,
      ...content.value,
    };
    const bytes = await sealEnvelope({
      mailbox: epoch.mailbox,
      writer: writer.signer,
      seq: 0,
      prev: new Uint8Array(32),
      nonce: core.random.bytes(24),
      messageKey: epoch.keys.bind,
      body: await encodeBind(bind, me.device),
    });
    epoch.follow(bind); // where it cannot be stored, the next one is of the same writer
    return ok({ bind, envelope: decodeOwn(bytes) });
  }

  async #seal(
    epoch: Epoch,
    { writer, begun, contents }: Sealing,
  ): Promise<Result<ReadonlyArray<Envelope>, AppendFailure>> {
    const held = this.#held(epoch, writer.writerPub);
    const position = epoch.position(writer.writerPub);
    const nextSeq = begun === undefined ? held.nextSeq : 1;
    assert(position?.seq === nextSeq, 'own entries are folded as they are appended');
    if (nextSeq + contents.length >= limits.seqMax) return err('epoch-full');
    let { chain, seq, lamport: previous } = position;
    let prev = begun === undefined ? held.headHash : entryHash(begun.envelope);
    const nowMs = this.#deps.core.clock.now();
    let greatestSeen = this.#host.greatestLamport();
    const deps = depsOf(epoch, this.rows(epoch), writer.writerPub);
    const envelopes: Envelope[] = [];
    for (const content of contents) {
      const lamport = nextLamport({ base: epoch.base, seq, previous, greatestSeen, nowMs });
      if (lamport === undefined) return err('epoch-full');
      const step = ratchet(chain, seq);
      const envelope = decodeOwn(
        await sealEnvelope({
          mailbox: epoch.mailbox,
          writer: writer.signer,
          seq,
          prev,
          nonce: this.#deps.core.random.bytes(24),
          messageKey: step.messageKey,
          body: encodeBody({ ...content, lamport, deps }),
        }),
      );
      envelopes.push(envelope);
      chain = step.next;
      seq += 1;
      previous = lamport;
      greatestSeen = Math.max(greatestSeen, lamport);
      prev = entryHash(envelope);
    }
    return ok(envelopes);
  }

  async #storeOwn(
    epoch: Epoch,
    {
      writer,
      envelopes,
      writes,
    }: {
      readonly writer: OwnWriter;
      readonly envelopes: ReadonlyArray<Envelope>;
      readonly writes: ReadonlyArray<Write>;
    },
  ): Promise<Result<undefined, StoreFailure>> {
    const last = envelopes.at(-1);
    if (last === undefined) return this.#deps.vault.commit(writes);
    const run = runOf(envelopes);
    assert(run.ok, 'own entries are linked');
    const held = this.#log(epoch).held(run.value);
    const checked = await checkRun(this.#deps.core.backend, held, run.value);
    assert(checked.ok && checked.value.fresh !== undefined, 'own entries pass the gate');
    const head = writerWrite(this.#deps.vault, epoch, {
      incarnation: writer.incarnation,
      nextSeq: last.seq + 1,
    });
    return this.#deps.segments.store({ segment: epoch.segment, runs: [checked.value.fresh] }, [
      head,
      ...writes,
    ]);
  }

  #held(epoch: Epoch, writerPub: Uint8Array): HeldLog {
    return this.#log(epoch).held({ mailbox: epoch.mailbox, writerPub });
  }

  #log(epoch: Epoch): EntryLog {
    const log = this.#logs.get(epoch.idHex);
    assert(log !== undefined, 'only opened epochs are asked about');
    return log;
  }
}

const decodeOwn = (bytes: Uint8Array): Envelope => {
  const envelope = decodeEnvelope(bytes);
  assert(envelope.ok, 'what was sealed here decodes');
  return envelope.value;
};
