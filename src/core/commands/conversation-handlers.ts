/** What a person does with a conversation as a whole: reads it, sets it aside, begins to write in it. */
import { utf8ToBytes } from '../../base/bytes.ts';
import { err, ok } from '../../base/result.ts';
import { toWireText } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import { checkedName } from '../checks.ts';
import { leaveGroup } from '../conversation/membership/acts.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';

type ConversationHandlers = Pick<
  Handlers,
  | ('CreateGroup' | 'DeleteConversation')
  | ('MarkRead' | 'MarkUnread' | 'SaveDraft' | 'SetArchived' | 'SetMuted')
>;

export const conversationHandlers = ({
  inSession,
  inConversation,
  refused,
}: HandlerDeps): ConversationHandlers => ({
  CreateGroup: ({ name }) =>
    inSession(async (session) => {
      const checked = checkedName(name);
      if (!checked.ok) return checked;
      const { core, me } = session.deps;
      const created = await session.createConversation({
        kind: 'group',
        nonce: core.random.bytes(16),
        name: checked.value,
        policy: { addLevel: 2, keepMs: null },
        creator: me.identity.identityId,
      });
      return created.ok ? ok({ conversationId: created.value.id }) : refused(created.error);
    }),
  MarkRead: ({ conversationId }) =>
    inConversation(conversationId, async ({ attention, erasing }) => {
      const saved = await attention.readAll();
      if (!saved.ok) return refused(saved.error);
      await erasing.beginTimers();
      return saved;
    }),
  MarkUnread: ({ conversationId, key }) =>
    inConversation(conversationId, async ({ attention }) => {
      const marked = await attention.unreadFrom(key);
      if (!marked.ok) return refused(marked.error);
      return marked.value ? ok(undefined) : err('unknown-message');
    }),
  SaveDraft: ({ conversationId, text, replyTo }) =>
    inConversation(conversationId, async ({ notes }) => {
      const draft = toWireText(text);
      const isLong = (value: string, bytesMax: number): boolean =>
        utf8ToBytes(value).length > bytesMax;
      const isTooLong =
        isLong(draft, limits.textBytesMax) || isLong(replyTo ?? '', limits.messageKeyBytesMax);
      if (isTooLong) return err('too-long');
      notes.draft = draft;
      notes.draftReplyTo = replyTo;
      const saved = await notes.save();
      return saved.ok ? saved : refused(saved.error);
    }),
  SetArchived: ({ conversationId, isOn }) =>
    inConversation(conversationId, async ({ notes }) => {
      notes.isArchived = isOn;
      const saved = await notes.save();
      return saved.ok ? saved : refused(saved.error);
    }),
  SetMuted: ({ conversationId, isOn }) =>
    inConversation(conversationId, async ({ notes }) => {
      notes.isMuted = isOn;
      const saved = await notes.save();
      return saved.ok ? saved : refused(saved.error);
    }),
  DeleteConversation: ({ conversationId }) =>
    inConversation(conversationId, async (conversation, session) => {
      if (conversation.kind === 'self') return err('not-allowed');
      const ownId = session.deps.me.identity.identityId;
      const isIn = conversation.kind === 'group' && conversation.isMember;
      const left = isIn ? await leaveGroup(conversation, { ownId }) : ok(undefined);
      // What cannot be left any more (it was stopped, say) can still be deleted.
      if (!left.ok && left.error === 'disk-full') return left;
      const forgotten = await session.forgetting.forget(conversation);
      return forgotten.ok ? forgotten : refused(forgotten.error);
    }),
});
