/** What a person settles about others and about themselves: who is heard, what is told, what is kept. */
import { err, ok } from '../../base/result.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';

type PeopleHandlers = Pick<
  Handlers,
  'TellTyping' | 'Block' | 'MessagePerson' | 'AddContact' | 'AnswerRequest'
>;

export const peopleHandlers = ({
  inSession,
  inConversation,
  refused,
}: HandlerDeps): PeopleHandlers => {
  return {
    TellTyping: ({ conversationId }) =>
      inConversation(conversationId, async ({ signals }) => {
        await signals.tell();
        return ok(undefined);
      }),
    Block: ({ personId, isOn }) =>
      inSession(async (session) => {
        const blocked = await session.people.block(personId, isOn);
        if (blocked.ok) return blocked;
        return blocked.error === 'unknown-person' ? err(blocked.error) : refused(blocked.error);
      }),
    MessagePerson: ({ conversationId, personId }) =>
      inConversation(conversationId, async (home, { contacts }) => {
        const direct = await contacts.message(home, personId);
        return direct.ok ? ok({ conversationId: direct.value.id }) : direct;
      }),
    AddContact: ({ conversationId, personId, history = 'none' }) =>
      inConversation(conversationId, (group, { contacts }) =>
        contacts.add(group, { personHex: personId, history }),
      ),
    AnswerRequest: ({ conversationId, isAccepted }) =>
      inConversation(conversationId, (conversation, { contacts }) =>
        contacts.answer(conversation, isAccepted),
      ),
  };
};
