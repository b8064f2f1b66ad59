/** What a stranger began (PROTOCOL §3): until it is answered, they are told nothing. */
import type { Conversation } from '../conversation.ts';

/** Turned down, or waiting for a yes; a reply is one. */
export const isUnanswered = ({ notes, fold, outbox }: Conversation): boolean => {
  if (notes.request !== 'waiting') return notes.request === 'declined';
  const hasAnswered =
    fold.ownPlaces().length > 0 || outbox.waiting.some(({ type }) => type === 'text');
  return !hasAnswered;
};

/** Whether people are told more than what this person writes. */
export const tellsOthers = (conversation: Conversation): boolean =>
  !conversation.isRequest && !conversation.isForgotten;
