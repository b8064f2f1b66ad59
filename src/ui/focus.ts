/** Where the keyboard goes: regions, and home when what had the focus is gone. */

/** In the order F6 walks them. Each carries `data-region`; the first thing to focus in it `data-focus`. */
const regionSelector = '[data-region]';

const isShown = (element: HTMLElement): boolean => element.checkVisibility();

const focusRegion = (region: HTMLElement): void => {
  const preferred = region.querySelector<HTMLElement>('[data-focus]');
  (preferred ?? region).focus();
};

/** Moves to the next or the previous region that is on screen. */
export const walkRegions = (direction: 1 | -1): void => {
  const regions = [...document.querySelectorAll<HTMLElement>(regionSelector)].filter(isShown);
  const current = regions.findLastIndex((region) => region.contains(document.activeElement));
  const start = current === -1 && direction === -1 ? 0 : current;
  const next = regions.at((start + direction + regions.length) % Math.max(regions.length, 1));
  if (next !== undefined) focusRegion(next);
};

/** Touch keyboards cover half the screen: there the composer is not focused unasked. */
const isTouch = (): boolean => matchMedia('(pointer: coarse)').matches;

export const composerField = (): HTMLTextAreaElement | null =>
  document.querySelector<HTMLTextAreaElement>('[data-composer=main]');

/** The field of the conversation, or of the thread beside it. */
export const focusComposer = (isThread: boolean): void => {
  const name = isThread ? 'thread' : 'main';
  document.querySelector<HTMLTextAreaElement>(`[data-composer=${name}]`)?.focus();
};

/** Where the focus was when a pane was asked for, whose code may come late. */
export interface FocusNote {
  readonly take: () => void;
  /** The person has put it nowhere else since. */
  readonly isCurrent: () => boolean;
}

export const createFocusNote = (): FocusNote => {
  let noted: Element | null = null;
  return {
    take: () => {
      noted = document.activeElement;
    },
    isCurrent: () => {
      const active = document.activeElement;
      return active === null || active === document.body || active === noted;
    },
  };
};

/** A conversation was opened: ready to write, or on a phone ready to read. */
export const focusConversation = (): void => {
  const target = isTouch()
    ? document.querySelector<HTMLElement>('[data-heading]')
    : composerField();
  target?.focus({ preventScroll: true });
};

/** An open menu has the keyboard: its keys are nobody else's. */
export const isInMenu = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role=menu]') !== null;

/** What a dialog that opens now was opened from; for an item of a menu, the menu's own button. */
export const currentOpener = (): Element | null => {
  const active = document.activeElement;
  const menu = active?.closest('[data-menu]');
  return menu?.querySelector('[aria-haspopup=menu]') ?? active;
};

/**
 * After a dialog: the focus goes back to what had it. Where that is gone (a menu item, a screen that
 * changed) the composer or the first region takes it; where something has it already, it stays.
 */
export const focusBack = (opener: Element | null): void => {
  requestAnimationFrame(() => {
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const isThere = opener instanceof HTMLElement && opener !== document.body && opener.isConnected;
    const target = isThere
      ? opener
      : (composerField() ?? document.querySelector<HTMLElement>(regionSelector));
    target?.focus({ preventScroll: true });
  });
};

/** What had the focus has gone. A page that was just opened has lost none. */
const isFocusLost = (): boolean =>
  document.activeElement === document.body && navigator.userActivation.hasBeenActive;

/** A pane that has come: it takes the focus where what had it has gone. */
export const takeLostFocus = (region: HTMLElement): (() => void) => {
  const frame = requestAnimationFrame(() => {
    if (isFocusLost()) focusRegion(region);
  });
  return () => {
    cancelAnimationFrame(frame);
  };
};

/** Another pane has the screen: the focus must not be lost with the one before. */
export const rescueFocus = (): void => {
  requestAnimationFrame(() => {
    const region = [...document.querySelectorAll<HTMLElement>(regionSelector)].find(isShown);
    if (isFocusLost() && region !== undefined) focusRegion(region);
  });
};

export const isEditing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select'));
