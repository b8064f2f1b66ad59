/**
 * What became of a message: the sum of all that was done to it. A pure function of the set of
 * annotations. The later (lamport, hash) wins; of two claims to one entry the smaller counts; a
 * redaction is for ever.
 */
import type { CborValue } from '../../../protocol/cbor.ts';
import { limits } from '../../../protocol/limits.ts';
import { compareOrdered } from '../reading/sorted.ts';
import type { Act, Annotation } from './annotation.ts';

type Of<T extends Act['type']> = Annotation & { readonly act: Extract<Act, { type: T }> };

export interface Reacted {
  readonly emoji: string;
  /** In the order in which they reacted. */
  readonly authors: ReadonlyArray<string>;
}

export interface Annotated {
  /** The first of them. */
  readonly redaction: Of<'redact'> | undefined;
  /** In their order: the last one holds. */
  readonly edits: ReadonlyArray<Of<'edit'>>;
  /** In the order in which each was given first. */
  readonly reactions: ReadonlyArray<Reacted>;
  /** In their order: which of somebody's last ones counts is the poll's to say. */
  readonly votes: ReadonlyArray<Of<'vote'>>;
  /** Undefined: nobody pinned it, or the last word was to take it down. */
  readonly pin: Of<'pin'> | undefined;
  readonly settings: Of<'settings'> | undefined;
}

const isOf =
  <T extends Act['type']>(type: T) =>
  (annotation: Annotation): annotation is Of<T> =>
    annotation.act.type === type;

const untouched: Annotated = {
  redaction: undefined,
  edits: [],
  reactions: [],
  votes: [],
  pin: undefined,
  settings: undefined,
};

/** [AN1] */
export const annotatedBy = (annotations: Iterable<Annotation>): Annotated => {
  const all = [...annotations].sort(compareOrdered);
  if (all.length === 0) return untouched; // nearly every message, and each is asked about often
  const pin = all.findLast(isOf('pin'));
  return {
    redaction: all.find(isOf('redact')),
    edits: all.filter(isOf('edit')),
    reactions: reactionsIn(all.filter(isOf('reaction'))),
    votes: all.filter(isOf('vote')),
    pin: pin?.act.isOn === true ? pin : undefined,
    settings: all.findLast(isOf('settings')),
  };
};

/** [AN3] The last word about each emoji by each person; of one person the first so many count. */
const reactionsIn = (inOrder: ReadonlyArray<Of<'reaction'>>): ReadonlyArray<Reacted> => {
  const lastWords = new Map<string, Of<'reaction'>>();
  for (const reaction of inOrder) {
    const name = `${reaction.authorHex}/${reaction.act.emoji}`;
    lastWords.delete(name); // the most recent last
    lastWords.set(name, reaction);
  }
  const countByAuthor = new Map<string, number>();
  const byEmoji = new Map<string, string[]>();
  for (const { authorHex, act } of lastWords.values()) {
    const count = countByAuthor.get(authorHex) ?? 0;
    if (!act.isOn || count >= limits.emojiPerPersonMax) continue;
    countByAuthor.set(authorHex, count + 1);
    const authors = byEmoji.get(act.emoji) ?? [];
    authors.push(authorHex);
    byEmoji.set(act.emoji, authors);
  }
  return [...byEmoji].map(([emoji, authors]) => ({ emoji, authors }));
};

/** All that replicas must agree on. */
export const annotatedToCbor = (annotated: Annotated): CborValue => {
  const { redaction, edits, reactions, votes, pin, settings } = annotated;
  // What was deleted is erased sooner here and later there.
  if (redaction !== undefined) return [];
  return [
    edits.map(({ act: { text, mentions } }) => [
      text,
      mentions.map(({ name, identityId }) => [name, identityId ?? null]),
    ]),
    reactions.map(({ emoji, authors }) => [emoji, authors]),
    votes.map(({ authorHex, act }) => [authorHex, act.choices]),
    pin?.authorHex ?? null,
    settings?.act.timerMs ?? null,
  ];
};
