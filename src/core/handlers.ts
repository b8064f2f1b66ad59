/** What answers a command, one function for each. */
import type { Result } from '../base/result.ts';
import type { Command, CommandError, CommandValues } from './api.ts';

export type Handlers = {
  readonly [T in Command['type']]: (
    command: Extract<Command, { type: T }>,
  ) => Promise<Result<CommandValues[T], CommandError>>;
};
