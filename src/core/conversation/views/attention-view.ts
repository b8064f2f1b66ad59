/** What a list says of a conversation beside its last line: what is unread, what this person settled. */
import { limits } from '../../../protocol/limits.ts';
import type { ConversationSummary } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ProjectedMessage } from '../reading/projection.ts';
import type { ViewContext } from './view-context.ts';
import { personOf } from './person-view.ts';

type AttentionView = Pick<
  ConversationSummary,
  | 'unreadCount'
  | 'mentionCount'
  | 'newKey'
  | 'lateKeys'
  | 'isRequest'
  | 'isArchived'
  | 'isMuted'
  | 'typing'
  | 'draft'
  | 'draftReplyTo'
>;

export const attentionOf = (
  conversation: Conversation,
  context: ViewContext,
  isMentioningMe: (message: ProjectedMessage) => boolean,
): AttentionView => {
  const { attention, projection, readable, notes, signals } = conversation;
  const { settings } = context;
  const unread = attention.unread
    .shown(projection)
    .filter(({ authorHex }) => !settings.isBlocked(authorHex));
  const inTimeline = unread.filter((message) => readable.rootOf(message) === undefined);
  const { late, fresh } = attention.unread.inOrder(inTimeline);
  return {
    unreadCount: unread.length,
    mentionCount: unread.filter(isMentioningMe).length,
    newKey: fresh[0]?.key,
    lateKeys: late.slice(0, limits.lateListedMax).map(({ key }) => key),
    isRequest: conversation.isRequest,
    typing: signals.people().map((identityHex) => personOf(conversation, identityHex, context)),
    isArchived: notes.isArchived,
    isMuted: notes.isMuted,
    draft: notes.draft,
    draftReplyTo: notes.draftReplyTo,
  };
};

/** [RU6] Up to where these are known to have read; of who does not tell, nothing is shown. */
export const readingOf = (
  { attention: { marks } }: Pick<Conversation, 'attention'>,
  { settings }: ViewContext,
): {
  readonly furthest: (isMeant: (personHex: string) => boolean) => ProjectedMessage | undefined;
  readonly readAtMs: (personHex: string, message: ProjectedMessage) => number | undefined;
} =>
  settings.sharing.receipts
    ? {
        furthest: (isMeant) => marks.furthest(isMeant),
        readAtMs: (personHex, message) => marks.readAtMs(personHex, message),
      }
    : { furthest: () => undefined, readAtMs: () => undefined };
