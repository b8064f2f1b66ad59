/** What people do with messages in the simulation, and what each then sees of them. */
import type {
  Command,
  CommandError,
  CommandValues,
  Draft,
  MessageItem,
} from '../../src/core/api.ts';
import { conversationIdOf } from './members.ts';
import type { Peer } from './peer.ts';
import type { History } from './run.ts';

/** In the conversation that the history is about; it must work. */
export const act = async <C extends Command>(
  history: History,
  peer: Peer,
  command: (conversationId: string) => C,
): Promise<CommandValues[C['type']]> => {
  const asked = command(conversationIdOf(history, peer));
  const done = await peer.do(asked);
  if (!done.ok) throw new Error(`${peer.name} cannot ${asked.type}: ${done.error}`);
  return done.value;
};

/** The same, where it must not. */
export const refused = async (
  history: History,
  peer: Peer,
  command: (conversationId: string) => Command,
): Promise<CommandError | undefined> => {
  const done = await peer.do(command(conversationIdOf(history, peer)));
  return done.ok ? undefined : done.error;
};

export const write = async (
  history: History,
  peer: Peer,
  draft: Draft | string,
): Promise<string> => {
  const whole = typeof draft === 'string' ? { text: draft } : draft;
  const { key } = await act(history, peer, (conversationId) => ({
    type: 'SendMessage' as const,
    conversationId,
    ...whole,
  }));
  return key;
};

export const seen = (peer: Peer, key: string): MessageItem => {
  const item = peer.messages.find((message) => message.key === key);
  if (item === undefined) throw new Error(`${peer.name} does not see it`);
  return item;
};

/** What everybody must see alike: names instead of who "me" is. */
export const commonView = ({ messages }: Peer): ReadonlyArray<unknown> =>
  messages.map((item) => ({
    key: item.key,
    author: item.author.name,
    text: item.text,
    mentions: item.mentions,
    quote: item.replyTo && [item.replyTo.state, item.replyTo.text, item.replyTo.author?.name],
    replyCount: item.replyCount,
    threadOf: item.threadOf,
    isEdited: item.isEdited,
    isPinned: item.isPinned,
    isForwarded: item.isForwarded,
    isDeleted: item.deletion !== undefined,
    reactions: item.reactions.map(({ emoji, people }) => [emoji, people.map(({ name }) => name)]),
    poll: item.poll?.options.map(({ text, count, people }) => [
      text,
      count,
      people.map(({ name }) => name),
    ]),
    location: item.location,
    card: item.card?.person.name,
    timer: item.disappearing?.timerMs,
  }));
