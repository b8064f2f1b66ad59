import type { Attachment } from 'svelte/attachments';

const holdMs = 500;

/** A long press, or the menu of the pointer. The click that ends a long press is not one. */
export const onHold =
  (held: () => void): Attachment<HTMLElement> =>
  (button) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isHeld = false;
    const begin = (event: PointerEvent): void => {
      isHeld = false;
      if (event.pointerType === 'mouse') return;
      timer = setTimeout(() => {
        isHeld = true;
        held();
      }, holdMs);
    };
    const end = (): void => {
      clearTimeout(timer);
    };
    const click = (event: Event): void => {
      if (isHeld) event.preventDefault();
      isHeld = false;
    };
    const menu = (event: Event): void => {
      event.preventDefault();
      if (!isHeld) held();
      end();
    };
    button.addEventListener('pointerdown', begin);
    button.addEventListener('pointerup', end);
    button.addEventListener('pointercancel', end);
    button.addEventListener('click', click);
    button.addEventListener('contextmenu', menu);
    return () => {
      end();
      button.removeEventListener('pointerdown', begin);
      button.removeEventListener('pointerup', end);
      button.removeEventListener('pointercancel', end);
      button.removeEventListener('click', click);
      button.removeEventListener('contextmenu', menu);
    };
  };
