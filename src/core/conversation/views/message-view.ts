/** One message as it is shown, wherever it stands: in a log or in the outbox. */
import { toHex } from '../../../base/bytes.ts';
import type { View } from '../../../protocol/membership/membership.ts';
import type { Delivery, MessageItem } from '../../api.ts';
import { logKeyOf } from '../reading/content-limits.ts';
import { readingOf } from './attention-view.ts';
import type { Place, ProjectedMessage } from '../reading/projection.ts';
import { comparePlaces } from '../reading/sorted.ts';
import { contentOf } from './content-view.ts';
import { personOf } from './person-view.ts';
import type { Shown } from './shown.ts';
import { clampSentAt, type ViewContext } from './view-context.ts';

/** How many other people hold what lies at a place; undefined: it lies in no log yet. */
type DeliveryAt = (place: Place | undefined) => Delivery;

/** [RM5] Nobody will take it any more: its author went before it was on its way, or was seen. */
export const isBlocked = (conversation: Shown, place: Place | undefined): boolean => {
  if (place === undefined) return !conversation.isMember;
  return place.seq > conversation.limits.limitOf(logKeyOf(place.epochHex, place.writerHex));
};

/** Somebody whose having a message counts. */
interface Counted {
  readonly identityHex: string;
  readonly hasDevice: boolean;
  readonly devices: ReadonlyArray<string>;
}

/** A view never changes, and is asked about whenever anything is shown. */
const peopleByView = new WeakMap<View, ReadonlyArray<Counted>>();

const peopleIn = (view: View): ReadonlyArray<Counted> => {
  const known = peopleByView.get(view);
  if (known !== undefined) return known;
  const withDevice = new Set(view.devices.map(({ identityId }) => toHex(identityId)));
  const people = [...view.levels.keys()].map((identityHex) => ({
    identityHex,
    hasDevice: withDevice.has(identityHex),
    devices: view.identities.get(identityHex)?.log?.devices.map((d) => toHex(d.devSignPub)) ?? [],
  }));
  peopleByView.set(view, people);
  return people;
};

/** A view never changes; the epochs of a long group are many, and so may its people be. */
const readersByView = new WeakMap<View, Map<string, ReadonlySet<string>>>();

/** Who can open what lies in an epoch, now or once they are handed it. */
const readersOf = (conversation: Shown, epochHex: string): ReadonlySet<string> => {
  const { view } = conversation.membership;
  const byEpoch = readersByView.get(view) ?? new Map<string, ReadonlySet<string>>();
  readersByView.set(view, byEpoch);
  const readers = byEpoch.get(epochHex) ?? findReaders(conversation, epochHex);
  byEpoch.set(epochHex, readers);
  return readers;
};

const findReaders = (
  { epochs, membership: { opSet, view } }: Shown,
  epochHex: string,
): ReadonlySet<string> => {
  const op = opSet.nodeByKey.get(epochHex)?.op;
  if (op === undefined) return new Set();
  const epoch = { id: op.opId, idHex: epochHex };
  const readers = new Set(epochs.recipients(epoch).values());
  for (const { devSignPub, identityId } of view.devices) {
    if (epochs.mayRead(epoch, devSignPub)) readers.add(toHex(identityId));
  }
  return readers;
};

/**
 * Asked once for all the messages of a view: who is counted is the same for all of an epoch. [DL5] Who
 * has no device left is waited for by nobody; what a device that is out had, its person has. [DL6] Nor
 * is who cannot read it, for having come later.
 */
const deliveriesOf = (conversation: Shown, { ownHex, nowMs }: ViewContext): DeliveryAt => {
  const isSelf = conversation.kind === 'self';
  const people = peopleIn(conversation.membership.view).filter(
    ({ identityHex }) => (identityHex === ownHex) === isSelf,
  );
  return (place) => {
    const holds = (deviceHex: string): boolean =>
      place !== undefined && conversation.delivery.isHeldBy(deviceHex, place);
    const readers = place && readersOf(conversation, place.epochHex);
    const isMeant = ({ identityHex, hasDevice }: Counted): boolean =>
      !isSelf && hasDevice && readers?.has(identityHex) !== false;
    const having = people.filter((person) => person.devices.some(holds));
    const peopleCount = people.filter((p) => isMeant(p) || having.includes(p)).length;
    const haveCount = having.length;
    if (haveCount > 0) return { state: 'delivered', haveCount, peopleCount };
    const isParked = place !== undefined && conversation.delivery.isParked(place, nowMs);
    const state = isBlocked(conversation, place) ? 'blocked' : isParked ? 'parked' : 'saved';
    const isForNobody = !isSelf && readers?.size === 1 && readers.has(ownHex);
    return { state, haveCount, peopleCount, ...(isForNobody && { isForNobody }) };
  };
};

/** Its time was over, and others had it or it was theirs: nothing is left to be said of it. */
export const hasDisappeared = (
  { conversation, deliveryAt, context }: Rendering,
  message: ProjectedMessage,
): boolean => {
  if (message.isErased !== true) return false;
  if (conversation.readable.annotated(message.key).redaction !== undefined) return false;
  return message.authorHex !== context.ownHex || deliveryAt(message.place).haveCount > 0;
};

/** What the items of one view are made from. */
export interface Rendering {
  readonly conversation: Shown;
  readonly context: ViewContext;
  readonly deliveryAt: DeliveryAt;
  /** Of this person's messages the last one that somebody has read who can read what lies there. */
  readonly furthestRead: (place: Place) => ProjectedMessage | undefined;
}

export const renderingOf = (conversation: Shown, context: ViewContext): Rendering => {
  const reading = readingOf(conversation, context);
  const furthestByEpoch = new Map<string, ProjectedMessage | undefined>();
  return {
    conversation,
    context,
    deliveryAt: deliveriesOf(conversation, context),
    furthestRead: ({ epochHex }) => {
      if (furthestByEpoch.has(epochHex)) return furthestByEpoch.get(epochHex);
      const readers = readersOf(conversation, epochHex);
      const furthest = reading.furthest((personHex) => readers.has(personHex));
      furthestByEpoch.set(epochHex, furthest);
      return furthest;
    },
  };
};

/** As its author sees it: also that it was read, or disappeared before anybody had it. */
const ownDelivery = (
  { deliveryAt, furthestRead }: Rendering,
  message: ProjectedMessage,
): Delivery => {
  const delivery = deliveryAt(message.place);
  const { haveCount, state } = delivery;
  if (message.isErased === true && haveCount === 0) return { ...delivery, state: 'expired' };
  const furthest = message.place && furthestRead(message.place);
  const isRead = furthest !== undefined && comparePlaces(message, furthest) <= 0;
  return isRead && state !== 'blocked' ? { ...delivery, state: 'read' } : delivery;
};

export const shownMessage = (rendering: Rendering, message: ProjectedMessage): MessageItem => {
  const { conversation, context } = rendering;
  const author = personOf(conversation, message.authorHex, context);
  return {
    type: 'message',
    key: message.key,
    author,
    sentAtMs: clampSentAt(message.sentAt, context.nowMs),
    arrivedAtMs: message.arrivedAtMs,
    ...contentOf(conversation, message, context),
    delivery: author.isMe ? ownDelivery(rendering, message) : undefined,
  };
};

export const messageItem = (
  conversation: Shown,
  message: ProjectedMessage,
  context: ViewContext,
): MessageItem => shownMessage(renderingOf(conversation, context), message);
