/**
 * The past of a group that was made out of another one (PROTOCOL §3, Escape): what this device holds
 * of that one, read by the rules of that one, as far as the new one says (RG6). Nothing of it was
 * copied: whoever made the new group can leave out words, and put none into anybody's mouth.
 */
import { levels, type Predecessor } from '../../../protocol/membership/op-bodies.ts';
import { limits } from '../../../protocol/limits.ts';
import type { View } from '../../../protocol/membership/membership.ts';
import { equalBytes, toHex } from '../../../base/bytes.ts';
import type { Person } from '../../api.ts';
import { Readable } from '../content/readable.ts';
import type { Conversation } from '../conversation.ts';
import type { Fold } from '../reading/fold.ts';
import { personOf } from './person-view.ts';
import type { Shown } from './shown.ts';
import type { ViewContext } from './view-context.ts';

/** By whom a group was made and out of which: undefined where it began by itself. */
export const predecessorOf = ({ conversation: spec }: Spec): Predecessor | undefined =>
  spec?.kind === 'group' ? spec.predecessor : undefined;

type Spec = Pick<View, 'conversation'>;

interface OldGroup {
  readonly kind: Conversation['kind'];
  readonly membership: {
    readonly view: Pick<View, 'levels'>;
    departureOf(identityHex: string): unknown;
  };
}

/** [RG6] Its maker wrote in the old group: anybody else could name any group whose id they know. */
export const isByWriter = (old: OldGroup, { conversation: spec }: Spec): boolean => {
  if (old.kind !== 'group' || spec?.kind !== 'group') return false;
  const makerHex = toHex(spec.creator);
  const level = old.membership.view.levels.get(makerHex);
  const hasGone = old.membership.departureOf(makerHex) !== undefined;
  return hasGone || (level !== undefined && level >= levels.member);
};

/** The old group, where it is on this device and its maker wrote in it. */
const oldGroupOf = (
  { membership: { view } }: Pick<Conversation, 'membership'>,
  { convId }: Predecessor,
  { conversations }: Pick<ViewContext, 'conversations'>,
): Conversation | undefined => {
  const old = conversations().find((one) => equalBytes(one.convId, convId));
  return old?.isForgotten === false && isByWriter(old, view) ? old : undefined;
};

/** All that lies before a conversation, the oldest first: a group may be made anew more than once. */
export const pastsOf = (
  conversation: Conversation,
  context: Pick<ViewContext, 'conversations'>,
  known: ReadonlyArray<Past> = [],
): ReadonlyArray<Past> => {
  const pasts: Past[] = [];
  let at = conversation;
  while (pasts.length < limits.pastGroupsMax) {
    const predecessor = predecessorOf(at.membership.view);
    const old = predecessor && oldGroupOf(at, predecessor, context);
    if (predecessor === undefined || old === undefined) break;
    pasts.unshift(known.find(({ of }) => of === old) ?? new Past(old, predecessor));
    at = old;
  }
  return pasts;
};

/** Who was left out, as they were called there; undefined where nobody here knows them. */
export const leftOutOf = (
  conversation: Pick<Conversation, 'membership'>,
  context: ViewContext,
): Person | undefined => {
  const predecessor = predecessorOf(conversation.membership.view);
  const old = predecessor && oldGroupOf(conversation, predecessor, context);
  return old && personOf(old, toHex(predecessor.withoutId), context);
};

export class Past implements Shown {
  readonly of: Conversation;
  readonly kind = 'group';
  /** What waits there goes there. */
  readonly outbox = { composed: [] };
  readonly readable: Readable;
  readonly #predecessor: Predecessor;
  #fold: Fold | undefined;
  #asOf: readonly [Fold, version: number, hidden: ReadonlySet<string>] | undefined;

  constructor(of: Conversation, predecessor: Predecessor) {
    this.of = of;
    this.#predecessor = predecessor;
    this.readable = new Readable(of.fold.ownHex, this);
  }

  /** As the old group is read now. */
  get fold(): Fold {
    const { fold, limits } = this.of;
    const { version } = fold;
    const asOf = [fold, version, this.of.hidden.keys] as const;
    const isSame = asOf.every((one, at) => one === this.#asOf?.[at]);
    if (this.#fold !== undefined && isSame) return this.#fold;
    const { withoutId, cuts, untilLamport } = this.#predecessor;
    this.#asOf = asOf;
    this.#fold = fold.until(untilLamport, limits.limitsWithout(withoutId, cuts));
    return this.#fold;
  }

  get projection(): Fold['projection'] {
    return this.fold.projection;
  }

  get attention(): Conversation['attention'] {
    return this.of.attention;
  }

  get delivery(): Conversation['delivery'] {
    return this.of.delivery;
  }

  /** Its own: what belongs to its messages lies there. */
  get id(): string {
    return this.of.id;
  }

  get deviceHex(): string {
    return this.of.deviceHex;
  }

  get epochs(): Conversation['epochs'] {
    return this.of.epochs;
  }

  get erasing(): Conversation['erasing'] {
    return this.of.erasing;
  }

  get hidden(): Conversation['hidden'] {
    return this.of.hidden;
  }

  get isMember(): boolean {
    return this.of.isMember;
  }

  get limits(): Conversation['limits'] {
    return this.of.limits;
  }

  get membership(): Conversation['membership'] {
    return this.of.membership;
  }

  get profiles(): Conversation['profiles'] {
    return this.of.profiles;
  }

  nameOf(identityHex: string): string | undefined {
    return this.fold.nameOf(identityHex) ?? this.of.nameOf(identityHex);
  }

  identityOf(deviceHex: string): string | undefined {
    return this.of.identityOf(deviceHex);
  }
}
