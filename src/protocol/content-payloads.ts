/**
 * Payloads of what people write and do with messages (PROTOCOL §5): `text poll edit redact reaction
 * vote pin settings`. Readers are total, and each value has one encoding: what is not there has no
 * key. A payload that does not read is withheld, like an unknown type; its entry stays in the log.
 */
import { assert } from '../base/assert.ts';
import { toHex, utf8ToBytes } from '../base/bytes.ts';
import {
  arrayUpTo,
  booleanOf,
  bytesOf,
  bytesUpTo,
  encodeCanonical,
  intIn,
  oneOf,
  recordOf,
  textUpTo,
  tupleOf,
  type CborValue,
  type Read,
} from './cbor.ts';
import { encodeManifest, readManifest, type Manifest } from './blobs/manifest.ts';
import { limits } from './limits.ts';

/** A message: whose, and which. */
export interface MessageName {
  readonly identityId: Uint8Array;
  readonly mid: Uint8Array;
}

/** "@Ana" in a text. Undefined: everyone. */
export interface NamedInText {
  readonly name: string;
  readonly identityId: Uint8Array | undefined;
}

/** In units of 10^-7 degrees, about a centimetre. */
export interface Place {
  readonly latE7: number;
  readonly lonE7: number;
}

export interface Introduced {
  readonly identityId: Uint8Array;
  readonly name: string;
}

/** `text` */
export interface TextPayload {
  readonly text: string;
  /** The nth place where a name stands is the nth mention of it. */
  readonly mentions?: ReadonlyArray<NamedInText>;
  /** What it answers. */
  readonly reply?: MessageName;
  /** The message under which it stands. */
  readonly thread?: MessageName;
  readonly isForwarded?: true;
  /** It is to go so long after it was first shown. */
  readonly timerMs?: number | undefined;
  readonly location?: Place;
  readonly card?: Introduced;
  readonly attachments?: ReadonlyArray<Manifest>;
  /** Its one picture is drawn large and without a bubble; the text is what it says. */
  readonly isSticker?: true;
}

/** `poll` */
export interface PollPayload {
  readonly question: string;
  readonly options: ReadonlyArray<string>;
  readonly isMultiple: boolean;
  /** How it is shown: who voted for what is in the votes all the same. */
  readonly isAnonymous: boolean;
  readonly timerMs?: number;
}

/** `edit`: by the author of the message alone, like `redact`. */
export interface EditPayload {
  readonly of: MessageName;
  readonly text: string;
  readonly mentions?: ReadonlyArray<NamedInText>;
}

/** `redact` */
export interface RedactPayload {
  readonly of: MessageName;
}

/** `reaction` */
export interface ReactionPayload {
  readonly of: MessageName;
  readonly emoji: string;
  readonly isOn: boolean;
}

/** `vote`: replaces the author's vote before; none takes it back. */
export interface VotePayload {
  readonly of: MessageName;
  /** Ascending, each once. */
  readonly choices: ReadonlyArray<number>;
}

/** `pin` */
export interface PinPayload {
  readonly of: MessageName;
  readonly isOn: boolean;
}

/** `settings`, of a conversation without a policy: null is no timer. */
export interface SettingsPayload {
  readonly timerMs: number | null;
}

// ---------------------------------------------------------------- parts

const mapped =
  <A, B>(read: Read<A>, map: (value: A) => B | undefined): Read<B> =>
  (value) => {
    const inner = read(value);
    return inner === undefined ? undefined : map(inner);
  };

const nonEmpty = (bytesMax: number): Read<string> =>
  mapped(textUpTo(bytesMax), (text) => (text === '' ? undefined : text));

const readMessageName: Read<MessageName> = mapped(
  tupleOf(bytesOf(32), bytesOf(16)),
  ([identityId, mid]) => ({ identityId, mid }),
);
const encodeMessageName = ({ identityId, mid }: MessageName): CborValue => [identityId, mid];

