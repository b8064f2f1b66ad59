/** What most messages, conversations and members have nothing of. */
import type { ConversationSummary } from '../../src/core/api.ts';

export { plainContent } from '../../src/core/conversation/views/plain-content.ts';

export const plainSummary: Pick<
  ConversationSummary,
  | 'isRequest'
  | 'isArchived'
  | 'isMuted'
  | 'mentionCount'
  | 'newKey'
  | 'lateKeys'
  | 'draftReplyTo'
  | 'timerMs'
  | 'typing'
> = {
  isRequest: false,
  isArchived: false,
  isMuted: false,
  mentionCount: 0,
  newKey: undefined,
  lateKeys: [],
  draftReplyTo: undefined,
  timerMs: undefined,
  typing: [],
};

/** A group of one's own with nothing in it. */
export const groupNamed = (id: string): ConversationSummary => ({
  ...plainSummary,
  id,
  kind: 'group',
  name: id,
  other: undefined,
  lastLine: undefined,
  draft: '',
  unreadCount: 0,
  waitingCount: 0,
  peopleCount: 1,
  truth: { kind: 'alone' },
  activeAtMs: 0,
  failure: undefined,
  closed: undefined,
});
