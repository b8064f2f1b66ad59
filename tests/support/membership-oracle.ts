/**
 * The rules of PROTOCOL §3 and §10 written as they read: recursive definitions over the past of
 * each op, no passes, no order of evaluation, no care for speed. The resolver must agree with it.
 */
import { compareBytes, concatBytes, toHex } from '../../src/base/bytes.ts';
import { hash } from '../../src/crypto/hash.ts';
import { type IdentityLog, mergeLogs } from '../../src/protocol/membership/identity.ts';
import type {
  ControlOp,
  InviteBody,
  JoinBody,
  OpType,
  Policy,
} from '../../src/protocol/membership/ops.ts';

type Place = ControlOp | 'end';

const groupOnly: ReadonlyArray<OpType> = ['add', 'remove', 'role', 'leave', 'join', 'policy'];
const inviteTypes: ReadonlyArray<OpType> = ['invite', 'invite-revoke'];

const memoized = <A extends unknown[], R>(
  keyOf: (...input: A) => string,
  compute: (...input: A) => R,
): ((...input: A) => R) => {
  const known = new Map<string, R>();
  return (...input) => {
    const key = keyOf(...input);
    if (!known.has(key)) known.set(key, compute(...input));
    return known.get(key) as R;
  };
};

const id = (op: ControlOp): string => toHex(op.opId);
const author = (op: ControlOp): string => toHex(op.identityId);
const device = (op: ControlOp): string => toHex(op.devSignPub);

const createPast = (ops: ReadonlyArray<ControlOp>) => {
  const byId = new Map(ops.map((op) => [id(op), op]));
  const pastOf = memoized(id, (op: ControlOp): Set<string> => {
    const past = new Set<string>();
    for (const parent of op.parents.map(toHex)) {
      past.add(parent);
      const known = byId.get(parent);
      if (known !== undefined) for (const earlier of pastOf(known)) past.add(earlier);
    }
    return past;
  });
  return (a: ControlOp, b: Place): boolean => b === 'end' || pastOf(b).has(id(a));
};

export interface OracleAnswer {
  readonly levels: ReadonlyMap<string, number>;
  readonly valid: ReadonlySet<string>;
}

interface World {
  has(identity: string, level: number, x: Place): boolean;
  acted(op: ControlOp): number | undefined;
  isValid(op: ControlOp): boolean;
}

const createIdentityRules = (
  ops: ReadonlyArray<ControlOp>,
  isBefore: (a: ControlOp, b: Place) => boolean,
) => {
  const logsOf = memoized(
    (identity: string) => identity,
    (identity: string) =>
      mergeLogs(
        ops.flatMap(({ carriedLog }) =>
          carriedLog !== undefined && toHex(carriedLog.identityId) === identity ? [carriedLog] : [],
        ),
      ),
  );
  const revokingLog = (op: ControlOp): IdentityLog | undefined => {
    const { body, carriedLog } = op;
    if (body.type !== 'identity' || carriedLog === undefined) return undefined;
    if (toHex(carriedLog.identityId) !== author(op)) return undefined;
    const merged = logsOf(author(op));
    const isInPrefix = carriedLog.entries.length <= (merged.log?.entries.length ?? 0);
    const log = merged.fork === undefined || isInPrefix ? carriedLog : merged.log;
    const isOwn = log?.certifiedKeys.has(device(op)) === true && !log.revokedKeys.has(device(op));
    return isOwn ? log : undefined;
  };
  const isCancelled: (op: ControlOp) => boolean = memoized(id, (op: ControlOp) =>
    ops.some(
      (other) =>
        other !== op &&
        author(other) === author(op) &&
        revokingLog(other)?.revokedKeys.has(device(op)) === true &&
        !isBefore(op, other) &&
        !isCancelled(other),
    ),
  );
  return (op: ControlOp): boolean =>
    logsOf(author(op)).log?.certifiedKeys.has(device(op)) === true && !isCancelled(op);
};

