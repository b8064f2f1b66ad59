/**
 * Does something about each of several things whenever it is due: at once where it was not for a while,
 * and then so often at most, however often it is asked for.
 */
import type { Clock } from '../../platform/port.ts';

export class Paced<T extends object> {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #act: (item: T) => void;
  readonly #due = new Set<T>();
  readonly #lastMs = new WeakMap<T, number>();

  constructor(clock: Clock, everyMs: number, act: (item: T) => void) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#act = act;
  }

  /** In a turn of its own: what changes in this one is all there then. */
  soon(item: T): void {
    if (this.#due.has(item)) return;
    this.#due.add(item);
    const restsUntilMs = (this.#lastMs.get(item) ?? -Infinity) + this.#everyMs;
    this.#clock.schedule(Math.max(0, restsUntilMs - this.#clock.monotonic()), () => {
      this.#due.delete(item);
      this.#lastMs.set(item, this.#clock.monotonic());
      this.#act(item);
    });
  }
}
