/** What of a conversation is shown: plain values for core/api.ts, computed from what is held. */
import { toHex } from '../../../base/bytes.ts';
import { levels } from '../../../protocol/membership/op-bodies.ts';
import { readText } from '../../../protocol/payload.ts';
import type {
  Closed,
  ConversationDetails,
  ConversationSummary,
  Delivery,
  GapItem,
  InviteView,
  MemberView,
  MessageItem,
  Person,
  Presence,
  TimelineItem,
  TruthLine,
} from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import type { Content } from '../../epochs/epoch-logs.ts';
import { troublesOf } from './troubles.ts';
import { onlyHereCount, safetyOf } from './safety.ts';
import { logKeyOf } from './content-limits.ts';
import { levelName, noticeOf } from './notices.ts';
import { permitsOf } from '../membership/acts.ts';
import { messageKey, type Place, type ProjectedItem, type ProjectedMessage } from './projection.ts';

/** What a view needs to know beside the conversation. */
export interface ViewContext {
  readonly ownHex: string;
  readonly ownName: string;
  readonly nowMs: number;
  readonly isOnline: boolean;
  /** The best state of any relay, and when the next attempt is. */
  readonly relay: 'up' | 'connecting' | 'unreachable' | 'none';
  readonly retryMs: number | undefined;
}

/** Times far off are shown at the edge of what can be true (PROTOCOL §5). */
const earliestMs = 1_577_836_800_000; // 2020-01-01
const aheadMaxMs = 5 * 60_000;

const clampSentAt = (sentAtMs: number, nowMs: number): number =>
  Math.min(Math.max(sentAtMs, earliestMs), nowMs + aheadMaxMs);

export const personOf = (
  conversation: Conversation,
  identityHex: string,
  { ownHex, ownName }: ViewContext,
): Person => {
  const isMe = identityHex === ownHex;
  const name = isMe ? ownName : (conversation.nameOf(identityHex) ?? identityHex.slice(0, 8));
  return { id: identityHex, name, isMe };
};

const otherMembers = (conversation: Conversation, ownHex: string): ReadonlyArray<string> =>
  [...conversation.membership.view.levels.keys()].filter((identityHex) => identityHex !== ownHex);

/** How many other people hold what lies at a place; undefined: it lies in no log yet. */
type DeliveryAt = (place: Place | undefined) => Delivery;

/** [RM5] Nobody will take it any more: its author went before it was on its way, or was seen. */
const isBlocked = (conversation: Conversation, place: Place | undefined): boolean => {
  if (place === undefined) return !conversation.isMember;
  return place.seq > conversation.limits.limitOf(logKeyOf(place.epochHex, place.writerHex));
};

/** Asked once for all the messages of a view: who is counted is the same for each of them. */
const deliveriesOf = (conversation: Conversation, { ownHex, nowMs }: ViewContext): DeliveryAt => {
  const others = otherMembers(conversation, ownHex);
  const devicesByPerson = new Map<string, string[]>(
    (conversation.kind === 'self' ? [ownHex] : others).map((identityHex) => [identityHex, []]),
  );
  for (const { identityId, devSignPub } of conversation.membership.view.devices) {
    devicesByPerson.get(toHex(identityId))?.push(toHex(devSignPub));
  }
  const people = [...devicesByPerson.values()];
  return (place) => {
    const haveCount =
      place === undefined
        ? 0
        : people.filter((devices) =>
            devices.some((deviceHex) => conversation.delivery.isHeldBy(deviceHex, place)),
          ).length;
    if (haveCount > 0) return { state: 'delivered', haveCount, peopleCount: others.length };
    const isParked = place !== undefined && conversation.delivery.isParked(place, nowMs);
    const state = isBlocked(conversation, place) ? 'blocked' : isParked ? 'parked' : 'saved';
    return { state, haveCount, peopleCount: others.length };
  };
};

/** What the items of one view are made from. */
interface Rendering {
  readonly conversation: Conversation;
  readonly context: ViewContext;
  readonly deliveryAt: DeliveryAt;
}

const renderingOf = (conversation: Conversation, context: ViewContext): Rendering => ({
  conversation,
  context,
  deliveryAt: deliveriesOf(conversation, context),
});

const shownMessage = (
  { conversation, context, deliveryAt }: Rendering,
  message: ProjectedMessage,
): MessageItem => {
  const author = personOf(conversation, message.authorHex, context);
  return {
    type: 'message',
    key: message.key,
    author,
    text: message.text,
    sentAtMs: clampSentAt(message.sentAt, context.nowMs),
    arrivedAtMs: message.arrivedAtMs,
    isEdited: false,
    delivery: author.isMe ? deliveryAt(message.place) : undefined,
  };
};

