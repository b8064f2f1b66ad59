import { beforeAll, describe, expect, test } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { resolve, viewAt } from '../../../src/protocol/membership/membership.ts';
import type { Level } from '../../../src/protocol/membership/ops.ts';
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
  roleBody,
  type TestConversation,
  type TestPerson,
} from '../../support/conversation.ts';

let alice: TestPerson;
let bob: TestPerson;
let carol: TestPerson;
let dave: TestPerson;
let mallory: TestPerson;

beforeAll(async () => {
  alice = await createPerson('alice', 2);
  bob = await createPerson('bob', 2);
  carol = await createPerson('carol');
  dave = await createPerson('dave');
  mallory = await createPerson('mallory');
});

const setupGroup = () => createConversation(alice, groupSpec(alice));

const levelIn = ({ set }: TestConversation, person: TestPerson): Level | undefined =>
  resolve(set).levels.get(toHex(person.identityId));

const isMember = (conversation: TestConversation, person: TestPerson): boolean =>
  levelIn(conversation, person) !== undefined;

describe('levels', () => {
  test('[RS1] a creator is an owner and may add at every level', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 3) });
    await group.write({ by: bob, body: addBody(carol, 2) });
    await group.write({ by: carol, body: addBody(dave, 1) });
    expect([alice, bob, carol, dave].map((person) => levelIn(group, person))).toEqual([3, 3, 2, 1]);
  });

  test.each([
    [2, 3],
    [2, 2],
    [1, 1],
    [0, 0],
  ] as const)('[RS1] somebody of level %i cannot add at level %i', async (own, granted) => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, own) });
    await group.write({ by: bob, body: addBody(carol, granted) });
    expect(isMember(group, carol)).toBe(false);
  });

  test('[RS1] a stranger can do nothing', async () => {
    const group = await setupGroup();
    await group.write({ by: mallory, body: addBody(mallory, 3) });
    await group.write({ by: mallory, body: removeBody(alice) });
    await group.write({ by: mallory, body: roleBody(mallory, 3) });
    expect([...resolve(group.set).levels]).toEqual([[toHex(alice.identityId), 3]]);
  });

  test('[RS1] a device that no log certifies cannot speak for its supposed owner', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob), device: deviceOf(mallory) });
    expect(isMember(group, bob)).toBe(false);
  });

  test('[RS1] only an owner changes roles; a role sets the level in both directions', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: alice, body: addBody(carol, 1) });
    await group.write({ by: bob, body: roleBody(carol, 0) });
    expect(levelIn(group, carol)).toBe(1);
    await group.write({ by: alice, body: roleBody(bob, 1) });
    await group.write({ by: alice, body: roleBody(carol, 2) });
    expect([levelIn(group, bob), levelIn(group, carol)]).toEqual([1, 2]);
  });

  test('[RS2] members may add once the policy says so; of concurrent policies the stricter holds', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 1) });
    const before = await group.write({ by: alice, body: { type: 'merge' } });
    const open = await group.write({
      by: alice,
      body: { type: 'policy', policy: { addLevel: 1, keepMs: 5000 } },
      after: [before],
    });
    await group.write({ by: bob, body: addBody(carol, 1), after: [open] });
    expect(isMember(group, carol)).toBe(true);
    const strict = await group.write({
      by: alice,
      body: { type: 'policy', policy: { addLevel: 2, keepMs: null } },
      after: [before],
    });
    expect(resolve(group.set).policy).toEqual({ addLevel: 2, keepMs: 5000 });
    await group.write({ by: bob, body: addBody(dave, 1), after: [open, strict] });
    expect([isMember(group, carol), isMember(group, dave)]).toEqual([true, false]);
  });

  test('[RS6] a direct conversation has its two owners and no other membership', async () => {
    const direct = await createConversation(alice, directSpec(alice, bob));
    await direct.write({ by: alice, body: identityBody(bob) });
    await direct.write({ by: alice, body: addBody(carol, 1) });
    await direct.write({ by: alice, body: removeBody(bob) });
    await direct.write({ by: bob, body: { type: 'leave' } });
    expect([alice, bob, carol].map((person) => levelIn(direct, person))).toEqual([3, 3, undefined]);
  });

  test('[RS6] two creates of one direct conversation are one conversation', async () => {
    const spec = directSpec(alice, bob);
    const direct = await createConversation(alice, spec);
    await direct.write({ by: bob, body: { type: 'create', conversation: spec } });
    await direct.write({ by: bob, body: identityBody(bob) });
    expect(direct.set.nodes.length).toBe(4);
    expect(resolve(direct.set).devices.length).toBe(4);
  });

  test('[RS6] a create by somebody it does not name makes nobody anything', async () => {
    const direct = await createConversation(mallory, directSpec(alice, bob));
    expect(resolve(direct.set).levels.size).toBe(0);
  });
});

