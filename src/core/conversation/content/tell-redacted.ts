/** Words that were deleted lie in the logs, and their edits: whoever can erase is told where. */
import type { ConversationHost } from '../conversation-host.ts';
import type { Conversation } from '../conversation.ts';

/** After entries came or were appended. */
export const tellRedacted = (conversation: Conversation, host: ConversationHost): void => {
  const places = conversation.fold.takeRedacted();
  if (places.length > 0) host.onRedacted?.(conversation, places);
};
