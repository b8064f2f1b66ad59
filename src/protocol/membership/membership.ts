/**
 * Membership as the core asks for it: the view of everything held, the view that an op had, and
 * whether an epoch op counts (PROTOCOL §3, §4). All of it is a pure function of the set of ops; what
 * is remembered between calls is only ever the same answer again.
 */
import { equalBytes } from '../../base/bytes.ts';
import { limits } from '../limits.ts';
import { type EpochBody, levels, type OpType } from './op-bodies.ts';
import { isInert, type OpNode, type OpSet, pastOf } from './op-set.ts';
import { type ControlOp, keyOf } from './ops.ts';
import { isDisputed } from './resolve-joins.ts';
import {
  isAllowedIn,
  namedIdentities,
  neededLevel,
  type Resolution,
  resolveNodes,
} from './resolver.ts';
import { recipientsDigest } from '../epochs/seal.ts';
import { type Members, membersOf, type View, viewOf } from './view.ts';

export type { ContentCut, InviteState, MemberDevice, Profile, View } from './view.ts';
export {
  addOp,
  createOpSet,
  getOp,
  heads,
  isBefore,
  isInPast,
  nextPosition,
  type NextPosition,
  type OpNode,
  type OpSet,
  opsSince,
} from './op-set.ts';

const viewsKeptMax = 64;

interface Memory {
  wholeCount: number;
  whole: View | undefined;
  readonly viewByKey: Map<string, View>;
  /** By which ops that matter lie before an epoch; most epochs share them with another. */
  readonly membersByPast: Map<string, EpochMembers>;
  readonly isEpochValidByKey: Map<string, boolean>;
}

// Keyed by the set itself, so that it lives and dies with it. A view never changes: the past of an
// op does not.
const memories = new WeakMap<OpSet, Memory>();

const memoryOf = (set: OpSet): Memory => {
  const known = memories.get(set);
  if (known !== undefined) return known;
  const memory: Memory = {
    wholeCount: -1,
    whole: undefined,
    viewByKey: new Map(),
    membersByPast: new Map(),
    isEpochValidByKey: new Map(),
  };
  memories.set(set, memory);
  return memory;
};

/** [VW2] The view of all ops held. */
export const resolve = (set: OpSet): View => {
  const memory = memoryOf(set);
  if (memory.whole === undefined || memory.wholeCount !== set.nodes.length) {
    memory.whole = viewOf(set.convId, resolveNodes(set.nodes));
    memory.wholeCount = set.nodes.length;
  }
  return memory.whole;
};

const remember = <T>(known: Map<string, T>, key: string, value: T): void => {
  const oldest = known.size >= viewsKeptMax ? known.keys().next() : undefined;
  if (oldest?.done === false) known.delete(oldest.value);
  known.set(key, value);
};

const viewAtNode = (set: OpSet, node: OpNode): View => {
  const { viewByKey } = memoryOf(set);
  const known = viewByKey.get(node.key);
  if (known !== undefined) return known;
  const view = viewOf(set.convId, resolveNodes([...pastOf(set, node), node]));
  remember(viewByKey, node.key, view);
  return view;
};

/** [VW3] The view of an op's past and the op itself; undefined if it is not held. */
export const viewAt = (set: OpSet, opId: Uint8Array): View | undefined => {
  const node = set.nodeByKey.get(keyOf(opId));
  return node === undefined ? undefined : viewAtNode(set, node);
};

/** The recipients an epoch for this view has. */
export const viewDigest = (view: View): Uint8Array => digestOf(view);

/**
 * [RS1] Whether somebody of the view may write such an op, for offering it. An `add` or `invite`
 * of an admin needs an owner besides. What counts in the end is the resolver's judgement.
 */
export const mayAuthor = (view: View, identityId: Uint8Array, type: OpType): boolean => {
  const own = view.levels.get(keyOf(identityId));
  if (own === undefined || view.kind === undefined || !isAllowedIn(view.kind, type)) return false;
  return own >= neededLevel({ type, granted: levels.member }, view.policy.addLevel);
};

// ---------------------------------------------------------------- epochs

/** What an epoch is judged by. */
interface EpochMembers extends Members {
  readonly hasNamedDevices: boolean;
  readonly digest: Uint8Array;
}

