import { tick } from 'svelte';
import type { ReadingPlace } from '../../../app/jump.svelte.ts';

/** Within this distance of the end the timeline follows what comes in (UX.md §B4). */
const followPx = 40;
/** What stands above the "New messages" line when a conversation is opened at it. */
const abovePx = 72;

export interface Settled {
  /** The newest message when it is one's own: that always comes into sight. */
  readonly ownKey: string | undefined;
  readonly hasLater: boolean;
  /** Where the reader was when they left. */
  readonly place: ReadingPlace | undefined;
}

/**
 * Keeps the line that is being read where it is. Around every change of the rows the timeline calls
 * `remember` before and `settle` after: either the end stays in sight, or the first visible message
 * stays at its place, whatever was put in above or below it. Not left to the browser's own anchoring:
 * Safari has none.
 */
export class ScrollKeeper {
  #log: HTMLElement | undefined;
  #isFollowing = true;
  /** There are rows below those that are here: their end is not the latest. */
  #hasLater = false;
  #isOpened = false;
  #lastOwnKey: string | undefined;
  #anchor: { readonly element: HTMLElement; readonly offsetPx: number } | undefined;

  /** To be attached to the scrolling element, whose last child grows with the rows. */
  readonly attach = (log: HTMLElement): (() => void) => {
    this.#log = log;
    const note = (): void => {
      this.#isFollowing = this.#isAtLatest(log);
    };
    const follow = new ResizeObserver(() => {
      if (this.#isFollowing) this.#scrollTo(log.scrollHeight);
    });
    log.addEventListener('scroll', note, { passive: true });
    follow.observe(log);
    if (log.lastElementChild !== null) follow.observe(log.lastElementChild);
    return () => {
      log.removeEventListener('scroll', note);
      follow.disconnect();
      this.#log = undefined;
    };
  };

  readonly remember = (): void => {
    const log = this.#log;
    if (log === undefined || !this.#isOpened) return;
    this.#isFollowing = this.#isAtLatest(log);
    this.#anchor = this.#isFollowing ? undefined : this.#firstVisible(log);
  };

  readonly settle = ({ ownKey, hasLater, place }: Settled): void => {
    const log = this.#log;
    if (log === undefined) return;
    const isNew = !hasLater && !this.#hasLater; // or else it was only not here
    const isNewOwn = isNew && ownKey !== undefined && ownKey !== this.#lastOwnKey;
    this.#lastOwnKey = ownKey;
    this.#hasLater = hasLater;
    if (!this.#isOpened) {
      this.#isOpened = true;
      this.#open(log, place);
    } else if (isNewOwn || (this.#isFollowing && !hasLater)) {
      this.toLatest();
    } else if (this.#anchor?.element.isConnected === true) {
      log.scrollTop += this.#offsetOf(log, this.#anchor.element) - this.#anchor.offsetPx;
    }
  };

  readonly toLatest = (): void => {
    if (this.#log === undefined) return;
    this.#isFollowing = true;
    this.#scrollTo(this.#log.scrollHeight);
  };

  /** Into the middle, once what was just brought in stands there. */
  readonly toMessage = async (key: string): Promise<void> => {
    await tick();
    const log = this.#log;
    const article = [...(log?.querySelectorAll<HTMLElement>('article') ?? [])].find(
      (one) => one.dataset['key'] === key,
    );
    if (log === undefined || article === undefined) return;
    this.#isFollowing = false;
    const abovePx = Math.max(0, (log.clientHeight - article.offsetHeight) / 2);
    log.scrollTop += this.#offsetOf(log, article) - abovePx;
    article.focus({ preventScroll: true });
  };

  readonly toNewLine = (): void => {
    const line = this.#log?.querySelector<HTMLElement>('[data-new]');
    if (line === undefined || line === null) return;
    this.#isFollowing = false;
    this.#scrollTo(line.offsetTop - abovePx);
  };

  /** What stands at the top of what is in sight. */
  readonly reading = (): ReadingPlace | undefined => {
    const first = this.#log && this.#firstVisible(this.#log);
    const key = first?.element.dataset['key'];
    return first === undefined || key === undefined ? undefined : { key, offsetPx: first.offsetPx };
  };

  #open(log: HTMLElement, place: ReadingPlace | undefined): void {
    if (log.querySelector('[data-new]') !== null) {
      this.toNewLine();
      this.#isFollowing = this.#isAtLatest(log);
      return;
    }
    const element = [...log.querySelectorAll<HTMLElement>('article')].find(
      (article) => article.dataset['key'] === place?.key,
    );
    if (element === undefined || place === undefined) {
      this.toLatest();
    } else {
      this.#isFollowing = false;
      log.scrollTop += this.#offsetOf(log, element) - place.offsetPx;
    }
  }

  #firstVisible(log: HTMLElement): { element: HTMLElement; offsetPx: number } | undefined {
    const articles = [...log.querySelectorAll<HTMLElement>('article')];
    const element = articles.find(
      (article) => this.#offsetOf(log, article) + article.offsetHeight > 0,
    );
    return element && { element, offsetPx: this.#offsetOf(log, element) };
  }

  /** From the top of what is in sight, with the fractions that `offsetTop` rounds away. */
  #offsetOf(log: HTMLElement, element: HTMLElement): number {
    return element.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }

  #isAtLatest(log: HTMLElement): boolean {
    const leftPx = log.scrollHeight - log.scrollTop - log.clientHeight;
    return !this.#hasLater && leftPx <= followPx;
  }

  #scrollTo(top: number): void {
    if (this.#log !== undefined) this.#log.scrollTop = top;
  }
}
