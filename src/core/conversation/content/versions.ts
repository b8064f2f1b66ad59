/** What a message said before it was edited. */
import { ok, type Result } from '../../../base/result.ts';
import type { CommandError, Version } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { clampSentAt, type ViewContext } from '../views/view-context.ts';
import { findMessage } from './annotate.ts';

/** Oldest first, in the order in which they hold. */
export const versionsOf = (
  conversation: Conversation,
  key: string,
  { nowMs }: ViewContext,
): Result<ReadonlyArray<Version>, CommandError> => {
  const found = findMessage(conversation, key);
  if (!found.ok) return found;
  const { message, annotated } = found.value;
  const edits = message.poll === undefined ? annotated.edits : [];
  return ok([
    { text: message.payload.text, atMs: clampSentAt(message.sentAt, nowMs) },
    ...edits.map(({ act, sentAt }) => ({ text: act.text, atMs: clampSentAt(sentAt, nowMs) })),
  ]);
};
