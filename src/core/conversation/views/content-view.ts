/** What a message says now, and what became of it: the text that holds, its quote, its reactions. */
import { toHex } from '../../../base/bytes.ts';
import {
  keyOfMessage,
  type NamedInText,
  type Place,
  type PollPayload,
} from '../../../protocol/content-payloads.ts';
import { limits } from '../../../protocol/limits.ts';
import type {
  Deletion,
  LastLine,
  Location,
  Mention,
  MessageContent,
  PinView,
  Poll,
  Quote,
} from '../../api.ts';
import { isStickerMessage } from '../../../protocol/sticker-message.ts';
import { attachmentsLine } from '../../attachments-line.ts';
import type { Annotated } from '../content/annotated.ts';
import { tallyOf } from '../content/polls.ts';
import { saidIn } from '../content/said.ts';
import { plainContent } from './plain-content.ts';
import type { ProjectedMessage } from '../reading/projection.ts';
import { attachmentView } from './attachment-view.ts';
import { personOf } from './person-view.ts';
import type { Shown } from './shown.ts';
import type { ViewContext } from './view-context.ts';

/** A message in one line, and what it is where it is more than its words. */
export const lineOf = (
  { readable }: Shown,
  message: ProjectedMessage,
): Pick<LastLine, 'text' | 'kind' | 'attachments'> => {
  const annotated = readable.annotated(message.key);
  const { poll, payload } = message;
  if (annotated.redaction !== undefined) return { text: '', kind: 'deleted' };
  if (poll !== undefined) return { text: poll.question, kind: 'poll' };
  const { text } = saidIn(message, annotated);
  if (payload.location !== undefined) return { text, kind: 'location' };
  if (payload.card !== undefined) return { text, kind: 'card' };
  if (isStickerMessage(payload)) return { text, kind: 'text' }; // it says the same
  return { text, kind: 'text', attachments: attachmentsLine(payload.attachments ?? []) };
};

export const contentOf = (
  conversation: Shown,
  message: ProjectedMessage,
  context: ViewContext,
): MessageContent & { readonly text: string } => {
  const annotated = conversation.readable.annotated(message.key);
  const standing = {
    threadOf: conversation.readable.rootOf(message),
    replyCount: conversation.readable.thread(message.key).length,
  };
  if (annotated.redaction !== undefined) {
    const deletion = deletionOf(conversation, message, { annotated, context });
    return { ...plainContent, ...standing, text: '', deletion };
  }
  const { text, mentions, isEdited } = saidIn(message, annotated);
  const { payload, poll } = message;
  return {
    ...standing,
    text,
    mentions: mentions.map(mentionView),
    isMentioningMe: isNaming(message, mentions, context.ownHex),
    replyTo: payload.reply && quoteOf(conversation, keyOfMessage(payload.reply), context),
    isForwarded: payload.isForwarded === true,
    isEdited,
    isPinned: annotated.pin !== undefined,
    reactions: annotated.reactions.map(({ emoji, authors }) => ({
      emoji,
      people: authors.map((authorHex) => personOf(conversation, authorHex, context)),
      isMine: authors.includes(context.ownHex),
    })),
    poll: poll && pollView(conversation, poll, { annotated, context }),
    location: payload.location && placeView(payload.location),
    card: payload.card && cardView(conversation, payload.card, context),
    attachments: (payload.attachments ?? []).map((manifest) =>
      attachmentView(conversation.id, manifest, context),
    ),
    ...(isStickerMessage(payload) && { isSticker: true }),
    deletion: undefined,
    disappearing:
      payload.timerMs === undefined
        ? undefined
        : { timerMs: payload.timerMs, expiresAtMs: expiryOf(conversation, message) },
  };
};

const expiryOf = ({ erasing }: Shown, { place }: ProjectedMessage): number | undefined =>
  place && erasing.expiresAtMs(place);

interface Seen {
  readonly annotated: Annotated;
  readonly context: ViewContext;
}

const mentionView = ({ name, identityId }: NamedInText): Mention => ({
  name,
  personId: identityId && toHex(identityId),
});

