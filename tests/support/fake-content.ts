/** What the fake core does with messages: each command has its visible effect, at once. */
import { err, ok, type Result } from '../../src/base/result.ts';
import type {
  CommandError,
  CommandValues,
  ContentCommand,
  Draft,
  MessageItem,
  Person,
  Poll,
  Quote,
  Reaction,
} from '../../src/core/api.ts';
import { attachmentsLine } from '../../src/core/attachments-line.ts';
import { keepFiles } from './fake-attachments.ts';
import { messageIn, type FakeConversation, type FakeHost } from './fake-host.ts';

/** Files have a model of their own. */
import { plainContent } from './plain.ts';

export type Answer = Result<CommandValues[keyof CommandValues], CommandError>;

const done: Answer = ok(undefined);

export const quoteOf = (conversation: FakeConversation, key: string): Quote => {
  const target = messageIn(conversation, key);
  if (target === undefined) return { key, author: undefined, text: '', state: 'missing' };
  return target.deletion === undefined
    ? {
        key,
        author: target.author,
        text: target.text,
        attachments: attachmentsLine(target.attachments),
        state: 'here',
      }
    : { key, author: undefined, text: '', state: 'deleted' };
};

/** A message by somebody, with what the draft has besides its text. */
export const writeDraft = (
  host: FakeHost,
  conversation: FakeConversation,
  { author, ...draft }: Draft & { readonly author: Person },
): MessageItem => {
  const { timerMs } = conversation;
  const mentions = draft.mentions ?? [];
  const card = conversation.members.find(({ person }) => person.id === draft.cardOf)?.person;
  return {
    type: 'message',
    key: host.freshKey('m'),
    author,
    text: draft.text,
    sentAtMs: host.now(),
    arrivedAtMs: author.isMe ? undefined : host.now(),
    ...plainContent,
    mentions,
    isMentioningMe:
      !author.isMe &&
      mentions.some(({ personId }) => personId === undefined || personId === host.me?.id),
    replyTo: draft.replyTo === undefined ? undefined : quoteOf(conversation, draft.replyTo),
    threadOf: draft.threadOf,
    location: draft.location,
    attachments: keepFiles(host, draft.attachments ?? []),
    ...(draft.isSticker === true && { isSticker: true }),
    card: card === undefined ? undefined : { person: card, isReachable: true },
    disappearing:
      timerMs === undefined ? undefined : { timerMs, expiresAtMs: host.now() + timerMs },
    delivery: author.isMe
      ? { state: 'saved', haveCount: 0, peopleCount: conversation.members.length - 1 }
      : undefined,
  };
};

/** Into the thread it belongs to, or at the end of the conversation. */
export const place = (
  host: FakeHost,
  conversation: FakeConversation,
  item: MessageItem,
): MessageItem => {
  const { threadOf } = item;
  if (threadOf === undefined) {
    host.append(conversation, item);
    return item;
  }
  conversation.threads ??= new Map();
  const thread = [...(conversation.threads.get(threadOf) ?? []), item];
  conversation.threads.set(threadOf, thread);
  const root = messageIn(conversation, threadOf);
  if (root !== undefined) {
    host.replace(conversation, threadOf, { ...root, replyCount: thread.length });
  }
  return item;
};

export const reacted = (
  reactions: ReadonlyArray<Reaction>,
  { emoji, person, isOn }: { emoji: string; person: Person; isOn: boolean },
): ReadonlyArray<Reaction> => {
  const before = reactions.find((reaction) => reaction.emoji === emoji);
  const others = (before?.people ?? []).filter(({ id }) => id !== person.id);
  const people = isOn ? [...others, person] : others;
  const after = { emoji, people, isMine: people.some(({ isMe }) => isMe) };
  if (before === undefined) return isOn ? [...reactions, after] : reactions;
  return reactions.flatMap((reaction) => {
    if (reaction !== before) return [reaction];
    return people.length === 0 ? [] : [after];
  });
};

const voted = (poll: Poll, me: Person, choices: ReadonlyArray<number>): Poll => {
  const hadVoted = poll.options.some(({ isMine }) => isMine);
  const options = poll.options.map((option, index) => {
    const isMine = choices.includes(index);
    const others = option.people.filter(({ isMe }) => !isMe);
    return {
      ...option,
      isMine,
      count: option.count - Number(option.isMine) + Number(isMine),
      people: isMine && !poll.isAnonymous ? [...others, me] : others,
    };
  });
  const voterCount = poll.voterCount - Number(hadVoted) + Number(choices.length > 0);
  return { ...poll, options, voterCount };
};

const deleteMessages = (
  host: FakeHost,
  { conversationId, keys, from }: Extract<ContentCommand, { type: 'DeleteMessages' }>,
): Answer => {
  const conversation = host.find(conversationId);
  for (const key of keys) {
    const item = messageIn(conversation, key);
    if (item === undefined) return err('unknown-message');
    if (from === 'everyone' && !item.author.isMe) return err('not-allowed');
    const askedCount = conversation.members.reduce((sum, member) => sum + member.deviceCount, -1);
    const deletion = { askedCount, confirmedCount: 0 };
    const emptied = { ...item, ...plainContent, text: '', deletion };
    host.replace(conversation, key, from === 'here' ? undefined : emptied);
    conversation.pins = conversation.pins?.filter((pin) => pin.key !== key) ?? [];
  }
  host.changed();
  return done;
};

