/** What is read as a message of its own: a text, a poll. */
import { keyOfMessage, readPoll, readText } from '../../../protocol/content-payloads.ts';
import { messageKey, type ProjectedMessage } from '../reading/projection.ts';
import type { Written } from './annotation.ts';

/** Undefined: it is no such thing, or does not read. */
export const messageOf = (
  written: Written,
  authorHex: string,
): Omit<ProjectedMessage, 'arrivedAtMs'> | undefined => {
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
    mid,
    payload,
    poll,
    threadKey: payload.thread && keyOfMessage(payload.thread),
    sentAt,
    lamport,
    hash,
    place,
  };
};
