/**
 * The control ops of one conversation that this device holds, as a graph. It only grows, and what
 * it says depends on which ops it holds, never on the order in which they came.
 *
 * Ops whose parents have not arrived wait, so many per source and no more (PROTOCOL §3): a peer
 * that sends ops without a past fills only its own share.
 */
import { compareBytes, equalBytes } from '../../base/bytes.ts';
import { limits } from '../limits.ts';
import { type ControlOp, keyOf } from './ops.ts';

/** An op with all its parents, and therefore its whole past, held. */
export interface OpNode {
  readonly op: ControlOp;
  /** Hex of the op id, of its author and of the author's device. */
  readonly key: string;
  readonly author: string;
  readonly device: string;
  /** In order of arrival, parents before children; decides nothing. */
  readonly index: number;
  /** Bit `index` for each op strictly before this one. */
  readonly past: Uint32Array;
}

interface WaitingOp {
  readonly op: ControlOp;
  readonly source: string;
}

/** Read it freely; only `addOp` changes it. */
export interface OpSet {
  readonly convId: Uint8Array;
  readonly nodes: OpNode[];
  readonly nodeByKey: Map<string, OpNode>;
  /** Those that no held op names as a parent. */
  readonly headKeys: Set<string>;
  readonly waitingByKey: Map<string, WaitingOp>;
  /** Parent not held → those who wait for it. */
  readonly waitersByParent: Map<string, Set<string>>;
  readonly waitingCountBySource: Map<string, number>;
}

export const createOpSet = (convId: Uint8Array): OpSet => ({
  convId,
  nodes: [],
  nodeByKey: new Map(),
  headKeys: new Set(),
  waitingByKey: new Map(),
  waitersByParent: new Map(),
  waitingCountBySource: new Map(),
});

/** An `epoch`, `merge` or `complaint` changes nobody's level and carries no log. */
export const isInert = ({ op }: OpNode): boolean =>
  op.body.type === 'epoch' || op.body.type === 'merge' || op.body.type === 'complaint';

// ---------------------------------------------------------------- order

/** True iff `a` is strictly in the past of `b`. */
export const isBefore = (a: OpNode, b: OpNode): boolean =>
  (((b.past[a.index >>> 5] ?? 0) >>> (a.index & 31)) & 1) === 1;

const markPast = (past: Uint32Array, index: number): void => {
  past[index >>> 5] = (past[index >>> 5] ?? 0) | (1 << (index & 31));
};

const pastOfParents = (parents: ReadonlyArray<OpNode>, index: number): Uint32Array => {
  const past = new Uint32Array((index + 31) >>> 5);
  for (const parent of parents) {
    parent.past.forEach((word, at) => {
      past[at] = (past[at] ?? 0) | word;
    });
    markPast(past, parent.index);
  }
  return past;
};

/** Ops before `node`, in any order that has parents before children. */
export const pastOf = (set: OpSet, node: OpNode): ReadonlyArray<OpNode> =>
  set.nodes.slice(0, node.index).filter((other) => isBefore(other, node));

// ---------------------------------------------------------------- adding

export type AddOutcome =
  /** This op, and those that had waited for it, parents first. */
  | { readonly status: 'added'; readonly ops: ReadonlyArray<ControlOp> }
  | { readonly status: 'held' | 'waiting' | 'waiting-full' }
  /** Of another conversation, or its depth contradicts its parents. */
  | { readonly status: 'refused' };

const unheldParents = (set: OpSet, op: ControlOp): ReadonlyArray<string> =>
  op.parents.map(keyOf).filter((key) => !set.nodeByKey.has(key));

/** [OS2] The depth is one more than the deepest parent's; otherwise the op can never count. */
const insert = (set: OpSet, op: ControlOp, key: string): boolean => {
  const parents = op.parents.flatMap((id) => set.nodeByKey.get(keyOf(id)) ?? []);
  const depth =
    parents.reduce((deepest, { op: parent }) => Math.max(deepest, parent.depth), -1) + 1;
  if (op.depth !== depth) return false;
  const index = set.nodes.length;
  const [author, device] = [keyOf(op.identityId), keyOf(op.devSignPub)];
  const node = { op, key, author, device, index, past: pastOfParents(parents, index) };
  set.nodes.push(node);
  set.nodeByKey.set(key, node);
  for (const parent of parents) set.headKeys.delete(parent.key);
  set.headKeys.add(key);
  return true;
};

const startWaiting = (set: OpSet, key: string, waiting: WaitingOp): boolean => {
  const count = set.waitingCountBySource.get(waiting.source) ?? 0;
  if (count >= limits.waitingOpsMax) return false;
  set.waitingCountBySource.set(waiting.source, count + 1);
  set.waitingByKey.set(key, waiting);
  for (const parent of unheldParents(set, waiting.op)) {
    const waiters = set.waitersByParent.get(parent) ?? new Set();
    set.waitersByParent.set(parent, waiters.add(key));
  }
  return true;
};

