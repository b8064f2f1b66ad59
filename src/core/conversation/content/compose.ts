/** From what a person wrote to the payload of a message, or why it cannot be one. */
import { fromHex, utf8ToBytes } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { toWireText, type CborValue } from '../../../protocol/cbor.ts';
import {
  encodePoll,
  encodeText,
  fitsInBody,
  type Introduced,
  type MessageName,
  type NamedInText,
  type Place,
  type TextPayload,
} from '../../../protocol/content-payloads.ts';
import type { Manifest } from '../../../protocol/blobs/manifest.ts';
import { limits } from '../../../protocol/limits.ts';
import type { CommandError, Draft, Location, Mention, NewPoll } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { nameOfKey } from './message-names.ts';
import { timerOf } from './timer.ts';

/** Something to send, once it was found to be fit for it. */
export interface Composed {
  readonly type: string;
  readonly payload: CborValue;
}

export type Compose = Result<Composed, CommandError>;

/** What of a person an introduction says; undefined: nobody here knows them. */
export type Introduce = (identityHex: string) => string | undefined;

export interface ComposeWith {
  readonly introduce: Introduce;
  /** Files, once they are sealed. */
  readonly attachments?: ReadonlyArray<Manifest>;
}

const isTooLong = (text: string, bytesMax: number): boolean => utf8ToBytes(text).length > bytesMax;

export const composeText = (
  conversation: Conversation,
  draft: Omit<Draft, 'attachments'>,
  { introduce, attachments = [] }: ComposeWith,
): Compose => {
  const parts = partsOf(conversation, draft, introduce);
  if (!parts.ok) return parts;
  const { card, location } = parts.value;
  const isMore = card !== undefined || location !== undefined || attachments.length > 0;
  const text = checkedText(draft.text, isMore);
  if (!text.ok) return text;
  return composed(conversation, {
    ...parts.value,
    text: text.value,
    attachments,
    ...(draft.isSticker === true && { isSticker: true }),
  });
};

/** A text as it stands, with the timer of the conversation it goes to. */
export const composed = (conversation: Conversation, payload: TextPayload): Compose => {
  const encoded = encodeText({ ...payload, timerMs: timerOf(conversation) });
  return fitsInBody(encoded) ? ok({ type: 'text', payload: encoded }) : err('too-long');
};

export const composePoll = (conversation: Conversation, poll: NewPoll): Compose => {
  const question = toWireText(poll.question).trim();
  const options = poll.options.map((option) => toWireText(option).trim());
  const isWhole = question !== '' && options.every((option) => option !== '');
  if (!isWhole || options.length < limits.pollOptionsMin) return err('empty');
  if (options.length > limits.pollOptionsMax) return err('too-many');
  const isLong =
    isTooLong(question, limits.pollQuestionBytesMax) ||
    options.some((option) => isTooLong(option, limits.pollOptionBytesMax));
  if (isLong) return err('too-long');
  const { isMultiple, isAnonymous } = poll;
  const timer = timerPart(conversation);
  const payload = encodePoll({ question, options, isMultiple, isAnonymous, ...timer });
  return ok({ type: 'poll', payload });
};

export const checkedText = (
  written: string,
  mayBeEmpty: boolean,
): Result<string, 'empty' | 'too-long'> => {
  const text = toWireText(written);
  if (text.trim() === '') return mayBeEmpty ? ok('') : err('empty');
  return isTooLong(text, limits.textBytesMax) ? err('too-long') : ok(text);
};

export const checkedMentions = (
  mentions: ReadonlyArray<Mention>,
): Result<ReadonlyArray<NamedInText>, CommandError> => {
  if (mentions.length > limits.mentionsMax) return err('too-many');
  const named: NamedInText[] = [];
  for (const { name: written, personId } of mentions) {
    const name = toWireText(written);
    const identityId = personId === undefined ? undefined : identityOf(personId);
    if (name === '' || (personId !== undefined && identityId === undefined)) {
      return err('unknown-person');
    }
    if (isTooLong(name, limits.nameBytesMax)) return err('too-long');
    named.push({ name, identityId });
  }
  return ok(named);
};

const identityOf = (personId: string): Uint8Array | undefined => {
  const id = fromHex(personId);
  return id.ok && id.value.length === 32 ? id.value : undefined;
};

const timerPart = (conversation: Conversation): { readonly timerMs?: number } => {
  const timerMs = timerOf(conversation);
  return timerMs === undefined ? {} : { timerMs };
};

/** Everything but the text. */
const partsOf = (
  conversation: Conversation,
  { mentions = [], replyTo, threadOf, location, cardOf }: Draft,
  introduce: Introduce,
): Result<Omit<TextPayload, 'text'>, CommandError> => {
  const named = checkedMentions(mentions);
  if (!named.ok) return named;
  const [reply, thread] = [messageHere(conversation, replyTo), rootHere(conversation, threadOf)];
  const isLost = (replyTo !== undefined && !reply) || (threadOf !== undefined && !thread);
  if (isLost) return err('unknown-message');
  const card = cardOf === undefined ? undefined : cardFor(cardOf, introduce);
  if (cardOf !== undefined && card === undefined) return err('unknown-person');
  const place = location && placeOf(location);
  return ok({
    ...(named.value.length > 0 && { mentions: named.value }),
    ...(reply && { reply }),
    ...(thread && { thread }),
    ...(place && { location: place }),
    ...(card && { card }),
  });
};

const messageHere = (
  { readable }: Conversation,
  key: string | undefined,
): MessageName | undefined =>
  key === undefined || readable.message(key) === undefined ? undefined : nameOfKey(key);

/** An answer in a thread belongs to the thread: there are none inside others. */
const rootHere = ({ readable }: Conversation, key: string | undefined): MessageName | undefined => {
  const message = key === undefined ? undefined : readable.message(key);
  return message && nameOfKey(message.threadKey ?? message.key);
};

const cardFor = (personId: string, introduce: Introduce): Introduced | undefined => {
  const [identityId, name] = [identityOf(personId), introduce(personId)];
  return identityId && name !== undefined ? { identityId, name } : undefined;
};

const within = (degrees: number, most: number): number =>
  Math.round(Math.min(Math.max(degrees, -most), most) * 1e7);

/** Undefined where it is no place at all. */
const placeOf = ({ latitude, longitude }: Location): Place | undefined =>
  Number.isNaN(latitude) || Number.isNaN(longitude)
    ? undefined
    : { latE7: within(latitude, 90), lonE7: within(longitude, 180) };
