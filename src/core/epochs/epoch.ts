/**
 * One epoch whose secret we hold: its keys, and for each of its writers the chain that opens their
 * entries one by one. An invite is an epoch too (PROTOCOL §10), with no recipients list.
 *
 * What does not open is withheld, not refused: the entry keeps its place and the chain goes on, so
 * that replicas never differ in what they hold (PROTOCOL §5, Admission).
 */
import { equalBytes, toHex } from '../../base/bytes.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { CryptoBackend } from '../../crypto/backend.ts';
import { decodeBind, verifyBind, type Bind } from '../../protocol/epochs/bind.ts';
import { decodeBody, isLamportValid, type Body } from '../../protocol/body.ts';
import { entryHash, type Envelope } from '../../protocol/envelope.ts';
import { openEnvelope } from '../../protocol/envelope-box.ts';
import {
  chainKey,
  deriveEpochKeys,
  ratchet,
  type EpochKeys,
} from '../../protocol/epochs/epoch-keys.ts';

export interface EpochSeed {
  readonly epochId: Uint8Array;
  readonly secret: Uint8Array;
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

export interface OpenedEntry {
  readonly epoch: Epoch;
  readonly devSignPub: Uint8Array;
  readonly writerPub: Uint8Array;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly body: Body;
}

export type Withheld = 'no-bind' | 'cannot-open' | 'malformed-body' | 'bad-lamport';

/** Follows one writer's log: which device it is, and the key of its next entry. */
interface Reader {
  readonly devSignPub: Uint8Array;
  chain: Uint8Array;
  nextSeq: number;
  /** Of its last valid entry; undefined before the first. */
  lamport: number | undefined;
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
  readonly secret: Uint8Array;
  readonly base: number;
  readonly segment: string;
  readonly order: number;
  readonly keys: EpochKeys;
  readonly mailbox: Uint8Array;
  readonly mailboxHex: string;
  readonly #readers = new Map<string, Reader>();

  constructor(seed: EpochSeed) {
    this.id = seed.epochId;
    this.idHex = toHex(seed.epochId);
    this.secret = seed.secret;
    this.base = seed.base;
    this.segment = seed.segment;
    this.order = seed.order;
    this.keys = deriveEpochKeys(seed.epochId, seed.secret);
    this.mailbox = this.keys.mailbox16;
    this.mailboxHex = toHex(this.mailbox);
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
    this.#readers.set(writerHex, {
      devSignPub: bind.devSignPub,
      chain: chainKey({
        epochId: this.id,
        secret: this.secret,
        devSignPub: bind.devSignPub,
        incarnation: bind.incarnation,
      }),
      nextSeq: 1,
      lamport: undefined,
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
    return reader && { chain: reader.chain, seq: reader.nextSeq, lamport: reader.lamport };
  }

  /** Opens the next entry of a followed writer; entries must be given in order, once each. */
  open(envelope: Envelope): Result<OpenedEntry, Withheld> {
    const reader = this.#readers.get(toHex(envelope.writerPub));
    if (reader?.nextSeq !== envelope.seq) return err('no-bind');
    const { messageKey, next } = ratchet(reader.chain, envelope.seq);
    reader.chain = next;
    reader.nextSeq += 1;
    const opened = openEnvelope(envelope, messageKey);
    if (!opened.ok) return err('cannot-open');
    const body = decodeBody(opened.value);
    if (!body.ok) return err('malformed-body');
    const { lamport } = body.value;
    const { base } = this;
    if (!isLamportValid({ base, seq: envelope.seq, lamport, previous: reader.lamport })) {
      return err('bad-lamport');
    }
    reader.lamport = lamport;
    return ok({
      epoch: this,
      devSignPub: reader.devSignPub,
      writerPub: envelope.writerPub,
      seq: envelope.seq,
      hash: entryHash(envelope),
      body: body.value,
    });
  }
}
