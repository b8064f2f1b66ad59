/**
 * Who holds what of mine: the last authenticated vector of each other device, as far as it concerns
 * this device's own logs (PROTOCOL §7). "Delivered" means nothing else. Counts only grow.
 */
import { toHex } from '../base/bytes.ts';
import { arrayUpTo, naturalOf, textUpTo, tupleOf, type CborValue } from '../protocol/cbor.ts';
import { limits } from '../protocol/limits.ts';
import type { Row } from '../protocol/sync-frames.ts';
import type { Place } from './projection.ts';

const logKey = (epochHex: string, writerHex: string): string => `${epochHex}/${writerHex}`;

export class Delivery {
  /** Device → own log → how many of its entries that device holds. */
  readonly #held = new Map<string, Map<string, number>>();
  #version = 0;

  /** Changes whenever an answer may have. */
  get version(): number {
    return this.#version;
  }

  /** Takes note of a vector; true if it says more than was known. */
  record(
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
  ): boolean {
    let isNews = false;
    for (const row of rows) {
      const writerHex = toHex(row.writerPub);
      if (!ownWriters.includes(writerHex)) continue;
      isNews = this.#raise(deviceHex, logKey(epochHex, writerHex), row.nextSeq) || isNews;
    }
    return isNews;
  }

  isHeldBy(deviceHex: string, { epochHex, writerHex, seq }: Place): boolean {
    return (this.#held.get(deviceHex)?.get(logKey(epochHex, writerHex)) ?? 0) > seq;
  }

  toCbor(): CborValue {
    return [...this.#held].flatMap(([deviceHex, logs]) =>
      [...logs].map(([key, nextSeq]) => [deviceHex, key, nextSeq]),
    );
  }

  /** Total: a record that does not read says nothing, and the next vectors say it again. */
  restore(value: CborValue): void {
    for (const [deviceHex, key, nextSeq] of readHeld(value) ?? []) {
      this.#raise(deviceHex, key, nextSeq);
    }
  }

  #raise(deviceHex: string, key: string, nextSeq: number): boolean {
    const logs = this.#held.get(deviceHex) ?? new Map<string, number>();
    if ((logs.get(key) ?? 0) >= nextSeq) return false;
    logs.set(key, nextSeq);
    this.#held.set(deviceHex, logs);
    this.#version += 1;
    return true;
  }
}

const readHeld = arrayUpTo(limits.deliveryRowsMax, tupleOf(textUpTo(64), textUpTo(129), naturalOf));
