/** "@Ana": finding names in what is written and in what is read. Pure. */
import type { Mention } from '../core/api.ts';

export type MentionPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'mention'; readonly mention: Mention };

const isWordCharacter = (character: string): boolean => /[\p{L}\p{M}\p{N}_]/u.test(character);

/** Whether "@name" stands at `at`, as a word of its own. */
const standsAt = (text: string, at: number, name: string): boolean => {
  const end = at + 1 + name.length;
  return (
    name !== '' &&
    text.startsWith(name, at + 1) &&
    !isWordCharacter(text.charAt(at - 1)) &&
    !isWordCharacter(text.charAt(end))
  );
};

const longestAt = (
  text: string,
  at: number,
  mentions: ReadonlyArray<Mention>,
): Mention | undefined =>
  mentions
    .filter(({ name }) => standsAt(text, at, name))
    .reduce<Mention | undefined>(
      (best, mention) =>
        best === undefined || mention.name.length > best.name.length ? mention : best,
      undefined,
    );

/**
 * Cuts texts at the names in them, one text after the other as they stand in the message: the nth
 * place where a name stands is the nth mention of it.
 */
export const createMentionSplitter = (
  mentions: ReadonlyArray<Mention>,
): ((text: string) => ReadonlyArray<MentionPiece>) => {
  const left = [...mentions];
  return (text) => {
    const pieces: MentionPiece[] = [];
    let from = 0;
    for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
      const mention = longestAt(text, at, left);
      if (mention === undefined) continue;
      left.splice(left.indexOf(mention), 1);
      if (at > from) pieces.push({ type: 'text', text: text.slice(from, at) });
      pieces.push({ type: 'mention', mention });
      from = at + 1 + mention.name.length;
    }
    if (from < text.length) pieces.push({ type: 'text', text: text.slice(from) });
    return pieces;
  };
};

/** Whom a text names, in the order of their places. `known` are those who can be named. */
export const mentionsIn = (text: string, known: ReadonlyArray<Mention>): ReadonlyArray<Mention> => {
  const found: Mention[] = [];
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const mention = longestAt(text, at, known);
    if (mention !== undefined) found.push(mention);
  }
  return found;
};
