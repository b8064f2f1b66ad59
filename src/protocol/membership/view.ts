/**
 * What a conversation is, as people and the core see it: the outcome of the resolver in plain
 * terms (PROTOCOL §3 "View"). Every list is in an order that depends on its content alone.
 */
import { compareBytes } from '../../base/bytes.ts';
import type { Bind } from '../epochs/bind.ts';
import type { Signed } from '../signed-record.ts';
import type { MergedLogs } from './identity.ts';
import type { ForkedLog, ForkProof } from './fork.ts';
import type { ConversationSpec, EpochCut, InviteBody, Level, Policy } from './op-bodies.ts';
import { isBefore, isInert, type OpNode } from './op-set.ts';
import { type ControlOp, keyOf } from './ops.ts';
import { actedAt, isHeld, levelOf, policyAt, type Resolution } from './resolver.ts';
import { type HistoryGrant, historyGrantsOf } from './resolve-history.ts';
import { revokesOf } from './resolve-joins.ts';

/** A device that may read and write. */
export interface MemberDevice {
  readonly devSignPub: Uint8Array;
  readonly inboxPub: Uint8Array;
  readonly identityId: Uint8Array;
}

export interface InviteState {
  readonly opId: Uint8Array;
  readonly inviter: Uint8Array;
  readonly body: InviteBody;
  /** Joins through it, and people who were added with its id. */
  readonly usesCount: number;
}

/** Content of the removed beyond these positions is withheld (rule 6). */
export interface ContentCut {
  readonly opId: Uint8Array;
  readonly identityId: Uint8Array;
  /** Undefined: all devices of the identity. */
  readonly devSignPub: Uint8Array | undefined;
  readonly epochs: ReadonlyArray<EpochCut>;
}

export interface Profile {
  readonly name: string;
}

/** Who takes part, without the rest of a view. */
export interface Members {
  /** By identity, in hex. Those who are not there are not members. */
  readonly levels: ReadonlyMap<string, Level>;
  /** Of all members, ascending by devSignPub. */
  readonly devices: ReadonlyArray<MemberDevice>;
}

export interface View extends Members {
  readonly convId: Uint8Array;
  /** Undefined while no `create` is held. */
  readonly conversation: ConversationSpec | undefined;
  readonly kind: ConversationSpec['kind'] | undefined;
  /** Of a group; empty otherwise. */
  readonly name: string;
  readonly policy: Policy;
  /** Valid, not revoked, with uses left. */
  readonly livingInvites: ReadonlyArray<InviteState>;
  /** All valid ones that nobody revoked, used up or not. */
  readonly invites: ReadonlyArray<InviteState>;
  /** Who was let in with everything from before; those who are no members any more included. */
  readonly historyGrants: ReadonlyArray<HistoryGrant>;
  /** Joins that came after the last use of their invite was taken. */
  readonly pendingJoins: ReadonlyArray<ControlOp>;
  /** By identity, in hex: what people call themselves, or were called by who added them. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** By identity, in hex: every identity log the ops carry, merged. */
  readonly identities: ReadonlyMap<string, MergedLogs>;
  /** By device, in hex: the newest prekey bundle in the ops. Not verified here. */
  readonly bundles: ReadonlyMap<string, Uint8Array>;
  readonly cuts: ReadonlyArray<ContentCut>;
  /** Logs that count only below a position (rule 7), as their device's; of several forks the smallest. */
  readonly forks: ReadonlyArray<ForkedLog>;
  /** [CL1] Of logs that part at their very bind: all that proofs show of how they begin. */
  readonly forkedBinds: ReadonlyArray<Bind & Signed>;
  /** Hex ids of the ops that count. */
  readonly validOps: ReadonlySet<string>;
}

// ---------------------------------------------------------------- people and devices

const memberLevels = (resolution: Resolution): ReadonlyMap<string, Level> => {
  const members = new Map<string, Level>();
  for (const identity of [...resolution.grants.keys()].sort()) {
    const level = levelOf(resolution, identity);
    if (level !== undefined) members.set(identity, level);
  }
  return members;
};

interface ValidFork extends Omit<ForkProof, 'forkId'> {
  readonly forkId: string;
}

const validForks = ({ nodes, valid }: Resolution): ReadonlyArray<ValidFork> =>
  nodes.flatMap((node) => {
    const proof = node.op.forkProof;
    return proof !== undefined && valid.has(node)
      ? [{ ...proof, forkId: keyOf(proof.forkId) }]
      : [];
  });

