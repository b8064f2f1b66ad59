/**
 * All that there is to read in a conversation, and all files in it: more than the screen has at any
 * moment, told page by page, so that neither side ever holds all of a long one.
 */
import { err, ok, type Result } from '../../base/result.ts';
import { limits } from '../../protocol/limits.ts';
import type { ListedFile, MessageItem, MessagePage } from '../api.ts';
import type { Conversation } from '../conversation/conversation.ts';
import type { ProjectedMessage } from '../conversation/reading/projection.ts';
import {
  hasDisappeared,
  renderingOf,
  shownMessage,
  type Rendering,
} from '../conversation/views/message-view.ts';
import { pastsOf } from '../conversation/views/past.ts';
import type { Shown } from '../conversation/views/shown.ts';
import type { ViewContext } from '../conversation/views/view-context.ts';

interface Told {
  readonly rendering: Rendering;
  readonly message: ProjectedMessage;
}

/** [RG6] What lies before a group first, each message once. */
const allIn = (conversation: Conversation, context: ViewContext): ReadonlyArray<Told> => {
  const homes: ReadonlyArray<Shown> = [...pastsOf(conversation, context), conversation];
  return homes.flatMap((home, at) => {
    const rendering = renderingOf(home, context);
    const later = homes.slice(at + 1);
    return [...home.projection.messages, ...home.readable.waiting()]
      .filter(({ key }) => later.every((one) => one.projection.byKey(key) === undefined))
      .map((message) => ({ rendering, message }));
  });
};

/** Of who is blocked nothing (BK1), and nothing whose time is over. */
const itemsOf = (
  told: ReadonlyArray<Told>,
  { settings }: ViewContext,
): ReadonlyArray<MessageItem> =>
  told
    .filter(({ message }) => !settings.isBlocked(message.authorHex))
    .filter(({ rendering, message }) => !hasDisappeared(rendering, message))
    .map(({ rendering, message }) => shownMessage(rendering, message));

/** [XP1] A page begins at a message, whatever came or went before it since the last one was told. */
export const messagePage = (
  conversation: Conversation,
  context: ViewContext,
  from: string | undefined,
): Result<MessagePage, 'unknown-message'> => {
  const all = allIn(conversation, context);
  const start = from === undefined ? 0 : all.findIndex(({ message }) => message.key === from);
  if (start === -1) return err('unknown-message');
  const end = start + limits.messagesPerPageMax;
  return ok({ items: itemsOf(all.slice(start, end), context), next: all[end]?.message.key });
};

/** Each file once, by the newest message that carries it. */
export const filesIn = (
  conversation: Conversation,
  context: ViewContext,
): ReadonlyArray<ListedFile> => {
  const carrying = allIn(conversation, context).filter(
    ({ message }) => message.payload.attachments !== undefined,
  );
  const byId = new Map<string, ListedFile>();
  for (const { key, author, attachments, isSticker } of itemsOf(carrying, context).toReversed()) {
    if (isSticker === true) continue; // they are words more than files
    for (const view of attachments) {
      if (!byId.has(view.id)) byId.set(view.id, { key, isMine: author.isMe, view });
    }
  }
  return [...byId.values()];
};
