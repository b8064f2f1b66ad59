/**
 * One epoch whose secret we hold: its keys, and for each of its writers the chain that opens their
 * entries one by one. An invite is an epoch too (PROTOCOL §10), with no recipients list.
 *
 * What does not open is withheld, not refused: the entry keeps its place and the chain goes on, so
 * that replicas never differ in what they hold (PROTOCOL §5, Admission).
 */
import { bytesToLatin1, equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CryptoBackend } from '../../crypto/backend.ts';
import { decodeBind, verifyBind, type Bind } from '../../protocol/epochs/bind.ts';
import { decodeBody, isLamportValid, type Body } from '../../protocol/body.ts';
import { entryHash, type Envelope } from '../../protocol/envelope.ts';
import { openEnvelope } from '../../protocol/envelope-box.ts';
import { ratchet, type EpochKeys } from '../../protocol/epochs/epoch-keys.ts';
import {
  withoutEntries,
  type Chain,
  type ChainOwner,
  type OwnedChain,
  type Stub,
} from './chain.ts';
import { Keyring, type PuncturedKeys } from './keyring.ts';

interface EpochPlace {
  readonly epochId: Uint8Array;
  /** The lamport the epoch starts from; 0 in an invite. */
  readonly base: number;
  /** Where its entries are stored. */
  readonly segment: string;
  /**
   * Counts the epochs of this scope in the order this device came to hold them; below zero, by
   * depth, those it was not a recipient of and was given as history.
   */
  readonly order: number;
}

export interface EpochSeed extends EpochPlace {
  readonly secret: Uint8Array;
  /** Where it was worked out before: it follows from the secret. */
  readonly admitPub?: Uint8Array | undefined;
}

/** An epoch in which something was erased. */
export interface PuncturedSeed extends EpochPlace {
  readonly left: PuncturedKeys;
}

/** Where an entry lies. The texts are the same ones for all entries of a log: places are many. */
export interface EntryPlace {
  readonly epochHex: string;
  readonly writerHex: string;
  readonly seq: number;
}

export interface OpenedEntry {
  readonly epoch: Epoch;
  readonly devSignPub: Uint8Array;
  readonly writerPub: Uint8Array;
  readonly place: EntryPlace;
  /** Of the envelope, as `bytesToLatin1` writes it: it is kept of every message. */
  readonly hash: string;
  /** Of an erased entry: what it was, without what it said. */
  readonly body: Body;
  readonly isErased?: true;
}

export type Withheld = 'no-bind' | 'cannot-open' | 'malformed-body' | 'bad-lamport';

/** Follows one writer's log: which device it is, and the key of its next entry. */
interface Reader extends ChainOwner {
  readonly writerHex: string;
  chain: Chain;
  /** Of the next entry, or of the first one after what was erased. */
  key: Uint8Array;
  nextSeq: number;
  /** Of its last valid entry; undefined before the first. */
  lamport: number | undefined;
  /** Of the first valid one that was given. */
  firstLamport: number | undefined;
}

/** A writer as it stood before entries that are given after later ones. */
export type Skipped = Reader;

export interface Opening {
  /** Of the envelope, where it is known already. */
  readonly hash?: Uint8Array;
  /** It was passed over by `skip`. */
  readonly skipped?: Skipped | undefined;
}

/** Where a writer's next entry goes: the key that seals it and the lamport before it. */
export interface ChainPosition {
  readonly chain: Uint8Array;
  readonly seq: number;
  readonly lamport: number | undefined;
}

export class Epoch {
  readonly id: Uint8Array;
  readonly idHex: string;
  readonly base: number;
  readonly segment: string;
  readonly order: number;
  readonly mailbox: Uint8Array;
  readonly mailboxHex: string;
  readonly #keyring: Keyring;
  readonly #readers = new Map<string, Reader>();

  constructor(seed: EpochSeed | PuncturedSeed) {
    this.id = seed.epochId;
    this.idHex = toHex(seed.epochId);
    this.base = seed.base;
    this.segment = seed.segment;
    this.order = seed.order;
    this.#keyring = new Keyring(seed);
    this.mailbox = this.keys.mailbox16;
    this.mailboxHex = toHex(this.mailbox);
  }

