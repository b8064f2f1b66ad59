import { beforeAll, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  addOp,
  createOpSet,
  getOp,
  heads,
  isInPast,
  nextPosition,
  opsSince,
} from '../../../src/protocol/membership/membership.ts';
import { type ControlOp, signOp } from '../../../src/protocol/membership/ops.ts';
import {
  addBody,
  createConversation,
  createPerson,
  deviceOf,
  groupSpec,
  type TestPerson,
} from '../../support/conversation.ts';

let alice: TestPerson;
let bob: TestPerson;

beforeAll(async () => {
  alice = await createPerson('alice');
  bob = await createPerson('bob');
});

const setupGroup = () => createConversation(alice, groupSpec(alice));
const mergeAt = (convId: Uint8Array, parents: ReadonlyArray<Uint8Array>, depth: number) =>
  signOp({
    deviceSigner: deviceOf(alice).signer,
    convId,
    parents,
    depth,
    identityId: alice.identityId,
    body: { type: 'merge' },
  });
const idsOf = (ops: ReadonlyArray<ControlOp>): string[] => ops.map(({ opId }) => toHex(opId));

test('[OS1] an op waits for its parents and is added with them', async () => {
  const group = await setupGroup();
  const last = await group.write({ by: alice, body: { type: 'merge' } });
  const [create, identity] = group.ops;
  if (create === undefined || identity === undefined) throw new Error('there are ops');
  const set = createOpSet(group.set.convId);
  expect(addOp(set, last)).toEqual({ status: 'waiting' });
  expect(addOp(set, last)).toEqual({ status: 'waiting' });
  expect(addOp(set, identity)).toEqual({ status: 'waiting' });
  expect(set.nodes.length).toBe(0);
  const added = addOp(set, create);
  expect(added.status === 'added' && idsOf(added.ops)).toEqual(idsOf([create, identity, last]));
  expect(addOp(set, create)).toEqual({ status: 'held' });
  expect(set.waitingCountBySource.size).toBe(0);
  expect(set.waitersByParent.size).toBe(0);
});

test('[OS1] an op waits for all of its parents, whichever comes first', async () => {
  const group = await setupGroup();
  const [create, identity] = group.ops;
  if (create === undefined || identity === undefined) throw new Error('there are ops');
  const left = await group.write({ by: alice, body: addBody(bob), after: [identity] });
  const right = await group.write({ by: alice, body: { type: 'leave' }, after: [identity] });
  const both = await group.write({ by: alice, body: { type: 'merge' }, after: [left, right] });
  const behindLeft = await group.write({ by: alice, body: { type: 'merge' }, after: [left] });
  for (const [first, second] of [
    [left, right],
    [right, left],
  ] as const) {
    const set = createOpSet(group.set.convId);
    for (const op of [create, identity]) addOp(set, op);
    expect(addOp(set, both, 'bob')).toEqual({ status: 'waiting' });
    expect(addOp(set, behindLeft, 'bob')).toEqual({ status: 'waiting' });
    addOp(set, first);
    expect(getOp(set, both.opId)).toBeUndefined();
    expect(set.waitingCountBySource.get('bob')).toBe(first === left ? 1 : 2);
    addOp(set, second);
    expect(getOp(set, both.opId)).toEqual(both);
    expect([set.nodes.length, set.waitingCountBySource.size]).toEqual([6, 0]);
  }
});

test('[OS1] what is not held is in no past and has none', async () => {
  const { set, ops } = await setupGroup();
  const [create] = ops;
  if (create === undefined) throw new Error('there is an op');
  const { opId } = create;
  const nothing = bob.identityId;
  expect([isInPast(set, nothing, opId), isInPast(set, opId, nothing)]).toEqual([false, false]);
  expect(opsSince(set, nothing, opId)).toEqual([]);
});

