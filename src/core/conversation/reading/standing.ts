/** Whether what an entry says is shown: one answer for an entry, whatever came first. */
import { toHex } from '../../../base/bytes.ts';
import type { View } from '../../../protocol/membership/membership.ts';
import type { EntryPlace } from '../../epochs/epoch.ts';
import { logKeyOf } from './content-limits.ts';

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
  deviceOf: (logKey: string) => string | undefined,
): StandingRules => {
  /** By log: where each device that claims it has it end. */
  const claims = new Map<string, Map<string, number>>();
  for (const { epochId, writerPub, devSignPub, seq } of forks) {
    const logKey = logKeyOf(toHex(epochId), toHex(writerPub));
    const seqByDevice = claims.get(logKey) ?? new Map<string, number>();
    claims.set(logKey, seqByDevice.set(toHex(devSignPub), seq));
  }
  const forkSeqOf = (epochHex: string, writerHex: string): number | undefined => {
    const logKey = logKeyOf(epochHex, writerHex);
    const seqByDevice = claims.get(logKey);
    if (seqByDevice === undefined) return undefined;
    const deviceHex = deviceOf(logKey);
    return deviceHex === undefined ? Math.min(...seqByDevice.values()) : seqByDevice.get(deviceHex);
  };
  return {
    key: [...claims].map(([logKey, seqs]) => `${logKey}/${[...seqs].join('/')}`).join(),
    standingOf: ({ epochHex, writerHex, seq }) =>
      seq >= (forkSeqOf(epochHex, writerHex) ?? Infinity) ? 'forked' : 'shown',
    forkSeqOf,
  };
};