describe('removal', () => {
  test('[RS3] a removal cancels concurrent acts of its target', async () => {
    const group = await setupGroup();
    const added = await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: alice, body: removeBody(bob), after: [added] });
    await group.write({ by: bob, body: addBody(mallory, 1), after: [added] });
    expect([isMember(group, bob), isMember(group, mallory)]).toEqual([false, false]);
  });

  test('[RS3] what the target did before its removal stands', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: bob, body: addBody(carol, 1) });
    await group.write({ by: alice, body: removeBody(bob) });
    expect([isMember(group, bob), isMember(group, carol)]).toEqual([false, true]);
  });

  test('[RS3] [attack 18] retaliation: a removed admin cannot remove in turn, however far back it dates', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 2) });
    const both = await group.write({ by: alice, body: addBody(carol, 1) });
    await group.write({ by: alice, body: removeBody(bob), after: [both] });
    await group.write({ by: bob, body: removeBody(carol), after: [both] });
    expect([isMember(group, bob), isMember(group, carol)]).toEqual([false, true]);
  });

  test('[RS3] admins cannot remove each other, owners nobody of their level', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 2) });
    const all = await group.write({ by: alice, body: addBody(carol, 2) });
    await group.write({ by: bob, body: removeBody(carol), after: [all] });
    await group.write({ by: carol, body: removeBody(bob), after: [all] });
    await group.write({ by: bob, body: removeBody(alice), after: [all] });
    await group.write({ by: alice, body: addBody(dave, 3) });
    await group.write({ by: dave, body: removeBody(alice) });
    await group.write({ by: dave, body: roleBody(alice, 1) });
    expect([alice, bob, carol].map((person) => levelIn(group, person))).toEqual([3, 2, 2]);
  });

  test('[RS3] demoting an admin cancels the concurrent acts of an admin', async () => {
    const group = await setupGroup();
    const added = await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: alice, body: roleBody(bob, 1), after: [added] });
    await group.write({ by: bob, body: addBody(carol, 1), after: [added] });
    expect([levelIn(group, bob), levelIn(group, carol)]).toEqual([1, undefined]);
  });

  test('[RS3] somebody added again after a removal is a member again, with new acts only', async () => {
    const group = await setupGroup();
    const added = await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: alice, body: removeBody(bob), after: [added] });
    await group.write({ by: bob, body: addBody(mallory, 1), after: [added] });
    await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: bob, body: addBody(carol, 1) });
    expect([bob, carol, mallory].map((person) => levelIn(group, person))).toEqual([
      2,
      1,
      undefined,
    ]);
  });

  test('[RS5] a leave cuts only what comes after it', async () => {
    const group = await setupGroup();
    const added = await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: bob, body: { type: 'leave' }, after: [added] });
    await group.write({
      by: bob,
      body: addBody(carol, 1),
      after: [added],
      device: deviceOf(bob, 1),
    });
    expect([isMember(group, bob), isMember(group, carol)]).toEqual([false, true]);
    await group.write({ by: bob, body: addBody(dave, 1) });
    expect(isMember(group, dave)).toBe(false);
    await group.write({ by: alice, body: addBody(bob, 1) });
    expect(levelIn(group, bob)).toBe(1);
  });

  test('[RS5] an owner can leave', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 3) });
    await group.write({ by: alice, body: { type: 'leave' } });
    expect([levelIn(group, alice), levelIn(group, bob)]).toEqual([undefined, 3]);
  });

  test('[RS7] cuts of a removal are in the view, those of one that cannot remove are not', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: alice, body: addBody(carol, 2) });
    await group.write({ by: bob, body: removeBody(carol) });
    expect(resolve(group.set).cuts).toEqual([]);
    const removal = await group.write({ by: alice, body: removeBody(bob) });
    expect(resolve(group.set).cuts).toEqual([
      { opId: removal.opId, identityId: bob.identityId, devSignPub: undefined, epochs: [] },
    ]);
  });

  test('[RS7] a grant beside a removal, below the remover, does not undo its cuts', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(carol, 2) });
    const before = await group.write({ by: alice, body: addBody(bob) });
    await group.write({ by: carol, body: addBody(bob), after: [before] });
    await group.write({ by: alice, body: removeBody(bob), after: [before] });
    expect([isMember(group, bob), resolve(group.set).cuts.length]).toEqual([false, 1]);
    const promotion = await group.write({ by: alice, body: roleBody(bob, 3), after: [before] });
    expect([isMember(group, bob), resolve(group.set).cuts.length]).toEqual([true, 0]);
    expect(promotion.depth).toBe(before.depth + 1);
  });
});

