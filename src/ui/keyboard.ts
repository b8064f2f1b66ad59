import type { AppState } from '../app/app-state.svelte.ts';
import { isTyping, shortcutOf, type ShortcutName, type ShortcutPlace } from '../app/shortcuts.ts';
import { composerField, focusComposer, isEditing, isInMenu, walkRegions } from './focus.ts';

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

/** What goes on in the open conversation ends before what stands beside it. */
const closeInConversation = (app: AppState): boolean => {
  const { conversation } = app;
  if (conversation === undefined) return false;
  if (conversation.selection.isOn) conversation.selection.leave();
  else if (conversation.composer.hasMode) conversation.composer.leaveMode();
  else if (conversation.thread !== undefined) conversation.closeThread();
  else return false;
  return true;
};

/** One layer per press: on a phone the pane after the details. */
const closeLayer = (app: AppState): boolean => {
  if (closeInConversation(app)) return true;
  const route = app.route.current;
  if (app.hasDetails) {
    app.toggleDetails();
    return true;
  }
  if (route.screen !== 'settings') return false;
  app.route.back({ screen: 'home' });
  return true;
};

type OfMessage = 'message-details' | 'reply' | 'react' | 'mark-unread';

/** Letters that mean the message with the focus. */
const actOnFocused = (app: AppState, name: OfMessage): boolean => {
  const key = document.activeElement?.closest<HTMLElement>('article')?.dataset['key'];
  const { conversation } = app;
  const item = key === undefined ? undefined : conversation?.find(key);
  if (conversation === undefined || item === undefined || item.isPast) return false;
  if (name === 'message-details') {
    void app.inspect(item.key);
  } else if (name === 'mark-unread') {
    void conversation.acts.markUnread(item.key);
  } else if (item.deletion === undefined && conversation.summary?.closed === undefined) {
    if (name === 'react') {
      app.emoji.open({ kind: 'react', key: item.key });
    } else {
      const composer = conversation.composerOf(item);
      composer.reply(item.key);
      focusComposer(composer.isThread);
    }
  }
  return true;
};

const attach = (): boolean => {
  const button = document.querySelector<HTMLElement>('[data-attach]');
  button?.focus();
  button?.click();
  return button !== null;
};

const openEmoji = (app: AppState): boolean => {
  const field = document.activeElement?.closest<HTMLElement>('[data-composer]');
  if (app.conversation?.summary?.closed !== undefined) return false;
  app.emoji.open({ kind: 'write', isThread: field?.dataset['composer'] === 'thread' });
  return app.conversation !== undefined;
};

/** The list's own field; on a phone the list comes first. */
const search = (app: AppState): boolean => {
  const focusField = (): void => document.querySelector<HTMLElement>('[data-search]')?.focus();
  if (app.environment.isNarrow()) app.route.go({ screen: 'home' });
  requestAnimationFrame(focusField);
  return true;
};

const openNth = (app: AppState, event: KeyboardEvent): boolean => {
  const nth = app.sortedConversations[Number(event.key) - 1];
  if (nth !== undefined) app.openConversation(nth.id);
  return true;
};

const run = (app: AppState, name: ShortcutName, event: KeyboardEvent): boolean => {
  switch (name) {
    case 'go-to':
      app.panel = 'go-to';
      return true;
    case 'search':
      return search(app);
    case 'nth-conversation':
      return openNth(app, event);
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
    case 'reply':
    case 'react':
    case 'mark-unread':
      return actOnFocused(app, name);
    case 'emoji':
      return openEmoji(app);
    case 'attach':
      return attach();
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
    isInstalled: app.environment.isInstalled(),
  });
  if (name !== undefined) {
    if (isCaretKey(name, event.target)) return;
    if (run(app, name, event)) event.preventDefault();
    return;
  }
  // Focus moves before the key takes effect, so the character lands in the field by itself.
  if (isTyping(event) && !isEditing(event.target)) composerField()?.focus();
};
