/** The timeline and the threads of a conversation as they are shown. */
import type { GapItem, MessageItem, Notice, Person, TimelineItem } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { noticeOf } from './notices.ts';
import type { ProjectedItem, ProjectedMessage, ProjectedTimer } from '../reading/projection.ts';
import { comparePlaces } from '../reading/sorted.ts';
import { hasDisappeared, renderingOf, shownMessage } from './message-view.ts';
import { leftOutOf, predecessorOf, type Past } from './past.ts';
import { personOf } from './person-view.ts';
import type { Shown } from './shown.ts';
import { clampSentAt, type ViewContext } from './view-context.ts';

const noticeItem = (
  conversation: Shown,
  item: Exclude<ProjectedItem, { type: 'message' }>,
  context: ViewContext,
): TimelineItem | undefined => {
  const { key, sentAt } = item;
  const person = (identityHex: string) => personOf(conversation, identityHex, context);
  const op = item.type === 'notice' ? conversation.membership.opByKey(item.opKey) : undefined;
  const said =
    item.type === 'timer'
      ? timerNotice(conversation, item, person)
      : op && noticeOf(conversation, op, person);
  if (said === undefined) return undefined;
  const isAnew =
    said.kind === 'created' && predecessorOf(conversation.membership.view) !== undefined;
  const notice: Notice = isAnew
    ? { kind: 'regrouped', by: said.by, without: leftOutOf(conversation, context) }
    : said;
  return { type: 'notice', key, atMs: clampSentAt(sentAt, context.nowMs), notice };
};

/** [TI2] In a group the policy says it (TI1), and what else anybody writes says nothing. */
const timerNotice = (
  { kind }: Shown,
  { byHex, timerMs }: ProjectedTimer,
  person: (identityHex: string) => Person,
): Notice | undefined =>
  kind === 'group' ? undefined : { kind: 'timer', by: person(byHex), timerMs };

/** By the position before which they stand. */
const gapsFrom = (
  conversation: Shown,
  start: number,
  context: ViewContext,
): ReadonlyMap<number, ReadonlyArray<GapItem>> => {
  const byPosition = new Map<number, GapItem[]>();
  for (const gap of conversation.fold.gaps.current()) {
    const position = conversation.projection.countBefore(gap);
    if (position < start) continue;
    const { key, deviceHex, missingCount } = gap;
    const identityHex = deviceHex === undefined ? undefined : conversation.identityOf(deviceHex);
    if (identityHex !== undefined && context.settings.isBlocked(identityHex)) continue;
    const author =
      identityHex === undefined ? undefined : personOf(conversation, identityHex, context);
    const item: GapItem = { type: 'gap', key, author, missingCount };
    byPosition.set(position, [...(byPosition.get(position) ?? []), item]);
  }
  return byPosition;
};

/** [BK1] Nothing is shown of who is blocked, and all of it again when they no longer are. */
const isUnheard = ({ authorHex }: ProjectedMessage, { settings }: ViewContext): boolean =>
  settings.isBlocked(authorHex);

export interface TimelineView {
  readonly items: ReadonlyArray<TimelineItem>;
  readonly earlierCount: number;
}

/** Composed and not appended, and in no thread: at the end, where they will be. */
export const waitingIn = ({ readable }: Shown): ReadonlyArray<ProjectedMessage | ProjectedTimer> =>
  [
    ...readable.waiting().filter((message) => readable.rootOf(message) === undefined),
    ...readable.waitingTimers(),
  ].sort(comparePlaces);

/** All items there are, shown or not. */
export const lengthOf = (conversation: Shown): number =>
  conversation.projection.items.length + waitingIn(conversation).length;

/** A conversation, and what lies before it. */
export interface WithPasts {
  readonly conversation: Conversation;
  /** The oldest first. */
  readonly pasts: ReadonlyArray<Past>;
}

export const timelineLength = ({ conversation, pasts }: WithPasts): number =>
  [...pasts, conversation].reduce((sum, one) => sum + lengthOf(one), 0);

/** The items of one from position `start` on, what waits in the outbox behind all others. */
const itemsFrom = (
  conversation: Shown,
  start: number,
  context: ViewContext,
): ReadonlyArray<TimelineItem> => {
  const rendering = renderingOf(conversation, context);
  const { items } = conversation.projection;
  const waitingStart = Math.max(0, start - items.length);
  const waiting = waitingIn(conversation).slice(waitingStart);
  const waitingItems = waiting.flatMap((item) =>
    item.type === 'message'
      ? shownMessage(rendering, item)
      : (noticeItem(conversation, item, context) ?? []),
  );
  const gaps = gapsFrom(conversation, start, context);
  const shown = items.slice(start).flatMap((item, at): ReadonlyArray<TimelineItem> => {
    const view =
      item.type !== 'message'
        ? noticeItem(conversation, item, context)
        : isUnheard(item, context) || hasDisappeared(rendering, item)
          ? undefined
          : shownMessage(rendering, item);
    return [...(gaps.get(start + at) ?? []), ...(view === undefined ? [] : [view])];
  });
  shown.push(...(gaps.get(items.length) ?? []));
  return [...shown, ...waitingItems];
};

/** [RG6] Nothing is done to it here: threads, for one, are in the old group. */
const asPast = (item: TimelineItem): TimelineItem =>
  item.type === 'message' ? { ...item, isPast: true, replyCount: 0 } : item;

/** The items from position `start` on; those of the past first. */
export const timelineOf = (
  { conversation, pasts }: WithPasts,
  start: number,
  context: ViewContext,
): TimelineView => {
  const items: TimelineItem[] = [];
  let left = start;
  for (const [at, past] of pasts.entries()) {
    const length = lengthOf(past);
    const later = [...pasts.slice(at + 1), conversation];
    const isNew = ({ type, key }: TimelineItem): boolean =>
      type !== 'message' || later.every((one) => one.projection.byKey(key) === undefined);
    if (left < length) items.push(...itemsFrom(past, left, context).filter(isNew).map(asPast));
    left = Math.max(0, left - length);
  }
  return { items: [...items, ...itemsFrom(conversation, left, context)], earlierCount: start };
};

export interface ThreadView {
  readonly root: MessageItem;
  readonly items: ReadonlyArray<MessageItem>;
}

/** Undefined: no thread can grow there any more. */
export const threadView = (
  conversation: Conversation,
  rootKey: string,
  context: ViewContext,
): ThreadView | undefined => {
  const { readable } = conversation;
  const root = readable.message(rootKey);
  if (root === undefined || !readable.isRoot(rootKey)) return undefined;
  const rendering = renderingOf(conversation, context);
  return {
    root: shownMessage(rendering, root),
    items: readable
      .thread(rootKey)
      .filter((message) => !isUnheard(message, context) && !hasDisappeared(rendering, message))
      .map((message) => shownMessage(rendering, message)),
  };
};
