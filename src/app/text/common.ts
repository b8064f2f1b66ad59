/** What every language puts together in the same way, from words of its own. */
import type {
  AttachmentState,
  AttachmentsLine,
  ConversationKind,
  Deletion,
  LastLine,
  MessageItem,
  Person,
  PinView,
  Quote,
  Reaction,
} from '../../core/api.ts';
import { attachmentsLine } from '../../core/attachments-line.ts';
import {
  clock,
  coordinates,
  date,
  day,
  listed,
  moment,
  number,
  percent,
  playTime,
  shortened,
  shortTime,
  size,
} from './format.ts';
import { withoutMarks } from './without-marks.ts';

const articleTextMax = 200;
const announcedTextMax = 120;
const quoteTextMax = 160;

export const format = {
  clock,
  day,
  moment,
  shortTime,
  size,
  percent,
  date,
  number,
  shortened: (text: string): string => shortened(text, articleTextMax),
};

/** No name in it: browsers keep titles in their history, readable on disk. */
export const title = (unreadCount: number): string =>
  unreadCount > 0 ? `(${number(unreadCount)}) Sotto` : 'Sotto';

type FileKind = AttachmentsLine['kind'];

/** "Voice message 0:12", "3 photos", the name of a file. */
export const filesText = (
  { kind, count, durationMs, name }: AttachmentsLine,
  words: {
    readonly one: Readonly<Record<FileKind, string>>;
    readonly many: Readonly<Record<FileKind, (count: number) => string>>;
  },
): string => {
  if (count > 1) return words.many[kind](count);
  if (durationMs !== undefined) return `${words.one[kind]} ${playTime(durationMs)}`;
  return name ?? words.one[kind];
};

/** In hundredths, whole ones. */
export const fractionOf = (done: number, whole: number): number =>
  whole === 0 ? 0 : Math.floor((100 * Math.min(done, whole)) / whole);

type Here = Extract<AttachmentState, { kind: 'here' }>;

/** How far somebody is with it, and who has all of it. */
export const sharedText = (
  { holderCount, sharedHundredths }: Here,
  words: {
    readonly sharing: (hundredths: number) => string;
    readonly held: (count: number) => string;
    readonly nobody: string;
  },
): string => {
  const parts = [
    ...(sharedHundredths === undefined ? [] : [words.sharing(sharedHundredths)]),
    ...(holderCount === 0 ? [] : [words.held(holderCount)]),
  ];
  return parts.length === 0 ? words.nobody : parts.join(' · ');
};

/** What is attached, then what is written to it. */
const captioned = (files: string | undefined, text: string): string => {
  if (files === undefined) return text;
  return text === '' ? files : `${files}: ${text}`;
};

/** "You, 14:02, text, edited, Delivered": how a screen reader calls a message. */
export const messageName = (
  item: MessageItem,
  status: string | undefined,
  words: {
    readonly you: string;
    readonly edited: string;
    readonly comma: string;
    /** Its text, or what it is. */
    readonly content: string;
  },
): string =>
  [
    item.author.isMe ? words.you : item.author.name,
    clock(item.sentAtMs),
    shortened(words.content, articleTextMax),
    ...(item.isEdited ? [words.edited] : []),
    ...(status === undefined ? [] : [status]),
  ].join(words.comma);

/** What a message says, or what kind it is where it says nothing. */
export const messageContent = (
  item: MessageItem,
  words: {
    readonly deletion: (item: MessageItem, deletion: Deletion) => string;
    readonly poll: (question: string) => string;
    readonly place: (coordinates: string) => string;
    readonly card: (name: string) => string;
    readonly files: (line: AttachmentsLine) => string;
  },
): string => {
  if (item.deletion !== undefined) return words.deletion(item, item.deletion);
  if (item.poll !== undefined) return words.poll(item.poll.question);
  if (item.location !== undefined) return words.place(coordinates(item.location));
  if (item.card !== undefined) return words.card(item.card.person.name);
  if (item.isSticker === true) return item.text;
  const line = attachmentsLine(item.attachments);
  return captioned(line && words.files(line), item.text);
};

export const quoted = (text: string): string => shortened(text, quoteTextMax);

/** What stands where another message is quoted. */
export const quoteText = (
  { state, text, attachments }: Quote,
  words: {
    readonly missing: string;
    readonly deleted: string;
    readonly files: (line: AttachmentsLine) => string;
  },
): string => {
  if (state === 'missing') return words.missing;
  if (state === 'deleted') return words.deleted;
  return quoted(captioned(attachments && words.files(attachments), withoutMarks(text)));
};

/** What a pinned message says. */
export const pinText = (
  { text, attachments }: PinView,
  files: (line: AttachmentsLine) => string,
): string => quoted(captioned(attachments && files(attachments), withoutMarks(text)));

/** "you, Ana and Ben". */
export const peopleNames = (people: ReadonlyArray<Person>, you: string): string =>
  listed(people.map(({ isMe, name }) => (isMe ? you : name)));

/** "👍 3: you, Ana and Ben": the number is needless for one. */
export const reactionChip = ({ emoji, people }: Reaction, you: string): string => {
  const names = peopleNames(people, you);
  return people.length === 1 ? `${emoji} ${names}` : `${emoji} ${number(people.length)}: ${names}`;
};

type LastKind = NonNullable<LastLine['kind']>;

/** What stands in the list for a message that is more, or less, than its text. */
export interface LastWords {
  readonly you: string;
  readonly kinds: Readonly<Record<Exclude<LastKind, 'text'>, string>>;
  readonly files: (line: AttachmentsLine) => string;
}

const lastText = (
  { text, kind = 'text', attachments }: LastLine,
  { kinds, files }: LastWords,
): string => {
  if (kind === 'text') return captioned(attachments && files(attachments), withoutMarks(text));
  return kind === 'poll' || text !== '' ? `${kinds[kind]}: ${text}` : kinds[kind];
};

export const lastLine = (line: LastLine, kind: ConversationKind, words: LastWords): string => {
  const text = lastText(line, words);
  if (line.author === undefined || kind === 'self') return text;
  if (line.author.isMe) return `${words.you}: ${text}`;
  return kind === 'group' ? `${line.author.name}: ${text}` : text;
};

export const announcement = (author: string, text: string): string =>
  shortened(`${author}: ${text}`, announcedTextMax);

/** Of a time to wait, never none. */
export const wholeSeconds = (ms: number): number => Math.max(1, Math.round(ms / 1000));

/** How long a link works: hours up to two days, then days. */
export const lifeOf = (ms: number): { readonly count: number; readonly unit: 'hour' | 'day' } => {
  const hours = Math.round(ms / 3_600_000);
  return hours < 48
    ? { count: hours, unit: 'hour' }
    : { count: Math.round(hours / 24), unit: 'day' };
};
