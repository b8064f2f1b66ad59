/** What is read as a message of its own: a text, a poll; and what is left of one that was erased. */
import { keyOfMessage, readPoll, readText } from '../../../protocol/content-payloads.ts';
import { messageKey, type PlacedMessage, type ProjectedMessage } from '../reading/projection.ts';
import type { Written } from './annotation.ts';

/** Undefined: it is no such thing, or does not read. */
export const messageOf = (written: Written, authorHex: string): ProjectedMessage | undefined => {
  const { type, mid, sentAt, lamport, hash, place } = written;
  const poll = type === 'poll' ? readPoll(written.payload) : undefined;
  const timer = poll?.timerMs === undefined ? {} : { timerMs: poll.timerMs };
  const payload =
    type === 'text' ? readText(written.payload) : poll && { text: '' as const, ...timer };
  if (payload === undefined) return undefined;
  return {
    type: 'message',
    key: messageKey(authorHex, mid),
    authorHex,
    payload,
    poll,
    threadKey: payload.thread && keyOfMessage(payload.thread),
    sentAt,
    lamport,
    hash,
    place,
    arrivedAtMs: undefined,
  };
};

/** There was a message here, by this author. */
export const erasedOf = (
  { mid, sentAt, lamport, hash, place }: Written,
  authorHex: string,
): ProjectedMessage => ({
  type: 'message',
  key: messageKey(authorHex, mid),
  authorHex,
  payload: { text: '' },
  poll: undefined,
  threadKey: undefined,
  sentAt,
  lamport,
  hash,
  place,
  arrivedAtMs: undefined,
  isErased: true,
});

/** The same message without what it said. */
export const withoutWords = (message: PlacedMessage): PlacedMessage => ({
  ...message,
  payload: { text: '' },
  poll: undefined,
  isErased: true,
});
