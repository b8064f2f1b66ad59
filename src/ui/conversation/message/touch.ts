import type { Attachment } from 'svelte/attachments';

/** From here on a swipe means it. */
const swipePx = 56;
const swipeMaxPx = 76;
/** A finger is never quite still. */
const stillPx = 10;
const pressMs = 450;

/**
 * What fingers do with a message: a swipe towards the end of the line answers it, a long press opens its
 * menu. Both are in the menu as well.
 */
export const onTouch =
  ({ onSwipe }: { onSwipe: () => void }): Attachment<HTMLElement> =>
  (article) => {
    let start: { x: number; y: number; id: number } | undefined;
    let moved = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    /** Ends the listening for where a finger goes: only while one is down. */
    let following: AbortController | undefined;

    const stop = (): void => {
      if (following === undefined) return;
      following.abort();
      following = undefined;
      clearTimeout(timer);
      start = undefined;
      moved = 0;
      article.style.translate = '';
    };
    const press = (): void => {
      stop();
      article.focus({ preventScroll: true });
      article.querySelector<HTMLElement>('[aria-haspopup=menu]')?.click();
    };
    const begin = (event: PointerEvent): void => {
      const isInside = event.target instanceof Element && event.target.closest('button, input, a');
      if (event.pointerType !== 'touch' || !event.isPrimary || isInside) return;
      stop();
      start = { x: event.clientX, y: event.clientY, id: event.pointerId };
      timer = setTimeout(press, pressMs);
      following = new AbortController();
      const { signal } = following;
      article.addEventListener('pointermove', move, { signal });
      article.addEventListener('pointerup', end, { signal });
      article.addEventListener('pointercancel', stop, { signal });
    };
    const move = (event: PointerEvent): void => {
      if (event.pointerId !== start?.id) return;
      const forward = getComputedStyle(article).direction === 'rtl' ? -1 : 1;
      moved = Math.max(0, (event.clientX - start.x) * forward);
      const isStill = moved < stillPx && Math.abs(event.clientY - start.y) < stillPx;
      if (!isStill) clearTimeout(timer);
      const shown = moved < stillPx ? 0 : Math.min(moved, swipeMaxPx);
      article.style.translate = shown === 0 ? '' : `${forward * shown}px`;
    };
    const end = (event: PointerEvent): void => {
      if (event.pointerId !== start?.id) return;
      const isSwipe = moved >= swipePx;
      stop();
      if (isSwipe) onSwipe();
    };

    article.addEventListener('pointerdown', begin);
    return () => {
      stop();
      article.removeEventListener('pointerdown', begin);
    };
  };
