/** How a conversation of the fake core stands in the list. */
import type { ConversationSummary } from '../../src/core/api.ts';
import { attachmentsLine } from '../../src/core/attachments-line.ts';
import type { FakeConversation } from './fake-host.ts';
import { plainSummary } from './plain.ts';

/** In the fake core what is unread is at the end, but for what came late. */
const newKeyOf = ({ items, unreadCount, lateKeys = [] }: FakeConversation): string | undefined => {
  const foreign = items.filter(
    (item) => item.type === 'message' && !item.author.isMe && !lateKeys.includes(item.key),
  );
  const freshCount = unreadCount - lateKeys.length;
  return freshCount > 0 ? foreign.slice(-freshCount)[0]?.key : undefined;
};

export const summaryOfFake = (conversation: FakeConversation): ConversationSummary => {
  const messages = conversation.items.filter((item) => item.type === 'message');
  const last = messages.at(-1);
  return {
    id: conversation.id,
    kind: conversation.kind,
    name: conversation.name,
    other:
      conversation.kind === 'direct'
        ? conversation.members.find(({ person }) => !person.isMe)?.person
        : undefined,
    lastLine:
      last === undefined
        ? undefined
        : {
            author: last.author,
            text: last.text,
            atMs: last.sentAtMs,
            attachments: last.isSticker === true ? undefined : attachmentsLine(last.attachments),
          },
    draft: conversation.draft,
    unreadCount: conversation.unreadCount,
    waitingCount: messages.filter((item) => item.delivery?.state === 'saved').length,
    peopleCount: conversation.members.length - 1,
    truth: conversation.truth,
    activeAtMs: last?.sentAtMs ?? 0,
    failure: conversation.failure,
    closed: conversation.closed,
    ...plainSummary,
    newKey: newKeyOf(conversation),
    lateKeys: conversation.lateKeys ?? [],
    draftReplyTo: conversation.draftReplyTo,
    timerMs: conversation.timerMs,
    isArchived: conversation.isArchived ?? false,
    isMuted: conversation.isMuted ?? false,
    isRequest: conversation.isRequest ?? false,
    typing: conversation.typing ?? [],
  };
};
