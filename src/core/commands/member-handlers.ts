/** Commands about the people of a group. */
import { fromHex } from '../../base/bytes.ts';
import { err, ok } from '../../base/result.ts';
import { levels } from '../../protocol/membership/op-bodies.ts';
import { leaveGroup, removeMember, setLevel } from '../conversation/membership/acts.ts';
import type { Conversation } from '../conversation/conversation.ts';
import { commandErrorOf } from '../failures.ts';
import type { Handlers, InConversation } from './handlers.ts';

type MemberHandlers = Pick<Handlers, 'SetLevel' | 'Remove' | 'Leave' | 'NewGroupWithout'>;

const memberId = ({ membership }: Conversation, personId: string): Uint8Array | undefined => {
  const id = fromHex(personId);
  return id.ok && membership.isMember(id.value) ? id.value : undefined;
};

export const memberHandlers = (inConversation: InConversation): MemberHandlers => ({
  SetLevel: ({ conversationId, personId, level }) =>
    inConversation(conversationId, async (conversation, { deps }) => {
      const targetId = memberId(conversation, personId);
      if (targetId === undefined) return err('unknown-person');
      const ownId = deps.me.identity.identityId;
      return setLevel(conversation, { ownId, targetId, level: levels[level] });
    }),
  Remove: ({ conversationId, personId }) =>
    inConversation(conversationId, async (conversation, { deps }) => {
      const targetId = memberId(conversation, personId);
      if (targetId === undefined) return err('unknown-person');
      return removeMember(conversation, { ownId: deps.me.identity.identityId, targetId });
    }),
  Leave: ({ conversationId, successorId }) =>
    inConversation(conversationId, async (conversation, { deps }) => {
      const ownId = deps.me.identity.identityId;
      if (successorId === undefined) return leaveGroup(conversation, { ownId });
      const successor = memberId(conversation, successorId);
      if (successor === undefined) return err('unknown-person');
      return leaveGroup(conversation, { ownId, successorId: successor });
    }),
  NewGroupWithout: ({ conversationId, personId }) =>
    inConversation(conversationId, async (conversation, session) => {
      const targetId = memberId(conversation, personId);
      if (targetId === undefined) return err('unknown-person');
      const { membership, kind } = conversation;
      const isWriter = membership.isWriter(session.deps.me.identity.identityId);
      if (kind !== 'group' || !isWriter) return err('not-allowed');
      const made = await session.regroup.make(conversation, targetId);
      return made.ok ? ok({ conversationId: made.value.id }) : err(commandErrorOf(made.error));
    }),
});
