/**
 * What a control op says: one type and one total reader for each of the fourteen kinds
 * (PROTOCOL §3, §4, §10). On the wire a body is a CBOR map whose `type` names its kind; readers
 * accept exactly the listed fields.
 */
import {
  arrayUpTo,
  booleanOf,
  bytesOf,
  bytesUpTo,
  type CborValue,
  naturalOf,
  oneOf,
  type Read,
  recordOf,
  textUpTo,
  intIn,
} from '../cbor.ts';
import { identityLogBytesMax } from './identity.ts';
import { limits } from '../limits.ts';

export const levels = { owner: 3, admin: 2, member: 1, reader: 0 } as const;

export type Level = (typeof levels)[keyof typeof levels];

/** What a newcomer is given of the past: nothing, what came since the link, or everything. */
export type HistoryChoice = 'none' | 'since' | 'all';

export interface Policy {
  /** Who may add and invite members: admins (2), or every member (1). The greater is stricter. */
  readonly addLevel: 1 | 2;
  /** How long messages are kept: null for ever, 0 only while viewed. The shorter is stricter. */
  readonly keepMs: number | null;
}

export type ConversationSpec =
  | { readonly kind: 'self'; readonly identityId: Uint8Array }
  /** Strictly ascending. */
  | { readonly kind: 'direct'; readonly identityIds: readonly [Uint8Array, Uint8Array] }
  | {
      readonly kind: 'group';
      readonly nonce: Uint8Array;
      readonly name: string;
      readonly policy: Policy;
      readonly creator: Uint8Array;
      readonly predecessor?: Predecessor;
    };

/** [RG6] The group that another was made out of, and how much of it is the past of that one. */
export interface Predecessor {
  readonly convId: Uint8Array;
  /** Who is left out: of what they wrote there counts what its maker had seen. */
  readonly withoutId: Uint8Array;
  readonly cuts: ReadonlyArray<EpochCut>;
  /** The last lamport that its maker had seen there: what comes after is no past. */
  readonly untilLamport: number;
}

export interface DeviceBundle {
  readonly devSignPub: Uint8Array;
  readonly bundle: Uint8Array;
}