describe('devices', () => {
  const withoutFirstDevice = (person: TestPerson) =>
    extendLog(person.root, logOf(person), revokeOf(deviceOf(person)));

  test('[VW1] devices are those of members, by their longest log, ascending', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob) });
    const keys = resolve(group.set).devices.map(({ devSignPub }) => toHex(devSignPub));
    expect(keys.length).toBe(4);
    expect(keys).toEqual([...keys].sort());
    await group.write({ by: alice, body: removeBody(bob) });
    expect(resolve(group.set).devices.length).toBe(2);
  });

  test('[RS4] a revocation by another device cancels what the revoked one did elsewhere', async () => {
    const group = await setupGroup();
    const before = await group.write({ by: alice, body: addBody(bob, 2) });
    const log = await withoutFirstDevice(bob);
    await group.write({ by: bob, body: addBody(carol, 1), after: [before] });
    await group.write({
      by: bob,
      body: identityBody(bob, log),
      after: [before],
      device: deviceOf(bob, 1),
    });
    expect([isMember(group, bob), isMember(group, carol)]).toEqual([true, false]);
    expect(resolve(group.set).devices.length).toBe(3);
  });

  test('[RS4] a revocation carried by somebody else only takes the device out', async () => {
    const group = await setupGroup();
    const before = await group.write({ by: alice, body: addBody(bob, 2) });
    const log = await withoutFirstDevice(bob);
    await group.write({ by: bob, body: addBody(carol, 1), after: [before] });
    await group.write({ by: alice, body: identityBody(bob, log), after: [before] });
    expect(isMember(group, carol)).toBe(true);
    const devices = resolve(group.set).devices.map(({ devSignPub }) => toHex(devSignPub));
    expect(devices).not.toContain(toHex(deviceOf(bob).signer.publicKey));
  });

  test('[RS4] a revoked device cannot cancel anything with the log that revokes it', async () => {
    const group = await setupGroup();
    const before = await group.write({ by: alice, body: addBody(bob, 2) });
    const log = await withoutFirstDevice(bob);
    await group.write({ by: bob, body: addBody(carol, 1), after: [before] });
    await group.write({ by: bob, body: identityBody(bob, log), after: [before] });
    expect(isMember(group, carol)).toBe(true);
  });

  test('[RS4] a stolen device that dates its revocation back is cancelled by its own revocation', async () => {
    const victim = await createPerson('victim', 3);
    const withoutThird = await extendLog(victim.root, logOf(victim), revokeOf(deviceOf(victim, 2)));
    const withoutBoth = await extendLog(victim.root, withoutThird, revokeOf(deviceOf(victim, 1)));
    const group = await setupGroup();
    const before = await group.write({ by: alice, body: addBody(victim, 2) });
    await group.write({ by: victim, body: addBody(carol), device: deviceOf(victim, 2) });
    const honest = await group.write({ by: victim, body: identityBody(victim, withoutThird) });
    expect(isMember(group, carol)).toBe(true);
    await group.write({
      by: victim,
      body: identityBody(victim, withoutThird),
      after: [before],
      device: deviceOf(victim, 1),
    });
    expect(isMember(group, carol)).toBe(false);
    const body = identityBody(victim, withoutBoth);
    await group.write({ by: victim, body, after: [honest] });
    expect(isMember(group, carol)).toBe(true);
  });

  test('[ID3] of a forked log only the common prefix counts, and the fork is shown', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob) });
    const [first] = bob.logs;
    const other = await extendLog(bob.root, first, revokeOf(deviceOf(bob)));
    await group.write({ by: alice, body: identityBody(bob, other) });
    const view = resolve(group.set);
    expect(view.identities.get(toHex(bob.identityId))?.fork).toBeDefined();
    const bobs = view.devices.filter(
      ({ identityId }) => toHex(identityId) === toHex(bob.identityId),
    );
    expect(bobs.map(({ devSignPub }) => toHex(devSignPub))).toEqual([
      toHex(deviceOf(bob).signer.publicKey),
    ]);
  });

  test('[VW1] a key certified by two members belongs to the one under whose name it signs', async () => {
    const group = await setupGroup();
    const thief = { ...mallory, devices: [...mallory.devices, deviceOf(bob)] };
    const log = await extendLog(mallory.root, logOf(mallory), {
      type: 'cert',
      devSignPub: deviceOf(bob).signer.publicKey,
      inboxPub: deviceOf(mallory).signer.publicKey,
    });
    await group.write({ by: alice, body: addBody({ ...thief, logs: [log] }) });
    await group.write({ by: alice, body: addBody(bob) });
    const ownersOfBobs = () =>
      resolve(group.set)
        .devices.filter(
          ({ devSignPub }) => toHex(devSignPub) === toHex(deviceOf(bob).signer.publicKey),
        )
        .map(({ identityId }) => toHex(identityId));
    expect(ownersOfBobs()).toEqual([]);
    await group.write({ by: bob, body: identityBody(bob) });
    expect(ownersOfBobs()).toEqual([toHex(bob.identityId)]);
  });

  test('[VW3] the view of an op is that of its past, whatever is held besides', async () => {
    const group = await setupGroup();
    const added = await group.write({ by: alice, body: addBody(bob) });
    await group.write({ by: alice, body: removeBody(bob) });
    expect(viewAt(group.set, added.opId)?.levels.size).toBe(2);
    expect(resolve(group.set).levels.size).toBe(1);
  });

  test('[VW4] prekeys count only for devices of the person spoken of, the own word first', async () => {
    const group = await setupGroup();
    const key = deviceOf(bob).signer.publicKey;
    const saying = (byte: number) => ({
      prekeyBundles: [{ devSignPub: key, bundle: Uint8Array.of(byte) }],
    });
    const bundleOfBob = () => resolve(group.set).bundles.get(toHex(key));
    await group.write({
      by: alice,
      body: { ...identityBody(alice), ...saying(1) },
    });
    expect(bundleOfBob()).toBeUndefined();
    await group.write({ by: alice, body: { ...addBody(bob), ...saying(2) } });
    expect(bundleOfBob()).toEqual(Uint8Array.of(2));
    await group.write({ by: bob, body: { ...identityBody(bob), ...saying(3) } });
    await group.write({ by: alice, body: { ...identityBody(bob), ...saying(4) } });
    expect(bundleOfBob()).toEqual(Uint8Array.of(3));
  });

  test('[VW4] people are called what they call themselves, else what they were called', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody({ ...bob, name: 'Bobby' }) });
    const nameOfBob = () => resolve(group.set).profiles.get(toHex(bob.identityId))?.name;
    expect(nameOfBob()).toBe('Bobby');
    await group.write({ by: bob, body: identityBody({ ...bob, name: 'Robert' }) });
    await group.write({ by: alice, body: identityBody({ ...bob, name: 'Bobby' }) });
    expect(nameOfBob()).toBe('Robert');
    expect(resolve(group.set).name).toBe('Reading club');
  });
});

