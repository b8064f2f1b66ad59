/**
 * Gives the entries of a log to whose log it is, in their order. What lies on disk can be given in two
 * parts: its newest entries first, so that something can be read, and then what comes before them.
 */
import type { CryptoBackend } from '../../crypto/backend.ts';
import type { Bind } from '../../protocol/epochs/bind.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { limits } from '../../protocol/limits.ts';
import type { WriterLog } from '../../replication/writer-log.ts';
import type { Epoch, OpenedEntry, Skipped } from './epoch.ts';
import type { Arrival, LogHost } from './log-host.ts';

export type Writers = ReadonlyArray<WriterLog>;

/** Lets others have their turn. */
export type Pause = () => Promise<void>;

export interface Folding {
  readonly bind: Bind | undefined;
  readonly envelopes: ReadonlyArray<Envelope>;
  readonly arrival: Arrival;
}

/** What of a writer's log is given later. */
interface Later {
  readonly writer: WriterLog;
  readonly skipped: Skipped;
  readonly endSeq: number;
}

export class LogFolding {
  readonly #backend: CryptoBackend;
  readonly #host: LogHost;
  readonly #later = new Map<Epoch, ReadonlyArray<Later>>();

  constructor(backend: CryptoBackend, host: LogHost) {
    this.#backend = backend;
    this.#host = host;
  }

  fold(epoch: Epoch, { bind, envelopes, arrival }: Folding): void {
    if (bind !== undefined) {
      epoch.follow(bind);
      this.#host.onBind(epoch, bind, arrival);
    }
    for (const envelope of envelopes) {
      const opened = epoch.open(envelope);
      if (opened.ok) this.#host.onEntry(opened.value, arrival);
    }
  }

  /** Everything that is held. */
  async whole(epoch: Epoch, writers: Writers, pause?: Pause): Promise<void> {
    for (const writer of writers) {
      if (await this.#follow(epoch, writer)) {
        await this.#foldHeld(epoch, writer, { from: 1, to: writer.nextSeq, pause });
      }
    }
  }

  /**
   * [LZ3] The newest entries of each log, and the lamport from which on nothing is missing; 0: there
   * is nothing older, which `rest` would give.
   */
  async newest(epoch: Epoch, writers: Writers): Promise<number> {
    const later: Later[] = [];
    let floor = 0;
    for (const writer of writers) {
      if (!(await this.#follow(epoch, writer))) continue;
      const endSeq = Math.max(1, writer.nextSeq - limits.timelineWindow);
      const skipped = endSeq > 1 ? epoch.skip(writer.writerPub, endSeq) : undefined;
      await this.#foldHeld(epoch, writer, { from: endSeq, to: writer.nextSeq });
      if (skipped === undefined) continue;
      later.push({ writer, skipped, endSeq });
      floor = Math.max(floor, epoch.firstLamport(writer.writerPub));
    }
    if (later.length > 0) this.#later.set(epoch, later);
    return floor;
  }

  /**
   * What `newest` has left. False: with what comes before it, some of what was given then would not
   * have been (no device of ours has stored that); it must all be given once more, in order.
   */
  async rest(epoch: Epoch, pause: Pause): Promise<boolean> {
    let isSame = true;
    for (const { writer, skipped, endSeq } of this.#later.get(epoch) ?? []) {
      await this.#foldHeld(epoch, writer, { from: 1, to: endSeq, skipped, pause });
      isSame = epoch.rejoin(writer.writerPub, skipped) && isSame;
    }
    this.#later.delete(epoch);
    return isSame;
  }

  async #follow(epoch: Epoch, writer: WriterLog): Promise<boolean> {
    const [first] = writer.entries(0, 1);
    const bind = first && (await epoch.readBind(this.#backend, first));
    if (bind?.ok !== true) return false;
    this.fold(epoch, { bind: bind.value, envelopes: [], arrival: 'disk' });
    return true;
  }

  async #foldHeld(
    epoch: Epoch,
    writer: WriterLog,
    { from, to, skipped, pause }: Range,
  ): Promise<void> {
    for (let at = from; at < to; at += limits.foldBatchMax) {
      const end = Math.min(to, at + limits.foldBatchMax);
      const envelopes = writer.entries(at, Math.min(end + 1, writer.nextSeq));
      for (let i = 0; i < end - at; i++) {
        const envelope = envelopes[i];
        if (envelope === undefined) break;
        // Links were checked as the log was opened: the next entry names the hash of this one.
        const hash = envelopes[i + 1]?.prev ?? writer.headHash;
        const opened = epoch.open(envelope, { hash, skipped });
        if (opened.ok) this.#onEntry(opened.value);
      }
      if (end < to) await pause?.();
    }
  }

  #onEntry(entry: OpenedEntry): void {
    this.#host.onEntry(entry, 'disk');
  }
}

interface Range {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly skipped?: Skipped;
  readonly pause?: Pause | undefined;
}
