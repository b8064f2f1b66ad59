/**
 * The resolver over random graphs of control ops (PROTOCOL §3, §12.17). SOTTO_DAGS sets how many,
 * SOTTO_SEED which; each is delivered in eight orders.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import {
  addOp,
  createOpSet,
  getOp,
  isEpochValid,
  isInPast,
  type OpSet,
  resolve,
  viewAt,
  viewDigest,
} from '../../src/protocol/membership/membership.ts';
import type { ControlOp } from '../../src/protocol/membership/ops.ts';
import { askOracle } from '../support/membership-oracle.ts';
import {
  createRandomGraph,
  createRandomPeople,
  invites as randomInvites,
  type RandomGraph,
  type RandomPerson,
  shuffled,
} from '../support/random-ops.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const graphsCount = Number(process.env['SOTTO_DAGS'] ?? 50);
// Fixed, because the tests also ask whether the graphs were worth the name.
const firstSeed = Number(process.env['SOTTO_SEED'] ?? 1);
const ordersCount = 8;
const timeoutMs = 60_000 + graphsCount * 1000;

let people: ReadonlyArray<RandomPerson>;
beforeAll(async () => {
  people = await createRandomPeople();
});

const plain = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array
    ? toHex(value)
    : value instanceof Map || value instanceof Set
      ? [...(value as Iterable<unknown>)]
      : value;

/** All that a view says, as text. */
const textOf = (view: unknown): string => JSON.stringify(view, plain);

const deliver = (set: OpSet, ops: ReadonlyArray<ControlOp>): OpSet => {
  const received = createOpSet(set.convId);
  for (const op of ops) addOp(received, op);
  return received;
};

const overGraphs = (check: (graph: RandomGraph, seed: number) => void): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      check(await createRandomGraph(seed, people), seed);
    }),
    { numRuns: graphsCount, seed: firstSeed, endOnFailure: true },
  );

test(
  '[RS0] [attack 17] views and epochs are the same in every order of delivery',
  async () => {
    let [opsCount, validCount, backDatedCount, validEpochsCount] = [0, 0, 0, 0];
    await overGraphs((graph, seed) => {
      const random = createSeededRandom(seed);
      const expected = textOf(resolve(graph.set));
      const validEpochs = (set: OpSet): string[] =>
        graph.ops.filter((op) => isEpochValid(set, op)).map(({ opId }) => toHex(opId));
      const expectedEpochs = validEpochs(graph.set);
      const sample = random.pick(graph.ops);
      const expectedSample = textOf(viewAt(graph.set, sample.opId));
      for (let order = 0; order < ordersCount; order++) {
        const received = deliver(graph.set, shuffled(random, graph.ops));
        expect(received.nodes.length).toBe(graph.ops.length);
        expect(textOf(resolve(received))).toBe(expected);
        expect(textOf(viewAt(received, sample.opId))).toBe(expectedSample);
        if (order < 2) expect(validEpochs(received)).toEqual(expectedEpochs);
      }
      opsCount += graph.ops.length;
      validCount += resolve(graph.set).validOps.size;
      backDatedCount += graph.backDatedCount;
      validEpochsCount += expectedEpochs.length;
    });
    // The graphs were worth the name: acts of all sorts, valid and not, many of them back-dated.
    expect(validCount / opsCount).toBeGreaterThan(0.15);
    expect(validCount / opsCount).toBeLessThan(0.85);
    expect(backDatedCount / opsCount).toBeGreaterThan(0.1);
    expect(validEpochsCount).toBeGreaterThan(graphsCount / 20);
  },
  timeoutMs,
);

test(
  '[RS0] the resolver agrees with the rules as they read',
  async () => {
    const kinds = new Set<string>();
    await overGraphs((graph) => {
      const view = resolve(graph.set);
      const answer = askOracle(graph.ops);
      expect([...view.levels]).toEqual([...answer.levels]);
      expect([...view.validOps]).toEqual([...answer.valid]);
      for (const op of graph.ops) {
        const verdict = answer.valid.has(toHex(op.opId)) ? 'valid' : 'not';
        kinds.add(`${op.body.type} ${verdict}`);
      }
    });
    // Every kind was accepted somewhere and refused somewhere.
    expect(kinds.size).toBe(2 * 14);
  },
  timeoutMs,
);

/** PROTOCOL §4 over the whole view of the epoch, without the short cuts. */
const isEpochByItsView = (set: OpSet, op: ControlOp): boolean => {
  const view = viewAt(set, op.opId);
  if (view === undefined || op.body.type !== 'epoch') return false;
  const author = toHex(op.identityId);
  const [parent, second] = op.parents;
  const join = parent === undefined || second !== undefined ? undefined : getOp(set, parent);
  const isRightAfterJoin =
    join?.body.type === 'join' &&
    toHex(join.identityId) === author &&
    view.validOps.has(toHex(join.opId));
  const isMember = (view.levels.get(author) ?? 0) >= 1;
  const owners = view.devices.map(({ identityId }) => toHex(identityId));
  const isByOwnDevice = view.devices.some(
    ({ devSignPub }, at) => toHex(devSignPub) === toHex(op.devSignPub) && owners[at] === author,
  );
  const hasBoth = view.kind !== 'direct' || new Set(owners).size === 2;
  const isSameDigest = toHex(op.body.recipientsDigest) === toHex(viewDigest(view));
  return (isMember || isRightAfterJoin) && isByOwnDevice && hasBoth && isSameDigest;
};

