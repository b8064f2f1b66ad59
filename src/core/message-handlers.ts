/** Commands about messages that are there already. */
import { err, ok } from '../base/result.ts';
import { commandErrorOf } from './failures.ts';
import type { Handlers } from './handlers.ts';
import type { InConversation } from './member-handlers.ts';

export const messageHandlers = (
  inConversation: InConversation,
): Pick<Handlers, 'EraseMessages'> => ({
  EraseMessages: ({ conversationId, keys }) =>
    inConversation(conversationId, async (conversation) => {
      if (conversation.errorId !== undefined) return err('conversation-failed');
      const erased = await conversation.erasing.messages(keys);
      if (erased.ok) return ok(undefined);
      if (erased.error === 'queue-full') return err('busy');
      if (erased.error === 'stopped') return err('conversation-failed');
      return err(commandErrorOf(erased.error));
    }),
});
