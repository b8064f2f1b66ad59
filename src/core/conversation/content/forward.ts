/** Says again what was said: somewhere else, or where nobody took it. */
import { toHex } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { encodePoll } from '../../../protocol/content-payloads.ts';
import { limits } from '../../../protocol/limits.ts';
import type { CommandError } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { isBlocked } from '../views/message-view.ts';
import { findMessage } from './annotate.ts';
import { composed, type Compose, type Composed } from './compose.ts';
import { hide } from './delete.ts';
import { checkWriter, say, type Speaker } from './say.ts';
import { saidIn } from './said.ts';

/**
 * Its words as they stand now, and what is attached. Names in it stay words: whom they mean is of the
 * conversation they come from. A poll becomes its question, since its votes stay where they are.
 */
const copyOf = (from: Conversation, key: string, to: Conversation): Compose => {
  const found = findMessage(from, key);
  if (!found.ok) return found;
  const { message, annotated } = found.value;
  const { location, card } = message.payload;
  return composed(to, {
    text: message.poll?.question ?? saidIn(message, annotated).text,
    isForwarded: true,
    ...(location && { location }),
    ...(card && { card }),
  });
};

/** Everything that can be known to fail fails before anything is written. */
export const forward = async (
  from: Conversation,
  { keys, to }: { readonly keys: ReadonlyArray<string>; readonly to: ReadonlyArray<Conversation> },
  speaker: Speaker,
): Promise<Result<undefined, CommandError>> => {
  if (keys.length * to.length > limits.forwardedMax) return err('too-many');
  const copies: { readonly conversation: Conversation; readonly copy: Composed }[] = [];
  for (const conversation of to) {
    const writer = checkWriter(conversation, speaker);
    if (!writer.ok) return writer;
    for (const key of keys) {
      const copy = copyOf(from, key, conversation);
      if (!copy.ok) return copy;
      copies.push({ conversation, copy: copy.value });
    }
  }
  for (const { conversation, copy } of copies) {
    const said = await say(conversation, ok(copy), speaker);
    if (!said.ok) return said;
  }
  return ok(undefined);
};

/** As a new message; the one that nobody takes is no longer shown here. */
export const writeAgain = async (
  conversation: Conversation,
  key: string,
  speaker: Speaker,
): Promise<Result<{ readonly key: string }, CommandError>> => {
  const found = findMessage(conversation, key);
  if (!found.ok) return found;
  const { message, annotated } = found.value;
  const isOwn = message.authorHex === toHex(speaker.ownId);
  if (!isOwn || !isBlocked(conversation, message.place)) return err('not-allowed');
  const { text, mentions } = saidIn(message, annotated);
  const { payload, poll } = message;
  const again: Compose =
    poll === undefined
      ? composed(conversation, { ...payload, text, mentions })
      : ok({ type: 'poll', payload: encodePoll(poll) });
  const said = await say(conversation, again, speaker);
  if (!said.ok) return said;
  const hidden = await hide(conversation, [key], speaker);
  return hidden.ok ? said : hidden;
};