export const messageItem = (
  conversation: Conversation,
  message: ProjectedMessage,
  context: ViewContext,
): MessageItem => shownMessage(renderingOf(conversation, context), message);

const shownWaiting = (
  { conversation, context, deliveryAt }: Rendering,
  { mid, sentAt, payload }: Content,
): MessageItem => ({
  type: 'message',
  key: messageKey(context.ownHex, mid),
  author: personOf(conversation, context.ownHex, context),
  text: readText(payload)?.text ?? '',
  sentAtMs: clampSentAt(sentAt, context.nowMs),
  arrivedAtMs: undefined,
  isEdited: false,
  delivery: deliveryAt(undefined),
});

/** Composed and not appended: at the end, where it will be. */
export const waitingItem = (
  conversation: Conversation,
  content: Content,
  context: ViewContext,
): MessageItem => shownWaiting(renderingOf(conversation, context), content);

const noticeItem = (
  conversation: Conversation,
  { key, opKey, sentAt }: Extract<ProjectedItem, { type: 'notice' }>,
  context: ViewContext,
): TimelineItem | undefined => {
  const op = conversation.membership.opByKey(opKey);
  const person = (identityHex: string): Person => personOf(conversation, identityHex, context);
  const notice = op && noticeOf(conversation, op, person);
  return notice && { type: 'notice', key, atMs: clampSentAt(sentAt, context.nowMs), notice };
};

/** By the position before which they stand. */
const gapsFrom = (
  conversation: Conversation,
  start: number,
  context: ViewContext,
): ReadonlyMap<number, ReadonlyArray<GapItem>> => {
  const byPosition = new Map<number, GapItem[]>();
  for (const gap of conversation.fold.gaps.current()) {
    const position = conversation.projection.countBefore(gap);
    if (position < start) continue;
    const { key, deviceHex, missingCount } = gap;
    const identityHex = deviceHex === undefined ? undefined : conversation.identityOf(deviceHex);
    const author =
      identityHex === undefined ? undefined : personOf(conversation, identityHex, context);
    const item: GapItem = { type: 'gap', key, author, missingCount };
    byPosition.set(position, [...(byPosition.get(position) ?? []), item]);
  }
  return byPosition;
};

export interface TimelineView {
  readonly items: ReadonlyArray<TimelineItem>;
  readonly earlierCount: number;
}

/** All items there are, shown or not. */
export const timelineLength = ({ outbox, projection }: Conversation): number =>
  projection.items.length + outbox.waiting.filter(({ type }) => type === 'text').length;

/** The items from position `start` on, what waits in the outbox at the end. */
export const timelineOf = (
  conversation: Conversation,
  start: number,
  context: ViewContext,
): TimelineView => {
  const rendering = renderingOf(conversation, context);
  const waiting = conversation.outbox.waiting
    .filter(({ type }) => type === 'text')
    .map((content) => shownWaiting(rendering, content));
  const gaps = gapsFrom(conversation, start, context);
  const { items } = conversation.projection;
  const shown = items.slice(start).flatMap((item, at): ReadonlyArray<TimelineItem> => {
    const view =
      item.type === 'message'
        ? shownMessage(rendering, item)
        : noticeItem(conversation, item, context);
    return [...(gaps.get(start + at) ?? []), ...(view === undefined ? [] : [view])];
  });
  shown.push(...(gaps.get(items.length) ?? []));
  return { items: [...shown, ...waiting], earlierCount: start };
};

export const truthOf = (conversation: Conversation, context: ViewContext): TruthLine => {
  if (conversation.kind === 'self') return { kind: 'only-you' };
  if (!conversation.isMember) return { kind: 'alone' };
  if (!context.isOnline) return { kind: 'offline' };
  const { peers } = conversation;
  const lacking = peers.reduce((most, { lackingCount }) => Math.max(most, lackingCount), 0);
  if (lacking > 0) {
    const held = conversation.epochs
      .held()
      .reduce((sum, epoch) => sum + conversation.logs.size(epoch).entries, 0);
    return { kind: 'catching-up', haveCount: held, totalCount: held + lacking };
  }
  const people = new Set(peers.map(({ deviceHex }) => conversation.identityOf(deviceHex)));
  people.delete(context.ownHex);
  people.delete(undefined);
  const peopleCount = otherMembers(conversation, context.ownHex).length;
  if (people.size > 0) {
    const kind = peers.some(({ path }) => path === 'direct') ? 'direct' : 'relayed';
    return { kind, onlineCount: people.size, peopleCount };
  }
  if (context.relay === 'connecting') return { kind: 'connecting' };
  if (context.relay === 'unreachable') return { kind: 'no-relay', retryMs: context.retryMs };
  return { kind: 'alone' };
};

