/** One message looked at closely: when it was written, when it came, who has it on which devices. */
import { toHex } from '../../../base/bytes.ts';
import type { DeviceHolding, Holding, MessageDetails, PersonHolding } from '../../api.ts';
import type { Conversation } from '../conversation.ts';
import { readingOf } from './attention-view.ts';
import { personOf } from './person-view.ts';
import { messageItem } from './message-view.ts';
import type { ViewContext } from './view-context.ts';
import type { Place, ProjectedMessage } from '../reading/projection.ts';

/** Undefined: there is no such message here. */
export const messageDetailsOf = (
  conversation: Conversation,
  key: string,
  context: ViewContext,
): MessageDetails | undefined => {
  const message = conversation.readable.message(key);
  if (message === undefined) return undefined;
  const item = messageItem(conversation, message, context);
  return { item, holders: item.author.isMe ? holdersOf(conversation, message, context) : [] };
};

/** [WI2] Each member with each device; what lies in no log yet is on this device alone. */
const holdersOf = (
  conversation: Conversation,
  message: ProjectedMessage,
  context: ViewContext,
): ReadonlyArray<PersonHolding> => {
  const { view } = conversation.membership;
  const holdingOf = holdingAt(conversation, message.place);
  const reading = readingOf(conversation, context);
  const people = [...view.levels.keys()].map((identityHex): PersonHolding => {
    const devices = view.devices
      .filter(({ identityId }) => toHex(identityId) === identityHex)
      .map(({ devSignPub }): DeviceHolding => {
        const deviceId = toHex(devSignPub);
        const isThis = deviceId === conversation.deviceHex;
        return { deviceId, isThis, holding: isThis ? 'has' : holdingOf(devSignPub) };
      });
    const person = personOf(conversation, identityHex, context);
    const readAtMs = reading.readAtMs(identityHex, message);
    return { person, devices, readAtMs };
  });
  return people.sort((a, b) => Number(a.person.isMe) - Number(b.person.isMe));
};

const holdingAt = (
  { logs, epochs, delivery }: Conversation,
  place: Place | undefined,
): ((devSignPub: Uint8Array) => Holding) => {
  const epoch = place && logs.byId(place.epochHex);
  return (devSignPub) => {
    if (place === undefined || epoch === undefined) return 'waiting';
    if (delivery.isHeldBy(toHex(devSignPub), place)) return 'has';
    return epochs.mayRead(epoch, devSignPub) ? 'waiting' : 'not-meant';
  };
};
