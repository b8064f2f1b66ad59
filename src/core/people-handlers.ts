/** What a person settles about others and about themselves: who is heard, what is told, what is kept. */
import { err } from '../base/result.ts';
import type { Handlers } from './handlers.ts';

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

export const peopleHandlers = (): PeopleHandlers => {
  const later = (): Promise<{ ok: false; error: 'not-ready' }> => Promise.resolve(err('not-ready'));
  return {
    TellTyping: later,
    SetProfile: later,
    Block: later,
    DeleteConversation: later,
    MessagePerson: later,
    AddContact: later,
    AnswerRequest: later,
  };
};
