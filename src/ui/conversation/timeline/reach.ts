import { SvelteSet } from 'svelte/reactivity';

/** After the last movement. */
const restMs = 120;
/** Messages that get their buttons in one go, and what others have in between. */
const batchCount = 20;
const breathMs = 40;

/**
 * The messages that carry their buttons: when scrolling rests first those in sight, then bit by bit all
 * others. A window of the timeline that goes by is a third less work without; a message that is pointed
 * at, or has the focus, does not wait (Message.svelte).
 */
export class Reach {
  readonly #keys = new SvelteSet<string>();

  /** To be attached to the scrolling element, whose last child grows with the rows. */
  readonly attach = (log: HTMLElement): (() => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const extend = (): void => {
      if (this.#extend(log)) timer = setTimeout(extend, breathMs);
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(extend, restMs);
    };
    const growing = new ResizeObserver(wait);
    log.addEventListener('scroll', wait, { passive: true });
    for (const element of [log, ...log.children]) growing.observe(element);
    return () => {
      clearTimeout(timer);
      log.removeEventListener('scroll', wait);
      growing.disconnect();
    };
  };

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  /** Whether there are more. */
  #extend(log: HTMLElement): boolean {
    const articles = [...log.querySelectorAll<HTMLElement>('article')];
    const keyOf = (article: HTMLElement): string => article.dataset['key'] ?? '';
    const here = new Set(articles.map(keyOf));
    for (const key of this.#keys) if (!here.has(key)) this.#keys.delete(key);
    const { top, bottom } = log.getBoundingClientRect();
    const isInSight = (article: HTMLElement): boolean => {
      const at = article.getBoundingClientRect();
      return at.bottom > top && at.top < bottom;
    };
    const without = articles.filter((article) => !this.#keys.has(keyOf(article)));
    const inSight = without.filter(isInSight);
    const next = inSight.length > 0 ? inSight : without.slice(-batchCount);
    for (const article of next) this.#keys.add(keyOf(article));
    return next.length < without.length;
  }
}
