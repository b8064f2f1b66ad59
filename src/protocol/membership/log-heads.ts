/**
 * Identity logs by their heads (PROTOCOL §2, "Transparency by gossip"): each epoch op says how far its
 * author has seen the members' logs. A head that lies on no log of ours shows that somebody was given
 * another one. A head is not signed by the root, so it is a reason to ask, and no proof.
 */
import { compareBytes, equalBytes } from '../../base/bytes.ts';
import { limits } from '../limits.ts';
import { mergeLogs, prefixOf, type IdentityLog, type MergedLogs } from './identity.ts';
import { isEpochValid, type OpSet, type View } from './membership.ts';
import type { IdentityLogHead } from './op-bodies.ts';
import { keyOf } from './ops.ts';

/** [ID5] Of members, in the order of their identities; so many at most. */
export const logHeadsOf = ({ levels, identities }: View): ReadonlyArray<IdentityLogHead> =>
  [...levels.keys()]
    .flatMap((identity) => identities.get(identity)?.log ?? [])
    .slice(0, limits.idLogHeadsMax)
    .map(({ identityId, entries, head }) => ({ identityId, length: entries.length, head }));

/** Whether a head lies on this log; undefined where the log does not go so far. */
export const isHeadOf = (
  log: IdentityLog,
  { length, head }: IdentityLogHead,
): boolean | undefined => {
  if (length > log.entries.length) return undefined;
  const prefix = prefixOf(log, length);
  return prefix !== undefined && equalBytes(prefix.head, head);
};

/** [ID5] Identities, in hex, of whom a valid epoch op names a head that lies on no log held here. */
export const identitiesInDoubt = (set: OpSet, { identities }: View): ReadonlySet<string> => {
  const told = set.nodes
    .slice(-limits.complaintsLookedAt)
    .flatMap(({ op }) =>
      op.body.type === 'epoch' && isEpochValid(set, op) ? op.body.idLogHeads : [],
    );
  const distinct = new Map(
    told.map((head) => [`${keyOf(head.identityId)}/${keyOf(head.head)}`, head]),
  );
  return new Set(
    [...distinct.values()].flatMap((head) => {
      const identity = keyOf(head.identityId);
      const log = identities.get(identity)?.log;
      return log !== undefined && isHeadOf(log, head) === false ? [identity] : [];
    }),
  );
};

/** The logs that a merge stands for: two where the root signed two histories. */
export const logsIn = (merged: MergedLogs | undefined): ReadonlyArray<IdentityLog> => {
  if (merged?.fork !== undefined) return [merged.fork.a, merged.fork.b];
  return merged?.log === undefined ? [] : [merged.log];
};

/**
 * [ID6] Of the logs of one root the one that says more than those held: longer, or another history.
 * Where two histories are held already, nothing says more: however many there are, two are the proof.
 */
export const newsAmong = (
  held: ReadonlyArray<IdentityLog>,
  others: ReadonlyArray<IdentityLog>,
): IdentityLog | undefined => {
  const known = mergeLogs(held);
  if (held.length === 0 || known.fork !== undefined) return undefined;
  const lengthOf = (log: IdentityLog | undefined): number => log?.entries.length ?? 0;
  const saying = others.filter((log) => {
    const merged = mergeLogs([...held, log]);
    return merged.fork !== undefined || lengthOf(merged.log) > lengthOf(known.log);
  });
  return saying.sort((a, b) => lengthOf(b) - lengthOf(a) || compareBytes(a.head, b.head))[0];
};
