import type { Attachment } from 'svelte/attachments';

const gapPx = 8;

/** Above what it was opened from where there is room, else below, never outside of the window. */
export const besideOpener =
  (opener: Element | null): Attachment<HTMLElement> =>
  (element) => {
    const place = (): void => {
      const { width, height } = element.getBoundingClientRect();
      const from = opener?.isConnected === true ? opener.getBoundingClientRect() : undefined;
      const above = (from?.top ?? window.innerHeight) - height - gapPx;
      const top = above >= gapPx ? above : (from?.bottom ?? 0) + gapPx;
      const middle = from === undefined ? window.innerWidth / 2 : (from.left + from.right) / 2;
      const keptIn = (at: number, max: number): number => Math.max(gapPx, Math.min(at, max));
      element.style.left = `${keptIn(middle - width / 2, window.innerWidth - width - gapPx)}px`;
      element.style.top = `${keptIn(top, window.innerHeight - height - gapPx)}px`;
    };
    place();
    window.addEventListener('resize', place);
    return () => {
      window.removeEventListener('resize', place);
    };
  };