/** Of several forks of one log the smallest position holds. */
const smallestForks = (forks: ReadonlyArray<ValidFork>): ReadonlyArray<ForkedLog> => {
  const byLog = new Map<string, ForkedLog>();
  for (const log of forks.flatMap(({ logs }) => logs)) {
    const key = [log.epochId, log.writerPub, log.devSignPub].map(keyOf).join('');
    const known = byLog.get(key);
    if (known === undefined || log.seq < known.seq) byLog.set(key, log);
  }
  return [...byLog.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, log]) => log);
};

/** Each once, in one order. */
const bindsThatPart = (forks: ReadonlyArray<ValidFork>): View['forkedBinds'] => {
  const parting = forks.filter(({ logs }) => logs.some(({ seq }) => seq === 0));
  const bySigned = new Map(
    parting.flatMap(({ binds }) => binds).map((bind) => [keyOf(bind.signedBytes), bind]),
  );
  return [...bySigned.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, bind]) => bind);
};

interface DeviceClaim extends MemberDevice {
  readonly identity: string;
  readonly device: string;
}

/**
 * A root can certify a key that is not its own. A key that several members claim belongs to the one
 * under whose name it signed an op, other than an inert one; to nobody until it does.
 */
const settleClaims = (
  claims: ReadonlyArray<DeviceClaim>,
  { nodes }: Resolution,
): ReadonlyArray<DeviceClaim> => {
  const claimCounts = new Map<string, number>();
  for (const { device } of claims) claimCounts.set(device, (claimCounts.get(device) ?? 0) + 1);
  const isOwner = ({ identity, device }: DeviceClaim): boolean =>
    nodes.some((node) => node.device === device && node.author === identity && !isInert(node));
  return claims.filter((claim) => claimCounts.get(claim.device) === 1 || isOwner(claim));
};

/** [VW1] Devices certified and not revoked by the logs of members, less the forked ones. */
const memberDevices = (
  resolution: Resolution,
  members: ReadonlyMap<string, Level>,
): ReadonlyArray<MemberDevice> => {
  const forks = validForks(resolution);
  const claims = [...members.keys()].flatMap((identity) => {
    const log = resolution.identities.logs.get(identity)?.log;
    if (log === undefined) return [];
    const { identityId, excusedForks } = log;
    const unexcused = forks.filter(({ forkId }) => !excusedForks.has(forkId));
    const forked = new Set(
      unexcused.flatMap(({ logs }) => logs.map(({ devSignPub }) => keyOf(devSignPub))),
    );
    return log.devices
      .map(({ devSignPub, inboxPub }) => {
        const device = keyOf(devSignPub);
        return { devSignPub, inboxPub, identityId, identity, device };
      })
      .filter(({ device }) => !forked.has(device));
  });
  return settleClaims(claims, resolution)
    .map(({ devSignPub, inboxPub, identityId }) => ({ devSignPub, inboxPub, identityId }))
    .sort((a, b) => compareBytes(a.devSignPub, b.devSignPub));
};

export const membersOf = (resolution: Resolution): Members => {
  const levels = memberLevels(resolution);
  return { levels, devices: memberDevices(resolution, levels) };
};

// ---------------------------------------------------------------- what ops say about people

interface Statement {
  /** The identity spoken of. */
  readonly about: string;
  readonly node: OpNode;
  readonly name: string | undefined;
  readonly bundles: ReadonlyArray<{ readonly devSignPub: Uint8Array; readonly bundle: Uint8Array }>;
}

const statementOf = (node: OpNode): Statement | undefined => {
  const { body, carriedLog } = node.op;
  if (carriedLog === undefined) return undefined;
  if (body.type !== 'add' && body.type !== 'join' && body.type !== 'identity') return undefined;
  // A person speaks only of their own devices: else an old prekey could be pinned on somebody.
  const bundles = (body.prekeyBundles ?? []).filter(({ devSignPub }) =>
    carriedLog.certifiedKeys.has(keyOf(devSignPub)),
  );
  return { about: keyOf(carriedLog.identityId), node, name: body.name, bundles };
};

/** What people say of themselves counts more, then what was said later. */
const comparePrecedence = (a: Statement, b: Statement): number =>
  Number(a.node.author === a.about) - Number(b.node.author === b.about) ||
  a.node.op.depth - b.node.op.depth ||
  compareBytes(a.node.op.opId, b.node.op.opId);

const statements = ({ nodes, valid }: Resolution): ReadonlyArray<Statement> =>
  nodes
    .filter((node) => valid.has(node))
    .flatMap((node) => statementOf(node) ?? [])
    .sort(comparePrecedence);

