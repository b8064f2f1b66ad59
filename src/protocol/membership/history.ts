/**
 * Which epochs a newcomer may read although they were not sealed to them, and what follows for
 * sending (PROTOCOL §9): none, those since the link they came by was made, or all.
 */
import { equalBytes } from '../../base/bytes.ts';
import { isBefore, isInPast, type OpNode, type OpSet, resolve } from './membership.ts';
import { type ControlOp, type InviteBody, keyOf } from './ops.ts';

/**
 * [HI1] A member who was let in with everything may read every epoch that does not come after that;
 * those after it were sealed to them if they were to read them. With what was written since, only those
 * that come after the link.
 */
export const isGivenHistory = (
  set: OpSet,
  { epochId, identityId }: { readonly epochId: Uint8Array; readonly identityId: Uint8Array },
): boolean => {
  const { historyGrants, levels } = resolve(set);
  return (
    levels.has(keyOf(identityId)) &&
    set.nodeByKey.has(keyOf(epochId)) &&
    historyGrants.some(
      (grant) =>
        grant.isHeld &&
        equalBytes(grant.identityId, identityId) &&
        !isInPast(set, grant.opId, epochId) &&
        (grant.since?.some((inviteOpId) => isInPast(set, inviteOpId, epochId)) ?? true),
    )
  );
};

/** Ops by which secrets may have left the circle they were sealed to, whether they count or not. */
interface Sharing {
  count: number;
  readonly ops: ControlOp[];
  /** Invites that share: joins by them do, and taking one back that told secrets to its link. */
  readonly inviteKeys: Set<string>;
}

const sharings = new WeakMap<OpSet, Sharing>();

const isSharing = ({ op: { body } }: OpNode, inviteKeys: Set<string>): boolean => {
  switch (body.type) {
    case 'add':
      return body.history !== 'none';
    case 'invite':
      if (body.history === 'none') return false;
      inviteKeys.add(keyOf(body.inviteId));
      // Whoever has an open link may hold the secrets; else an `add` follows. What is given since the
      // link begins with an epoch of its own.
      return body.isOpen || body.history === 'since';
    case 'join':
    case 'invite-revoke':
      return inviteKeys.has(keyOf(body.inviteId));
    default:
      return false;
  }
};

/** The set only grows, parents first: what was looked at once needs no second look. */
const sharingOf = (set: OpSet): ReadonlyArray<ControlOp> => {
  const known = sharings.get(set) ?? { count: 0, ops: [], inviteKeys: new Set<string>() };
  sharings.set(set, known);
  for (const node of set.nodes.slice(known.count)) {
    if (isSharing(node, known.inviteKeys)) known.ops.push(node.op);
  }
  known.count = set.nodes.length;
  return known.ops;
};

/**
 * [HI2] Whether somebody beside its recipients may hold an epoch's secret as history. Nothing is
 * sent under it any more, or who was let in and removed again would read on.
 */
export const mayBeShared = (set: OpSet, epochId: Uint8Array): boolean =>
  sharingOf(set).some(({ opId }) => !isInPast(set, opId, epochId));

/**
 * [HI3] Which epochs whoever holds an open link may read: until somebody goes, who may hold the link
 * as well; after that members hand over what newcomers were given.
 */
export const givenByLink = (
  set: OpSet,
  { opId, body }: InviteOp,
): ((id: Uint8Array) => boolean) => {
  const invite = set.nodeByKey.get(keyOf(opId));
  const isGiving = body.isOpen && body.history !== 'none' && body.historyPub !== undefined;
  if (invite === undefined || !isGiving) return () => false;
  const gone = set.nodes.filter(
    (node) => departureTypes.has(node.op.body.type) && !isBefore(node, invite),
  );
  const isSince = (epochId: Uint8Array): boolean =>
    body.history === 'all' || isInPast(set, opId, epochId);
  return (epochId) => isSince(epochId) && !gone.some(({ op }) => isInPast(set, op.opId, epochId));
};

const departureTypes: ReadonlySet<string> = new Set(['remove', 'leave']);

interface InviteOp {
  readonly opId: Uint8Array;
  readonly body: InviteBody;
}
