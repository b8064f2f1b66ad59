/**
 * The readable conversation: a deterministic fold of verified entries (PROTOCOL §6). The same
 * entries give the same timeline in whatever order they came: messages are (author, mid), of two
 * claims to one the smaller (lamport, hash) is shown, and (lamport, hash) orders the screen.
 */
import { compareBytes, concatBytes, toHex, u64be } from '../../../base/bytes.ts';
import { hash } from '../../../crypto/hash.ts';

/** Where an entry lies: what delivery is counted by. */
export interface Place {
  readonly epochHex: string;
  readonly writerHex: string;
  readonly seq: number;
}

interface Ordered {
  readonly key: string;
  readonly lamport: number;
  readonly hash: Uint8Array;
}

export interface ProjectedMessage extends Ordered {
  readonly type: 'message';
  readonly authorHex: string;
  readonly mid: Uint8Array;
  readonly text: string;
  readonly sentAt: number;
  readonly place: Place;
  /** By this device's clock; undefined for what was on disk already. */
  readonly arrivedAtMs: number | undefined;
}

/** A membership act, at the place of the first entry that carried it. */
export interface ProjectedNotice extends Ordered {
  readonly type: 'notice';
  readonly opKey: string;
  readonly sentAt: number;
}

export type ProjectedItem = ProjectedMessage | ProjectedNotice;

/** The order of the screen, of entries. */
export const comparePlaces = (
  a: Pick<Ordered, 'lamport' | 'hash'>,
  b: Pick<Ordered, 'lamport' | 'hash'>,
): number => a.lamport - b.lamport || compareBytes(a.hash, b.hash);

const compareItems = (a: Ordered, b: Ordered): number =>
  comparePlaces(a, b) || (a.key < b.key ? -1 : 1);

export const messageKey = (authorHex: string, mid: Uint8Array): string =>
  `${authorHex}/${toHex(mid)}`;

export class Projection {
  readonly #items: ProjectedItem[] = [];
  readonly #byKey = new Map<string, ProjectedItem>();
  #greatestLamport = 0;

  /** In the order of the screen. */
  get items(): ReadonlyArray<ProjectedItem> {
    return this.#items;
  }

  /** Of any entry, shown or not. */
  get greatestLamport(): number {
    return this.#greatestLamport;
  }

  byKey(key: string): ProjectedItem | undefined {
    return this.#byKey.get(key);
  }

  see(lamport: number): void {
    this.#greatestLamport = Math.max(this.#greatestLamport, lamport);
  }

  /** Puts an item in its place. Of two with one key the smaller (lamport, hash) stays. */
  add(item: ProjectedItem): void {
    const known = this.#byKey.get(item.key);
    if (known !== undefined) {
      if (compareItems(known, item) <= 0) return;
      this.#items.splice(this.#positionOf(known), 1);
    }
    this.#byKey.set(item.key, item);
    this.#items.splice(this.#positionOf(item), 0, item);
  }

  /** Takes everything out; what was seen stays seen. */
  clear(): void {
    this.#items.length = 0;
    this.#byKey.clear();
  }

  /** [PJ1] Equal for equal entries: what replicas are compared by. */
  digest(): Uint8Array {
    const parts = this.#items.map((item) => concatBytes(u64be(item.lamport), item.hash));
    return hash('sotto1/projection', concatBytes(...parts));
  }

  /** How many items stand before such a place. */
  countBefore({ lamport, hash: at }: Pick<Ordered, 'lamport' | 'hash'>): number {
    return this.#positionOf({ key: '', lamport, hash: at });
  }

  /** Where it is, or belongs: the number of items before it. New ones mostly belong at the end. */
  #positionOf(item: Ordered): number {
    const last = this.#items.at(-1);
    if (last === undefined || compareItems(last, item) < 0) return this.#items.length;
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#items[middle];
      if (other !== undefined && compareItems(other, item) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