const profilesOf = (said: ReadonlyArray<Statement>): ReadonlyMap<string, Profile> => {
  const profiles = new Map<string, Profile>();
  for (const { about, name } of said) if (name !== undefined) profiles.set(about, { name });
  return profiles;
};

const bundlesOf = (said: ReadonlyArray<Statement>): ReadonlyMap<string, Uint8Array> =>
  new Map(
    said.flatMap(({ bundles }) =>
      bundles.map(({ devSignPub, bundle }) => [keyOf(devSignPub), bundle] as const),
    ),
  );

// ---------------------------------------------------------------- invites and cuts

/** [IN4] */
const unrevokedInvites = (resolution: Resolution): ReadonlyArray<InviteState> => {
  const addedByInvite = new Map<string, Set<string>>();
  for (const { op } of resolution.valid) {
    if (op.body.type !== 'add' || op.body.inviteId === undefined) continue;
    const key = keyOf(op.body.inviteId);
    const added = addedByInvite.get(key) ?? new Set<string>();
    addedByInvite.set(key, added.add(keyOf(op.body.identityId)));
  }
  return resolution.invites
    .flatMap((node) => {
      const { body, opId, identityId: inviter } = node.op;
      if (body.type !== 'invite' || revokesOf(resolution, body).length > 0) return [];
      const joins = resolution.joinsByInvite.get(node) ?? [];
      const joiners = new Set(joins.map(({ author }) => author));
      const added = [...(addedByInvite.get(keyOf(body.inviteId)) ?? [])];
      const addedOnlyCount = added.filter((identity) => !joiners.has(identity)).length;
      return [{ opId, inviter, body, usesCount: joins.length + addedOnlyCount }];
    })
    .sort((a, b) => compareBytes(a.opId, b.opId));
};

/** [RS7] A removal cuts content iff it could remove: its target was not of its author's level. */
const isCutEffective = (resolution: Resolution, node: OpNode, target: string): boolean => {
  const stratum = actedAt(resolution, node);
  const grants = resolution.grants.get(target) ?? [];
  return !grants.some(
    (grant) =>
      grant.level >= stratum &&
      !isBefore(node, grant.node) &&
      (!isBefore(grant.node, node) || isHeld(resolution, { identity: target, grant, x: node })),
  );
};

const removalCuts = (resolution: Resolution): ReadonlyArray<ContentCut> =>
  [...resolution.valid].flatMap((node) => {
    const { body, opId } = node.op;
    if (body.type !== 'remove') return [];
    const { identityId, cuts: epochs } = body;
    return isCutEffective(resolution, node, keyOf(identityId))
      ? [{ opId, identityId, devSignPub: undefined, epochs }]
      : [];
  });

const deviceCuts = ({ identities }: Resolution): ReadonlyArray<ContentCut> =>
  identities.revocations.flatMap(({ node, devices }) => {
    const { body, opId, identityId } = node.op;
    const cuts = body.type === 'identity' ? (body.cuts ?? []) : [];
    return cuts
      .filter(({ devSignPub }) => devices.has(keyOf(devSignPub)))
      .map(({ devSignPub, epochs }) => ({ opId, identityId, devSignPub, epochs }));
  });

// ---------------------------------------------------------------- the whole

export const viewOf = (convId: Uint8Array, resolution: Resolution): View => {
  const { conversation, identities, pendingJoins, valid } = resolution;
  const { levels, devices } = membersOf(resolution);
  const said = statements(resolution);
  const invites = unrevokedInvites(resolution);
  const cuts = [...removalCuts(resolution), ...deviceCuts(resolution)];
  const forks = validForks(resolution);
  return {
    convId,
    conversation,
    kind: conversation?.kind,
    name: conversation?.kind === 'group' ? conversation.name : '',
    levels,
    devices,
    policy: policyAt(resolution, undefined),
    invites,
    livingInvites: invites.filter(({ usesCount, body }) => usesCount < body.maxUses),
    historyGrants: historyGrantsOf(resolution),
    pendingJoins: pendingJoins.map(({ op }) => op).sort((a, b) => compareBytes(a.opId, b.opId)),
    profiles: profilesOf(said),
    identities: identities.logs,
    bundles: bundlesOf(said),
    cuts: cuts.sort((a, b) => compareBytes(a.opId, b.opId)),
    forks: smallestForks(forks),
    forkedBinds: bindsThatPart(forks),
    validOps: new Set([...valid].map(({ key }) => key).sort()),
  };
};