test(
  '[EP1] an epoch counts iff its own view says so',
  async () => {
    let [validCount, refusedCount] = [0, 0];
    await overGraphs(({ set, ops }) => {
      for (const op of ops.filter(({ body }) => body.type === 'epoch')) {
        const isValid = isEpochValid(set, op);
        expect(isValid).toBe(isEpochByItsView(set, op));
        if (isValid) validCount += 1;
        else refusedCount += 1;
      }
    });
    expect(Math.min(validCount, refusedCount)).toBeGreaterThan(graphsCount / 4);
  },
  timeoutMs,
);

/** Whom a `create` makes an owner; anybody may have written it. */
const creatorIn = ({ body }: ControlOp): string | undefined =>
  body.type === 'create' && body.conversation.kind === 'group'
    ? toHex(body.conversation.creator)
    : undefined;

/** Who is granted a level by an op, and which. An invite grants at most its role. */
const grantIn = (op: ControlOp): { readonly to: string; readonly level: number } | undefined => {
  const { body, identityId } = op;
  switch (body.type) {
    case 'create':
      return { to: creatorIn(op) ?? toHex(identityId), level: 3 };
    case 'add':
    case 'role':
      return { to: toHex(body.identityId), level: body.level };
    case 'join': {
      const roleById = new Map(randomInvites.map(({ inviteId, role }) => [toHex(inviteId), role]));
      return { to: toHex(identityId), level: roleById.get(toHex(body.inviteId)) ?? 3 };
    }
    default:
      return undefined;
  }
};

/** The level a valid removal certainly has: a creator who never left is an owner, others admins. */
const reachOf = (removal: ControlOp, ops: ReadonlyArray<ControlOp>): number => {
  const author = toHex(removal.identityId);
  const isCreator = ops.some((op) => creatorIn(op) === author);
  const hasLeft = ops.some(
    ({ identityId, body }) => toHex(identityId) === author && body.type === 'leave',
  );
  return isCreator && !hasLeft ? 3 : 2;
};

test(
  '[RS3] nothing that a removed member does beside or after its removal counts',
  async () => {
    let cancelledCount = 0;
    await overGraphs(({ set, ops }) => {
      const { validOps, kind } = resolve(set);
      if (kind !== 'group') return;
      const isValid = ({ opId }: ControlOp): boolean => validOps.has(toHex(opId));
      for (const removal of ops) {
        if (removal.body.type !== 'remove' || !isValid(removal)) continue;
        const target = toHex(removal.body.identityId);
        const grants = ops.filter((op) => grantIn(op)?.to === target);
        const reach = reachOf(removal, ops);
        if (grants.some((op) => (grantIn(op)?.level ?? 0) >= reach)) continue;
        const isGrantedAnew = (op: ControlOp): boolean =>
          grants.some(
            (grant) =>
              isInPast(set, removal.opId, grant.opId) && isInPast(set, grant.opId, op.opId),
          );
        const cancelled = ops.filter(
          (op) =>
            toHex(op.identityId) === target &&
            op.body.type !== 'join' && // needs no membership, only an invite
            !isInPast(set, op.opId, removal.opId) &&
            !isGrantedAnew(op),
        );
        for (const op of cancelled) expect(isValid(op)).toBe(false);
        cancelledCount += cancelled.length;
      }
    });
    expect(cancelledCount).toBeGreaterThan(graphsCount / 4);
  },
  timeoutMs,
);

test(
  '[RS1] nobody has a level that nobody entitled granted',
  async () => {
    await overGraphs(({ set, ops }) => {
      const { levels, validOps, kind } = resolve(set);
      if (kind !== 'group') return;
      const valid = ops.filter(({ opId }) => validOps.has(toHex(opId)));
      const granted = new Map<string, number>();
      const raise = (identity: string, level: number): void => {
        granted.set(identity, Math.max(level, granted.get(identity) ?? -1));
      };
      // Walk the valid grants from the create on: each by somebody who could have had its power.
      const inOrder = valid.toSorted((a, b) => a.depth - b.depth);
      for (const op of inOrder) {
        const { body } = op;
        const own = granted.get(toHex(op.identityId)) ?? -1;
        if (body.type === 'create') raise(toHex(op.identityId), 3);
        if (body.type === 'add' || body.type === 'role') {
          expect(own).toBeGreaterThanOrEqual(body.type === 'role' || body.level >= 2 ? 3 : 1);
          raise(toHex(body.identityId), body.level);
        }
        if (body.type === 'join') {
          const roles = valid.flatMap(({ body: invite, opId }) =>
            invite.type === 'invite' &&
            toHex(invite.inviteId) === toHex(body.inviteId) &&
            isInPast(set, opId, op.opId)
              ? [invite.role]
              : [],
          );
          expect(roles.length).toBeGreaterThan(0);
          raise(toHex(op.identityId), Math.max(...roles));
        }
        if (body.type === 'remove') expect(own).toBeGreaterThanOrEqual(2);
      }
      for (const [identity, level] of levels) {
        expect(granted.get(identity) ?? -1).toBeGreaterThanOrEqual(level);
      }
    });
  },
  timeoutMs,
);
