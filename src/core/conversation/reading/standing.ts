/** Whether what an entry says is shown: one answer for an entry, whatever came first. */
import { toHex } from '../../../base/bytes.ts';
import type { View } from '../../../protocol/membership/membership.ts';
import type { EntryPlace } from '../../epochs/epoch.ts';

/** Why an entry is kept and not shown. */
export type Standing = 'shown' | 'forked';

/** What of a view decides; `key` differs where an answer may. */
export interface StandingRules {
  readonly key: string;
  standingOf(place: EntryPlace): Standing;
  /** From where on a log does not count (rule 7). */
  forkSeqOf(epochHex: string, writerHex: string): number | undefined;
}

/**
 * [FK4] Entries of a forked log are withheld from the fork on, in every replica. A proof shows what a
 * device claimed: it is about the log that this device began, and about nobody else's of that name. Of
 * a log that is not held, of which nobody knows whose it is, any claim holds: nothing of it is awaited.
 */
export const standingRules = (
  { forks }: Pick<View, 'forks'>,
  deviceOf: (epochHex: string, writerHex: string) => string | undefined,
): StandingRules => {
  /** By epoch and writer: where the first of the claims to it has it end. */
  const leastSeqs = new Map<string, number>();
  for (const { epochId, writerPub, seq } of forks) {
    const log = `${toHex(epochId)}/${toHex(writerPub)}`;
    leastSeqs.set(log, Math.min(seq, leastSeqs.get(log) ?? Infinity));
  }
  const seqByLog = new Map(
    forks.map(({ epochId, writerPub, devSignPub, seq }) => [
      [epochId, writerPub, devSignPub].map(toHex).join('/'),
      seq,
    ]),
  );
  const forkSeqOf = (epochHex: string, writerHex: string): number | undefined => {
    const log = `${epochHex}/${writerHex}`;
    const least = leastSeqs.get(log);
    if (least === undefined) return undefined;
    const deviceHex = deviceOf(epochHex, writerHex);
    return deviceHex === undefined ? least : seqByLog.get(`${log}/${deviceHex}`);
  };
  return {
    key: [...seqByLog].map(([log, seq]) => `${log}/${String(seq)}`).join(),
    standingOf: ({ epochHex, writerHex, seq }) =>
      seq >= (forkSeqOf(epochHex, writerHex) ?? Infinity) ? 'forked' : 'shown',
    forkSeqOf,
  };
};
