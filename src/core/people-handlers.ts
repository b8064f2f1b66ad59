/** What a person settles about others and about themselves: who is heard, what is told, what is kept. */
import { err, ok } from '../base/result.ts';
import type { HandlerDeps, Handlers } from './handlers.ts';

type PeopleHandlers = Pick<
  Handlers,
  | 'TellTyping'
  | 'SetProfile'
  | 'Block'
  | 'DeleteConversation'
  | 'MessagePerson'
  | 'AddContact'
  | 'AnswerRequest'
>;

export const peopleHandlers = ({ inConversation }: HandlerDeps): PeopleHandlers => {
  const later = (): Promise<{ ok: false; error: 'not-ready' }> => Promise.resolve(err('not-ready'));
  return {
    TellTyping: ({ conversationId }) =>
      inConversation(conversationId, async ({ signals }) => {
        await signals.tell();
        return ok(undefined);
      }),
    SetProfile: later,
    Block: later,
    DeleteConversation: later,
    MessagePerson: later,
    AddContact: later,
    AnswerRequest: later,
  };
};
