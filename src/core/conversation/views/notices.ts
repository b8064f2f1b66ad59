/** Lines about the conversation itself: what somebody did to its membership. */
import { equalBytes, toHex } from '../../../base/bytes.ts';
import type { View } from '../../../protocol/membership/membership.ts';
import type { ControlOp } from '../../../protocol/membership/ops.ts';
import type { MemberLevel, Notice, Person } from '../../api.ts';
import { timerIn } from '../content/timer.ts';
import type { Conversation } from '../conversation.ts';

export const levelName: Readonly<Record<number, MemberLevel>> = {
  3: 'owner',
  2: 'admin',
  1: 'member',
  0: 'reader',
};

/** [RM4] Undefined where the act does not count, or is nothing that people think of as one. */
export const noticeOf = (
  conversation: Pick<Conversation, 'membership' | 'identityOf'>,
  op: ControlOp,
  personOf: (identityHex: string) => Person,
): Notice | undefined => {
  const { view } = conversation.membership;
  if (!view.validOps.has(toHex(op.opId))) return undefined;
  const [forked] = op.forkProof?.logs ?? [];
  if (forked !== undefined) {
    const identityHex = conversation.identityOf(toHex(forked.devSignPub));
    return identityHex === undefined ? undefined : { kind: 'forked', who: personOf(identityHex) };
  }
  // People do not think of a direct conversation or of their notes as created by somebody.
  return view.kind === 'group' ? actOf(view, op, personOf) : undefined;
};

const actOf = (
  view: View,
  { opId, identityId, body }: ControlOp,
  personOf: (identityHex: string) => Person,
): Notice | undefined => {
  const by = personOf(toHex(identityId));
  const given = view.historyGrants.find((grant) => equalBytes(grant.opId, opId));
  const history = given === undefined ? 'none' : given.since === undefined ? 'all' : 'since';
  switch (body.type) {
    case 'create':
      return { kind: 'created', by };
    case 'join':
      return { kind: 'joined', who: by, history };
    case 'leave':
      return { kind: 'left', who: by };
    case 'add':
      return { kind: 'added', by, who: personOf(toHex(body.identityId)), history };
    case 'remove': {
      // It counts as an act also where its target stood too high to be removed.
      const isEffective = view.cuts.some((cut) => toHex(cut.opId) === toHex(opId));
      const who = personOf(toHex(body.identityId));
      return isEffective ? { kind: 'removed', by, who } : undefined;
    }
    case 'role': {
      const level = levelName[body.level] ?? 'reader';
      return { kind: 'level', by, who: personOf(toHex(body.identityId)), level };
    }
    case 'policy':
      return { kind: 'timer', by, timerMs: timerIn(body.policy) };
    default:
      return undefined;
  }
};
