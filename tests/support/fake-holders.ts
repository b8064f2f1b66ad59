/** Who holds what in the fake core: the first `haveCount` others, on the first of their devices. */
import { err, ok, type Result } from '../../src/base/result.ts';
import type {
  CommandError,
  MessageDetails,
  MessageItem,
  PersonHolding,
  Safety,
} from '../../src/core/api.ts';
import type { FakeConversation } from './fake-core.ts';

const ownMessages = ({ items }: FakeConversation): ReadonlyArray<MessageItem> =>
  items.filter((item) => item.type === 'message').filter(({ author }) => author.isMe);

const holdersOf = ({ members }: FakeConversation, haveCount: number): PersonHolding[] =>
  members
    .toSorted((a, b) => Number(a.person.isMe) - Number(b.person.isMe))
    .map(({ person, deviceCount }, index) => ({
      person,
      readAtMs: undefined,
      devices: Array.from({ length: deviceCount }, (_, at) => ({
        deviceId: `${person.id}-${at}`,
        isThis: person.isMe && at === 0,
        holding: (person.isMe || index < haveCount) && at === 0 ? 'has' : 'waiting',
      })),
    }));

export const inspectFake = (
  conversation: FakeConversation,
  key: string,
): Result<MessageDetails, CommandError> => {
  const item = conversation.items.find((other) => other.key === key);
  if (item?.type !== 'message') return err('unknown-message');
  const { delivery } = item;
  return ok({
    item,
    holders: delivery === undefined ? [] : holdersOf(conversation, delivery.haveCount),
  });
};

export const safetyOfFake = (conversation: FakeConversation): Safety => {
  const own = ownMessages(conversation);
  const counts = own.map(({ delivery }) => delivery?.haveCount ?? 0);
  return {
    ownCount: own.length,
    onlyHereCount: counts.filter((count) => count === 0).length,
    fullDeviceCount: own.length === 0 ? 0 : Math.min(...counts),
    onlyHereFileCount: own
      .flatMap(({ attachments }) => attachments)
      .filter(({ state }) => state.kind === 'here' && state.holderCount === 0).length,
  };
};
