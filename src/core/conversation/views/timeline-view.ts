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
const gapsIn = (
  conversation: Shown,
  { start, end }: Range,
  context: ViewContext,
): ReadonlyMap<number, ReadonlyArray<GapItem>> => {
  const byPosition = new Map<number, GapItem[]>();
  for (const gap of conversation.fold.gaps.current()) {
    const position = conversation.projection.countBefore(gap);
    if (position < start || position > end) continue;
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
  /** Items before these, and after them. */
  readonly earlierCount: number;
  readonly laterCount: number;
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

/** Positions among all items there are. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The items of one between two positions, what waits in the outbox behind all others. */
const itemsIn = (
  conversation: Shown,
  range: Range,
  context: ViewContext,
): ReadonlyArray<TimelineItem> => {
  const rendering = renderingOf(conversation, context);
  const { items } = conversation.projection;
  const [start, end] = [Math.max(0, range.start), Math.max(0, range.end)];
  const ofWaiting = (position: number): number => Math.max(0, position - items.length);
  const waiting = waitingIn(conversation).slice(ofWaiting(start), ofWaiting(end));
  const waitingItems = waiting.flatMap((item) =>
    item.type === 'message'
      ? shownMessage(rendering, item)
      : (noticeItem(conversation, item, context) ?? []),
  );
  const gaps = gapsIn(conversation, { start, end }, context);
  const shown = items.slice(start, end).flatMap((item, at): ReadonlyArray<TimelineItem> => {
    const view =
      item.type !== 'message'
        ? noticeItem(conversation, item, context)
        : isUnheard(item, context) || hasDisappeared(rendering, item)
          ? undefined
          : shownMessage(rendering, item);
    return [...(gaps.get(start + at) ?? []), ...(view === undefined ? [] : [view])];
  });
  if (end >= items.length) shown.push(...(gaps.get(items.length) ?? []));
  return [...shown, ...waitingItems];
};

/** [RG6] Nothing is done to it here: threads, for one, are in the old group. */
const asPast = (item: TimelineItem): TimelineItem =>
  item.type === 'message' ? { ...item, isPast: true, replyCount: 0 } : item;

/** The items between two positions; those of the past are the first. */
export const timelineOf = (
  { conversation, pasts }: WithPasts,
  { start, end }: Range,
  context: ViewContext,
): TimelineView => {
  const items: TimelineItem[] = [];
  let before = 0;
  const itemsOf = (one: Shown): ReadonlyArray<TimelineItem> => {
    const from = before;
    before += lengthOf(one);
    return itemsIn(one, { start: start - from, end: end - from }, context);
  };
  for (const [at, past] of pasts.entries()) {
    const later = [...pasts.slice(at + 1), conversation];
    const isNew = ({ type, key }: TimelineItem): boolean =>
      type !== 'message' || later.every((one) => one.projection.byKey(key) === undefined);
    items.push(...itemsOf(past).filter(isNew).map(asPast));
  }
  items.push(...itemsOf(conversation));
  // While older items come from disk there is always something before these.
  const earlierCount = conversation.opening.isUnderWay ? Math.max(1, start) : start;
  return { items, earlierCount, laterCount: Math.max(0, before - end) };
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
