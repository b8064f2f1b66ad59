/** What every language puts together in the same way, from words of its own. */
import type { ConversationKind, LastLine, MessageItem } from '../../core/api.ts';
import { clock, date, day, moment, number, percent, shortened, shortTime, size } from './format.ts';

const articleTextMax = 200;
const announcedTextMax = 120;

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

export const lastLine = (line: LastLine, kind: ConversationKind, you: string): string => {
  if (line.author === undefined || kind === 'self') return line.text;
  if (line.author.isMe) return `${you}: ${line.text}`;
  return kind === 'group' ? `${line.author.name}: ${line.text}` : line.text;
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
