/** One message as it is shown, wherever it stands: in a log or in the outbox. */
import { toHex } from '../../../base/bytes.ts';
import type { Delivery, MessageItem } from '../../api.ts';
import { mailboxHolder } from '../delivery.ts';
import type { Conversation } from '../conversation.ts';
import { logKeyOf } from '../reading/content-limits.ts';
import type { Place, ProjectedMessage } from '../reading/projection.ts';
import { contentOf } from './content-view.ts';
import { clampSentAt, otherMembers, personOf, type ViewContext } from './people.ts';

/** How many other people hold what lies at a place; undefined: it lies in no log yet. */
type DeliveryAt = (place: Place | undefined) => Delivery;

/** [RM5] Nobody will take it any more: its author went before it was on its way, or was seen. */
export const isBlocked = (conversation: Conversation, place: Place | undefined): boolean => {
  if (place === undefined) return !conversation.isMember;
  return place.seq > conversation.limits.limitOf(logKeyOf(place.epochHex, place.writerHex));
};

/** Asked once for all the messages of a view: who is counted is the same for each of them. */
const deliveriesOf = (conversation: Conversation, { ownHex }: ViewContext): DeliveryAt => {
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
    const isParked = place !== undefined && conversation.delivery.isHeldBy(mailboxHolder, place);
    const state = isBlocked(conversation, place) ? 'blocked' : isParked ? 'parked' : 'saved';
    return { state, haveCount, peopleCount: others.length };
  };
};

/** What the items of one view are made from. */
export interface Rendering {
  readonly conversation: Conversation;
  readonly context: ViewContext;
  readonly deliveryAt: DeliveryAt;
}

export const renderingOf = (conversation: Conversation, context: ViewContext): Rendering => ({
  conversation,
  context,
  deliveryAt: deliveriesOf(conversation, context),
});

export const shownMessage = (
  { conversation, context, deliveryAt }: Rendering,
  message: ProjectedMessage,
): MessageItem => {
  const author = personOf(conversation, message.authorHex, context);
  return {
    type: 'message',
    key: message.key,
    author,
    sentAtMs: clampSentAt(message.sentAt, context.nowMs),
    arrivedAtMs: message.arrivedAtMs,
    ...contentOf(conversation, message, context),
    delivery: author.isMe ? deliveryAt(message.place) : undefined,
  };
};

export const messageItem = (
  conversation: Conversation,
  message: ProjectedMessage,
  context: ViewContext,
): MessageItem => shownMessage(renderingOf(conversation, context), message);
