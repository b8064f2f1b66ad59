/** Commands about messages that go out later. */
import type { Handlers, InConversation } from './handlers.ts';

type ScheduledHandlers = Pick<Handlers, 'Schedule' | 'SendScheduled' | 'CancelScheduled'>;

export const scheduledHandlers = (inConversation: InConversation): ScheduledHandlers => ({
  Schedule: ({ conversationId, draft }) =>
    inConversation(conversationId, (conversation, { scheduled }) =>
      scheduled.schedule(conversation, draft),
    ),
  SendScheduled: ({ conversationId, id }) =>
    inConversation(conversationId, (conversation, { scheduled }) =>
      scheduled.sendNow(conversation, id),
    ),
  CancelScheduled: ({ conversationId, id }) =>
    inConversation(conversationId, (conversation, { scheduled }) =>
      scheduled.cancel(conversation, id),
    ),
});