describe('invites', () => {
  test('[IN4] whoever joins through an open invite has its role', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one');
    await group.write({ by: alice, body: invite });
    expect(resolve(group.set).livingInvites.length).toBe(1);
    await group.write({ by: bob, body: joinBody(bob, invite) });
    expect(levelIn(group, bob)).toBe(1);
    expect(resolve(group.set).livingInvites.length).toBe(0);
    expect(resolve(group.set).invites[0]?.usesCount).toBe(1);
  });

  test('[IN4] an invite that asks for approval lets nobody in by itself', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one', { isOpen: false });
    await group.write({ by: alice, body: invite });
    await group.write({ by: bob, body: joinBody(bob, invite) });
    expect(isMember(group, bob)).toBe(false);
    const { inviteId } = invite;
    await group.write({ by: alice, body: { ...addBody(bob), inviteId } as typeof invite });
    expect(isMember(group, bob)).toBe(true);
    expect(resolve(group.set).invites[0]?.usesCount).toBe(1);
  });

  test('[IN4] a member cannot invite, an admin cannot invite admins, nobody owners', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 1) });
    await group.write({ by: alice, body: addBody(carol, 2) });
    const byMember = inviteBody('by member');
    const toAdmin = inviteBody('to admin', { role: 2 });
    await group.write({ by: bob, body: byMember });
    await group.write({ by: carol, body: toAdmin });
    await group.write({ by: dave, body: joinBody(dave, byMember) });
    await group.write({ by: mallory, body: joinBody(mallory, toAdmin) });
    expect([isMember(group, dave), isMember(group, mallory)]).toEqual([false, false]);
  });

  test('[IN5] a revoke ends an invite: before a join, and beside one that nobody endorsed', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one', { maxUses: 9 });
    const invited = await group.write({ by: alice, body: invite });
    const revoke = await group.write({
      by: alice,
      body: { type: 'invite-revoke', inviteId: invite.inviteId },
      after: [invited],
    });
    await group.write({ by: bob, body: joinBody(bob, invite), after: [revoke] });
    await group.write({ by: carol, body: joinBody(carol, invite), after: [invited] });
    expect([isMember(group, bob), isMember(group, carol)]).toEqual([false, false]);
    expect(resolve(group.set).invites).toEqual([]);
  });

  test('[IN5] [attack 20] nobody comes in after a revoke, of whatever level, endorsed or not', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(dave, 2) });
    const invite = inviteBody('one', { maxUses: 9 });
    await group.write({ by: alice, body: invite });
    await group.write({ by: dave, body: { type: 'invite-revoke', inviteId: invite.inviteId } });
    await group.write({ by: bob, body: joinBody(bob, invite) });
    await group.write({ by: alice, body: epochBody() });
    expect(isMember(group, bob)).toBe(false);
  });

  test('[IN5] an invite that makes admins is an owner’s to revoke', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(dave, 2) });
    const invite = inviteBody('admins', { role: 2, maxUses: 9 });
    const revokeBody = { type: 'invite-revoke', inviteId: invite.inviteId } as const;
    await group.write({ by: alice, body: invite });
    await group.write({ by: dave, body: revokeBody });
    await group.write({ by: bob, body: joinBody(bob, invite) });
    expect([levelIn(group, bob), resolve(group.set).livingInvites.length]).toEqual([2, 1]);
    await group.write({ by: alice, body: revokeBody });
    await group.write({ by: carol, body: joinBody(carol, invite) });
    expect([isMember(group, carol), resolve(group.set).livingInvites.length]).toEqual([false, 0]);
  });

  test('[IN5] an endorsed join survives a revoke beside it; a lower revoke does nothing beside it', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(dave, 2) });
    const invite = inviteBody('one', { maxUses: 9 });
    const invited = await group.write({ by: alice, body: invite });
    const revokeBody = { type: 'invite-revoke', inviteId: invite.inviteId } as const;
    await group.write({ by: dave, body: revokeBody, after: [invited] });
    const join = await group.write({ by: bob, body: joinBody(bob, invite), after: [invited] });
    expect(isMember(group, bob)).toBe(true);
    await group.write({ by: alice, body: revokeBody, after: [invited] });
    expect(isMember(group, bob)).toBe(false);
    await group.write({ by: dave, body: epochBody(), after: [join] });
    expect(isMember(group, bob)).toBe(true);
  });

  test('[IN5] the epoch of a joiner endorses nobody', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one', { maxUses: 9 });
    const invited = await group.write({ by: alice, body: invite });
    const join = await group.write({ by: bob, body: joinBody(bob, invite), after: [invited] });
    await group.write({ by: bob, body: epochBody(), after: [join] });
    const revokeBody = { type: 'invite-revoke', inviteId: invite.inviteId } as const;
    await group.write({ by: alice, body: revokeBody, after: [invited] });
    expect(isMember(group, bob)).toBe(false);
  });

  test('[IN6] [attack 20] overuse: endorsed joins come first, the rest waits; a full past lets nobody in', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one');
    const invited = await group.write({ by: alice, body: invite });
    const first = await group.write({ by: bob, body: joinBody(bob, invite), after: [invited] });
    const second = await group.write({
      by: carol,
      body: joinBody(carol, invite),
      after: [invited],
    });
    expect([bob, carol].filter((person) => isMember(group, person)).length).toBe(1);
    expect(resolve(group.set).pendingJoins.length).toBe(1);
    const waiting = isMember(group, bob) ? second : first;
    await group.write({ by: alice, body: epochBody(), after: [waiting] });
    const { pendingJoins, levels } = resolve(group.set);
    expect(levels.get(toHex(waiting.identityId))).toBe(1);
    expect(pendingJoins.map(({ opId }) => toHex(opId))).toEqual([
      toHex((waiting === first ? second : first).opId),
    ]);
    await group.write({ by: dave, body: joinBody(dave, invite) });
    expect(isMember(group, dave)).toBe(false);
    expect(resolve(group.set).pendingJoins.length).toBe(1);
  });

  test('[IN6] [attack 20] a join uses the invite up for its own author too: no way back in after a removal', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one');
    await group.write({ by: alice, body: invite });
    await group.write({ by: bob, body: joinBody(bob, invite) });
    await group.write({ by: alice, body: removeBody(bob) });
    await group.write({ by: bob, body: joinBody(bob, invite) });
    expect(isMember(group, bob)).toBe(false);
    expect(resolve(group.set).pendingJoins).toEqual([]);
  });

  test('[IN5] beside a join, members revoke each other’s invites only if they need no join themselves', async () => {
    const group = await setupGroup();
    const toAll = inviteBody('to all', { maxUses: 9 });
    const ofBob = inviteBody('of bob', { maxUses: 9 });
    await group.write({ by: alice, body: addBody(bob, 1) });
    await group.write({ by: alice, body: addBody(mallory, 1) });
    const policy = { addLevel: 1, keepMs: null } as const;
    await group.write({ by: alice, body: { type: 'policy', policy } });
    await group.write({ by: alice, body: toAll });
    await group.write({ by: carol, body: joinBody(carol, toAll) });
    await group.write({ by: alice, body: epochBody() });
    const invited = await group.write({ by: bob, body: ofBob });
    const revokeBody = { type: 'invite-revoke', inviteId: ofBob.inviteId } as const;
    await group.write({ by: dave, body: joinBody(dave, ofBob), after: [invited] });
    await group.write({ by: carol, body: revokeBody, after: [invited] });
    expect([isMember(group, carol), isMember(group, dave)]).toEqual([true, true]);
    // The same where the revoke comes before the join in the order of judging.
    const erin = await createPerson('erin');
    const deeper = await group.write({ by: bob, body: { type: 'merge' }, after: [invited] });
    await group.write({ by: erin, body: joinBody(erin, ofBob), after: [deeper] });
    expect(isMember(group, erin)).toBe(true);
    await group.write({ by: mallory, body: revokeBody, after: [invited] });
    expect([isMember(group, dave), isMember(group, erin)]).toEqual([false, false]);
  });

  test('[IN5] the invite of a removed inviter, written beside the removal, lets nobody in', async () => {
    const group = await setupGroup();
    const added = await group.write({ by: alice, body: addBody(bob, 2) });
    const invite = inviteBody('one');
    const invited = await group.write({ by: bob, body: invite, after: [added] });
    const join = await group.write({ by: carol, body: joinBody(carol, invite), after: [invited] });
    await group.write({ by: alice, body: removeBody(bob), after: [added] });
    expect(isMember(group, carol)).toBe(false);
    expect(join.depth).toBe(invited.depth + 1);
  });

  test('[IN4] an invite to a direct conversation lives in the notes to self of the inviter', async () => {
    const self = await createConversation(alice, { kind: 'self', identityId: alice.identityId });
    const invite = inviteBody('one', { isOpen: false });
    await self.write({ by: alice, body: invite });
    expect(resolve(self.set).livingInvites.length).toBe(1);
    await self.write({
      by: alice,
      body: { type: 'invite-revoke', inviteId: invite.inviteId },
      device: deviceOf(alice, 1),
    });
    expect(resolve(self.set).livingInvites.length).toBe(0);
  });
});
