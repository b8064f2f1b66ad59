/** From what a person does with a message to the payload that says it, or why it cannot be done. */
import { assert } from '../../../base/assert.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import {
  encodeEdit,
  encodePin,
  encodeReaction,
  encodeRedact,
  encodeVote,
  fitsInBody,
  isEmoji,
  type MessageName,
} from '../../../protocol/content-payloads.ts';
import { limits } from '../../../protocol/limits.ts';
import type { CommandError, Mention } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ProjectedMessage } from '../reading/projection.ts';
import type { Annotated } from './annotated.ts';
import { checkedMentions, checkedText, type Compose, type Composed } from './compose.ts';
import { nameOfKey } from './message-names.ts';
import { isPermitted } from './polls.ts';

/** Undefined: it is so already, and nothing is to be said. */
type ComposeChange = Result<Composed | undefined, CommandError>;

interface Found {
  readonly of: MessageName;
  readonly message: ProjectedMessage;
  readonly annotated: Annotated;
}

/** A message that is here and was not deleted. */
export const findMessage = (
  { readable }: Conversation,
  key: string,
): Result<Found, 'unknown-message'> => {
  const message = readable.message(key);
  const annotated = readable.annotated(key);
  if (message === undefined || annotated.redaction !== undefined) return err('unknown-message');
  const of = nameOfKey(key);
  assert(of !== undefined, 'a message has the key of one');
  return ok({ of, message, annotated });
};

export interface Editing {
  readonly ownHex: string;
  readonly key: string;
  readonly text: string;
  readonly mentions?: ReadonlyArray<Mention>;
}

export const composeEdit = (
  conversation: Conversation,
  { ownHex, key, text, mentions = [] }: Editing,
): Compose => {
  const found = findMessage(conversation, key);
  if (!found.ok) return found;
  const { message, of } = found.value;
  if (message.authorHex !== ownHex || message.poll !== undefined) return err('not-allowed');
  const { location, card } = message.payload;
  const checked = checkedText(text, location !== undefined || card !== undefined);
  if (!checked.ok) return checked;
  const named = checkedMentions(mentions);
  if (!named.ok) return named;
  const payload = encodeEdit({ of, text: checked.value, mentions: named.value });
  return fitsInBody(payload) ? ok({ type: 'edit', payload }) : err('too-long');
};

/** Own messages only. */
export const composeRedact = (
  conversation: Conversation,
  { ownHex, key }: { readonly ownHex: string; readonly key: string },
): Compose => {
  const found = findMessage(conversation, key);
  if (!found.ok) return found;
  const { message, of } = found.value;
  if (message.authorHex !== ownHex) return err('not-allowed');
  return ok({ type: 'redact', payload: encodeRedact({ of }) });
};

export const composeReaction = (
  conversation: Conversation,
  {
    ownHex,
    key,
    emoji,
    isOn,
  }: {
    readonly ownHex: string;
    readonly key: string;
    readonly emoji: string;
    readonly isOn: boolean;
  },
): ComposeChange => {
  const found = findMessage(conversation, key);
  if (!found.ok) return found;
  if (!isEmoji(emoji)) return err(emoji === '' ? 'empty' : 'too-long');
  const { of, annotated } = found.value;
  const own = annotated.reactions.filter(({ authors }) => authors.includes(ownHex));
  if (own.some((reaction) => reaction.emoji === emoji) === isOn) return ok(undefined);
  if (isOn && own.length >= limits.emojiPerPersonMax) return err('too-many');
  return ok({ type: 'reaction', payload: encodeReaction({ of, emoji, isOn }) });
};

export const composePin = (
  conversation: Conversation,
  { key, isOn }: { readonly key: string; readonly isOn: boolean },
): ComposeChange => {
  const found = findMessage(conversation, key);
  if (!found.ok) return found;
  const { of, annotated } = found.value;
  if ((annotated.pin !== undefined) === isOn) return ok(undefined);
  return ok({ type: 'pin', payload: encodePin({ of, isOn }) });
};

export const composeVote = (
  conversation: Conversation,
  { key, choices }: { readonly key: string; readonly choices: ReadonlyArray<number> },
): Compose => {
  const found = findMessage(conversation, key);
  if (!found.ok) return found;
  const { of, message } = found.value;
  const distinct = [...new Set(choices)].sort((a, b) => a - b);
  const isChoice = distinct.every((choice) => Number.isInteger(choice) && choice >= 0);
  const isFine = message.poll !== undefined && isChoice && isPermitted(message.poll, distinct);
  if (!isFine) return err('not-allowed');
  return ok({ type: 'vote', payload: encodeVote({ of, choices: distinct }) });
};