/** Everybody whom the `create` of a self or direct names has a device by then. */
const hasNamedDevices = ({ conversation }: Resolution, { devices }: Members): boolean =>
  conversation !== undefined &&
  (conversation.kind === 'group' ||
    namedIdentities(conversation).every((named) =>
      devices.some(({ identityId }) => equalBytes(identityId, named)),
    ));

const digestOf = ({ devices }: Members): Uint8Array =>
  recipientsDigest(devices.map(({ devSignPub }) => devSignPub));

/** The members in view(epoch). Inert ops change nothing in it, unless they endorse a join. */
const membersAt = (set: OpSet, epoch: OpNode): EpochMembers => {
  const { membersByPast } = memoryOf(set);
  const past = pastOf(set, epoch);
  const active = past.filter((node) => !isInert(node));
  const relevant = isDisputed(active) ? past : active;
  const key = relevant.map(({ index }) => index).join();
  const known = membersByPast.get(key);
  if (known !== undefined) return known;
  const resolution = resolveNodes(relevant);
  const members = membersOf(resolution);
  const epochMembers = {
    ...members,
    hasNamedDevices: hasNamedDevices(resolution, members),
    digest: digestOf(members),
  };
  remember(membersByPast, key, epochMembers);
  return epochMembers;
};

/** The device is one of the members' and belongs to the op's author. */
const isByMemberDevice = ({ devices }: Members, op: ControlOp): boolean =>
  devices.some(
    ({ devSignPub, identityId }) =>
      equalBytes(devSignPub, op.devSignPub) && equalBytes(identityId, op.identityId),
  );

/** A joiner of any level may open the epoch that lets it in, right after its own join. */
const isRightAfterOwnJoin = (set: OpSet, { op }: OpNode): boolean => {
  const [parent, ...others] = op.parents;
  const join = parent === undefined ? undefined : set.nodeByKey.get(keyOf(parent));
  return (
    join !== undefined &&
    others.length === 0 &&
    join.op.body.type === 'join' &&
    equalBytes(join.op.identityId, op.identityId) &&
    viewAtNode(set, join).validOps.has(join.key)
  );
};

/** Asks about epochs parents first, so that one question leads at most to another one deep. */
const greatestBase = (set: OpSet, nodes: ReadonlyArray<OpNode>): number =>
  nodes.reduce((greatest, node) => {
    const { body } = node.op;
    return body.type === 'epoch' && isEpochNodeValid(set, node)
      ? Math.max(greatest, body.base)
      : greatest;
  }, 0);

const judgeEpoch = (set: OpSet, node: OpNode, body: EpochBody): boolean => {
  const members = membersAt(set, node);
  const level = members.levels.get(node.author);
  const mayMakeEpoch =
    (level !== undefined && level >= levels.member) || isRightAfterOwnJoin(set, node);
  return (
    mayMakeEpoch &&
    isByMemberDevice(members, node.op) &&
    members.hasNamedDevices &&
    equalBytes(body.recipientsDigest, members.digest) &&
    body.base <= greatestBase(set, pastOf(set, node)) + limits.lamportSpanMax
  );
};

const isEpochNodeValid = (set: OpSet, node: OpNode): boolean => {
  const { isEpochValidByKey } = memoryOf(set);
  const { body } = node.op;
  if (body.type !== 'epoch') return false;
  const known = isEpochValidByKey.get(node.key);
  if (known !== undefined) return known;
  const isValid = judgeEpoch(set, node, body);
  isEpochValidByKey.set(node.key, isValid);
  return isValid;
};

/**
 * [EP1] Whether an epoch op that is held counts: its author may make one in view(op), its device is
 * among the recipients, and the recipients recompute from view(op) alone, so later ops never change
 * the answer.
 */
export const isEpochValid = (set: OpSet, op: ControlOp): boolean => {
  const node = set.nodeByKey.get(keyOf(op.opId));
  return node !== undefined && isEpochNodeValid(set, node);
};

/** Of the epochs held that count. [EP2] The next, one that has seen all, lies at most a span above it. */
export const greatestEpochBase = (set: OpSet): number => greatestBase(set, set.nodes);
