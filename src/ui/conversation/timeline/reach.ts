import { SvelteSet } from 'svelte/reactivity';

/** After the last movement. */
const restMs = 120;

/**
 * The messages that were in sight when scrolling rested: these carry their buttons. A window of the
 * timeline that goes by is half as much work without; a message that is pointed at, or has the focus,
 * does not wait (Message.svelte).
 */
export class Reach {
  readonly #keys = new SvelteSet<string>();

  /** To be attached to the scrolling element, whose last child grows with the rows. */
  readonly attach = (log: HTMLElement): (() => void) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        this.#note(log);
      }, restMs);
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

  #note(log: HTMLElement): void {
    const { top, bottom } = log.getBoundingClientRect();
    const here = new Set<string>();
    for (const article of log.querySelectorAll<HTMLElement>('article')) {
      const key = article.dataset['key'];
      if (key === undefined) continue;
      here.add(key);
      const at = article.getBoundingClientRect();
      if (at.bottom > top && at.top < bottom) this.#keys.add(key);
    }
    for (const key of this.#keys) if (!here.has(key)) this.#keys.delete(key);
  }
}
