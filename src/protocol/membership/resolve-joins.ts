/**
 * Joins through open invites (PROTOCOL §10). A join counts if its invite was valid, was not revoked
 * and had uses left; which of two concurrent ones had the last use is settled by when they were
 * endorsed.
 *
 * A join is endorsed iff an epoch whose author is a member without any join has it in its past.
 * Everything is judged in the order (depth of the endorsing epoch, depth, hash): it extends the
 * causal order, so a join depends only on acts judged before it. PROTOCOL's order has no depth in
 * the middle; without it the use of a join and the right to revoke it could depend on each other.
 */
import { compareBytes, concatBytes } from '../../base/bytes.ts';
import { hash } from '../../crypto/hash.ts';
import { isBefore, type OpNode } from './op-set.ts';
import { type InviteBody, type Level, levels } from './op-bodies.ts';
import { keyOf } from './ops.ts';
import type { Resolution, Run } from './resolver.ts';

/** Per op in the past of an endorsing epoch: the least depth of such an epoch. */
export type Endorsements = ReadonlyMap<OpNode, number>;

/** From the epochs of people who need no join to be members. */
export const endorsementsOf = (withoutJoins: Resolution): Endorsements => {
  const { nodes, valid } = withoutJoins; // by depth
  const endorsements = new Map<OpNode, number>();
  let open: OpNode[] = []; // shallower than the epoch, and not in the past of one before
  let next = 0;
  for (const epoch of nodes) {
    const { body, depth } = epoch.op;
    if (body.type !== 'epoch' || !valid.has(epoch)) continue;
    for (let node = nodes[next]; node !== undefined && node.op.depth < depth; node = nodes[next]) {
      open.push(node);
      next += 1;
    }
    for (const node of open) if (isBefore(node, epoch)) endorsements.set(node, depth);
    open = open.filter((node) => !endorsements.has(node));
  }
  return endorsements;
};

const tieBreak = ({ op }: OpNode): Uint8Array =>
  op.body.type === 'join'
    ? hash('sotto1/join-order', concatBytes(op.body.inviteId, op.identityId))
    : op.opId;

/** The order in which acts are judged; parents always come before children. */
export const judgingOrder = (
  nodes: ReadonlyArray<OpNode>,
  endorsements: Endorsements,
): ReadonlyArray<OpNode> => {
  const keyed = nodes.map((node) => ({
    node,
    endorsed: endorsements.get(node) ?? Number.MAX_SAFE_INTEGER,
    tie: tieBreak(node),
  }));
  keyed.sort(
    (a, b) =>
      a.endorsed - b.endorsed ||
      a.node.op.depth - b.node.op.depth ||
      compareBytes(a.tie, b.tie) ||
      compareBytes(a.node.op.opId, b.node.op.opId),
  );
  return keyed.map(({ node }) => node);
};

/**
 * Whether it matters who endorsed which join: somebody revoked an invite beside a join, or an
 * invite was used more often than it may be. Otherwise one walk says all.
 */
export const isDisputed = (nodes: ReadonlyArray<OpNode>): boolean => {
  const naming = (type: 'join' | 'invite-revoke', inviteId: string): ReadonlyArray<OpNode> =>
    nodes.filter(({ op: { body } }) => body.type === type && keyOf(body.inviteId) === inviteId);
  const invites = nodes.flatMap(({ op: { body } }) => (body.type === 'invite' ? [body] : []));
  return invites.some(({ inviteId, maxUses }) => {
    const joins = naming('join', keyOf(inviteId));
    if (joins.length === 0) return false;
    const revokes = naming('invite-revoke', keyOf(inviteId));
    const isBeside = (a: OpNode, b: OpNode): boolean => !isBefore(a, b) && !isBefore(b, a);
    return (
      joins.length > maxUses ||
      joins.some((join) => revokes.some((revoke) => isBeside(join, revoke)))
    );
  });
};

interface Invite {
  readonly node: OpNode;
  readonly body: InviteBody;
}

const openInvites = (run: Run, join: OpNode, level: Level): ReadonlyArray<Invite> => {
  const { body: joinBody } = join.op;
  if (joinBody.type !== 'join') return [];
  const inviteId = keyOf(joinBody.inviteId);
  return run.invites.flatMap((node) => {
    const { body } = node.op;
    return body.type === 'invite' &&
      body.isOpen &&
      body.role === level &&
      keyOf(body.inviteId) === inviteId &&
      isBefore(node, join)
      ? [{ node, body }]
      : [];
  });
};

/** Valid revocations of this invite by somebody who could have written it. */
export const revokesOf = (
  resolution: Resolution,
  inviteBody: InviteBody,
): ReadonlyArray<{ readonly node: OpNode; readonly level: Level }> => {
  const inviteId = keyOf(inviteBody.inviteId);
  return resolution.inviteRevokes.flatMap((node) => {
    const { body } = node.op;
    const level = resolution.authorLevels.get(node);
    const isRevoke =
      body.type === 'invite-revoke' &&
      keyOf(body.inviteId) === inviteId &&
      level !== undefined &&
      (inviteBody.role < levels.admin || level === levels.owner);
    return isRevoke ? [{ node, level }] : [];
  });
};

/** What the first walk found, where it is needed. */
export interface Dispute {
  readonly withoutJoins: Resolution;
  readonly endorsements: Endorsements;
}

/** How a walk judges a join in the pass of its level. */
export const createJoinRules = (dispute: Dispute | undefined) => {
  const isRevoked = (run: Run, invite: Invite, join: OpNode): boolean => {
    const revokes = revokesOf(run, invite.body);
    if (revokes.some(({ node }) => isBefore(node, join))) return true;
    if (dispute === undefined || dispute.endorsements.has(join)) return false;
    const inviterLevel = run.authorLevels.get(invite.node) ?? 0;
    // Of concurrent revokes only those count that are complete before this pass: by a strictly
    // higher level, or by somebody who is of the inviter's level without any join.
    const isAbove = ({ node, level }: { node: OpNode; level: Level }): boolean =>
      level >= inviterLevel && !isBefore(join, node);
    return (
      revokes.some((revoke) => revoke.level > invite.body.role && isAbove(revoke)) ||
      revokesOf(dispute.withoutJoins, invite.body).some(isAbove)
    );
  };

  /** [IN5] [IN6] */
  const isLetIn = (run: Run, invite: Invite, join: OpNode): boolean => {
    if (isRevoked(run, invite, join)) return false;
    const joins = run.joinsByInvite.get(invite.node) ?? [];
    if (joins.length < invite.body.maxUses) {
      run.joinsByInvite.set(invite.node, [...joins, join]);
      return true;
    }
    const seenCount = joins.filter((other) => isBefore(other, join)).length;
    if (seenCount < invite.body.maxUses) run.pendingJoins.push(join);
    return false;
  };

  return (run: Run, join: OpNode, level: Level): void => {
    const letIn = openInvites(run, join, level).filter((invite) => isLetIn(run, invite, join));
    if (letIn.length === 0) return;
    run.valid.add(join);
    const grants = run.grants.get(join.author) ?? [];
    grants.push({ node: join, level });
    run.grants.set(join.author, grants);
  };
};