export interface LogPosition {
  readonly writerPub: Uint8Array;
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** The last entries of the removed that the author had seen in one epoch (rule 6). */
export interface EpochCut {
  readonly epochId: Uint8Array;
  readonly heads: ReadonlyArray<LogPosition>;
}

export interface DeviceCut {
  readonly devSignPub: Uint8Array;
  readonly epochs: ReadonlyArray<EpochCut>;
}

export interface IdentityLogHead {
  readonly identityId: Uint8Array;
  readonly length: number;
  readonly head: Uint8Array;
}

export interface CreateBody {
  readonly type: 'create';
  readonly conversation: ConversationSpec;
}
export interface AddBody {
  readonly type: 'add';
  readonly identityId: Uint8Array;
  readonly level: Level;
  readonly identityLog: Uint8Array;
  readonly prekeyBundles: ReadonlyArray<DeviceBundle>;
  readonly history: HistoryChoice;
  readonly name: string;
  readonly inviteId?: Uint8Array;
}
export interface RemoveBody {
  readonly type: 'remove';
  readonly identityId: Uint8Array;
  readonly cuts: ReadonlyArray<EpochCut>;
}
export interface RoleBody {
  readonly type: 'role';
  readonly identityId: Uint8Array;
  readonly level: Level;
}
export interface InviteBody {
  readonly type: 'invite';
  readonly inviteId: Uint8Array;
  readonly invPub: Uint8Array;
  readonly pseudoSecret: Uint8Array;
  readonly boxSeed: Uint8Array;
  /** Never owner: owners who revoke each other's invites would have no order. */
  readonly role: 0 | 1 | 2;
  readonly maxUses: number;
  readonly expiryHintMs: number;
  readonly isOpen: boolean;
  readonly history: HistoryChoice;
  /** [HI3] Of an open link with history: members seal to it what the link gives. */
  readonly historyPub?: Uint8Array;
}
export interface JoinBody {
  readonly type: 'join';
  readonly inviteId: Uint8Array;
  readonly invPub: Uint8Array;
  readonly nonce: Uint8Array;
  readonly proof: Uint8Array;
  readonly identityLog: Uint8Array;
  readonly prekeyBundles: ReadonlyArray<DeviceBundle>;
  readonly name: string;
}
export interface EpochBody {
  readonly type: 'epoch';
  readonly recipientsDigest: Uint8Array;
  /** Zeros for the first. */
  readonly prevEpochId: Uint8Array;
  readonly secretHash: Uint8Array;
  /** Where lamport times begin in this epoch. */
  readonly base: number;
  /** A short word for people who look into the log; it decides nothing. */
  readonly why: string;
  readonly idLogHeads: ReadonlyArray<IdentityLogHead>;
}
export interface IdentityBody {
  readonly type: 'identity';
  /** The author's own log, or another member's on its way. */
  readonly identityLog: Uint8Array;
  readonly name?: string;
  readonly prekeyBundles?: ReadonlyArray<DeviceBundle>;
  /** For devices that the log revokes. */
  readonly cuts?: ReadonlyArray<DeviceCut>;
}
export interface ForkBody {
  readonly type: 'fork';
  readonly bind: Uint8Array;
  /** Two binds of one device and incarnation; the runs are empty then. */
  readonly otherBind?: Uint8Array;
  /** Skeletons from the first difference. */
  readonly runA: ReadonlyArray<Uint8Array>;
  readonly runB: ReadonlyArray<Uint8Array>;
}

export type OpBody =
  | CreateBody
  | AddBody
  | RemoveBody
  | RoleBody
  | { readonly type: 'leave' }
  | InviteBody
  | { readonly type: 'invite-revoke'; readonly inviteId: Uint8Array }
  | JoinBody
  | { readonly type: 'policy'; readonly policy: Policy }
  | EpochBody
  | { readonly type: 'merge' }
  | IdentityBody
  | ForkBody
  | {
      readonly type: 'complaint';
      readonly epochId: Uint8Array;
      readonly reason: 'missing' | 'bad';
    };

export type OpType = OpBody['type'];

// ---------------------------------------------------------------- readers

const id = bytesOf(32);
const name = textUpTo(limits.nameBytesMax);
const level = oneOf(0, 1, 2, 3);
const history = oneOf('none', 'since', 'all');
const logBytes = bytesUpTo(identityLogBytesMax);
const prekeyBundles = arrayUpTo(
  limits.bundlesPerOpMax,
  recordOf({ devSignPub: id, bundle: bytesUpTo(limits.prekeyBundleBytesMax) }),
);
const epochCuts = arrayUpTo(
  limits.cutEpochsMax,
  recordOf({
    epochId: id,
    heads: arrayUpTo(
      limits.cutHeadsMax,
      recordOf({ writerPub: id, seq: intIn(0, limits.seqMax - 1), hash: id }),
    ),
  }),
);

const nullOr =
  <T>(read: Read<T>): Read<T | null> =>
  (value) =>
    value === null ? null : read(value);

const policy: Read<Policy> = recordOf({ addLevel: oneOf(1, 2), keepMs: nullOr(naturalOf) });

const pairOf: Read<readonly [Uint8Array, Uint8Array]> = (value) => {
  const [first, second, ...rest] = arrayUpTo(2, id)(value) ?? [];
  return first !== undefined && second !== undefined && rest.length === 0
    ? [first, second]
    : undefined;
};

const readSelf = recordOf({ kind: oneOf('self'), identityId: id });
const readDirect = recordOf({ kind: oneOf('direct'), identityIds: pairOf });
const predecessor: Read<Predecessor> = recordOf({
  convId: id,
  withoutId: id,
  cuts: epochCuts,
  untilLamport: naturalOf,
});
const readGroup = recordOf(
  { kind: oneOf('group'), nonce: bytesOf(16), name, policy, creator: id },
  { predecessor },
);
const conversation: Read<ConversationSpec> = (value) =>
  readSelf(value) ?? readDirect(value) ?? readGroup(value);

const skeletons = arrayUpTo(limits.forkRunMax, bytesUpTo(256));
const bindBytes = bytesUpTo(limits.opBytesMax);

const readerByType: { readonly [T in OpType]: Read<Extract<OpBody, { type: T }>> } = {
  create: recordOf({ type: oneOf('create'), conversation }),
  add: recordOf(
    {
      type: oneOf('add'),
      identityId: id,
      level,
      identityLog: logBytes,
      prekeyBundles,
      history,
      name,
    },
    { inviteId: id },
  ),
  remove: recordOf({ type: oneOf('remove'), identityId: id, cuts: epochCuts }),
  role: recordOf({ type: oneOf('role'), identityId: id, level }),
  leave: recordOf({ type: oneOf('leave') }),
  invite: recordOf(
    {
      type: oneOf('invite'),
      inviteId: id,
      invPub: id,
      pseudoSecret: id,
      boxSeed: id,
      role: oneOf(0, 1, 2),
      maxUses: intIn(1, limits.inviteUsesMax),
      expiryHintMs: naturalOf,
      isOpen: booleanOf,
      history,
    },
    { historyPub: id },
  ),
  'invite-revoke': recordOf({ type: oneOf('invite-revoke'), inviteId: id }),
  join: recordOf({
    type: oneOf('join'),
    inviteId: id,
    invPub: id,
    nonce: bytesOf(16),
    proof: bytesOf(64),
    identityLog: logBytes,
    prekeyBundles,
    name,
  }),
  policy: recordOf({ type: oneOf('policy'), policy }),
  epoch: recordOf({
    type: oneOf('epoch'),
    recipientsDigest: id,
    prevEpochId: id,
    secretHash: id,
    base: naturalOf,
    why: textUpTo(32),
    idLogHeads: arrayUpTo(
      limits.devicesMax,
      recordOf({ identityId: id, length: intIn(1, limits.identityEntriesMax), head: id }),
    ),
  }),
  merge: recordOf({ type: oneOf('merge') }),
  identity: recordOf(
    { type: oneOf('identity'), identityLog: logBytes },
    {
      name,
      prekeyBundles,
      cuts: arrayUpTo(limits.bundlesPerOpMax, recordOf({ devSignPub: id, epochs: epochCuts })),
    },
  ),
  fork: recordOf(
    { type: oneOf('fork'), bind: bindBytes, runA: skeletons, runB: skeletons },
    { otherBind: bindBytes },
  ),
  complaint: recordOf({
    type: oneOf('complaint'),
    epochId: id,
    reason: oneOf('missing', 'bad'),
  }),
};

const isOpType = (type: unknown): type is OpType =>
  typeof type === 'string' && Object.hasOwn(readerByType, type);

/** Total. What the fields mean together is checked in ops.ts. */
export const readOpBody: Read<OpBody> = (value: CborValue) => {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  const type: unknown = value.type;
  return isOpType(type) ? readerByType[type](value) : undefined;
};
