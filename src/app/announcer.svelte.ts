import type { MessageItem } from '../core/api.ts';
import type { AppClock } from './environment.ts';
import { t } from './text/t.ts';

/** At most one announcement in this time; what comes meanwhile is counted (UX.md §B11). */
const restMs = 2000;

/** What a screen reader says about messages that come in live while their conversation is open. */
export class AnnouncerState {
  line = $state('');
  readonly #clock: AppClock;
  #waiting: MessageItem[] = [];
  #isResting = false;

  constructor(clock: AppClock) {
    this.#clock = clock;
  }

  announce(item: MessageItem): void {
    this.#waiting.push(item);
    if (!this.#isResting) this.#speak();
  }

  /** Another conversation was opened: nothing of the old one is worth saying any more. */
  clear(): void {
    this.#waiting = [];
    this.line = '';
  }

  #speak(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.line =
      this.#waiting.length === 1
        ? t.announcer.message(first)
        : t.announcer.many(this.#waiting.length);
    this.#waiting = [];
    this.#isResting = true;
    this.#clock.schedule(restMs, () => {
      this.#isResting = false;
      this.#speak();
    });
  }
}
