/** A message that is nothing but its text. */
import type { MessageContent } from '../../api.ts';

export const plainContent: MessageContent = {
  mentions: [],
  isMentioningMe: false,
  replyTo: undefined,
  threadOf: undefined,
  replyCount: 0,
  isForwarded: false,
  isEdited: false,
  isPinned: false,
  reactions: [],
  poll: undefined,
  location: undefined,
  card: undefined,
  attachments: [],
  deletion: undefined,
  disappearing: undefined,
};
