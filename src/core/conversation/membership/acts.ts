/**
 * What people do to the membership of a group (PROTOCOL §3). Each act is signed, stored and put
 * where everybody reads; what it does to whom is the resolver's, the same on every device.
 */
import { toHex } from '../../../base/bytes.ts';
import { err, ok, type Result } from '../../../base/result.ts';
import { mayAuthor } from '../../../protocol/membership/membership.ts';
import { levels, type Level } from '../../../protocol/membership/op-bodies.ts';
import type { ControlOp, OpBody } from '../../../protocol/membership/ops.ts';
import type { CommandError } from '../../api.ts';
import { commandErrorOf } from '../../failures.ts';
import type { Conversation } from '../conversation.ts';

type Done = Result<undefined, CommandError>;

/** What somebody may do to somebody else here, for offering it; the resolver judges the act itself. */
export interface Permits {
  /** Levels they can be given, other than the one they have. */
  readonly levels: ReadonlyArray<Level>;
  readonly mayRemove: boolean;
  /** Where they cannot be removed. */
  readonly mayRegroup: boolean;
}

const noPermits: Permits = { levels: [], mayRemove: false, mayRegroup: false };

const allLevels: ReadonlyArray<Level> = [levels.owner, levels.admin, levels.member, levels.reader];

export const permitsOf = (
  conversation: Conversation,
  ownHex: string,
  targetHex: string,
): Permits => {
  const { view } = conversation.membership;
  const [own, target] = [view.levels.get(ownHex), view.levels.get(targetHex)];
  const isOther = own !== undefined && target !== undefined && ownHex !== targetHex;
  if (view.kind !== 'group' || !isOther) return noPermits;
  // Only strictly lower levels are demoted or removed; owners leave by themselves.
  const isAbove = own > target;
  return {
    levels: own === levels.owner && isAbove ? allLevels.filter((level) => level !== target) : [],
    mayRemove: own >= levels.admin && isAbove,
    mayRegroup: own >= levels.member && !(own >= levels.admin && isAbove),
  };
};

const announce = async (
  conversation: Conversation,
  bodies: () => ReadonlyArray<OpBody>,
): Promise<Done> => {
  const announced = await conversation.run(async () => {
    const ops: ControlOp[] = [];
    for (const body of bodies()) ops.push(await conversation.membership.author(body));
    return conversation.announce(ops);
  });
  if (!announced.ok) return err('busy');
  return announced.value.ok ? ok(undefined) : err(commandErrorOf(announced.value.error));
};

interface Between {
  readonly ownId: Uint8Array;
  readonly targetId: Uint8Array;
}

export const setLevel = (
  conversation: Conversation,
  { ownId, targetId, level }: Between & { readonly level: Level },
): Promise<Done> => {
  const permits = permitsOf(conversation, toHex(ownId), toHex(targetId));
  if (!permits.levels.includes(level)) return Promise.resolve(err('not-allowed'));
  return announce(conversation, () => [{ type: 'role', identityId: targetId, level }]);
};

/** [TI1] How long messages stay that are written from now on; what else the policy says stays. */
export const setKeepMs = (
  conversation: Conversation,
  { ownId, keepMs }: { readonly ownId: Uint8Array; readonly keepMs: number | null },
): Promise<Done> => {
  const { view } = conversation.membership;
  if (!mayAuthor(view, ownId, 'policy')) return Promise.resolve(err('not-allowed'));
  const { addLevel } = view.policy;
  return announce(conversation, () => [{ type: 'policy', policy: { addLevel, keepMs } }]);
};

/**
 * [RM3] Open links go first, so that they lie in the removal's past: whoever was removed may know
 * one, and a join that comes after the removal comes after the revocation.
 */
export const removeMember = (
  conversation: Conversation,
  { ownId, targetId }: Between,
): Promise<Done> => {
  const permits = permitsOf(conversation, toHex(ownId), toHex(targetId));
  if (!permits.mayRemove) return Promise.resolve(err('not-allowed'));
  return announce(conversation, () => {
    const open = conversation.membership.view.invites.filter(({ body }) => body.isOpen);
    return [
      ...open.map(({ body: { inviteId } }) => ({ type: 'invite-revoke' as const, inviteId })),
      {
        type: 'remove',
        identityId: targetId,
        cuts: conversation.limits.seenOf(toHex(targetId)),
      },
    ];
  });
};

/** An owner can hand over first: the successor becomes an owner in the same stroke. */
export const leaveGroup = (
  conversation: Conversation,
  { ownId, successorId }: { readonly ownId: Uint8Array; readonly successorId?: Uint8Array },
): Promise<Done> => {
  const { view } = conversation.membership;
  if (!mayAuthor(view, ownId, 'leave')) return Promise.resolve(err('not-allowed'));
  if (successorId === undefined) return announce(conversation, () => [{ type: 'leave' }]);
  const isPermitted =
    view.levels.get(toHex(ownId)) === levels.owner && view.levels.has(toHex(successorId));
  if (!isPermitted) return Promise.resolve(err('not-allowed'));
  return announce(conversation, () => [
    { type: 'role', identityId: successorId, level: levels.owner },
    { type: 'leave' },
  ]);
};
