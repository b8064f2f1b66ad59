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

/** [FK4] Entries of a forked log are withheld from the fork on, in every replica. */
export const standingRules = ({ forks }: Pick<View, 'forks'>): StandingRules => {
  const seqByLog = new Map(
    forks.map(({ epochId, writerPub, seq }) => [`${toHex(epochId)}/${toHex(writerPub)}`, seq]),
  );
  const forkSeqOf = (epochHex: string, writerHex: string): number | undefined =>
    seqByLog.size === 0 ? undefined : seqByLog.get(`${epochHex}/${writerHex}`);
  return {
    key: [...seqByLog].map(([log, seq]) => `${log}/${String(seq)}`).join(),
    standingOf: ({ epochHex, writerHex, seq }) =>
      seq >= (forkSeqOf(epochHex, writerHex) ?? Infinity) ? 'forked' : 'shown',
    forkSeqOf,
  };
};
