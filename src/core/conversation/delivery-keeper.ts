/** Keeps what others hold of ours on disk: a status is stored before it is shown, so that it never moves back. */
import { toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { Row } from '../../protocol/sync-frames.ts';
import type { StorageFailure } from '../../storage/port.ts';
import { Delivery, type Holding } from './delivery.ts';
import type { Epoch, OpenedEntry } from '../epochs/epoch.ts';
import type { LogDeps } from '../epochs/epoch-logs.ts';

export interface DeliveryHost {
  isCrowd(): boolean;
  learned(): void;
  failed(failure: StorageFailure): void;
}

export class DeliveryKeeper {
  readonly delivery = new Delivery();
  readonly #deps: LogDeps;
  readonly #scopeId: Uint8Array;
  readonly #host: DeliveryHost;
  #news: Holding[] = [];
  #isDue = false;
  #isSaving = false;

  constructor(deps: LogDeps, scopeId: Uint8Array, host: DeliveryHost) {
    this.#deps = deps;
    this.#scopeId = scopeId;
    this.#host = host;
  }

  /** A record that cannot be read says nothing, and the next vectors say it again. */
  async load(): Promise<void> {
    const stored = await this.#deps.vault.read(['d', this.#scopeId]);
    if (stored.ok) this.delivery.restore(stored.value ?? null);
  }

  onRows(deviceHex: string, epoch: Epoch, rows: ReadonlyArray<Row>): void {
    this.#add(this.delivery.newsIn(deviceHex, this.#possible(epoch, rows)));
  }

  /** What a mailbox says it holds. */
  onParked(epoch: Epoch, rows: ReadonlyArray<Row>): void {
    const nowMs = this.#deps.core.clock.now();
    this.#add(this.delivery.parkedNewsIn(this.#possible(epoch, rows), nowMs));
  }

  #possible(epoch: Epoch, rows: ReadonlyArray<Row>) {
    const ownWriters = epoch.writersOf(this.#deps.me.device.publicKey);
    // [DL3] Whatever they say: nobody holds what is not written yet.
    const possible = rows.map((row) => {
      const writtenSeq = epoch.position(row.writerPub)?.seq ?? 0;
      return { ...row, nextSeq: Math.min(row.nextSeq, writtenSeq) };
    });
    return { epochHex: epoch.idHex, rows: possible, ownWriters };
  }

  #add(news: ReadonlyArray<Holding>): void {
    if (news.length === 0) return;
    this.#news.push(...news);
    if (this.#isDue) return;
    this.#isDue = true;
    // It is one record of all that is known: vectors that come together are written together.
    const delayMs = this.#host.isCrowd() ? limits.deliveryCrowdDelayMs : limits.deliveryDelayMs;
    this.#deps.core.clock.schedule(delayMs, () => {
      this.#isDue = false;
      this.save();
    });
  }

  /** What an entry names as seen its author held when they signed it, however it came here. */
  onEntry({ epoch, devSignPub, body }: OpenedEntry): void {
    const rows = body.deps.entries.map(({ writerPub, seq, hash8 }) => ({
      writerPub,
      nextSeq: seq + 1,
      headHash: hash8,
    }));
    this.onRows(toHex(devSignPub), epoch, rows);
  }

  /** Also after a failed write, for what it had left. */
  save(): void {
    if (!this.#isSaving) void this.#save();
  }

  async #save(): Promise<void> {
    this.#isSaving = true;
    let saved: Result<undefined, StorageFailure> | undefined;
    while (this.#news.length > 0 && saved?.ok !== false) {
      const news = this.#news;
      this.#news = [];
      saved = await this.#deps.vault.commit([
        this.#deps.vault.seal(['d', this.#scopeId], this.delivery.toCbor(news)),
      ]);
      if (saved.ok) {
        this.delivery.learn(news);
        this.#host.learned();
      } else {
        this.#news = [...news, ...this.#news];
        this.#host.failed(saved.error);
      }
    }
    this.#isSaving = false;
  }
}
