/**
 * Who may do what: the resolver (PROTOCOL §3 rules 1–5, §10). A pure function of a set of ops that
 * holds the past of each; it reads no clock and no order of arrival.
 *
 * Levels are evaluated from the top: stratum 4 (root revocations, resolve-identities.ts), then
 * owners, admins, members, readers. Whether a grant of one level holds depends on revocations by
 * strictly higher levels, which are complete by then, and on acts in its own past, which come
 * earlier in the walk. So there are no cycles and no tie-breaks.
 *
 * Where joins through open invites are in dispute there are two walks. The first leaves joins out
 * and says which epochs endorse a join; the second counts them (resolve-joins.ts).
 */
import { assert } from '../../base/assert.ts';
import {
  type ConversationSpec,
  type Level,
  levels,
  type OpBody,
  type OpType,
  type Policy,
} from './op-bodies.ts';
import { keyOf } from './ops.ts';
import { isBefore, type OpNode } from './op-set.ts';
import { resolveIdentities, type ResolvedIdentities } from './resolve-identities.ts';
import {
  createJoinRules,
  type Endorsements,
  endorsementsOf,
  isDisputed,
  judgingOrder,
} from './resolve-joins.ts';

export interface Grant {
  readonly node: OpNode;
  readonly level: Level;
}

export interface Revocation {
  readonly node: OpNode;
  /** The level its author acted at: it cancels grants strictly below. */
  readonly stratum: Level;
  /** It leaves grants up to here: −1 for `remove`, the new level for `role`. */
  readonly floor: Level | -1;
}

/** What one walk over the ops found. */
export interface Resolution {
  readonly conversation: ConversationSpec | undefined;
  readonly identities: ResolvedIdentities;
  /** Parents before children. */
  readonly nodes: ReadonlyArray<OpNode>;
  /** The level at which authors acted; not of a `create` or `join`, which needs none. */
  readonly authorLevels: ReadonlyMap<OpNode, Level>;
  /** Acts that count. */
  readonly valid: ReadonlySet<OpNode>;
  readonly grants: ReadonlyMap<string, ReadonlyArray<Grant>>;
  readonly revocations: ReadonlyMap<string, ReadonlyArray<Revocation>>;
  readonly leaves: ReadonlyMap<string, ReadonlyArray<OpNode>>;
  readonly policies: ReadonlyArray<OpNode>;
  readonly invites: ReadonlyArray<OpNode>;
  readonly inviteRevokes: ReadonlyArray<OpNode>;
  /** Per `invite` op: the joins that used it. */
  readonly joinsByInvite: ReadonlyMap<OpNode, ReadonlyArray<OpNode>>;
  /** Joins beyond an invite's number of uses. */
  readonly pendingJoins: ReadonlyArray<OpNode>;
}

/** A resolution while it is being made. */
export interface Run extends Resolution {
  readonly authorLevels: Map<OpNode, Level>;
  readonly valid: Set<OpNode>;
  readonly grants: Map<string, Grant[]>;
  readonly revocations: Map<string, Revocation[]>;
  readonly leaves: Map<string, OpNode[]>;
  readonly policies: OpNode[];
  readonly invites: OpNode[];
  readonly inviteRevokes: OpNode[];
  readonly joinsByInvite: Map<OpNode, ReadonlyArray<OpNode>>;
  readonly pendingJoins: OpNode[];
}

const pushTo = <T>(lists: Map<string, T[]>, key: string, item: T): void => {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
};

// ---------------------------------------------------------------- rule 3

/** Stands for an op after all others. */
const atTheEnd = undefined;

/** Does `a` come before the place `x`? */
const isSeenBy = (a: OpNode, x: OpNode | undefined): boolean => x === atTheEnd || isBefore(a, x);

/**
 * [RS3] [RS5] A grant holds at x iff it is in the past of x and no revocation from a higher level
 * cancels it: one that is not after x and that the grant is not after. A leave cancels only for
 * what comes after it.
 */
export const isHeld = (
  { revocations, leaves }: Resolution,
  { identity, grant, x }: { identity: string; grant: Grant; x: OpNode | undefined },
): boolean => {
  if (!isSeenBy(grant.node, x)) return false;
  const isRevoked = revocations
    .get(identity)
    ?.some(
      ({ node, stratum, floor }) =>
        grant.level > floor &&
        grant.level < stratum &&
        !(x !== atTheEnd && isBefore(x, node)) &&
        !isBefore(node, grant.node),
    );
  const hasLeft = leaves
    .get(identity)
    ?.some((leave) => isSeenBy(leave, x) && !isBefore(leave, grant.node));
  return isRevoked !== true && hasLeft !== true;
};

