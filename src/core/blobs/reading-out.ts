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

/** [RG6] What lies before a group, and the group itself. */
const homesOf = (conversation: Conversation, context: ViewContext): ReadonlyArray<Shown> => [
  ...pastsOf(conversation, context),
  conversation,
];

/** What `select` finds in each of these, each message once: where the latest of them has it. */
function* toldOf(
  homes: ReadonlyArray<Shown>,
  context: ViewContext,
  select: (home: Shown) => Iterable<ProjectedMessage>,
): Generator<Told, void> {
  for (const [at, home] of homes.entries()) {
    const rendering = renderingOf(home, context);
    const later = homes.slice(at + 1);
    for (const message of select(home)) {
      const isAgain = later.some((one) => one.projection.byKey(message.key) !== undefined);
      if (!isAgain) yield { rendering, message };
    }
  }
}

/** All of one, what waits behind all else; from this message on. */
function* messagesOf(
  { projection, readable }: Shown,
  from?: string,
): Generator<ProjectedMessage, void> {
  const waiting = readable.waiting();
  const placed = from === undefined ? undefined : projection.message(from);
  const waitingFrom = waiting.findIndex(({ key }) => key === from);
  if (waitingFrom === -1) yield* projection.messages(placed);
  yield* waiting.slice(Math.max(0, waitingFrom));
}

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
  const homes = homesOf(conversation, context);
  const start =
    from === undefined
      ? 0
      : homes.findLastIndex(({ readable }) => readable.message(from) !== undefined);
  const first = homes[start];
  if (first === undefined) return err('unknown-message');
  const page: Told[] = [];
  const all = toldOf(homes.slice(start), context, (home) =>
    messagesOf(home, home === first ? from : undefined),
  );
  for (const told of all) {
    page.push(told);
    if (page.length > limits.messagesPerPageMax) break;
  }
  const next = page[limits.messagesPerPageMax]?.message.key;
  return ok({ items: itemsOf(page.slice(0, limits.messagesPerPageMax), context), next });
};

/** Each file once, by the newest message that carries it. */
export const filesIn = (
  conversation: Conversation,
  context: ViewContext,
): ReadonlyArray<ListedFile> => {
  const carrying = toldOf(homesOf(conversation, context), context, ({ projection, readable }) => [
    ...projection.having('files'),
    ...readable.waiting().filter(({ payload }) => payload.attachments !== undefined),
  ]);
  const byId = new Map<string, ListedFile>();
  for (const item of itemsOf([...carrying], context).toReversed()) {
    const { key, author, attachments, isSticker } = item;
    if (isSticker === true) continue; // they are words more than files
    for (const view of attachments) {
      if (!byId.has(view.id)) byId.set(view.id, { key, isMine: author.isMe, view });
    }
  }
  return [...byId.values()];
};
