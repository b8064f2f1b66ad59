/** The words for what messages are made of, and for what can be done with one. */
import type {
  Card,
  Deletion,
  Location,
  MessageItem,
  PinView,
  Poll,
  PollOption,
  Quote,
  Reaction,
} from '../../core/api.ts';
import type { LinkOddity } from '../links.ts';
import { messageName } from './common.ts';
import { counted, isolated, listed, moment, number, shortened } from './format.ts';

const quoteTextMax = 160;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** "1 hour", "4 weeks". */
const duration = (ms: number): string => {
  if (ms >= 7 * dayMs && ms % (7 * dayMs) === 0) {
    return counted(ms / (7 * dayMs), 'week', 'weeks');
  }
  if (ms >= dayMs) return counted(Math.round(ms / dayMs), 'day', 'days');
  if (ms >= hourMs) return counted(Math.round(ms / hourMs), 'hour', 'hours');
  return counted(Math.max(1, Math.round(ms / minuteMs)), 'minute', 'minutes');
};

/** "3 h", as short as a line under a message allows. */
const remaining = (ms: number): string => {
  if (ms >= 2 * dayMs) return `${number(Math.round(ms / dayMs))} d`;
  if (ms >= 2 * hourMs) return `${number(Math.round(ms / hourMs))} h`;
  return ms >= minuteMs ? `${number(Math.round(ms / minuteMs))} min` : 'under 1 min';
};

const coordinates = ({ latitude, longitude }: Location): string =>
  `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;

const deletion = (item: MessageItem, { askedCount, confirmedCount }: Deletion): string => {
  if (!item.author.isMe) return 'Deleted by author';
  return askedCount === 0
    ? 'Deleted'
    : `Asked ${counted(askedCount, 'device', 'devices')} to delete · ${number(confirmedCount)} confirmed`;
};

/** What a message says, or what kind it is where it says nothing. */
const content = (item: MessageItem): string => {
  if (item.deletion !== undefined) return deletion(item, item.deletion);
  if (item.poll !== undefined) return `Poll: ${item.poll.question}`;
  if (item.location !== undefined) return `Location: ${coordinates(item.location)}`;
  if (item.card !== undefined) return `Contact: ${item.card.person.name}`;
  return item.text;
};

const names = (people: Reaction['people']): string =>
  listed(people.map(({ isMe, name }) => (isMe ? 'you' : name)));

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
  disappears: (leftMs: number): string => `Disappears in ${remaining(Math.max(0, leftMs))}`,
  remaining: (leftMs: number): string => remaining(Math.max(0, leftMs)),
  notBegun: (timerMs: number): string => `Disappears ${duration(timerMs)} after it is read`,
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
  text: ({ state, text }: Quote): string => {
    if (state === 'missing') return 'This message has not arrived';
    if (state === 'deleted') return 'This message was deleted';
    return shortened(text, quoteTextMax);
  },
  missing: 'This message has not arrived.',
  notHere: 'This message is not on this device.',
  back: 'Back',
};

export const reactions = {
  label: 'Reactions',
  chip: ({ emoji, people }: Reaction): string =>
    people.length === 1
      ? `${emoji} ${names(people)}`
      : `${emoji} ${number(people.length)}: ${names(people)}`,
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
  who: ({ people }: PollOption): string => names(people),
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
  bar: ({ author, text }: PinView): string =>
    `Pinned: ${author.isMe ? 'You' : isolated(author.name)}: ${shortened(text, quoteTextMax)}`,
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
  duration,
  hint: 'For what is written from now on, by everybody here. Each device deletes its copy when the time is over, counted from when it first showed the message.',
  limits: 'Somebody can still copy, photograph or keep what they have read.',
  state: (timerMs: number | undefined): string =>
    timerMs === undefined ? 'Off' : duration(timerMs),
  beingErased: (count: number): string =>
    `${counted(count, 'message is', 'messages are')} gone from the screen and still being erased: an older key has to go first, in a week or two.`,
  on: (timerMs: number): string => `New messages disappear after ${duration(timerMs)}`,
};
