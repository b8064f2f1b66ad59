/** Which slots of a file are here, or at somebody else's: one bit each. */
export class Have {
  readonly slotCount: number;
  readonly #bits: Uint8Array;
  #count = 0;

  /** Bits beyond the last slot, and bytes of another length, say nothing. */
  constructor(slotCount: number, bits: Uint8Array = new Uint8Array(0)) {
    this.slotCount = slotCount;
    this.#bits = new Uint8Array(Math.ceil(slotCount / 8));
    if (bits.length !== this.#bits.length) return;
    for (let slot = 0; slot < slotCount; slot++) {
      if ((((bits[slot >> 3] ?? 0) << (slot & 7)) & 0x80) !== 0) this.add(slot);
    }
  }

  get count(): number {
    return this.#count;
  }

  get isWhole(): boolean {
    return this.#count === this.slotCount;
  }

  /** Without those before this one. */
  countFrom(slot: number): number {
    let ahead = 0;
    for (let at = 0; at < slot; at++) if (this.has(at)) ahead += 1;
    return this.#count - ahead;
  }

  has(slot: number): boolean {
    return (((this.#bits[slot >> 3] ?? 0) << (slot & 7)) & 0x80) !== 0;
  }

  add(slot: number): void {
    if (this.has(slot)) return;
    this.#bits[slot >> 3] = (this.#bits[slot >> 3] ?? 0) | (0x80 >> (slot & 7));
    this.#count += 1;
  }

  remove(slot: number): void {
    if (!this.has(slot)) return;
    this.#bits[slot >> 3] = (this.#bits[slot >> 3] ?? 0) & ~(0x80 >> (slot & 7));
    this.#count -= 1;
  }

  /** Empty where there is nothing. */
  toBytes(): Uint8Array {
    return this.#count === 0 ? new Uint8Array(0) : this.#bits.slice();
  }
}