const pin = (
  host: FakeHost,
  conversation: FakeConversation,
  { item, isOn }: { item: MessageItem; isOn: boolean },
): void => {
  const others = (conversation.pins ?? []).filter(({ key }) => key !== item.key);
  const { key, author, text } = item;
  const attachments = attachmentsLine(item.attachments);
  const view = host.me && { key, author, text, attachments, pinnedBy: host.me };
  conversation.pins = isOn && view !== undefined ? [view, ...others] : others;
};

const edit = (
  host: FakeHost,
  conversation: FakeConversation,
  item: MessageItem & { readonly before: MessageItem },
): void => {
  const { before, ...after } = item;
  conversation.versions ??= new Map();
  const earlier = conversation.versions.get(item.key) ?? [
    { text: before.text, atMs: before.sentAtMs },
  ];
  conversation.versions.set(item.key, [...earlier, { text: after.text, atMs: host.now() }]);
  host.replace(conversation, item.key, { ...after, isEdited: true });
};

const forward = (
  host: FakeHost,
  command: Extract<ContentCommand, { type: 'Forward' }>,
  author: Person,
): void => {
  for (const id of command.to) {
    const target = host.find(id);
    for (const key of command.keys) {
      const source = messageIn(host.find(command.conversationId), key);
      if (source === undefined) continue;
      const { text, location, attachments } = source;
      place(host, target, {
        ...writeDraft(host, target, { author, text, location }),
        attachments,
        isForwarded: true,
      });
    }
  }
};

type OfMessage = Exclude<
  Extract<ContentCommand, { readonly key?: string }>,
  { readonly type: 'MarkUnread' }
>;

const answerOfMessage = (host: FakeHost, command: OfMessage, me: Person): Answer => {
  const conversation = host.find(command.conversationId);
  const item = messageIn(conversation, command.key);
  if (item === undefined) return err('unknown-message');
  const put = (change: Partial<MessageItem>): void => {
    host.replace(conversation, item.key, { ...item, ...change });
  };
  switch (command.type) {
    case 'EditMessage':
      if (!item.author.isMe) return err('not-allowed');
      if (command.text === '') return err('empty');
      edit(host, conversation, {
        ...item,
        text: command.text,
        mentions: command.mentions ?? [],
        before: item,
      });
      break;
    case 'React': {
      const { emoji, isOn } = command;
      put({ reactions: reacted(item.reactions, { emoji, person: me, isOn }) });
      break;
    }
    case 'Pin':
      pin(host, conversation, { item, isOn: command.isOn });
      put({ isPinned: command.isOn });
      break;
    case 'Vote':
      if (item.poll === undefined) return err('unknown-message');
      put({ poll: voted(item.poll, me, command.choices) });
      break;
    case 'Resend': {
      const { text, mentions } = item;
      const fresh = writeDraft(host, conversation, { author: me, text, mentions });
      host.replace(conversation, item.key, undefined);
      place(host, conversation, fresh);
      host.changed();
      return ok({ key: fresh.key });
    }
    case 'ShowVersions':
      return ok(conversation.versions?.get(item.key) ?? []);
    case 'OpenThread':
      return done; // The core itself tells of threads.
  }
  host.changed();
  return done;
};

const markUnread = (
  host: FakeHost,
  { conversationId, key }: Extract<ContentCommand, { type: 'MarkUnread' }>,
): Answer => {
  const conversation = host.find(conversationId);
  const foreign = conversation.items.filter((item) => item.type === 'message' && !item.author.isMe);
  const from =
    key === undefined ? foreign.length - 1 : foreign.findIndex((item) => item.key === key);
  if (from < 0) return err('unknown-message');
  conversation.unreadCount = foreign.length - from;
  host.changed();
  return done;
};

const setTimer = (
  host: FakeHost,
  { conversationId, timerMs }: Extract<ContentCommand, { type: 'SetTimer' }>,
  by: Person,
): void => {
  const conversation = host.find(conversationId);
  conversation.timerMs = timerMs;
  const notice = { kind: 'timer', by, timerMs } as const;
  host.append(conversation, { type: 'notice', key: host.freshKey('n'), notice, atMs: host.now() });
};

/** Undefined: not about messages. */
export const answerContent = (host: FakeHost, command: ContentCommand): Answer | undefined => {
  const { me } = host;
  if (me === undefined) return err('not-ready');
  if (command.type === 'MarkUnread') return markUnread(host, command);
  if ('key' in command) return answerOfMessage(host, command, me);
  switch (command.type) {
    case 'DeleteMessages':
      return deleteMessages(host, command);
    case 'CreatePoll': {
      const conversation = host.find(command.conversationId);
      const { question, options, isMultiple, isAnonymous } = command.poll;
      const poll: Poll = {
        question,
        isMultiple,
        isAnonymous,
        voterCount: 0,
        options: options.map((text) => ({ text, count: 0, isMine: false, people: [] })),
      };
      const item = { ...writeDraft(host, conversation, { author: me, text: '' }), poll };
      place(host, conversation, item);
      host.changed();
      return ok({ key: item.key });
    }
    case 'Forward':
      forward(host, command, me);
      break;
    case 'SetTimer':
      setTimer(host, command, me);
      break;
    default:
      return undefined;
  }
  host.changed();
  return done;
};
