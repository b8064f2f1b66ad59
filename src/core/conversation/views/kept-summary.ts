/**
 * What the list shows of a conversation, kept sealed so that the next start shows it before anything
 * is read. It is as it was a moment before the last run ended, and it is corrected once the
 * conversation is open. What holds for a moment only is not in it, nor what the notes say.
 */
import {
  booleanOf,
  intIn,
  naturalOf,
  oneOf,
  recordOf,
  textUpTo,
  type CborValue,
} from '../../../protocol/cbor.ts';
import { limits } from '../../../protocol/limits.ts';
import type { ConversationSummary, TruthLine } from '../../api.ts';
import type { RecordName } from '../../vault/vault.ts';
import type { Notes } from '../notes.ts';
import type { ViewContext } from './view-context.ts';

export const keptName = (convId: Uint8Array): RecordName => ['s', convId];

const atMs = intIn(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const name = textUpTo(limits.nameBytesMax);

const readPerson = recordOf(
  { id: textUpTo(64), name, isMe: booleanOf },
  { status: textUpTo(limits.statusBytesMax), pictureId: textUpTo(64) },
);

const readFiles = recordOf(
  { kind: oneOf('file', 'image', 'video', 'voice'), count: naturalOf },
  { durationMs: naturalOf, name: textUpTo(limits.fileNameBytesMax) },
);

const readLine = recordOf(
  { text: textUpTo(limits.textBytesMax), atMs },
  {
    author: readPerson,
    kind: oneOf('text', 'poll', 'location', 'card', 'deleted'),
    attachments: readFiles,
  },
);

const readClosed = recordOf(
  { kind: oneOf('removed', 'left', 'reader', 'two-histories') },
  { by: readPerson },
);

const readKept = recordOf(
  {
    id: textUpTo(64),
    kind: oneOf('self', 'direct', 'group'),
    name,
    unreadCount: naturalOf,
    mentionCount: naturalOf,
    waitingCount: naturalOf,
    peopleCount: naturalOf,
    activeAtMs: atMs,
    isRequest: booleanOf,
  },
  { other: readPerson, lastLine: readLine, closed: readClosed, timerMs: naturalOf },
);

export type KeptSummary = NonNullable<ReturnType<typeof readKept>>;

/** Total: of another version it says nothing. */
export const keptSummary = (value: CborValue): KeptSummary | undefined => readKept(value);

/** [LZ2] No words where messages disappear: their time may be over when it is read. */
export const keptToCbor = (summary: ConversationSummary, hasTimers: boolean): CborValue => {
  const left = { draft: undefined, draftReplyTo: undefined, isArchived: undefined };
  const lastLine = hasTimers ? undefined : summary.lastLine;
  const momentary = { isMuted: undefined, typing: undefined, truth: undefined, failure: undefined };
  const places = { newKey: undefined, lateKeys: undefined };
  return defined({ ...summary, ...left, ...momentary, ...places, lastLine });
};

/** Plain values, without those that are undefined. */
const defined = (value: unknown): CborValue => {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value !== 'object' || value === null) return value === true;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([key, field]) => [key, defined(field)]));
};

const truthOf = ({ kind }: KeptSummary, { isOnline }: ListContext): TruthLine =>
  kind === 'self' ? { kind: 'only-you' } : { kind: isOnline ? 'connecting' : 'offline' };

export type ListContext = Pick<ViewContext, 'settings' | 'isOnline'>;

/** [LZ1] As it is listed until it is open; undefined: it is not (CT4). */
export const listedAs = (
  kept: KeptSummary,
  { draft, draftReplyTo, isArchived, isMuted, request }: Notes,
  context: ListContext,
): ConversationSummary | undefined => {
  const { other, lastLine, closed, timerMs, ...rest } = kept;
  const isByBlocked = kept.isRequest && other && context.settings.isBlocked(other.id);
  if (request === 'declined' || isByBlocked === true) return undefined;
  return {
    ...rest,
    ...{ other, timerMs, draft, draftReplyTo, isArchived, isMuted },
    lastLine: lastLine && { ...lastLine, author: lastLine.author },
    closed: closed && closedAs(closed),
    truth: truthOf(kept, context),
    newKey: undefined,
    lateKeys: [],
    typing: [],
    failure: undefined,
  };
};

const closedAs = ({
  kind,
  by,
}: NonNullable<KeptSummary['closed']>): ConversationSummary['closed'] =>
  kind === 'removed' ? { kind, by } : { kind };

export const newestFirst = (
  summaries: ReadonlyArray<ConversationSummary | undefined>,
): ReadonlyArray<ConversationSummary> =>
  summaries.filter((summary) => summary !== undefined).sort((a, b) => b.activeAtMs - a.activeAtMs);