const holdsLevel = (
  resolution: Resolution,
  { identity, level, x }: { identity: string; level: Level; x: OpNode | undefined },
): boolean =>
  resolution.grants
    .get(identity)
    ?.some((grant) => grant.level === level && isHeld(resolution, { identity, grant, x })) ?? false;

const levelsDown: ReadonlyArray<Level> = [3, 2, 1, 0];

/** [RS1] The greatest level that holds at x; undefined: not a member. */
export const levelOf = (
  resolution: Resolution,
  identity: string,
  x: OpNode | undefined = atTheEnd,
): Level | undefined => levelsDown.find((level) => holdsLevel(resolution, { identity, level, x }));

// ---------------------------------------------------------------- rule 1

const defaultPolicy: Policy = { addLevel: 2, keepMs: null };

const stricter = (a: Policy, b: Policy): Policy => ({
  addLevel: a.addLevel > b.addLevel ? a.addLevel : b.addLevel,
  keepMs:
    a.keepMs === null ? b.keepMs : b.keepMs === null ? a.keepMs : Math.min(a.keepMs, b.keepMs),
});

/** [RS2] Among the last `policy` ops that x has seen, each field takes the stricter value. */
export const policyAt = (resolution: Resolution, x: OpNode | undefined): Policy => {
  const seen = resolution.policies.filter((node) => isSeenBy(node, x));
  const last = seen.filter((node) => !seen.some((other) => isBefore(node, other)));
  const stated = last.flatMap(({ op }) => (op.body.type === 'policy' ? [op.body.policy] : []));
  const { conversation } = resolution;
  const initial = conversation?.kind === 'group' ? conversation.policy : defaultPolicy;
  return stated.length > 0 ? stated.reduce(stricter) : initial;
};

interface Act {
  readonly type: OpType;
  /** What an `add` or `invite` grants. */
  readonly granted: Level;
}

const actOf = (body: OpBody): Act => ({
  type: body.type,
  granted: body.type === 'add' ? body.level : body.type === 'invite' ? body.role : levels.reader,
});

/** [RS1] What an act needs, given what adding a member needs. */
export const neededLevel = ({ type, granted }: Act, addLevel: Level): Level => {
  switch (type) {
    case 'add':
    case 'invite':
      return granted >= levels.admin ? levels.owner : addLevel;
    case 'invite-revoke':
      return addLevel;
    case 'create':
    case 'role':
    case 'policy':
      return levels.owner;
    case 'remove':
      return levels.admin;
    case 'epoch':
      return levels.member;
    case 'join':
    case 'leave':
    case 'merge':
    case 'identity':
    case 'fork':
    case 'complaint':
      return levels.reader;
  }
};

const inEvery: ReadonlyArray<OpType> = [
  'create',
  'identity',
  'epoch',
  'merge',
  'fork',
  'complaint',
];
const allowedTypes: { readonly [K in ConversationSpec['kind']]: ReadonlySet<OpType> } = {
  direct: new Set(inEvery),
  self: new Set([...inEvery, 'invite', 'invite-revoke']),
  group: new Set([
    ...inEvery,
    'invite',
    'invite-revoke',
    'add',
    'remove',
    'role',
    'leave',
    'join',
    'policy',
  ]),
};

/** [RS6] Notes to self and direct conversations have fixed members. */
export const isAllowedIn = (kind: ConversationSpec['kind'], type: OpType): boolean =>
  allowedTypes[kind].has(type);

/** Those a `create` names: its only possible authors, owners from the start. */
export const namedIdentities = (conversation: ConversationSpec): ReadonlyArray<Uint8Array> => {
  switch (conversation.kind) {
    case 'self':
      return [conversation.identityId];
    case 'direct':
      return conversation.identityIds;
    case 'group':
      return [conversation.creator];
  }
};

// ---------------------------------------------------------------- the walk

