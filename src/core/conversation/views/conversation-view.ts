/** What of a conversation is shown: plain values for core/api.ts, computed from what is held. */
import { toHex } from '../../../base/bytes.ts';
import { levels } from '../../../protocol/membership/op-bodies.ts';
import type {
  Closed,
  ConversationDetails,
  ConversationSummary,
  LastLine,
  MemberView,
  Person,
  TruthLine,
} from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { troublesOf } from './troubles.ts';
import { onlyHereCount, safetyOf } from './safety.ts';
import { levelName } from './notices.ts';
import { permitsOf } from '../membership/acts.ts';
import { attentionOf } from './attention-view.ts';
import { personOf, presenceOf } from './person-view.ts';
import { isMentioning, lineOf, pinsOf } from './content-view.ts';
import { clampSentAt, otherMembers, type ViewContext } from './view-context.ts';
import { timerOf } from '../content/timer.ts';

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
    presence: presenceOf(conversation, identityHex, context),
    deviceCount: view.devices.filter(({ identityId }) => toHex(identityId) === identityHex).length,
    troubles: troublesOf(conversation, identityHex),
    isBlocked: context.settings.isBlocked(identityHex),
    permits: {
      levels: permits.levels.map((level) => levelName[level] ?? 'reader'),
      mayRemove: permits.mayRemove,
      mayRegroup: permits.mayRegroup,
    },
  };
};

export const detailsOf = (
  conversation: Conversation,
  beside: Pick<ConversationDetails, 'invites' | 'scheduled'>,
  context: ViewContext,
): ConversationDetails => ({
  conversationId: conversation.id,
  members: [...conversation.membership.view.levels.keys()].map((identityHex) =>
    memberView(conversation, identityHex, context),
  ),
  ...beside,
  safety: safetyOf(conversation, context),
  pins: pinsOf(conversation, context),
  fetchRules: conversation.notes.fetchRules,
  beingErasedCount: conversation.erasing.underWayCount,
});

const otherOf = (conversation: Conversation, context: ViewContext): Person | undefined => {
  if (conversation.kind !== 'direct') return undefined;
  const [other] = otherMembers(conversation, context.ownHex);
  return other === undefined ? undefined : personOf(conversation, other, context);
};

/** What waits comes after everything else; notices are no messages. */
const lastLineOf = (conversation: Conversation, context: ViewContext): LastLine | undefined => {
  const message = conversation.readable.last(
    ({ key, authorHex, isErased }) =>
      !context.settings.isBlocked(authorHex) &&
      (isErased !== true || conversation.readable.annotated(key).redaction !== undefined),
  );
  return (
    message && {
      author: personOf(conversation, message.authorHex, context),
      atMs: clampSentAt(message.sentAt, context.nowMs),
      ...lineOf(conversation, message),
    }
  );
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
  const lastLine = lastLineOf(conversation, context);
  const other = otherOf(conversation, context);
  const { view } = conversation.membership;
  // Notes to self wait for nobody.
  const waitsForNobody = conversation.kind === 'self' || !conversation.isMember;
  const waitingOwn = waitsForNobody ? 0 : onlyHereCount(conversation, context.nowMs);
  return {
    ...attentionOf(conversation, context, (message) =>
      isMentioning(conversation, message, context.ownHex),
    ),
    id: conversation.id,
    kind: conversation.kind,
    name: view.kind === 'group' ? view.name : (other?.name ?? ''),
    other,
    lastLine,
    waitingCount: waitingOwn,
    peopleCount: view.levels.size,
    truth: truthOf(conversation, context),
    activeAtMs: Math.max(lastLine?.atMs ?? 0, conversation.notes.createdAtMs),
    failure: conversation.errorId === undefined ? undefined : { errorId: conversation.errorId },
    closed: closedFor(conversation, context),
    timerMs: timerOf(conversation),
  };
};