/** Nobody calls themselves. */
const isNaming = (
  { authorHex }: ProjectedMessage,
  mentions: ReadonlyArray<NamedInText>,
  ownHex: string,
): boolean =>
  authorHex !== ownHex &&
  mentions.some(({ identityId }) => identityId === undefined || toHex(identityId) === ownHex);

/** Whether a message, as it stands now, calls this person. */
export const isMentioning = (
  { readable }: Shown,
  message: ProjectedMessage,
  ownHex: string,
): boolean => {
  const annotated = readable.annotated(message.key);
  const isGone = annotated.redaction !== undefined;
  return !isGone && isNaming(message, saidIn(message, annotated).mentions, ownHex);
};

const quoteOf = (conversation: Shown, key: string, context: ViewContext): Quote => {
  const message = conversation.readable.message(key);
  if (message === undefined) {
    const state = conversation.hidden.has(key) ? 'deleted' : 'missing';
    return { key, author: undefined, text: '', state };
  }
  const { text, kind, attachments } = lineOf(conversation, message);
  if (kind === 'deleted') return { key, author: undefined, text, state: 'deleted' };
  const author = personOf(conversation, message.authorHex, context);
  return { key, author, text, attachments, state: 'here' };
};

const pollView = (conversation: Shown, poll: PollPayload, { annotated, context }: Seen): Poll => {
  const tally = tallyOf(poll, annotated.votes);
  return {
    question: poll.question,
    isMultiple: poll.isMultiple,
    isAnonymous: poll.isAnonymous,
    voterCount: new Set(tally.flat()).size,
    options: poll.options.map((text, at) => {
      const voters = tally[at] ?? [];
      const people = poll.isAnonymous ? [] : voters;
      return {
        text,
        count: voters.length,
        isMine: voters.includes(context.ownHex),
        people: people.map((voterHex) => personOf(conversation, voterHex, context)),
      };
    }),
  };
};

const placeView = ({ latE7, lonE7 }: Place): Location => ({
  latitude: latE7 / 1e7,
  longitude: lonE7 / 1e7,
});

const cardView = (
  conversation: Shown,
  { identityId, name }: { readonly identityId: Uint8Array; readonly name: string },
  context: ViewContext,
): MessageContent['card'] => {
  const identityHex = toHex(identityId);
  const person = personOf(conversation, identityHex, context);
  const isKnown = person.isMe || conversation.nameOf(identityHex) !== undefined;
  return {
    person: isKnown ? person : { ...person, name },
    isReachable: context.isReachable(identityHex),
  };
};

/** [AN6] Devices that held the message, and those of them that hold the redaction, by their vectors. */
const deletionOf = (
  conversation: Shown,
  { authorHex, place }: ProjectedMessage,
  { annotated: { redaction }, context }: Seen,
): Deletion => {
  if (authorHex !== context.ownHex || place === undefined) {
    return { askedCount: 0, confirmedCount: 0 };
  }
  const { delivery, deviceHex, membership } = conversation;
  const asked = membership.view.devices
    .map(({ devSignPub }) => toHex(devSignPub))
    .filter((other) => other !== deviceHex && delivery.isHeldBy(other, place));
  const told = redaction?.place;
  const confirmed = asked.filter((other) => told !== undefined && delivery.isHeldBy(other, told));
  return { askedCount: asked.length, confirmedCount: confirmed.length };
};

/** [AN5] Newest pin first; of what is here to be read. */
export const pinsOf = (conversation: Shown, context: ViewContext): ReadonlyArray<PinView> =>
  conversation.readable
    .pinned()
    .slice(0, limits.pinsShownMax)
    .flatMap(({ message, byHex }) => {
      const { text, kind, attachments } = lineOf(conversation, message);
      if (kind === 'deleted') return [];
      const author = personOf(conversation, message.authorHex, context);
      const pinnedBy = personOf(conversation, byHex, context);
      return [{ key: message.key, author, text, attachments, pinnedBy }];
    });
