/**
 * [RP12] The bytes of a log's entries, side by side in few buffers: a buffer for each entry would
 * take as much again as what is in it.
 */
import { assert } from '../base/assert.ts';
import { bisect } from '../base/bisect.ts';
import { joinBytes } from '../base/bytes.ts';
import { limits } from '../protocol/limits.ts';

/** So many entries that follow each other. */
interface Pack {
  readonly fromSeq: number;
  readonly bytes: Uint8Array;
  /** Where each of them ends. */
  readonly ends: Uint32Array;
}

export class EntryBytes {
  readonly #packs: Pack[] = [];
  /** The newest ones, not packed yet. */
  #loose: Uint8Array[] = [];
  #packedCount = 0;
  #byteCount = 0;

  get count(): number {
    return this.#packedCount + this.#loose.length;
  }

  get byteCount(): number {
    return this.#byteCount;
  }

  /** Entries before this one do not move any more. */
  get packedCount(): number {
    return this.#packedCount;
  }

  /** A view. */
  at(seq: number): Uint8Array {
    const loose = this.#loose[seq - this.#packedCount];
    if (loose !== undefined) return loose;
    const isBefore = (at: number): boolean => (this.#packs[at + 1]?.fromSeq ?? Infinity) <= seq;
    const pack = this.#packs[bisect(this.#packs.length, isBefore)];
    const end = pack?.ends[seq - pack.fromSeq];
    assert(pack !== undefined && end !== undefined, 'the entry is held');
    return pack.bytes.subarray(pack.ends[seq - pack.fromSeq - 1] ?? 0, end);
  }

  push(entries: ReadonlyArray<Uint8Array>): void {
    this.#loose.push(...entries);
    this.#byteCount += entries.reduce((sum, { length }) => sum + length, 0);
    if (this.#loose.length >= limits.packedEntriesMin) this.pack();
  }

  pack(): void {
    if (this.#loose.length === 0) return;
    let end = 0;
    const ends = Uint32Array.from(this.#loose, ({ length }) => (end += length));
    this.#packs.push({ fromSeq: this.#packedCount, bytes: joinBytes(this.#loose), ends });
    this.#packedCount += this.#loose.length;
    this.#loose = [];
  }
}
