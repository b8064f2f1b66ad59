import type { AppState } from '../app/app-state.svelte.ts';
import { isTyping, shortcutOf, type ShortcutName, type ShortcutPlace } from '../app/shortcuts.ts';
import { composerField, isEditing, isInMenu, walkRegions } from './focus.ts';

const placeOf = (target: EventTarget | null): ShortcutPlace => {
  if (!(target instanceof Element)) return 'anywhere';
  const place = target.closest<HTMLElement>('[data-place]')?.dataset['place'];
  return place === 'list' || place === 'timeline' || place === 'composer' ? place : 'anywhere';
};

/** Asks the open timeline to move; it alone knows its scroll position. */
export const timelineMove = 'sotto-timeline-move';

const moveTimeline = (to: 'latest' | 'oldest-unread'): void => {
  document.dispatchEvent(new CustomEvent(timelineMove, { detail: to }));
};

const walkConversations = (app: AppState, step: 1 | -1, isUnreadOnly: boolean): void => {
  const all = app.sortedConversations;
  const start = all.findIndex((conversation) => conversation.id === app.conversation?.id);
  for (let index = start + step; index >= 0 && index < all.length; index += step) {
    const candidate = all[index];
    if (candidate === undefined || (isUnreadOnly && candidate.unreadCount === 0)) continue;
    app.openConversation(candidate.id);
    return;
  }
};

/** One layer per press: the details first, on a phone the pane after them. */
const closeLayer = (app: AppState): boolean => {
  const route = app.route.current;
  if (app.isDetailsOpen || (route.screen === 'conversation' && route.hasDetails)) {
    app.toggleDetails();
    return true;
  }
  if (route.screen !== 'settings') return false;
  app.route.back({ screen: 'home' });
  return true;
};

const inspectFocused = (app: AppState): boolean => {
  const key = document.activeElement?.closest<HTMLElement>('article')?.dataset['key'];
  if (key !== undefined) void app.inspect(key);
  return key !== undefined;
};

const run = (app: AppState, name: ShortcutName): boolean => {
  switch (name) {
    case 'next-conversation':
      walkConversations(app, 1, false);
      return true;
    case 'previous-conversation':
      walkConversations(app, -1, false);
      return true;
    case 'next-unread':
      walkConversations(app, 1, true);
      return true;
    case 'previous-unread':
      walkConversations(app, -1, true);
      return true;
    case 'new-conversation':
      app.openNewMenu();
      return true;
    case 'next-region':
      walkRegions(1);
      return true;
    case 'previous-region':
      walkRegions(-1);
      return true;
    case 'details':
      app.toggleDetails();
      return true;
    case 'help':
      app.panel = 'shortcuts';
      return true;
    case 'latest':
    case 'oldest-unread':
      moveTimeline(name);
      return app.conversation !== undefined;
    case 'mark-read':
      void app.conversation?.markRead();
      return true;
    case 'close':
      return closeLayer(app);
    case 'message-details':
      return inspectFocused(app);
    default:
      return false; // Handled by the element that has the focus.
  }
};

/** In a field with text these keys move the caret, as everywhere else. */
const isCaretKey = (name: ShortcutName, target: EventTarget | null): boolean =>
  (name === 'latest' || name === 'oldest-unread') &&
  target instanceof HTMLTextAreaElement &&
  target.value !== '';

/** The one listener: shortcuts first; any other printable key outside a field starts writing. */
export const pressKey = (app: AppState, event: KeyboardEvent): void => {
  if (event.defaultPrevented || app.hasDialog || isInMenu(event.target)) return;
  const name = shortcutOf(event, {
    isApple: app.environment.isApple,
    place: placeOf(event.target),
    isEditing: isEditing(event.target),
    hasLetterKeys: app.appearance.hasLetterKeys,
  });
  if (name !== undefined) {
    if (isCaretKey(name, event.target)) return;
    if (run(app, name)) event.preventDefault();
    return;
  }
  // Focus moves before the key takes effect, so the character lands in the field by itself.
  if (isTyping(event) && !isEditing(event.target)) composerField()?.focus();
};