export const askOracle = (ops: ReadonlyArray<ControlOp>): OracleAnswer => {
  const isBefore = createPast(ops);
  const isAfterOrBeside = (a: ControlOp, b: ControlOp): boolean => !isBefore(a, b);
  const isSpoken = createIdentityRules(ops, isBefore);
  const spec = ops.flatMap(({ body }) => (body.type === 'create' ? [body.conversation] : []))[0];
  const named =
    spec === undefined
      ? []
      : spec.kind === 'self'
        ? [toHex(spec.identityId)]
        : spec.kind === 'direct'
          ? spec.identityIds.map(toHex)
          : [toHex(spec.creator)];
  const isAllowed = ({ type }: { type: OpType }): boolean =>
    spec?.kind === 'group' ||
    (spec?.kind === 'self'
      ? !groupOnly.includes(type)
      : !groupOnly.includes(type) && !inviteTypes.includes(type));
  const usable = ops.filter((op) => isAllowed(op.body) && isSpoken(op));

  const createWorld = (base: World | undefined): World => {
    const endorsedAt = memoized(id, (op: ControlOp): number =>
      Math.min(
        Number.MAX_SAFE_INTEGER,
        ...usable
          .filter((e) => e.body.type === 'epoch' && base?.isValid(e) === true && isBefore(op, e))
          .map(({ depth }) => depth),
      ),
    );
    const joinHash = (op: ControlOp): Uint8Array =>
      hash('sotto1/join-order', concatBytes((op.body as JoinBody).inviteId, op.identityId));
    const isJoinEarlier = (a: ControlOp, b: ControlOp): boolean =>
      (endorsedAt(a) - endorsedAt(b) ||
        a.depth - b.depth ||
        compareBytes(joinHash(a), joinHash(b)) ||
        compareBytes(a.opId, b.opId)) < 0;

    const policyAt = (x: ControlOp): Policy => {
      const seen = usable.filter(
        (op) => op.body.type === 'policy' && isBefore(op, x) && has(author(op), 3, op),
      );
      const last = seen.filter((op) => !seen.some((other) => isBefore(op, other)));
      const stated = last.flatMap(({ body }) => (body.type === 'policy' ? [body.policy] : []));
      const initial = spec?.kind === 'group' ? spec.policy : { addLevel: 2 as const, keepMs: null };
      if (stated.length === 0) return initial;
      const isStrict = stated.some(({ addLevel }) => addLevel === 2);
      return { addLevel: isStrict ? 2 : 1, keepMs: null };
    };
    const need = (op: ControlOp): number => {
      const { body } = op;
      if (body.type === 'add' && body.level >= 2) return 3;
      if (body.type === 'invite' && body.role >= 2) return 3;
      if (body.type === 'add' || body.type === 'invite' || body.type === 'invite-revoke') {
        return has(author(op), 2, op) ? 2 : policyAt(op).addLevel;
      }
      if (body.type === 'role' || body.type === 'policy') return 3;
      if (body.type === 'remove') return 2;
      return body.type === 'epoch' ? 1 : 0;
    };
    const actsAbove = (op: ControlOp, level: number): boolean =>
      [3, 2, 1, 0].some((own) => own > level && has(author(op), own, op) && own >= need(op));

    const isRevokeOf = (op: ControlOp, invite: InviteBody): boolean =>
      op.body.type === 'invite-revoke' && toHex(op.body.inviteId) === toHex(invite.inviteId);
    const countsAgainst = (op: ControlOp, invite: InviteBody): boolean =>
      isRevokeOf(op, invite) && (invite.role < 2 ? actsAbove(op, 0) : has(author(op), 3, op));

    const isUnrevoked = (join: ControlOp, inviteOp: ControlOp, invite: InviteBody): boolean => {
      const revokes = usable.filter((op) => isRevokeOf(op, invite));
      if (revokes.some((op) => isBefore(op, join) && countsAgainst(op, invite))) return false;
      if (endorsedAt(join) < Number.MAX_SAFE_INTEGER) return true;
      const inviter = acted(inviteOp) ?? 0;
      return !revokes
        .filter((op) => !isBefore(join, op))
        .some((op) => {
          const isAbove = [3, 2, 1].some(
            (own) =>
              own > invite.role &&
              own >= inviter &&
              has(author(op), own, op) &&
              countsAgainst(op, invite),
          );
          const before = base?.acted(op) ?? -1;
          const isAboveBefore =
            base?.isValid(op) === true && before >= inviter && (invite.role < 2 || before === 3);
          return isAbove || isAboveBefore;
        });
    };
    const isLetIn: (join: ControlOp, inviteOp: ControlOp) => boolean = memoized(
      (join, inviteOp) => id(join) + id(inviteOp),
      (join, inviteOp) => {
        const { body } = inviteOp;
        if (body.type !== 'invite' || join.body.type !== 'join' || base === undefined) return false;
        const isFor =
          body.isOpen &&
          toHex(body.inviteId) === toHex(join.body.inviteId) &&
          isBefore(inviteOp, join) &&
          actsAbove(inviteOp, -1);
        if (!isFor || !isUnrevoked(join, inviteOp, body)) return false;
        const inBefore = usable.filter(
          (other) =>
            other.body.type === 'join' && isJoinEarlier(other, join) && isLetIn(other, inviteOp),
        );
        return inBefore.length < body.maxUses;
      },
    );

    const isGranted = (op: ControlOp, identity: string, level: number): boolean => {
      const { body } = op;
      switch (body.type) {
        case 'create':
          return level === 3 && named.includes(identity) && named.includes(author(op));
        case 'add':
        case 'role':
          return body.level === level && toHex(body.identityId) === identity && actsAbove(op, -1);
        case 'join':
          return (
            author(op) === identity &&
            usable.some(
              (inviteOp) =>
                inviteOp.body.type === 'invite' &&
                inviteOp.body.role === level &&
                isLetIn(op, inviteOp),
            )
          );
        default:
          return false;
      }
    };
    const isRevokedBy = (op: ControlOp, identity: string, level: number): boolean => {
      const { body } = op;
      if (body.type !== 'remove' && body.type !== 'role') return false;
      const floor = body.type === 'role' ? body.level : -1;
      return toHex(body.identityId) === identity && level > floor && actsAbove(op, level);
    };
    const has: World['has'] = memoized(
      (identity, level, x) => `${identity} ${String(level)} ${x === 'end' ? x : id(x)}`,
      (identity, level, x) =>
        usable.some(
          (grant) =>
            isBefore(grant, x) &&
            isGranted(grant, identity, level) &&
            !usable.some(
              (op) =>
                isAfterOrBeside(op, grant) &&
                (x === 'end' || isAfterOrBeside(x, op)) &&
                isRevokedBy(op, identity, level),
            ) &&
            !usable.some(
              (op) =>
                op.body.type === 'leave' &&
                author(op) === identity &&
                isBefore(op, x) &&
                isAfterOrBeside(op, grant),
            ),
        ),
    );
    const acted = (op: ControlOp): number | undefined =>
      [3, 2, 1, 0].find((level) => has(author(op), level, op));
    const isValid = (op: ControlOp): boolean => {
      if (!usable.includes(op)) return false;
      if (op.body.type === 'create') return named.includes(author(op));
      if (op.body.type === 'join') return usable.some((inviteOp) => isLetIn(op, inviteOp));
      return actsAbove(op, -1);
    };
    return { has, acted, isValid };
  };

  const world = createWorld(createWorld(undefined));
  const people = new Set(
    ops.flatMap((op) => [
      author(op),
      ...(op.carriedLog === undefined ? [] : [toHex(op.carriedLog.identityId)]),
      ...('identityId' in op.body ? [toHex(op.body.identityId)] : []),
    ]),
  );
  const levels = new Map<string, number>();
  for (const identity of [...people, ...named].sort()) {
    const level = [3, 2, 1, 0].find((candidate) => world.has(identity, candidate, 'end'));
    if (level !== undefined) levels.set(identity, level);
  }
  return { levels, valid: new Set(ops.filter(world.isValid).map(id).sort()) };
};
