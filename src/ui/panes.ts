/** The panes that follow the list: asked for at once, so that they are here without a network too. */
import { createLazy } from './lazy.ts';

export const conversationPane = createLazy(() => import('./conversation/Conversation.svelte'));
