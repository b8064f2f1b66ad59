/**
 * Does things in their order, so many at once: the disk, the hash and the wire of several overlap,
 * where one by one each would wait for the others. What is added at any time is begun with as soon as
 * there is a place.
 */
export class SideBySide<T> {
  readonly #atOnceMax: number;
  readonly #act: (item: T) => Promise<boolean>;
  readonly #waiting: T[] = [];
  #underWayCount = 0;

  /** Where `act` answers false, what waits is dropped. */
  constructor(atOnceMax: number, act: (item: T) => Promise<boolean>) {
    this.#atOnceMax = atOnceMax;
    this.#act = act;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  get isIdle(): boolean {
    return this.#underWayCount === 0;
  }

  add(items: ReadonlyArray<T>): void {
    this.#waiting.push(...items);
    this.#begin();
  }

  #begin(): void {
    while (this.#underWayCount < this.#atOnceMax) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#underWayCount += 1;
      void this.#act(next).then((isDone) => {
        this.#underWayCount -= 1;
        if (!isDone) this.#waiting.length = 0;
        this.#begin();
      });
    }
  }
}
