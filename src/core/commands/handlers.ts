/** What answers a command, one function for each. */
import type { Result } from '../../base/result.ts';
import type { Command, CommandError, CommandValues } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { ViewContext } from '../conversation/views/view-context.ts';
import type { CoreFailure } from '../failures.ts';
import type { Screen } from '../screen/screen.ts';
import type { Session } from '../session.ts';

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
  readonly context: (session: Session) => ViewContext;
  readonly screen: () => Screen;
  /** Says so, and is the answer. */
  readonly refused: (failure: CoreFailure) => Result<never, CommandError>;
}

export type InConversation = <T>(
  conversationId: string,
  act: (conversation: Conversation, session: Session) => Answer<T>,
) => Answer<T>;
