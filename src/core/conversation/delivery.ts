/**
 * Who holds what of mine: the last authenticated vector of each other device, as far as it concerns
 * this device's own logs (PROTOCOL §7). "Delivered" means nothing else. Counts only grow; what a
 * mailbox holds counts for as long as it keeps things.
 */
import { toHex } from '../../base/bytes.ts';
import { arrayUpTo, naturalOf, textUpTo, tupleOf, type CborValue } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import type { Row } from '../../protocol/sync-frames.ts';
import type { Place } from './reading/projection.ts';

const logKey = (epochHex: string, writerHex: string): string => `${epochHex}/${writerHex}`;

/** In the place of a device: what some mailbox holds. It counts as parked, never as delivered. */
const mailboxHolder = 'mailbox';

/** Beside it: the day, since 1970, on which a mailbox last said so. It grows like a count. */
const mailboxDay = 'mailbox-day';
const dayMs = 86_400_000;
const dayOf = (nowMs: number): number => Math.max(0, Math.floor(nowMs / dayMs));

/** A device holds so many entries of one of our logs. */
export type Holding = readonly [deviceHex: string, log: string, nextSeq: number];

export class Delivery {
  /** Device → own log → how many of its entries that device holds. */
  readonly #held = new Map<string, Map<string, number>>();

  /** What a vector says that was not known. It counts once it was stored and `learn`ed. */
  newsIn(
    deviceHex: string,
    {
      epochHex,
      rows,
      ownWriters,
    }: {
      readonly epochHex: string;
      readonly rows: ReadonlyArray<Row>;
      readonly ownWriters: ReadonlyArray<string>;
    },
  ): ReadonlyArray<Holding> {
    return rows.flatMap(({ writerPub, nextSeq }) => {
      const writerHex = toHex(writerPub);
      const log = logKey(epochHex, writerHex);
      const isNews = (this.#held.get(deviceHex)?.get(log) ?? 0) < nextSeq;
      return isNews && ownWriters.includes(writerHex) ? [[deviceHex, log, nextSeq] as const] : [];
    });
  }

  /** The same of a mailbox, and that it says so today. */
  parkedNewsIn(said: Parameters<Delivery['newsIn']>[1], nowMs: number): ReadonlyArray<Holding> {
    const nextSeq = dayOf(nowMs);
    const days = { ...said, rows: said.rows.map((row) => ({ ...row, nextSeq })) };
    return [...this.newsIn(mailboxHolder, said), ...this.newsIn(mailboxDay, days)];
  }

  learn(news: ReadonlyArray<Holding>): void {
    for (const [deviceHex, log, nextSeq] of news) {
      const logs = this.#held.get(deviceHex) ?? new Map<string, number>();
      const known = logs.get(log) ?? 0;
      logs.delete(log); // the most recent last
      logs.set(log, Math.max(known, nextSeq));
      this.#held.set(deviceHex, logs);
    }
  }

  /** How many entries of the log that this place is in: all before that one. */
  heldCount(deviceHex: string, { epochHex, writerHex }: Omit<Place, 'seq'>): number {
    return this.#held.get(deviceHex)?.get(logKey(epochHex, writerHex)) ?? 0;
  }

  isHeldBy(deviceHex: string, place: Place): boolean {
    return this.heldCount(deviceHex, place) > place.seq;
  }

  /** [DL4] So many of a log some mailbox holds, and said so within the time it keeps things. */
  parkedCount(log: Omit<Place, 'seq'>, nowMs: number): number {
    const isFresh = dayOf(nowMs) - this.heldCount(mailboxDay, log) < limits.mailboxLifeMs / dayMs;
    return isFresh ? this.heldCount(mailboxHolder, log) : 0;
  }

  isParked(place: Place, nowMs: number): boolean {
    return this.parkedCount(place, nowMs) > place.seq;
  }

  /** All that is known, with this news. */
  toCbor(news: ReadonlyArray<Holding>): CborValue {
    const whole = new Delivery();
    whole.learn(this.#holdings());
    whole.learn(news);
    return whole.#holdings().slice(-limits.deliveryRowsMax);
  }

  /** Total: a record that does not read says nothing, and the next vectors say it again. */
  restore(value: CborValue): void {
    this.learn(readHeld(value) ?? []);
  }

  #holdings(): ReadonlyArray<Holding> {
    return [...this.#held].flatMap(([deviceHex, logs]) =>
      [...logs].map(([log, nextSeq]) => [deviceHex, log, nextSeq] as const),
    );
  }
}

const readHeld = arrayUpTo(limits.deliveryRowsMax, tupleOf(textUpTo(64), textUpTo(129), naturalOf));
