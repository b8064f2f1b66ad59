/** What a link can be asked to be: as what people come in, how many, for how long. */
import { intIn, naturalOf, oneOf, recordOf } from '../../protocol/cbor.ts';
import { limits } from '../../protocol/limits.ts';
import { mayAuthor, type View } from '../../protocol/membership/membership.ts';
import { levels } from '../../protocol/membership/op-bodies.ts';
import { keyOf } from '../../protocol/membership/ops.ts';
import type { InviteOptions, SharedHistory } from '../api.ts';

export interface PrepareOptions {
  readonly isOpen: boolean;
  readonly history: SharedHistory;
  readonly options: InviteOptions | undefined;
}

export interface StoredOptions {
  readonly role: 0 | 1 | 2;
  readonly maxUses: number;
  readonly lifeMs: number;
}

export const readOptions = recordOf({
  role: oneOf(0, 1, 2),
  maxUses: intIn(1, limits.inviteUsesMax),
  lifeMs: naturalOf,
});

const nameOf = { 2: 'admin', 1: 'member', 0: 'reader' } as const;

export const usualOptions = (isGroup: boolean): StoredOptions => ({
  role: levels.member,
  maxUses: isGroup ? limits.inviteUsesDefault : 1,
  lifeMs: limits.inviteLifeMs,
});

/** [IV1] Undefined: no link can be that. A direct conversation is for one person, who is a member. */
export const checkedOptions = (
  asked: InviteOptions | undefined,
  isGroup: boolean,
): StoredOptions | undefined => {
  if (asked === undefined) return usualOptions(isGroup);
  const { usesMax, lifeMs } = asked;
  const isFine =
    Number.isInteger(usesMax) &&
    usesMax >= 1 &&
    usesMax <= limits.inviteUsesMax &&
    Number.isInteger(lifeMs) &&
    lifeMs >= 1 &&
    lifeMs <= limits.inviteLifeMaxMs;
  if (!isFine) return undefined;
  return isGroup
    ? { role: levels[asked.level], maxUses: usesMax, lifeMs }
    : { ...usualOptions(false), lifeMs };
};

/** [IV2] Admins are invited by owners, and never by a link with which anyone can join. */
export const mayInvite = (
  view: View,
  ownId: Uint8Array,
  { isOpen, role }: { readonly isOpen: boolean; readonly role: StoredOptions['role'] },
): boolean => {
  if (!mayAuthor(view, ownId, 'invite')) return false;
  return role < levels.admin || (!isOpen && view.levels.get(keyOf(ownId)) === levels.owner);
};

export const areSameOptions = (a: StoredOptions, b: StoredOptions): boolean =>
  a.role === b.role && a.maxUses === b.maxUses && a.lifeMs === b.lifeMs;

export const shownOptions = ({ role, maxUses, lifeMs }: StoredOptions): InviteOptions => ({
  level: nameOf[role],
  usesMax: maxUses,
  lifeMs,
});