/** `[name, identityId]`; everyone has no id, and is not told by zeros. */
const readNamed: Read<NamedInText> = mapped(
  tupleOf(nonEmpty(limits.nameBytesMax), bytesUpTo(32)),
  ([name, id]) => {
    if (id.length === 0) return { name, identityId: undefined };
    return id.length === 32 ? { name, identityId: id } : undefined;
  },
);
const noBytes = new Uint8Array(0);
const encodeMentions = (mentions: ReadonlyArray<NamedInText>): CborValue =>
  mentions.map(({ name, identityId }) => [name, identityId ?? noBytes]);

/** Nobody mentioned is no key, not an empty list. */
const readMentions: Read<ReadonlyArray<NamedInText>> = mapped(
  arrayUpTo(limits.mentionsMax, readNamed),
  (mentions) => (mentions.length === 0 ? undefined : mentions),
);

/** None is no key, not an empty list. */
const readAttachments: Read<ReadonlyArray<Manifest>> = mapped(
  arrayUpTo(limits.attachmentsMax, readManifest),
  (attachments) => (attachments.length === 0 ? undefined : attachments),
);

const readTimer = intIn(limits.timerMinMs, limits.timerMaxMs);

const readPlace: Read<Place> = mapped(
  tupleOf(intIn(-900_000_000, 900_000_000), intIn(-1_800_000_000, 1_800_000_000)),
  ([latE7, lonE7]) => ({ latE7, lonE7 }),
);

const readIntroduced: Read<Introduced> = mapped(
  tupleOf(bytesOf(32), nonEmpty(limits.nameBytesMax)),
  ([identityId, name]) => ({ identityId, name }),
);

// ---------------------------------------------------------------- what is read

const readTextRecord = recordOf(
  { text: textUpTo(limits.textBytesMax) },
  {
    mentions: readMentions,
    reply: readMessageName,
    thread: readMessageName,
    forwarded: oneOf(1),
    timerMs: readTimer,
    location: readPlace,
    card: readIntroduced,
    files: readAttachments,
    sticker: oneOf(1),
  },
);

/** [MC1] */
export const readText: Read<TextPayload> = mapped(readTextRecord, (record): TextPayload => {
  // Nearly all are words alone, and kept by the thousand: no room is left for what they have not.
  if (Object.keys(record).length === 1) return { text: record.text };
  const { forwarded, files, sticker, ...rest } = record;
  return {
    ...rest,
    ...(forwarded !== undefined && { isForwarded: true }),
    ...(files && { attachments: files }),
    ...(sticker !== undefined && { isSticker: true }),
  };
});

export const encodeText = (payload: TextPayload): CborValue => {
  const { text, mentions, reply, thread, isForwarded, timerMs, location: place, card } = payload;
  const { attachments, isSticker } = payload;
  return {
    text,
    ...(mentions && mentions.length > 0 && { mentions: encodeMentions(mentions) }),
    ...(reply && { reply: encodeMessageName(reply) }),
    ...(thread && { thread: encodeMessageName(thread) }),
    ...(isForwarded && { forwarded: 1 }),
    ...(timerMs !== undefined && { timerMs }),
    ...(place && { location: [place.latE7, place.lonE7] }),
    ...(card && { card: [card.identityId, card.name] }),
    ...(attachments && attachments.length > 0 && { files: attachments.map(encodeManifest) }),
    ...(isSticker && { sticker: 1 }),
  };
};

const readPollRecord = recordOf(
  {
    question: nonEmpty(limits.pollQuestionBytesMax),
    options: mapped(
      arrayUpTo(limits.pollOptionsMax, nonEmpty(limits.pollOptionBytesMax)),
      (options) => (options.length < limits.pollOptionsMin ? undefined : options),
    ),
    isMultiple: booleanOf,
    isAnonymous: booleanOf,
  },
  { timerMs: readTimer },
);

/** [MC2] */
export const readPoll: Read<PollPayload> = readPollRecord;
export const encodePoll = (poll: PollPayload): CborValue => ({
  question: poll.question,
  options: poll.options,
  isMultiple: poll.isMultiple,
  isAnonymous: poll.isAnonymous,
  ...(poll.timerMs !== undefined && { timerMs: poll.timerMs }),
});

