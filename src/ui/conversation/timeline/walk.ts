import type { Attachment } from 'svelte/attachments';
import { isEditing, isInMenu } from '../../focus.ts';

const articlesOf = (log: Element): ReadonlyArray<HTMLElement> => [
  ...log.querySelectorAll<HTMLElement>('article'),
];

/** The message that a walking key leads to from the one at `index`; undefined for other keys. */
const nextIndex = (event: KeyboardEvent, index: number, log: Element): number | undefined => {
  const articles = articlesOf(log);
  const last = articles.length - 1;
  const page = (direction: 1 | -1): number => {
    const from = articles[index]?.offsetTop ?? 0;
    const isPast = (article: HTMLElement): boolean =>
      Math.abs(article.offsetTop - from) >= log.clientHeight * 0.9;
    const found =
      direction === 1
        ? articles.findIndex((article, at) => at > index && isPast(article))
        : articles.findLastIndex((article, at) => at < index && isPast(article));
    if (found !== -1) return found;
    return direction === 1 ? last : 0;
  };
  switch (event.key) {
    case 'ArrowUp':
      return Math.max(index - 1, 0);
    case 'ArrowDown':
      return Math.min(index + 1, last);
    case 'Home':
      return 0;
    case 'PageUp':
      return page(-1);
    case 'PageDown':
      return page(1);
    default:
      return undefined;
  }
};

/**
 * The message that has the focus may go away, or be scrolled out of the window: the one that then stands
 * in its place gets it, and nothing moves for that.
 */
const keepingFocus = (log: HTMLElement): (() => void) => {
  let focused: { readonly article: Element; readonly index: number } | undefined;
  const noteFocused = (article: Element | null | undefined): void => {
    const index = articlesOf(log).findIndex((one) => one === article);
    focused = article ? { article, index } : undefined;
  };
  const note = ({ target }: FocusEvent): void => {
    noteFocused(target instanceof Element ? target.closest('article') : undefined);
  };
  const observer = new MutationObserver(() => {
    if (focused === undefined) return;
    const { article, index } = focused;
    if (article.isConnected) {
      noteFocused(article); // rows came or went above it
      return;
    }
    focused = undefined;
    if (document.activeElement !== document.body) return;
    const articles = articlesOf(log);
    articles[Math.min(index, articles.length - 1)]?.focus({ preventScroll: true });
  });
  observer.observe(log, { childList: true, subtree: true });
  log.addEventListener('focusin', note);
  return () => {
    observer.disconnect();
    log.removeEventListener('focusin', note);
  };
};

export interface Walking {
  readonly onFocus: (key: string) => void;
  readonly onLeave: () => void;
  /** Where the newest message is not in the window, it is brought there. */
  readonly toLatest: () => Promise<void>;
}

/**
 * Arrow keys walk the messages of a log, and one of them at a time is where Tab enters (roving
 * tabindex): `onFocus` learns which. Enter opens its actions, `onLeave` is Escape.
 */
export const walking =
  (handlers: Walking): Attachment<HTMLElement> =>
  (log) => {
    const press = (event: KeyboardEvent): void => {
      if (isInMenu(event.target) || isEditing(event.target)) return;
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        handlers.onLeave();
        return;
      }
      if (event.key === 'Enter' && event.target instanceof HTMLElement) {
        if (!event.target.matches('article')) return;
        event.preventDefault();
        event.target.querySelector<HTMLElement>('[role=checkbox], [aria-haspopup=menu]')?.click();
        return;
      }
      if (event.key === 'End') {
        event.preventDefault();
        void handlers.toLatest().then(() => articlesOf(log).at(-1)?.focus());
        return;
      }
      const articles = articlesOf(log);
      const index = articles.findIndex((article) => article.contains(document.activeElement));
      const next = nextIndex(event, index === -1 ? articles.length : index, log);
      const article = next === undefined ? undefined : articles[next];
      if (article === undefined) return;
      event.preventDefault();
      article.focus();
    };
    const note = (event: FocusEvent): void => {
      const article = event.target instanceof Element ? event.target.closest('article') : null;
      const key = article?.dataset['key'];
      if (key !== undefined) handlers.onFocus(key);
    };
    const stopKeeping = keepingFocus(log);
    log.addEventListener('keydown', press);
    log.addEventListener('focusin', note);
    return () => {
      stopKeeping();
      log.removeEventListener('keydown', press);
      log.removeEventListener('focusin', note);
    };
  };
