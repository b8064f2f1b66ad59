/** A person as the screen shows them, wherever they stand. */
import type { Person } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { ViewContext } from '../reading/view.ts';

export const personOf = (
  conversation: Conversation,
  identityHex: string,
  { ownHex, ownName }: ViewContext,
): Person => {
  const isMe = identityHex === ownHex;
  const name = isMe ? ownName : (conversation.nameOf(identityHex) ?? identityHex.slice(0, 8));
  return { id: identityHex, name, isMe };
};
