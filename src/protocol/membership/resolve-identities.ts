/**
 * What a set of ops says about people's devices: the identity logs that the ops carry, and stratum
 * 4 of the resolver, the acts cancelled by a root's revocation (PROTOCOL §2, §3 rules 1 and 5).
 * Nothing here depends on who is a member.
 */
import { type IdentityLog, mergeLogs, type MergedLogs } from './identity.ts';
import { isBefore, type OpNode } from './op-set.ts';
import { keyOf } from './ops.ts';

export interface DeviceRevocation {
  readonly node: OpNode;
  /** The revoked devices of the node's author. */
  readonly devices: ReadonlySet<string>;
}

export interface ResolvedIdentities {
  /** By identity: the longest unforked log that any of the ops carries. */
  readonly logs: ReadonlyMap<string, MergedLogs>;
  /** The `identity` ops that cancel acts of a revoked device. */
  readonly revocations: ReadonlyArray<DeviceRevocation>;
  /** Signed by a device that its author's log certifies, and not cancelled by a revocation. */
  isUsable(node: OpNode): boolean;
}

const collectLogs = (nodes: ReadonlyArray<OpNode>): ReadonlyMap<string, MergedLogs> => {
  const logsByIdentity = new Map<string, Map<string, IdentityLog>>();
  for (const { op } of nodes) {
    const log = op.carriedLog;
    if (log === undefined) continue;
    const identity = keyOf(log.identityId);
    const byHead = logsByIdentity.get(identity) ?? new Map<string, IdentityLog>();
    logsByIdentity.set(identity, byHead.set(keyOf(log.head), log));
  }
  return new Map([...logsByIdentity].map(([id, byHead]) => [id, mergeLogs([...byHead.values()])]));
};

/** As much of a carried log as counts: all of it, or what it shares with its fork. */
const countedPart = (carried: IdentityLog, merged: MergedLogs): IdentityLog | undefined =>
  merged.fork === undefined || carried.entries.length <= (merged.log?.entries.length ?? 0)
    ? carried
    : merged.log;

/** [RS4] Only another, unrevoked device of the same identity may cancel acts of a revoked one. */
const claimedRevocation = (
  node: OpNode,
  logs: ReadonlyMap<string, MergedLogs>,
): (DeviceRevocation & { readonly length: number }) | undefined => {
  const { body, carriedLog } = node.op;
  if (body.type !== 'identity' || carriedLog === undefined) return undefined;
  const merged = logs.get(node.author);
  if (merged === undefined || keyOf(carriedLog.identityId) !== node.author) return undefined;
  const log = countedPart(carriedLog, merged);
  if (log === undefined || log.revokedKeys.size === 0) return undefined;
  const isOwnDevice = log.certifiedKeys.has(node.device) && !log.revokedKeys.has(node.device);
  return isOwnDevice ? { node, devices: log.revokedKeys, length: log.entries.length } : undefined;
};

const groupByAuthor = (nodes: ReadonlyArray<OpNode>): ReadonlyMap<string, OpNode[]> => {
  const byAuthor = new Map<string, OpNode[]>();
  for (const node of nodes) {
    const own = byAuthor.get(node.author);
    if (own === undefined) byAuthor.set(node.author, [node]);
    else own.push(node);
  }
  return byAuthor;
};

/** Logs, revocations and cancelled acts of a set of ops that holds the past of each. */
export const resolveIdentities = (nodes: ReadonlyArray<OpNode>): ResolvedIdentities => {
  const logs = collectLogs(nodes);
  // A revocation can itself be cancelled only by one whose log is longer, since its author is
  // revoked there and not in its own. So longest first leaves no cycles.
  const claimed = nodes
    .flatMap((node) => claimedRevocation(node, logs) ?? [])
    .sort((a, b) => b.length - a.length);
  const byAuthor = claimed.length > 0 ? groupByAuthor(nodes) : new Map<string, OpNode[]>();
  const cancelled = new Set<OpNode>();
  const revocations: DeviceRevocation[] = [];
  for (const revocation of claimed) {
    const { node, devices } = revocation;
    if (cancelled.has(node)) continue;
    revocations.push(revocation);
    for (const other of byAuthor.get(node.author) ?? []) {
      if (devices.has(other.device) && !isBefore(other, node)) cancelled.add(other);
    }
  }
  return {
    logs,
    revocations,
    isUsable: (node) =>
      !cancelled.has(node) && (logs.get(node.author)?.log?.certifiedKeys.has(node.device) ?? false),
  };
};
