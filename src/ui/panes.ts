/** What follows the list: asked for as soon as it shows, so that it is here without a network too. */
import { createLazy } from './lazy.ts';

export const conversationPane = createLazy(() => import('./conversation/Conversation.svelte'));
export const firstRunScreen = createLazy(() => import('./join/FirstRun.svelte'));
export const joinPane = createLazy(() => import('./join/JoinPane.svelte'));
export const requestCards = createLazy(() => import('./list/RequestCards.svelte'));

export const preloadPanes = (): void => {
  for (const pane of [conversationPane, firstRunScreen, joinPane, requestCards]) pane.preload();
};