const acceptCreate = (run: Run, node: OpNode, conversation: ConversationSpec): void => {
  const named = namedIdentities(conversation).map(keyOf);
  if (!named.includes(node.author)) return;
  run.valid.add(node);
  for (const identity of named) pushTo(run.grants, identity, { node, level: levels.owner });
};

/** Records what a valid act does. */
const accept = (run: Run, node: OpNode, level: Level): void => {
  run.valid.add(node);
  const { body } = node.op;
  switch (body.type) {
    case 'add':
      pushTo(run.grants, keyOf(body.identityId), { node, level: body.level });
      break;
    case 'role': {
      const target = keyOf(body.identityId);
      pushTo(run.grants, target, { node, level: body.level });
      pushTo(run.revocations, target, { node, stratum: level, floor: body.level });
      break;
    }
    case 'remove':
      pushTo(run.revocations, keyOf(body.identityId), { node, stratum: level, floor: -1 });
      break;
    case 'policy':
      run.policies.push(node);
      break;
    case 'invite':
      run.invites.push(node);
      break;
    case 'invite-revoke':
      run.inviteRevokes.push(node);
      break;
    default: // the others change nobody's level
  }
};

/** One act in one pass: is its author of this level, and does that suffice? */
const judge = (run: Run, node: OpNode, level: Level): void => {
  if (run.authorLevels.has(node)) return;
  if (!holdsLevel(run, { identity: node.author, level, x: node })) return;
  run.authorLevels.set(node, level);
  // A policy is an owner's act and complete by the time it matters, for members.
  const addLevel = level === levels.member ? policyAt(run, node).addLevel : levels.admin;
  if (level >= neededLevel(actOf(node.op.body), addLevel)) accept(run, node, level);
};

interface WalkInput {
  readonly conversation: ConversationSpec | undefined;
  readonly identities: ResolvedIdentities;
  /** Usable ones, in the order in which they are judged. */
  readonly ordered: ReadonlyArray<OpNode>;
  readonly judgeJoin?: (run: Run, node: OpNode, level: Level) => void;
}

const walk = ({ conversation, identities, ordered, judgeJoin }: WalkInput): Resolution => {
  const run: Run = {
    conversation,
    identities,
    nodes: ordered,
    authorLevels: new Map(),
    valid: new Set(),
    grants: new Map(),
    revocations: new Map(),
    leaves: new Map(),
    policies: [],
    invites: [],
    inviteRevokes: [],
    joinsByInvite: new Map(),
    pendingJoins: [],
  };
  for (const node of ordered) {
    if (node.op.body.type === 'leave') pushTo(run.leaves, node.author, node);
  }
  for (const level of levelsDown) {
    for (const node of ordered) {
      const { body } = node.op;
      if (body.type === 'create') {
        if (level === levels.owner) acceptCreate(run, node, body.conversation);
      } else if (body.type === 'join') {
        judgeJoin?.(run, node, level);
      } else {
        judge(run, node, level);
      }
    }
  }
  return run;
};

const specOf = (nodes: ReadonlyArray<OpNode>): ConversationSpec | undefined => {
  for (const { op } of nodes) if (op.body.type === 'create') return op.body.conversation;
  return undefined;
};

const noEndorsements: Endorsements = new Map();

/** [RS0] The whole resolver. `held` must hold the past of each of its ops. */
export const resolveNodes = (held: ReadonlyArray<OpNode>): Resolution => {
  const nodes = judgingOrder(held, noEndorsements); // no longer the order of arrival
  const conversation = specOf(nodes);
  const identities = resolveIdentities(nodes);
  const ordered = nodes.filter(
    (node) =>
      conversation !== undefined &&
      isAllowedIn(conversation.kind, node.op.body.type) &&
      identities.isUsable(node),
  );
  if (!isDisputed(ordered)) {
    return walk({ conversation, identities, ordered, judgeJoin: createJoinRules(undefined) });
  }
  const withoutJoins = walk({ conversation, identities, ordered });
  const endorsements = endorsementsOf(withoutJoins);
  return walk({
    conversation,
    identities,
    ordered: judgingOrder(ordered, endorsements),
    judgeJoin: createJoinRules({ withoutJoins, endorsements }),
  });
};

/** The level of a known act's author. */
export const actedAt = (resolution: Resolution, node: OpNode): Level => {
  const level = resolution.authorLevels.get(node);
  assert(level !== undefined, 'a valid act has an author with a level');
  return level;
};
