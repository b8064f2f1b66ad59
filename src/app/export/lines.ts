/**
 * How one message stands in a copy that a person keeps: as data, and as text to read. The text is
 * plain: nothing in it is opened as a formula or a page, and no message can pass for two.
 */
import type { AttachmentView, MessageItem } from '../../core/api.ts';
import { late } from '../text/late-words.ts';
import { t } from '../text/t.ts';

export interface FileInCopy {
  readonly path: string;
  readonly isWhole: boolean;
}

/** What of a file of a message is in the copy; undefined: nothing. */
export type InCopy = (view: AttachmentView) => FileInCopy | undefined;

const timeOf = (ms: number): string => new Date(ms).toISOString();

const some = <T>(items: ReadonlyArray<T>): ReadonlyArray<T> | undefined =>
  items.length === 0 ? undefined : items;

/** What is undefined has no key. */
export const recordOf = (item: MessageItem, inCopy: InCopy) => ({
  id: item.key,
  at: timeOf(item.sentAtMs),
  author: item.author.name,
  authorId: item.author.id,
  text: item.text,
  isEdited: item.isEdited || undefined,
  isForwarded: item.isForwarded || undefined,
  isSticker: item.isSticker,
  isDeleted: item.deletion !== undefined || undefined,
  answers: item.replyTo?.key,
  thread: item.threadOf,
  location: item.location,
  contact: item.card && { name: item.card.person.name, id: item.card.person.id },
  poll: item.poll && {
    question: item.poll.question,
    options: item.poll.options.map(({ text, count }) => ({ text, count })),
  },
  reactions: some(
    item.reactions.map(({ emoji, people }) => ({ emoji, people: people.map(({ name }) => name) })),
  ),
  files: some(
    item.attachments.map((view) => ({
      name: view.name,
      type: view.mediaType,
      bytes: view.sizeBytes,
      path: inCopy(view)?.path ?? null,
      isWhole: inCopy(view)?.isWhole ?? false,
    })),
  ),
});

/** Controls, and what turns a line around: a copy is read where nothing is isolated. */
const unseen = new RegExp(
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c' +
    '\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]',
  'gu',
);

const plain = (text: string): string => text.replace(/\r\n?/gu, '\n').replace(unseen, '');

export const lineOf = (text: string): string => plain(text).replace(/\s+/gu, ' ').trim();

const fileOf = ({ name }: AttachmentView, copied: FileInCopy | undefined): string => {
  const words = late().export;
  if (copied === undefined) return words.notHere(lineOf(name));
  return copied.isWhole ? copied.path : words.notWhole(copied.path);
};

/** [XP2] A message begins at the margin and nothing else does: what follows in it stands further in. */
export const textOf = (item: MessageItem, inCopy: InCopy): string => {
  const told = [
    plain(t.message.content({ ...item, attachments: [] })),
    ...(item.poll?.options ?? []).map(({ text, count }) => `- ${lineOf(text)}: ${String(count)}`),
    ...item.attachments.map((view) => `- ${fileOf(view, inCopy(view))}`),
    ...item.reactions.map(
      ({ emoji, people }) => `${emoji} ${lineOf(people.map(({ name }) => name).join(', '))}`,
    ),
  ].filter((line) => line !== '');
  const when = `${t.format.date(item.sentAtMs)} ${t.format.clock(item.sentAtMs)}`;
  return `[${when}] ${lineOf(item.author.name)}: ${told.join('\n').replaceAll('\n', '\n    ')}\n`;
};
