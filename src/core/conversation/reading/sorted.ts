/** The order of everything that is read: (lamport, hash), never a clock, never the way it came. */
import { compareBytes } from '../../../base/bytes.ts';

export interface Ordered {
  readonly key: string;
  readonly lamport: number;
  readonly hash: Uint8Array;
}

/** The order of the screen, of entries. */
export const comparePlaces = (a: Omit<Ordered, 'key'>, b: Omit<Ordered, 'key'>): number =>
  a.lamport - b.lamport || compareBytes(a.hash, b.hash);

export const compareOrdered = (a: Ordered, b: Ordered): number =>
  comparePlaces(a, b) || (a.key < b.key ? -1 : 1);

/** Kept in that order; what comes new mostly belongs at the end. */
export class Sorted<T extends Ordered> {
  readonly #items: T[] = [];

  get items(): ReadonlyArray<T> {
    return this.#items;
  }

  add(item: T): void {
    this.#items.splice(this.countBefore(item), 0, item);
  }

  remove(item: T): void {
    const at = this.countBefore(item);
    if (this.#items[at] === item) this.#items.splice(at, 1);
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Where it is, or belongs: the number of items before it. */
  countBefore(item: Ordered): number {
    const last = this.#items.at(-1);
    if (last === undefined || isBefore(last, item)) return this.#items.length;
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#items[middle];
      if (other !== undefined && isBefore(other, item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const isBefore = (a: Ordered, b: Ordered): boolean => compareOrdered(a, b) < 0;
