/**
 * Who was given what had been written before they came (PROTOCOL §9): the op that let them in says
 * so, an `add` by itself, a `join` by the open invite it used. Everybody derives it from the same
 * ops, so everybody serves the same people.
 */
import { isBefore, type OpNode } from './op-set.ts';
import { keyOf } from './ops.ts';
import type { Resolution } from './resolver.ts';

export interface HistoryGrant {
  readonly identityId: Uint8Array;
  /** The `add` or `join`: what it does not come before was there already. */
  readonly opId: Uint8Array;
  /** Neither a removal nor a leave has ended it. A lower role has not: it takes back no past. */
  readonly isHeld: boolean;
}

const isUndone = ({ grants, revocations, leaves }: Resolution, node: OpNode, who: string) => {
  const level = grants.get(who)?.find((grant) => grant.node === node)?.level;
  const isRemoved = revocations
    .get(who)
    ?.some(
      ({ node: removal, stratum, floor }) =>
        floor < 0 && (level ?? 0) < stratum && !isBefore(removal, node),
    );
  const hasLeft = leaves.get(who)?.some((leave) => !isBefore(leave, node));
  return isRemoved === true || hasLeft === true;
};

/** [HI1] By valid adds and joins that share everything, in the order of the ops. */
export const historyGrantsOf = (resolution: Resolution): ReadonlyArray<HistoryGrant> => {
  const joinsWithHistory = new Set(
    [...resolution.joinsByInvite].flatMap(([{ op }, joins]) =>
      op.body.type === 'invite' && op.body.history === 'all' ? joins : [],
    ),
  );
  return resolution.nodes.flatMap((node) => {
    const { body, opId, identityId } = node.op;
    const isAdd = body.type === 'add' && body.history === 'all' && resolution.valid.has(node);
    if (!isAdd && !joinsWithHistory.has(node)) return [];
    const newcomer = body.type === 'add' ? body.identityId : identityId;
    return [{ identityId: newcomer, opId, isHeld: !isUndone(resolution, node, keyOf(newcomer)) }];
  });
};