test('[OS4] a position is below the deepest head', async () => {
  const group = await setupGroup();
  const [, identity] = group.ops;
  if (identity === undefined) throw new Error('there are ops');
  const deep = await group.write({ by: alice, body: addBody(bob) });
  await group.write({ by: alice, body: { type: 'merge' }, after: [deep] });
  for (let at = 0; at < 4; at++) {
    const invitee = await createPerson(`shallow ${String(at)}`);
    await group.write({ by: alice, body: addBody(invitee), after: [identity] });
  }
  expect(nextPosition(group.set).depth).toBe(4);
});

test('[OS1] ops of another conversation are refused', async () => {
  const group = await setupGroup();
  const other = createOpSet(bob.identityId);
  for (const op of group.ops) expect(addOp(other, op)).toEqual({ status: 'refused' });
});

test('[OS2] a depth that contradicts the parents is refused, with all that waits for it', async () => {
  const group = await setupGroup();
  const { convId } = group.set;
  const [, identity] = group.ops;
  if (identity === undefined) throw new Error('there are ops');
  const lying = await mergeAt(convId, [identity.opId], 7);
  const child = await mergeAt(convId, [lying.opId], 8);
  const grandchild = await mergeAt(convId, [child.opId], 9);
  expect(addOp(group.set, grandchild)).toEqual({ status: 'waiting' });
  expect(addOp(group.set, child)).toEqual({ status: 'waiting' });
  expect(addOp(group.set, lying)).toEqual({ status: 'refused' });
  expect(group.set.waitingByKey.size).toBe(0);
  expect(group.set.waitersByParent.size).toBe(0);
});

test('[OS3] each source has its own bounded room for ops that wait', async () => {
  const group = await setupGroup();
  const { set } = group;
  const orphan = (at: number) => mergeAt(set.convId, [bob.identityId], at + 1);
  for (let at = 0; at < limits.waitingOpsMax; at++) {
    expect(addOp(set, await orphan(at), 'mallory')).toEqual({ status: 'waiting' });
  }
  const more = await orphan(limits.waitingOpsMax);
  expect(addOp(set, more, 'mallory')).toEqual({ status: 'waiting-full' });
  expect(addOp(set, more, 'bob')).toEqual({ status: 'waiting' });
  expect(set.waitingByKey.size).toBe(limits.waitingOpsMax + 1);
});

test('[OS4] heads, positions and pasts', async () => {
  const group = await setupGroup();
  const { set } = group;
  const fork = await group.write({ by: alice, body: addBody(bob) });
  const [, identity] = group.ops;
  if (identity === undefined) throw new Error('there are ops');
  const beside = await group.write({ by: alice, body: { type: 'merge' }, after: [identity] });
  expect(heads(set).map(toHex)).toEqual(idsOf([fork, beside]).sort());
  expect(nextPosition(set)).toEqual({ parents: heads(set), depth: 3, isMergeNeeded: false });
  expect(isInPast(set, identity.opId, fork.opId)).toBe(true);
  expect(isInPast(set, fork.opId, identity.opId)).toBe(false);
  expect(isInPast(set, fork.opId, beside.opId)).toBe(false);
  const joined = await group.write({ by: alice, body: { type: 'merge' } });
  expect(idsOf(opsSince(set, joined.opId, beside.opId))).toEqual(idsOf([fork, joined]));
  expect(opsSince(set, joined.opId, new Uint8Array(32)).length).toBe(5);
  expect(getOp(set, joined.opId)?.depth).toBe(3);
});

test('[OS4] more heads than parents are merged first', async () => {
  const group = await setupGroup();
  const { set } = group;
  const [, identity] = group.ops;
  if (identity === undefined) throw new Error('there are ops');
  const invitee = async (at: number) => addBody(await createPerson(`guest ${String(at)}`));
  for (let at = 0; at <= limits.parentsMax; at++) {
    await group.write({ by: alice, body: await invitee(at), after: [identity] });
  }
  const { parents, depth, isMergeNeeded } = nextPosition(set);
  expect([parents.length, isMergeNeeded]).toEqual([limits.parentsMax, true]);
  addOp(set, await mergeAt(set.convId, parents, depth));
  expect(heads(set).length).toBe(2);
  expect(nextPosition(set).isMergeNeeded).toBe(false);
});
