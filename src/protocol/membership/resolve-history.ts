/**
 * Who was given what had been written before they came (PROTOCOL §9): the op that let them in says
 * so, an `add` by itself, a `join` by the open invite it used. Everybody derives it from the same
 * ops, so everybody serves the same people.
 */
import { equalBytes } from '../../base/bytes.ts';
import type { AddBody, HistoryChoice } from './op-bodies.ts';
import { isBefore, type OpNode } from './op-set.ts';
import { keyOf } from './ops.ts';
import type { Resolution } from './resolver.ts';

export interface HistoryGrant {
  readonly identityId: Uint8Array;
  /** The `add` or `join`: what it does not come before was there already. */
  readonly opId: Uint8Array;
  /** The links they came by, where they are given what was written since one was made. */
  readonly since: ReadonlyArray<Uint8Array> | undefined;
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

/** The invites before an `add` that it names, for one who came by a link after all. */
const invitesOf = ({ invites }: Resolution, add: OpNode, { inviteId }: AddBody) =>
  invites.filter(
    (invite) =>
      inviteId !== undefined &&
      invite.op.body.type === 'invite' &&
      equalBytes(invite.op.body.inviteId, inviteId) &&
      isBefore(invite, add),
  );

type Given = Pick<HistoryGrant, 'since'> | undefined;

const givenBy = (history: HistoryChoice, invites: ReadonlyArray<OpNode>): Given => {
  if (history === 'all') return { since: undefined };
  const isNothing = history === 'none' || invites.length === 0;
  return isNothing ? undefined : { since: invites.map(({ op }) => op.opId) };
};

/** [HI1] By valid adds and joins that share something, in the order of the ops. */
export const historyGrantsOf = (resolution: Resolution): ReadonlyArray<HistoryGrant> => {
  const givenByJoin = new Map<OpNode, Given>(
    [...resolution.joinsByInvite].flatMap(([invite, joins]) => {
      const { body } = invite.op;
      const given = body.type === 'invite' ? givenBy(body.history, [invite]) : undefined;
      return joins.map((join) => [join, given] as const);
    }),
  );
  return resolution.nodes.flatMap((node) => {
    const { body, opId, identityId } = node.op;
    const isAdd = body.type === 'add' && resolution.valid.has(node);
    const given = isAdd
      ? givenBy(body.history, invitesOf(resolution, node, body))
      : givenByJoin.get(node);
    if (given === undefined) return [];
    const newcomer = body.type === 'add' ? body.identityId : identityId;
    const isHeld = !isUndone(resolution, node, keyOf(newcomer));
    return [{ identityId: newcomer, opId, ...given, isHeld }];
  });
};