const presenceOf = (conversation: Conversation, identityHex: string): Presence => {
  const own = conversation.peers.filter(
    ({ deviceHex }) => conversation.identityOf(deviceHex) === identityHex,
  );
  if (own.length > 0) {
    return { kind: 'here', path: own.some(({ path }) => path === 'direct') ? 'direct' : 'relayed' };
  }
  const atMs = conversation.notes.heardMs(identityHex);
  return atMs === undefined ? { kind: 'unknown' } : { kind: 'heard', atMs };
};

const memberView = (
  conversation: Conversation,
  identityHex: string,
  context: ViewContext,
): MemberView => {
  const { view } = conversation.membership;
  const permits = permitsOf(conversation, context.ownHex, identityHex);
  return {
    person: personOf(conversation, identityHex, context),
    level: levelName[view.levels.get(identityHex) ?? levels.reader] ?? 'reader',
    presence: presenceOf(conversation, identityHex),
    deviceCount: view.devices.filter(({ identityId }) => toHex(identityId) === identityHex).length,
    troubles: troublesOf(conversation, identityHex),
    permits: {
      levels: permits.levels.map((level) => levelName[level] ?? 'reader'),
      mayRemove: permits.mayRemove,
      mayRegroup: permits.mayRegroup,
    },
  };
};

export const detailsOf = (
  conversation: Conversation,
  invites: ReadonlyArray<InviteView>,
  context: ViewContext,
): ConversationDetails => ({
  conversationId: conversation.id,
  members: [...conversation.membership.view.levels.keys()].map((identityHex) =>
    memberView(conversation, identityHex, context),
  ),
  invites,
  safety: safetyOf(conversation, context.nowMs),
});

export const nameOfConversation = (conversation: Conversation, context: ViewContext): string => {
  const { view } = conversation.membership;
  if (view.kind === 'group') return view.name;
  if (view.kind !== 'direct') return '';
  const [other] = otherMembers(conversation, context.ownHex);
  return other === undefined ? '' : personOf(conversation, other, context).name;
};

/** What waits comes after everything else; notices are no messages. */
const lastMessageOf = (
  conversation: Conversation,
  context: ViewContext,
): MessageItem | undefined => {
  const waiting = conversation.outbox.waiting.findLast(({ type }) => type === 'text');
  if (waiting !== undefined) return waitingItem(conversation, waiting, context);
  const last = conversation.projection.items.findLast((item) => item.type === 'message');
  return last?.type === 'message' ? messageItem(conversation, last, context) : undefined;
};

/** Why this person cannot write here, if so. */
const closedFor = (conversation: Conversation, context: ViewContext): Closed | undefined => {
  const { membership } = conversation;
  const level = membership.view.levels.get(context.ownHex);
  if (level !== undefined) {
    const isIn = membership.view.devices.some(
      ({ devSignPub }) => toHex(devSignPub) === conversation.deviceHex,
    );
    if (!isIn) return { kind: 'two-histories' };
    return level === levels.reader ? { kind: 'reader' } : undefined;
  }
  const departure = membership.departureOf(context.ownHex);
  if (departure?.body.type === 'leave') return { kind: 'left' };
  const by = departure && personOf(conversation, toHex(departure.identityId), context);
  return { kind: 'removed', by };
};

export const summaryOf = (
  conversation: Conversation,
  context: ViewContext,
): ConversationSummary => {
  const lastMessage = lastMessageOf(conversation, context);
  // Notes to self wait for nobody.
  const waitsForNobody = conversation.kind === 'self' || !conversation.isMember;
  const waitingOwn = waitsForNobody ? 0 : onlyHereCount(conversation, context.nowMs);
  return {
    id: conversation.id,
    kind: conversation.kind,
    name: nameOfConversation(conversation, context),
    lastLine: lastMessage && {
      author: lastMessage.author,
      text: lastMessage.text,
      atMs: lastMessage.sentAtMs,
    },
    draft: conversation.notes.draft,
    unreadCount: Math.max(0, conversation.fold.othersCount - conversation.notes.readCount),
    waitingCount: waitingOwn,
    peopleCount: conversation.membership.view.levels.size,
    truth: truthOf(conversation, context),
    activeAtMs: Math.max(lastMessage?.sentAtMs ?? 0, conversation.notes.createdAtMs),
    failure: conversation.errorId === undefined ? undefined : { errorId: conversation.errorId },
    closed: closedFor(conversation, context),
  };
};
