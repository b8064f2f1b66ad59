import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { ConversationState } from '../../../app/conversation.svelte.ts';
import { timelineMove } from '../../keyboard.ts';
import type { ScrollKeeper } from './scroll-keeper.ts';

/** Moves the timeline where keys, quotes and pins ask it to, and says where the reader is. */
export const moving =
  (keeper: ScrollKeeper, conversation: ConversationState): Attachment =>
  () => {
    const toNewLine = async (): Promise<void> => {
      const { newKey, jump } = conversation;
      if (newKey === undefined || !(await jump.bring(newKey))) return;
      await tick();
      keeper.toNewLine();
    };
    const move = (event: Event): void => {
      if (!(event instanceof CustomEvent)) return;
      if (event.detail === 'latest') void conversation.jump.toLatest();
      else void toNewLine();
    };
    const stopFollowing = conversation.jump.follow({
      toMessage: (key) => void keeper.toMessage(key),
      toLatest: () => void tick().then(keeper.toLatest),
      reading: keeper.reading,
    });
    document.addEventListener(timelineMove, move);
    return () => {
      document.removeEventListener(timelineMove, move);
      stopFollowing();
    };
  };