const stopWaiting = (set: OpSet, key: string): void => {
  const waiting = set.waitingByKey.get(key);
  if (waiting === undefined) return;
  set.waitingByKey.delete(key);
  const count = (set.waitingCountBySource.get(waiting.source) ?? 1) - 1;
  if (count === 0) set.waitingCountBySource.delete(waiting.source);
  else set.waitingCountBySource.set(waiting.source, count);
  for (const parent of waiting.op.parents.map(keyOf)) {
    const waiters = set.waitersByParent.get(parent);
    waiters?.delete(key);
    if (waiters?.size === 0) set.waitersByParent.delete(parent);
  }
};

/** Whatever waits for `key`, out of the waiting room. */
const takeWaiters = (set: OpSet, key: string, isReady: (op: ControlOp) => boolean): ControlOp[] => {
  const taken: ControlOp[] = [];
  for (const waiter of [...(set.waitersByParent.get(key) ?? [])]) {
    const op = set.waitingByKey.get(waiter)?.op;
    if (op === undefined || !isReady(op)) continue;
    stopWaiting(set, waiter);
    taken.push(op);
  }
  return taken;
};

/** An op that can never be inserted takes those who wait for it along. */
const dropWaiters = (set: OpSet, key: string): void => {
  const dropped = [key];
  for (let next = dropped.pop(); next !== undefined; next = dropped.pop()) {
    dropped.push(...takeWaiters(set, next, () => true).map(({ opId }) => keyOf(opId)));
  }
};

/**
 * [OS1] Adds a decoded op whose signatures were verified. `source` names who sent it, for the
 * waiting room only. The same ops give the same set in any order.
 */
export const addOp = (set: OpSet, op: ControlOp, source = ''): AddOutcome => {
  const key = keyOf(op.opId);
  if (set.nodeByKey.has(key)) return { status: 'held' };
  if (!equalBytes(op.convId, set.convId)) return { status: 'refused' };
  if (unheldParents(set, op).length > 0) {
    const isWaiting = set.waitingByKey.has(key) || startWaiting(set, key, { op, source });
    return { status: isWaiting ? 'waiting' : 'waiting-full' };
  }
  const added: ControlOp[] = [];
  const ready = [op];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    const nextKey = keyOf(next.opId);
    if (insert(set, next, nextKey)) {
      added.push(next);
      ready.push(...takeWaiters(set, nextKey, (child) => unheldParents(set, child).length === 0));
    } else {
      dropWaiters(set, nextKey);
    }
  }
  return added.length > 0 ? { status: 'added', ops: added } : { status: 'refused' };
};

// ---------------------------------------------------------------- what core asks

export const getOp = (set: OpSet, opId: Uint8Array): ControlOp | undefined =>
  set.nodeByKey.get(keyOf(opId))?.op;

/** Ops without a child, ascending by id. */
export const heads = (set: OpSet): ReadonlyArray<Uint8Array> =>
  [...set.headKeys].flatMap((key) => set.nodeByKey.get(key)?.op.opId ?? []).sort(compareBytes);

export interface NextPosition {
  readonly parents: ReadonlyArray<Uint8Array>;
  readonly depth: number;
  /** More heads than an op may have parents: write a `merge` here first, then ask again. */
  readonly isMergeNeeded: boolean;
}

/** Where an op that has seen everything held hangs. */
export const nextPosition = (set: OpSet): NextPosition => {
  const all = heads(set);
  const parents = all.slice(0, limits.parentsMax);
  const depth = 1 + Math.max(...parents.map((id) => getOp(set, id)?.depth ?? 0));
  return { parents, depth, isMergeNeeded: all.length > parents.length };
};

/** True iff both are held and `before` is strictly in the past of `after`. */
export const isInPast = (set: OpSet, before: Uint8Array, after: Uint8Array): boolean => {
  const [a, b] = [set.nodeByKey.get(keyOf(before)), set.nodeByKey.get(keyOf(after))];
  return a !== undefined && b !== undefined && isBefore(a, b);
};

/**
 * Ops in the past of `opId` (itself included) and not in that of `exceptId` (nor that op itself):
 * what an epoch's author hands to those who were in the epoch before. Parents first.
 */
export const opsSince = (
  set: OpSet,
  opId: Uint8Array,
  exceptId: Uint8Array,
): ReadonlyArray<ControlOp> => {
  const [node, except] = [set.nodeByKey.get(keyOf(opId)), set.nodeByKey.get(keyOf(exceptId))];
  if (node === undefined) return [];
  return [...pastOf(set, node), node]
    .filter((other) => except === undefined || (other !== except && !isBefore(other, except)))
    .map(({ op }) => op);
};