  get keys(): EpochKeys {
    return this.#keyring.keys;
  }

  /** Undefined once something in it was erased. */
  get secret(): Uint8Array | undefined {
    return this.#keyring.secret;
  }

  /** From before this device came: read, never written. */
  get isHistory(): boolean {
    return this.order < 0;
  }

  /**
   * A valid bind of this epoch, from the first entry of a writer's log: it opens, its device signed
   * it, and it names this epoch and this writer. Whether the device may write here is the caller's.
   */
  async readBind(
    backend: CryptoBackend,
    envelope: Envelope,
  ): Promise<Result<Bind, 'invalid-bind'>> {
    if (envelope.seq !== 0) return err('invalid-bind');
    const opened = openEnvelope(envelope, this.keys.bind);
    if (!opened.ok) return err('invalid-bind');
    const bind = decodeBind(opened.value);
    if (!bind.ok) return err('invalid-bind');
    const isOurs =
      equalBytes(bind.value.epochId, this.id) &&
      equalBytes(bind.value.writerPub, envelope.writerPub);
    if (!isOurs || !(await verifyBind(backend, bind.value))) return err('invalid-bind');
    return ok(bind.value);
  }

  /** Begins to follow a writer whose bind is valid. */
  follow(bind: Bind): void {
    const writerHex = toHex(bind.writerPub);
    if (this.#readers.has(writerHex)) return;
    const { devSignPub, incarnation } = bind;
    const chain = this.#keyring.chainOf({ devSignPub, incarnation });
    if (chain === undefined) return;
    const { key } = chain;
    this.#readers.set(writerHex, {
      ...{ writerHex, devSignPub, incarnation, chain, key },
      nextSeq: 1,
      lamport: undefined,
      firstLamport: undefined,
    });
  }

  /** Follows nobody: its entries are about to be given once more. */
  rewind(): void {
    this.#readers.clear();
  }

  deviceOf(writerPub: Uint8Array): Uint8Array | undefined {
    return this.#readers.get(toHex(writerPub))?.devSignPub;
  }

  /** Writers of this epoch that a device owns (one, or more after a lost log). */
  writersOf(devSignPub: Uint8Array): ReadonlyArray<string> {
    return [...this.#readers]
      .filter(([, reader]) => equalBytes(reader.devSignPub, devSignPub))
      .map(([writerHex]) => writerHex);
  }

  /** Where a followed writer stands; undefined before its bind was followed. */
  position(writerPub: Uint8Array): ChainPosition | undefined {
    const reader = this.#readers.get(toHex(writerPub));
    return reader && { chain: reader.key, seq: reader.nextSeq, lamport: reader.lamport };
  }

  /** The chain of a followed writer without these entries, which were all given to it before. */
  withoutEntries(
    writerPub: Uint8Array,
    envelopes: ReadonlyArray<Envelope>,
  ): OwnedChain | undefined {
    const reader = this.#readers.get(toHex(writerPub));
    if (reader === undefined) return undefined;
    const { devSignPub, incarnation, nextSeq } = reader;
    const bySeq = new Map(envelopes.map((envelope) => [envelope.seq, envelope]));
    const seqs = new Set([...bySeq.keys()].filter((seq) => seq >= 1 && seq < nextSeq));
    const chain = withoutEntries(reader.chain, seqs, (seq, messageKey) => {
      const envelope = bySeq.get(seq);
      return envelope && stubOf(envelope, messageKey);
    });
    return chain === reader.chain ? undefined : { devSignPub, incarnation, chain };
  }

  /** Everything but the secret, with these chains in the place of their own. */
  without(devices: ReadonlyArray<Uint8Array>, changed: ReadonlyArray<OwnedChain>): PuncturedKeys {
    return this.#keyring.without(devices, changed);
  }

  /** Nothing is opened any more but what this opens. */
  puncture(left: PuncturedKeys): void {
    this.#keyring.replace(left);
    for (const reader of this.#readers.values()) {
      const chain = this.#keyring.chainOf(reader);
      if (chain === undefined) continue;
      reader.chain = chain;
      if (chain.fromSeq >= reader.nextSeq) reader.key = chain.key;
    }
  }

  /** How many entries of a log were opened here; 0 before its bind was followed. */
  nextSeqOf(writerHex: string): number {
    return this.#readers.get(writerHex)?.nextSeq ?? 0;
  }

  /** Passes over the next entries of a followed writer, up to this place: they are given later. */
  skip(writerPub: Uint8Array, toSeq: number): Skipped | undefined {
    const reader = this.#readers.get(toHex(writerPub));
    if (reader === undefined) return undefined;
    const skipped = { ...reader };
    while (reader.nextSeq < toSeq) nextKey(reader);
    return skipped;
  }

  /** Of the first valid entry that was given; Infinity: none was. */
  firstLamport(writerPub: Uint8Array): number {
    return this.#readers.get(toHex(writerPub))?.firstLamport ?? Infinity;
  }

  /** All of them were. False: with them before it, the first valid one after them is not. */
  rejoin(writerPub: Uint8Array, { lamport }: Skipped): boolean {
    const reader = this.#readers.get(toHex(writerPub));
    if (reader === undefined || lamport === undefined) return true;
    reader.lamport ??= lamport;
    return reader.firstLamport === undefined || lamport < reader.firstLamport;
  }

  /** Opens the next entry of a followed writer; entries must be given in order, once each. */
  open(envelope: Envelope, { hash, skipped }: Opening = {}): Result<OpenedEntry, Withheld> {
    const reader = skipped ?? this.#readers.get(toHex(envelope.writerPub));
    if (reader?.nextSeq !== envelope.seq) return err('no-bind');
    const messageKey = nextKey(reader);
    const { writerPub, seq } = envelope;
    const stub = reader.chain.erased.get(seq);
    const body = stub ? ok(bodyOf(stub)) : this.#read(envelope, reader, messageKey);
    if (!body.ok) return body;
    reader.lamport = body.value.lamport;
    reader.firstLamport ??= reader.lamport;
    return ok({
      ...{ epoch: this, devSignPub: reader.devSignPub, writerPub },
      place: { epochHex: this.idHex, writerHex: reader.writerHex, seq },
      hash: bytesToLatin1(hash ?? entryHash(envelope)),
      body: body.value,
      ...(stub && { isErased: true as const }),
    });
  }

  #read(
    envelope: Envelope,
    { lamport: previous }: Reader,
    messageKey: Uint8Array | undefined,
  ): Result<Body, Withheld> {
    if (messageKey === undefined) return err('cannot-open');
    const opened = openEnvelope(envelope, messageKey);
    if (!opened.ok) return err('cannot-open');
    const body = decodeBody(opened.value);
    if (!body.ok) return err('malformed-body');
    const { lamport } = body.value;
    const isValid = isLamportValid({ base: this.base, seq: envelope.seq, lamport, previous });
    return isValid ? ok(body.value) : err('bad-lamport');
  }
}

const bodyOf = (stub: Stub): Body => ({ ...stub, deps: noDeps, payload: null });

const noDeps: Body['deps'] = { entries: [], vectorHash: new Uint8Array(32) };

/** Moves on by one entry; undefined: its key was erased. */
const nextKey = (reader: Reader): Uint8Array | undefined => {
  const seq = reader.nextSeq;
  reader.nextSeq += 1;
  if (seq < reader.chain.fromSeq) return reader.chain.kept.get(seq);
  const { messageKey, next } = ratchet(reader.key, seq);
  reader.key = next;
  return messageKey;
};

/** What these carry decides who is a member and who can read: it is never erased. */
const lasting: ReadonlySet<string> = new Set(['control', 'ops', 'seal']);

const stubOf = (envelope: Envelope, messageKey: Uint8Array): Stub | undefined => {
  const opened = openEnvelope(envelope, messageKey);
  const body = opened.ok ? decodeBody(opened.value) : undefined;
  if (body?.ok !== true || lasting.has(body.value.type)) return undefined;
  const { type, mid, lamport, sentAt } = body.value;
  return { type, mid, lamport, sentAt };
};
