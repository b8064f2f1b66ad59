/**
 * What becomes of messages, told as plainly as can be: all entries that count, sorted, gone through
 * once for each question. It shares no code with what it is compared to but the readers of payloads.
 */
import { compareBytes, toHex } from '../../src/base/bytes.ts';
import {
  readEdit,
  readPin,
  readPoll,
  readReaction,
  readRedact,
  readText,
  readVote,
  type MessageName,
} from '../../src/protocol/content-payloads.ts';
import { hashOf, hexOf, type Said } from './fold-entries.ts';

export interface Told {
  readonly key: string;
  /** Undefined: deleted. */
  readonly text: string | undefined;
  readonly reactions: ReadonlyArray<string>;
  readonly tally: ReadonlyArray<ReadonlyArray<string>> | undefined;
  readonly pinnedBy: string | undefined;
  readonly standsUnder: string | undefined;
}

const nameOf = ({ identityId, mid }: MessageName): string => `${toHex(identityId)}/${toHex(mid)}`;
const ownKey = ({ author, mid }: Said): string => `${hexOf(author)}/${toHex(mid)}`;

const inOrder = (all: ReadonlyArray<Said>): ReadonlyArray<Said> =>
  [...all].sort((a, b) => a.lamport - b.lamport || compareBytes(hashOf(a), hashOf(b)));

/** The first claim to each name stands. */
const firstOf = (all: ReadonlyArray<Said>, nameOfEntry: (said: Said) => string): Said[] => {
  const seen = new Set<string>();
  return inOrder(all).filter((said) => {
    const name = nameOfEntry(said);
    return seen.has(name) ? false : seen.add(name);
  });
};

const targetOf = (said: Said): string | undefined => {
  const { type, payload } = said;
  if (type === 'edit' || type === 'redact') {
    const of = type === 'edit' ? readEdit(payload)?.of : readRedact(payload)?.of;
    return of && toHex(of.identityId) === hexOf(said.author) ? nameOf(of) : undefined;
  }
  const of =
    type === 'reaction'
      ? readReaction(payload)?.of
      : type === 'vote'
        ? readVote(payload)?.of
        : type === 'pin'
          ? readPin(payload)?.of
          : undefined;
  return of && nameOf(of);
};

export const tellAll = (counted: ReadonlyArray<Said>): ReadonlyArray<Told> => {
  const isMessage = (said: Said): boolean =>
    (said.type === 'text' && readText(said.payload) !== undefined) ||
    (said.type === 'poll' && readPoll(said.payload) !== undefined);
  const messages = firstOf(counted.filter(isMessage), ownKey);
  const about = firstOf(
    counted.filter((said) => targetOf(said) !== undefined),
    (said) => `${targetOf(said) ?? ''} ${ownKey(said)}`,
  );
  const threadOf = (said: Said): string | undefined => {
    const thread = said.type === 'text' ? readText(said.payload)?.thread : undefined;
    return thread && nameOf(thread);
  };
  return messages.map((message): Told => {
    const key = ownKey(message);
    const here = about.filter((said) => targetOf(said) === key);
    const isDeleted = here.some(({ type }) => type === 'redact');
    const poll = message.type === 'poll' ? readPoll(message.payload) : undefined;
    const edit = poll ? undefined : here.findLast(({ type }) => type === 'edit');
    const text = edit ? readEdit(edit.payload)?.text : readText(message.payload)?.text;
    const thread = threadOf(message);
    const root = messages.find((other) => ownKey(other) === thread);
    return {
      key,
      text: isDeleted ? undefined : (poll?.question ?? text),
      reactions: reactionsTo(here),
      tally: poll && tally(poll, here),
      pinnedBy: pinnedBy(here),
      standsUnder: root && threadOf(root) === undefined ? thread : undefined,
    };
  });
};

const reactionsTo = (here: ReadonlyArray<Said>): ReadonlyArray<string> => {
  const words = here.flatMap((said) => {
    const reaction = said.type === 'reaction' ? readReaction(said.payload) : undefined;
    return reaction ? [{ who: said.author, emoji: reaction.emoji, isOn: reaction.isOn }] : [];
  });
  const on = words.filter(
    ({ who, emoji, isOn }, at) =>
      isOn && !words.slice(at + 1).some((later) => later.who === who && later.emoji === emoji),
  );
  const few = on.filter(
    ({ who }, at) => on.slice(0, at).filter((before) => before.who === who).length < 20,
  );
  return [...new Set(few.map(({ emoji }) => emoji))].flatMap((emoji) =>
    few.filter((word) => word.emoji === emoji).map(({ who }) => `${hexOf(who)} ${emoji}`),
  );
};

const tally = (
  {
    options,
    isMultiple,
  }: { readonly options: ReadonlyArray<string>; readonly isMultiple: boolean },
  here: ReadonlyArray<Said>,
): ReadonlyArray<ReadonlyArray<string>> => {
  const votes = here.flatMap((said) => {
    const choices = said.type === 'vote' ? readVote(said.payload)?.choices : undefined;
    const isValid =
      choices?.every((choice) => choice < options.length) === true &&
      (isMultiple || choices.length < 2);
    return isValid ? [{ who: said.author, choices }] : [];
  });
  const last = votes.filter(({ who }, at) => !votes.slice(at + 1).some((l) => l.who === who));
  return options.map((_, option) =>
    last.filter(({ choices }) => choices.includes(option)).map(({ who }) => hexOf(who)),
  );
};

const pinnedBy = (here: ReadonlyArray<Said>): string | undefined => {
  const last = here.findLast(({ type }) => type === 'pin');
  return last && readPin(last.payload)?.isOn === true ? hexOf(last.author) : undefined;
};
