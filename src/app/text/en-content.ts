/** The words for what messages are made of, and for what can be done with one. */
import type {
  Card,
  Deletion,
  MessageItem,
  PinView,
  Poll,
  PollOption,
  Quote,
  Reaction,
} from '../../core/api.ts';
import type { LinkOddity } from '../links.ts';
import {
  messageContent,
  messageName,
  peopleNames,
  pinText,
  quoteText,
  reactionChip,
} from './common.ts';
import { filesLine } from './en-attachments.ts';
import { coordinates, counted, isolated, moment, number, remaining, timer } from './format.ts';

const left = (leftMs: number): string => remaining(leftMs) ?? 'under 1 min';

const deletion = (item: MessageItem, { askedCount, confirmedCount }: Deletion): string => {
  if (!item.author.isMe) return 'Deleted by author';
  return askedCount === 0
    ? 'Deleted'
    : `Asked ${counted(askedCount, 'device', 'devices')} to delete · ${number(confirmedCount)} confirmed`;
};

const content = (item: MessageItem): string =>
  messageContent(item, {
    deletion,
    poll: (question) => `Poll: ${question}`,
    place: (where) => `Location: ${where}`,
    card: (name) => `Contact: ${name}`,
    files: filesLine,
  });

const oddities: Record<LinkOddity, string> = {
  'other-host': 'The words of this link name another place than the one it leads to.',
  punycode: 'This address has letters that can look like others. It is shown as it really is.',
  'mixed-script':
    'This address mixes letters of several scripts, as addresses that imitate others do.',
};

export const message = {
  name: (item: MessageItem, status: string | undefined): string =>
    messageName(item, status, {
      you: 'You',
      edited: 'edited',
      comma: ', ',
      content: content(item),
    }),
  content,
  edited: 'edited',
  showVersions: 'edited: show earlier versions',
  forwarded: 'Forwarded',
  pinned: 'Pinned',
  deletion,
  disappears: (leftMs: number): string => `Disappears in ${left(leftMs)}`,
  remaining: left,
  notBegun: (timerMs: number): string => `Disappears ${timer(timerMs)} after it is read`,
};

export const actions = {
  react: 'React',
  reply: 'Reply',
  more: 'More',
  edit: 'Edit',
  deleteEveryone: 'Ask everyone to delete',
  deleteHere: 'Delete on this device',
  pin: 'Pin',
  unpin: 'Unpin',
  openThread: 'Open thread',
  forward: 'Forward',
  select: 'Select',
  selected: (name: string): string => `Select: ${name}`,
  markUnread: 'Mark as unread',
  resend: 'Write it again',
};

export const selection = {
  label: 'Selected messages',
  count: (count: number): string => `${number(count)} selected`,
  copy: 'Copy',
  leave: 'Stop selecting',
  /** Several messages as text. */
  line: (item: MessageItem, nowMs: number): string =>
    `${item.author.name}, ${moment(item.sentAtMs, nowMs)}: ${content(item)}`,
  deleteTitle: (count: number): string => `Delete ${counted(count, 'message', 'messages')}?`,
  deleteHere: 'They go from this device alone. Others keep theirs.',
  deleteEveryone:
    'Every device is asked to delete its copy. One that is away does it when it is back; a changed app may keep it.',
};

export const quote = {
  label: (name: string): string => `Go to what ${name} wrote`,
  you: 'You',
  text: (of: Quote): string =>
    quoteText(of, {
      missing: 'This message has not arrived',
      deleted: 'This message was deleted',
      files: filesLine,
    }),
  missing: 'This message has not arrived.',
  notHere: 'This message is not on this device.',
  back: 'Back',
};

export const reactions = {
  label: 'Reactions',
  chip: (of: Reaction): string => reactionChip(of, 'you'),
};

export const mention = {
  everyone: 'everyone',
};

export const link = {
  title: 'Open this link?',
  leads: 'It leads to',
  open: 'Open',
  oddity: (oddity: LinkOddity): string => oddities[oddity],
  hint: 'The site sees your address. It does not see where you found the link.',
};

export const code = {
  copy: 'Copy code',
  copied: 'Copied',
};

export const poll = {
  votes: ({ voterCount }: Poll): string => counted(voterCount, 'vote', 'votes'),
  kind: ({ isMultiple }: Poll): string => (isMultiple ? 'Several answers' : 'One answer'),
  option: ({ text, count }: PollOption): string => `${text}: ${counted(count, 'vote', 'votes')}`,
  who: ({ people }: PollOption): string => peopleNames(people, 'you'),
  takeBack: 'Take back my vote',
  countsOnly:
    'Shows counts only. The devices of everyone here know who voted for what all the same.',
};

export const place = {
  label: 'Location',
  coordinates,
  copy: 'Copy coordinates',
  copied: 'Copied',
  open: 'Open in a map app',
};

export const card = {
  label: 'Contact',
  message: 'Message',
  messageTo: (name: string): string => `Message ${name}`,
  unreachable: ({ person }: Card): string =>
    `${isolated(person.name)} cannot be written to from here.`,
};

export const pins = {
  title: 'Pinned messages',
  text: (pin: PinView): string => pinText(pin, filesLine),
  bar: (pin: PinView): string =>
    `Pinned: ${pin.author.isMe ? 'You' : isolated(pin.author.name)}: ${pinText(pin, filesLine)}`,
  by: (pin: PinView): string =>
    `Pinned by ${pin.pinnedBy.isMe ? 'you' : isolated(pin.pinnedBy.name)}`,
  go: 'Go to the pinned message',
  count: (count: number): string => counted(count, 'pin', 'pins'),
};

export const thread = {
  title: 'Thread',
  reply: 'Reply in thread',
  replies: (count: number): string => counted(count, 'reply', 'replies'),
  empty: 'Nobody has replied here yet.',
};

export const versions = {
  title: 'Earlier versions',
  original: 'First version',
  hint: 'Whoever has the message has all of its versions.',
  at: (atMs: number, nowMs: number): string => moment(atMs, nowMs),
};

export const disappearing = {
  title: 'Disappearing messages',
  off: 'Off',
  duration: timer,
  hint: 'For what is written from now on, by everybody here. Each device deletes its copy when the time is over, counted from when it first showed the message.',
  limits: 'Somebody can still copy, photograph or keep what they have read.',
  state: (timerMs: number | undefined): string => (timerMs === undefined ? 'Off' : timer(timerMs)),
  beingErased: (count: number): string =>
    `${counted(count, 'message is', 'messages are')} gone from the screen and still being erased: an older key has to go first, in a week or two.`,
  on: (timerMs: number): string => `New messages disappear after ${timer(timerMs)}`,
};
