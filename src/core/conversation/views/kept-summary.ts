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
import type { Closed, ConversationSummary, LastLine, Person, TruthLine } from '../../api.ts';
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

const readLine = recordOf(
  { text: textUpTo(limits.textBytesMax), atMs },
  { author: readPerson, kind: oneOf('text', 'poll', 'location', 'card', 'deleted') },
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
    lateCount: naturalOf,
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

const personToCbor = ({ id, name: called, isMe, status, pictureId }: Person): CborValue => ({
  ...{ id, name: called, isMe },
  ...(status !== undefined && { status }),
  ...(pictureId !== undefined && { pictureId }),
});

const lineToCbor = ({ author, text, atMs: lineMs, kind }: LastLine): CborValue => ({
  ...{ text, atMs: lineMs },
  ...(author && { author: personToCbor(author) }),
  ...(kind && { kind }),
});

const closedToCbor = (closed: Closed): CborValue =>
  closed.kind === 'removed' && closed.by
    ? { kind: closed.kind, by: personToCbor(closed.by) }
    : { kind: closed.kind };

/** [LZ2] No words where messages disappear: their time may be over when it is read. */
export const keptToCbor = (summary: ConversationSummary, hasTimers: boolean): CborValue => {
  const { id, kind, peopleCount, activeAtMs, isRequest, timerMs, other, lastLine, closed } =
    summary;
  const { unreadCount, mentionCount, lateCount, waitingCount } = summary;
  return {
    ...{ id, kind, name: summary.name, peopleCount, activeAtMs, isRequest },
    ...{ unreadCount, mentionCount, lateCount, waitingCount },
    ...(timerMs !== undefined && { timerMs }),
    ...(other && { other: personToCbor(other) }),
    ...(lastLine && !hasTimers && { lastLine: lineToCbor(lastLine) }),
    ...(closed && { closed: closedToCbor(closed) }),
  };
};

const truthOf = ({ kind }: KeptSummary, { isOnline }: ViewContext): TruthLine =>
  kind === 'self' ? { kind: 'only-you' } : { kind: isOnline ? 'connecting' : 'offline' };

/** [LZ1] As it is listed until it is open. */
export const listedAs = (
  kept: KeptSummary,
  { draft, draftReplyTo, isArchived, isMuted }: Notes,
  context: ViewContext,
): ConversationSummary => {
  const { other, lastLine, closed, timerMs, ...rest } = kept;
  return {
    ...rest,
    ...{ other, timerMs, draft, draftReplyTo, isArchived, isMuted },
    lastLine: lastLine && { ...lastLine, author: lastLine.author },
    closed: closed && closedAs(closed),
    truth: truthOf(kept, context),
    typing: [],
    failure: undefined,
  };
};

const closedAs = ({
  kind,
  by,
}: NonNullable<KeptSummary['closed']>): ConversationSummary['closed'] =>
  kind === 'removed' ? { kind, by } : { kind };
