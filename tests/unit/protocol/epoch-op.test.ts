import { beforeAll, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import {
  greatestEpochBase,
  isEpochValid,
  mayAuthor,
  resolve,
  viewAt,
  viewDigest,
} from '../../../src/protocol/membership/membership.ts';
import type { ControlOp } from '../../../src/protocol/membership/ops.ts';
import {
  addBody,
  createConversation,
  createPerson,
  deviceOf,
  directSpec,
  epochBody,
  extendLog,
  groupSpec,
  identityBody,
  inviteBody,
  joinBody,
  logOf,
  removeBody,
  revokeOf,
  type TestConversation,
  type TestPerson,
  type Written,
} from '../../support/conversation.ts';

let alice: TestPerson;
let bob: TestPerson;
let carol: TestPerson;

beforeAll(async () => {
  alice = await createPerson('alice', 2);
  bob = await createPerson('bob', 2);
  carol = await createPerson('carol');
});

const setupGroup = () => createConversation(alice, groupSpec(alice));

/** Writes an epoch for exactly the devices that are members after one op (default: all held). */
const writeEpoch = (
  conversation: TestConversation,
  written: Omit<Written, 'body'>,
  base = 0,
): Promise<ControlOp> => {
  const [parent] = written.after ?? [];
  const { set } = conversation;
  const view = (parent && viewAt(set, parent.opId)) ?? resolve(set);
  return conversation.write({ ...written, body: epochBody(viewDigest(view), base) });
};

test.each([
  [0, false],
  [1, true],
  [2, true],
  [3, true],
] as const)('[EP1] somebody of level %i makes a valid epoch: %s', async (level, isValid) => {
  const group = await setupGroup();
  await group.write({ by: alice, body: addBody(bob, level) });
  const epoch = await writeEpoch(group, { by: bob });
  expect(isEpochValid(group.set, epoch)).toBe(isValid);
});

test('[EP1] a stranger makes no epoch', async () => {
  const group = await setupGroup();
  expect(isEpochValid(group.set, await writeEpoch(group, { by: carol }))).toBe(false);
});

test('[EP1] the recipients must recompute', async () => {
  const group = await setupGroup();
  const digestOfOne = viewDigest(resolve(group.set));
  await group.write({ by: alice, body: addBody(bob) });
  const stale = await group.write({ by: alice, body: epochBody(digestOfOne) });
  expect(isEpochValid(group.set, stale)).toBe(false);
  expect(isEpochValid(group.set, await writeEpoch(group, { by: alice }))).toBe(true);
});

test('[EP1] later and concurrent ops never change whether an epoch counts', async () => {
  const group = await setupGroup();
  const added = await group.write({ by: alice, body: addBody(bob) });
  const epoch = await writeEpoch(group, { by: bob, after: [added] });
  expect(isEpochValid(group.set, epoch)).toBe(true);
  await group.write({ by: alice, body: removeBody(bob), after: [added] });
  expect(isEpochValid(group.set, epoch)).toBe(true);
  expect(resolve(group.set).levels.has(toHex(bob.identityId))).toBe(false);
});

test('[EP1] a device that is not among the recipients makes no epoch', async () => {
  const group = await setupGroup();
  const log = await extendLog(alice.root, logOf(alice), revokeOf(deviceOf(alice)));
  await group.write({ by: alice, body: identityBody(alice, log), device: deviceOf(alice, 1) });
  expect(isEpochValid(group.set, await writeEpoch(group, { by: alice }))).toBe(false);
  const byOther = await writeEpoch(group, { by: alice, device: deviceOf(alice, 1) });
  expect(isEpochValid(group.set, byOther)).toBe(true);
});

test('[EP1] the first epoch of a direct conversation knows the devices of both', async () => {
  const direct = await createConversation(alice, directSpec(alice, bob));
  const early = await writeEpoch(direct, { by: alice });
  expect(isEpochValid(direct.set, early)).toBe(false);
  await direct.write({ by: alice, body: identityBody(bob) });
  const epoch = await writeEpoch(direct, { by: alice });
  expect(isEpochValid(direct.set, epoch)).toBe(true);
  expect(viewAt(direct.set, epoch.opId)?.devices.length).toBe(4);
});

test('[EP1] an epoch in the notes to self needs the log of their owner', async () => {
  const self = await createConversation(alice, { kind: 'self', identityId: alice.identityId });
  const [create] = self.ops;
  if (create === undefined) throw new Error('there is a create');
  const early = await writeEpoch(self, { by: alice, after: [create] });
  expect(isEpochValid(self.set, early)).toBe(false);
  expect(isEpochValid(self.set, await writeEpoch(self, { by: alice }))).toBe(true);
});

test('[EP1] an open joiner of any level opens an epoch right after its own join only', async () => {
  const group = await setupGroup();
  const invite = inviteBody('readers', { role: 0, maxUses: 5 });
  await group.write({ by: alice, body: invite });
  const join = await group.write({ by: bob, body: joinBody(bob, invite) });
  const epoch = await writeEpoch(group, { by: bob, after: [join] });
  expect(isEpochValid(group.set, epoch)).toBe(true);
  const later = await writeEpoch(group, { by: bob, after: [epoch] });
  expect(isEpochValid(group.set, later)).toBe(false);
  const byStranger = await writeEpoch(group, { by: carol, after: [join] });
  expect(isEpochValid(group.set, byStranger)).toBe(false);
  await group.write({ by: alice, body: addBody(carol, 0) });
  const otherJoin = await group.write({ by: bob, body: joinBody(bob, invite) });
  const byReader = await writeEpoch(group, { by: carol, after: [otherJoin] });
  expect(isEpochValid(group.set, byReader)).toBe(false);
});

test('[EP1] a reader’s own join opens an epoch, not what else comes right before one', async () => {
  const group = await setupGroup();
  const invite = inviteBody('readers', { role: 0, maxUses: 5 });
  const invited = await group.write({ by: alice, body: invite });
  const join = await group.write({ by: bob, body: joinBody(bob, invite), after: [invited] });
  const identity = await group.write({ by: bob, body: identityBody(bob), after: [join] });
  const writeBeside = (base: number): Promise<ControlOp> =>
    group.write({ by: alice, body: epochBody(undefined, base), after: [invited] });
  const writeAfter = async (...after: ReadonlyArray<ControlOp>): Promise<boolean> =>
    isEpochValid(group.set, await writeEpoch(group, { by: bob, after }));
  expect(await writeAfter(join)).toBe(true);
  expect(await writeAfter(identity)).toBe(false);
  // In the order of their ids the join is the first of them, or the second.
  for (const base of [1, 2, 3, 4, 5, 6]) {
    expect(await writeAfter(join, await writeBeside(base))).toBe(false);
  }
});

test('[EP1] epochs beside each other have the members of their own pasts', async () => {
  const group = await setupGroup();
  const before = await group.write({ by: alice, body: { type: 'merge' } });
  for (const person of [bob, carol]) {
    const added = await group.write({ by: alice, body: addBody(person), after: [before] });
    const epoch = await writeEpoch(group, { by: alice, after: [added] });
    expect(isEpochValid(group.set, epoch)).toBe(true);
  }
});

test('[EP1] a group goes on making epochs when its creator has left', async () => {
  const group = await setupGroup();
  await group.write({ by: alice, body: addBody(bob, 3) });
  await group.write({ by: alice, body: { type: 'leave' } });
  expect(isEpochValid(group.set, await writeEpoch(group, { by: bob }))).toBe(true);
});

test('[EP1] a join that is not let in opens no epoch', async () => {
  const group = await setupGroup();
  const invite = inviteBody('readers', { role: 0, isOpen: false });
  await group.write({ by: alice, body: invite });
  const join = await group.write({ by: bob, body: joinBody(bob, invite) });
  expect(isEpochValid(group.set, await writeEpoch(group, { by: bob, after: [join] }))).toBe(false);
  // Nor does it for a reader, who is among the recipients without it.
  await group.write({ by: alice, body: addBody(carol, 0) });
  const ofReader = await group.write({ by: carol, body: joinBody(carol, invite) });
  const epoch = await writeEpoch(group, { by: carol, after: [ofReader] });
  expect(isEpochValid(group.set, epoch)).toBe(false);
});

test('[EP1] the recipients know who endorsed a join that is in dispute', async () => {
  const group = await setupGroup();
  const invite = inviteBody('open', { maxUses: 5 });
  const invited = await group.write({ by: alice, body: invite });
  const { inviteId } = invite;
  const join = await group.write({ by: bob, body: joinBody(bob, invite), after: [invited] });
  const body = { type: 'invite-revoke', inviteId } as const;
  const revoke = await group.write({ by: alice, body, after: [invited] });
  const endorsing = await group.write({ by: alice, body: epochBody(), after: [join] });
  const after = await group.write({
    by: alice,
    body: { type: 'merge' },
    after: [endorsing, revoke],
  });
  expect(viewAt(group.set, after.opId)?.devices.length).toBe(4);
  expect(isEpochValid(group.set, await writeEpoch(group, { by: bob, after: [after] }))).toBe(true);
});

test('[EP2] an epoch begins at most 2^32 above the greatest valid base in its past', async () => {
  const group = await setupGroup();
  const step = 2 ** 32;
  expect(greatestEpochBase(group.set) + step).toBe(step);
  const first = await writeEpoch(group, { by: alice }, step);
  expect(isEpochValid(group.set, first)).toBe(true);
  const absurd = await writeEpoch(group, { by: alice, after: [first] }, 2 * step + 1);
  expect(isEpochValid(group.set, absurd)).toBe(false);
  expect(greatestEpochBase(group.set) + step).toBe(2 * step);
  const behindAbsurd = await writeEpoch(group, { by: alice, after: [absurd] }, 2 * step + 2);
  expect(isEpochValid(group.set, behindAbsurd)).toBe(false);
  const second = await writeEpoch(group, { by: alice, after: [absurd] }, 2 * step);
  expect(isEpochValid(group.set, second)).toBe(true);
});

test('[EP1] only an epoch op that is held is an epoch', async () => {
  const [group, other] = [await setupGroup(), await setupGroup()];
  const epoch = await writeEpoch(group, { by: alice });
  expect(isEpochValid(other.set, epoch)).toBe(false);
  const [create] = group.ops;
  expect(create !== undefined && isEpochValid(group.set, create)).toBe(false);
});

test('[RS1] mayAuthor offers what the level, the policy and the kind permit', async () => {
  const group = await setupGroup();
  await group.write({ by: alice, body: addBody(bob, 2) });
  await group.write({ by: alice, body: addBody(carol, 1) });
  const may = (person: TestPerson) => {
    const view = resolve(group.set);
    return (['role', 'remove', 'add', 'invite', 'epoch', 'leave'] as const).filter((type) =>
      mayAuthor(view, person.identityId, type),
    );
  };
  expect(may(alice)).toEqual(['role', 'remove', 'add', 'invite', 'epoch', 'leave']);
  expect(may(bob)).toEqual(['remove', 'add', 'invite', 'epoch', 'leave']);
  expect(may(carol)).toEqual(['epoch', 'leave']);
  const policy = { addLevel: 1, keepMs: null } as const;
  await group.write({ by: alice, body: { type: 'policy', policy } });
  expect(may(carol)).toEqual(['add', 'invite', 'epoch', 'leave']);

  const direct = await createConversation(alice, directSpec(alice, bob));
  const view = resolve(direct.set);
  expect(mayAuthor(view, bob.identityId, 'epoch')).toBe(true);
  expect(mayAuthor(view, bob.identityId, 'add')).toBe(false);
  expect(mayAuthor(view, carol.identityId, 'epoch')).toBe(false);
});
