/** Operations that only say what was seen: they need no epoch of their own. */
import type { Result } from '../../base/result.ts';
import type { OpBody } from '../../protocol/membership/ops.ts';
import { encodeControl } from '../../protocol/payload.ts';
import type { Epoch } from '../epochs/epoch.ts';
import type { AppendFailure } from '../epochs/epoch-logs.ts';
import type { Conversation } from './conversation.ts';

/** Inside the queue: signs it and puts it into our log of this epoch, in one transaction. */
export const tell = async (
  conversation: Conversation,
  epoch: Epoch,
  body: OpBody,
): Promise<Result<unknown, AppendFailure>> => {
  const { membership, logs } = conversation;
  const op = await membership.author(body);
  const { writes, stored } = membership.writes();
  const control = conversation.content('control', encodeControl(op.bytes));
  const told = await logs.append(epoch, [control], writes);
  if (told.ok) stored();
  return told;
};
