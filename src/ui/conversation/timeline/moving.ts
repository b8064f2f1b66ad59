import type { Attachment } from 'svelte/attachments';
import type { ConversationState } from '../../../app/conversation.svelte.ts';
import { timelineMove } from '../../keyboard.ts';
import type { ScrollKeeper } from './scroll-keeper.ts';

/** Moves the timeline where keys, quotes and pins ask it to, and remembers where the reader left. */
export const moving =
  (keeper: ScrollKeeper, conversation: ConversationState): Attachment =>
  () => {
    const move = (event: Event): void => {
      if (!(event instanceof CustomEvent)) return;
      if (event.detail === 'latest') keeper.toLatest();
      else keeper.toNewLine();
    };
    const stopFollowing = conversation.jump.follow((key) => void keeper.toMessage(key));
    document.addEventListener(timelineMove, move);
    return () => {
      document.removeEventListener(timelineMove, move);
      stopFollowing();
      conversation.leave(keeper.place());
    };
  };
