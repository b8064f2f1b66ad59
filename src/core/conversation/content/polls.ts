/** Who voted for what: a pure function of a poll and of the votes about it. */
import type { PollPayload } from '../../../protocol/content-payloads.ts';
import type { Annotated } from './annotated.ts';

/** People by option, in the order in which they voted. */
export type Tally = ReadonlyArray<ReadonlyArray<string>>;

/** [AN4] Of each person the last vote that the poll permits counts; none takes it back. */
export const tallyOf = (poll: PollPayload, votes: Annotated['votes']): Tally => {
  const counted = new Map<string, ReadonlyArray<number>>();
  for (const { authorHex, act } of votes) {
    if (!isPermitted(poll, act.choices)) continue;
    counted.delete(authorHex); // the most recent last
    counted.set(authorHex, act.choices);
  }
  return poll.options.map((_, option) =>
    [...counted].flatMap(([authorHex, choices]) => (choices.includes(option) ? [authorHex] : [])),
  );
};

export const isPermitted = (
  { options, isMultiple }: PollPayload,
  choices: ReadonlyArray<number>,
): boolean =>
  choices.every((choice) => choice < options.length) && (isMultiple || choices.length <= 1);
