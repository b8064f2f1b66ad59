/** What went over one link so far: shown to whoever asks why a connection is slow. */
import type { Clock } from '../../platform/port.ts';

export class Traffic {
  sentBytes = 0;
  receivedBytes = 0;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #openedAtMs: number;
  #heardAtMs: number;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
    this.#openedAtMs = clock.monotonic();
    this.#heardAtMs = this.#openedAtMs;
  }

  get openForMs(): number {
    return this.#clock.monotonic() - this.#openedAtMs;
  }

  get quietForMs(): number {
    return this.#clock.monotonic() - this.#heardAtMs;
  }

  sent(frame: Uint8Array): void {
    this.sentBytes += frame.length;
  }

  received(frame: Uint8Array): void {
    this.receivedBytes += frame.length;
    this.#heardAtMs = this.#clock.monotonic();
  }
}
