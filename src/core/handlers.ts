/** What answers a command, one function for each. */
import type { Result } from '../base/result.ts';
import type { Command, CommandError, CommandValues } from './api.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { CoreFailure } from './failures.ts';
import type { Session } from './session.ts';

export type Handlers = {
  readonly [T in Command['type']]: (
    command: Extract<Command, { type: T }>,
  ) => Promise<Result<CommandValues[T], CommandError>>;
};

type Answer<T> = Promise<Result<T, CommandError>>;

/** What handlers are given, wherever they stand. */
export interface HandlerDeps {
  /** Where there is an identity. */
  readonly inSession: <T>(act: (session: Session) => Answer<T>) => Answer<T>;
  /** Finds the conversation and runs what is asked for in it. */
  readonly inConversation: InConversation;
  /** Says so, and is the answer. */
  readonly refused: (failure: CoreFailure) => Result<never, CommandError>;
}

export type InConversation = <T>(
  conversationId: string,
  act: (conversation: Conversation, session: Session) => Answer<T>,
) => Answer<T>;
