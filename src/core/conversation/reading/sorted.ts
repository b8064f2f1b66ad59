/** The order of everything that is read: (lamport, hash), never a clock, never the way it came. */
import { bisect } from '../../../base/bisect.ts';

export interface Ordered {
  readonly key: string;
  readonly lamport: number;
  /** Of its entry, as `bytesToLatin1` writes it. */
  readonly hash: string;
}

const compareTexts = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** The order of the screen, of entries. */
export const comparePlaces = (a: Omit<Ordered, 'key'>, b: Omit<Ordered, 'key'>): number =>
  a.lamport - b.lamport || compareTexts(a.hash, b.hash);

export const compareOrdered = (a: Ordered, b: Ordered): number =>
  comparePlaces(a, b) || (a.key < b.key ? -1 : 1);

const isBefore = (a: Ordered, b: Ordered): boolean => compareOrdered(a, b) < 0;

/** Something sorted, to be read. */
export interface InOrder<T> extends Iterable<T> {
  readonly length: number;
  at(position: number): T | undefined;
  slice(start: number, end: number): ReadonlyArray<T>;
  /** The last one first. */
  backwards(): Iterable<T>;
}

/** Whatever it holds, putting something between is a matter of so many. */
const blockMax = 512;

/**
 * Kept in that order, in blocks. What comes new mostly belongs at the end, and what comes from disk
 * before all that was read until then.
 */
export class Sorted<T extends Ordered> implements InOrder<T> {
  /** None of them is empty. */
  readonly #blocks: T[][] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(position: number): T | undefined {
    return this.slice(position, position + 1)[0];
  }

  slice(start: number, end: number): ReadonlyArray<T> {
    const sliced: T[] = [];
    let before = 0;
    for (const block of this.#blocks) {
      if (before >= end) break;
      const isReached = before + block.length > start;
      if (isReached) sliced.push(...block.slice(Math.max(0, start - before), end - before));
      before += block.length;
    }
    return sliced;
  }

  [Symbol.iterator](): Generator<T, void> {
    return this.from(0);
  }

  /** From this position on. */
  *from(start: number): Generator<T, void> {
    let before = 0;
    for (const block of this.#blocks) {
      if (before + block.length > start) yield* block.slice(Math.max(0, start - before));
      before += block.length;
    }
  }

  *backwards(): Generator<T, void> {
    for (const block of this.#blocks.toReversed()) yield* block.toReversed();
  }

  add(item: T): void {
    const at = this.#blockOf(item);
    const block = this.#blocks[at] ?? this.#lastWithRoom();
    block.splice(positionIn(block, item), 0, item);
    if (block.length > blockMax) this.#blocks.splice(at, 1, ...halvesOf(block));
    this.#length += 1;
  }

  remove(item: T): void {
    const at = this.#blockOf(item);
    const block = this.#blocks[at];
    const position = block && positionIn(block, item);
    if (block === undefined || position === undefined || block[position] !== item) return;
    block.splice(position, 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
    this.#length -= 1;
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#length = 0;
  }

  /** Where it is, or belongs: the number of items before it. */
  countBefore(item: Ordered): number {
    const at = this.#blockOf(item);
    const block = this.#blocks[at];
    const before = this.#blocks.slice(0, at).reduce((sum, { length }) => sum + length, 0);
    return before + (block === undefined ? 0 : positionIn(block, item));
  }

  /** The block that ends with it or after it; one behind the last: none does. */
  #blockOf(item: Ordered): number {
    const last = this.#blocks.at(-1)?.at(-1);
    if (last === undefined || isBefore(last, item)) return this.#blocks.length;
    return bisect(this.#blocks.length, (at) => isBeforeItem(this.#blocks[at]?.at(-1), item));
  }

  #lastWithRoom(): T[] {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.length < blockMax) return last;
    const added: T[] = [];
    this.#blocks.push(added);
    return added;
  }
}

/** Arrays of their own: one that was cut would keep its room. */
const halvesOf = <T>(block: ReadonlyArray<T>): ReadonlyArray<T[]> => [
  block.slice(0, blockMax / 2),
  block.slice(blockMax / 2),
];

const isBeforeItem = (one: Ordered | undefined, item: Ordered): boolean =>
  one !== undefined && isBefore(one, item);

const positionIn = (block: ReadonlyArray<Ordered>, item: Ordered): number => {
  const last = block.at(-1);
  if (last === undefined || isBefore(last, item)) return block.length;
  return bisect(block.length, (at) => isBeforeItem(block[at], item));
};