// ---------------------------------------------------------------- what is done with it

/** [MC3] */
export const readEdit: Read<EditPayload> = recordOf(
  { of: readMessageName, text: textUpTo(limits.textBytesMax) },
  { mentions: readMentions },
);
export const encodeEdit = ({ of, text, mentions }: EditPayload): CborValue => ({
  of: encodeMessageName(of),
  text,
  ...(mentions && mentions.length > 0 && { mentions: encodeMentions(mentions) }),
});

export const readRedact: Read<RedactPayload> = recordOf({ of: readMessageName });
export const encodeRedact = ({ of }: RedactPayload): CborValue => ({ of: encodeMessageName(of) });

/**
 * Told by fixed ranges, since what Unicode calls an emoji or a letter changes from one engine to the
 * next, and replicas must not differ: nothing that controls, breaks or turns a line, and something
 * beside what joins and selects.
 */
type Ranges = ReadonlyArray<readonly [from: number, to: number]>;

const controls: Ranges = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xfeff, 0xfeff],
];
const invisible: Ranges = [
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x200b, 0x200d],
  [0x2060, 0x2060],
  [0x3000, 0x3000],
  [0xfe00, 0xfe0f],
];

/** Something that is seen, on one line, in so many bytes. */
export const isPlainLine = (text: string, bytesMax: number): boolean => {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const isWithin = (ranges: Ranges, point: number): boolean =>
    ranges.some(([from, to]) => point >= from && point <= to);
  return (
    utf8ToBytes(text).length <= bytesMax &&
    !points.some((point) => isWithin(controls, point)) &&
    points.some((point) => !isWithin(invisible, point))
  );
};

/** [MC4] */
export const isEmoji = (text: string): boolean => isPlainLine(text, limits.emojiBytesMax);

export const readReaction: Read<ReactionPayload> = recordOf({
  of: readMessageName,
  emoji: mapped(textUpTo(limits.emojiBytesMax), (emoji) => (isEmoji(emoji) ? emoji : undefined)),
  isOn: booleanOf,
});
export const encodeReaction = ({ of, emoji, isOn }: ReactionPayload): CborValue => ({
  of: encodeMessageName(of),
  emoji,
  isOn,
});

const isAscending = (numbers: ReadonlyArray<number>): boolean =>
  numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? number));

/** [MC5] */
export const readVote: Read<VotePayload> = recordOf({
  of: readMessageName,
  choices: mapped(
    arrayUpTo(limits.pollOptionsMax, intIn(0, limits.pollOptionsMax - 1)),
    (choices) => (isAscending(choices) ? choices : undefined),
  ),
});
export const encodeVote = ({ of, choices }: VotePayload): CborValue => ({
  of: encodeMessageName(of),
  choices,
});

/** [MC6] */
export const readPin: Read<PinPayload> = recordOf({ of: readMessageName, isOn: booleanOf });
export const encodePin = ({ of, isOn }: PinPayload): CborValue => ({
  of: encodeMessageName(of),
  isOn,
});

/** [MC7] */
export const readSettings: Read<SettingsPayload> = recordOf({
  timerMs: (value) => (value === null ? null : readTimer(value)),
});
export const encodeSettings = ({ timerMs }: SettingsPayload): CborValue => ({ timerMs });

// ---------------------------------------------------------------- names and sizes

/** How a message is called on this device's screen. */
export const keyOfMessage = ({ identityId, mid }: MessageName): string =>
  `${toHex(identityId)}/${toHex(mid)}`;

/** [MC8] A payload that is longer may not fit in a body, with everything else that lies there. */
export const fitsInBody = (payload: CborValue): boolean =>
  encodeCanonical(payload).length <= limits.contentBytesMax;

assert(
  limits.contentBytesMax + limits.depsMax * 64 + 256 < limits.bodyBytesMax,
  'a full payload of content fits in a body, with all its deps',
);
