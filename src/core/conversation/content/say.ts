/** Writes what was composed, where this person may. */
import { err, ok, type Result } from '../../../base/result.ts';
import type { CommandError } from '../../api.ts';
import type { CoreFailure } from '../../failures.ts';
import type { Conversation } from '../conversation.ts';
import { messageKey } from '../reading/projection.ts';
import type { Composed } from './compose.ts';
import { toHex } from '../../../base/bytes.ts';

/** Who speaks, and who is told where it fails. */
export interface Speaker {
  readonly ownId: Uint8Array;
  readonly refused: (failure: CoreFailure) => Result<never, CommandError>;
}

export const checkWriter = (
  { errorId, membership }: Conversation,
  { ownId }: Pick<Speaker, 'ownId'>,
): Result<undefined, CommandError> => {
  if (errorId !== undefined) return err('conversation-failed');
  return membership.isWriter(ownId) ? ok(undefined) : err('not-allowed');
};

/** What people were told of this person is known once all is read. */
const tellNewcomers = async ({ opening, profiles }: Conversation): Promise<void> => {
  if (opening.isUnderWay) await opening.whole();
  await profiles.tellNewcomers({ isSpeaking: true });
};

/** Resolves when it is on disk. */
export const say = async (
  conversation: Conversation,
  composed: Result<Composed, CommandError>,
  speaker: Speaker,
): Promise<Result<{ readonly key: string }, CommandError>> => {
  if (!composed.ok) return composed;
  const writer = checkWriter(conversation, speaker);
  if (!writer.ok) return writer;
  const sent = await conversation.send(composed.value.type, composed.value.payload);
  if (!sent.ok) return speaker.refused(sent.error);
  void tellNewcomers(conversation);
  return ok({ key: messageKey(toHex(speaker.ownId), sent.value.mid) });
};
