/** Edges of the resolver's rules, where a slip would show in rare orders of ops only. */
import { beforeAll, describe, expect, test } from 'vitest';
import { compareBytes, concatBytes, toHex } from '../../../src/base/bytes.ts';
import { hash } from '../../../src/crypto/hash.ts';
import { encodeIdentityLog } from '../../../src/protocol/membership/identity.ts';
import { resolve, viewAt } from '../../../src/protocol/membership/membership.ts';
import type { Level, OpBody, Policy } from '../../../src/protocol/membership/ops.ts';
import {
  addBody,
  bytesNamed,
  certOf,
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

beforeAll(async () => {
  alice = await createPerson('alice', 2);
  bob = await createPerson('bob', 2);
  carol = await createPerson('carol');
  dave = await createPerson('dave');
});

const setupGroup = () => createConversation(alice, groupSpec(alice));

const levelIn = ({ set }: TestConversation, person: TestPerson): Level | undefined =>
  resolve(set).levels.get(toHex(person.identityId));

const isMember = (conversation: TestConversation, person: TestPerson): boolean =>
  levelIn(conversation, person) !== undefined;

describe('policies', () => {
  const policy = (addLevel: Policy['addLevel'], keepMs: number | null): OpBody => ({
    type: 'policy',
    policy: { addLevel, keepMs },
  });

  test('[RS2] a later policy replaces an earlier one, also where it is looser', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: policy(2, 5000) });
    await group.write({ by: alice, body: policy(1, null) });
    expect(resolve(group.set).policy).toEqual({ addLevel: 1, keepMs: null });
  });

  test.each([
    [3000, 5000, 3000],
    [5000, null, 5000],
    [null, null, null],
  ])('[RS2] of %s and %s beside each other %s holds', async (one, other, stricter) => {
    for (const [first, second] of [
      [one, other],
      [other, one],
    ] as const) {
      const group = await setupGroup();
      const before = await group.write({ by: alice, body: { type: 'merge' } });
      await group.write({ by: alice, body: policy(2, first), after: [before] });
      await group.write({ by: alice, body: policy(1, second), after: [before] });
      expect(resolve(group.set).policy).toEqual({ addLevel: 2, keepMs: stricter });
    }
  });

  test('[RS2] a group’s create states the first policy', async () => {
    const policy = { addLevel: 1, keepMs: 9000 } as const;
    const spec = { ...groupSpec(alice), policy };
    const group = await createConversation(alice, spec);
    await group.write({ by: alice, body: addBody(bob, 1) });
    await group.write({ by: bob, body: addBody(carol, 1) });
    expect([resolve(group.set).policy, isMember(group, carol)]).toEqual([policy, true]);
  });
});

describe('acts', () => {
  test('[RS7] who rose acts at the level they have, not at the one they had', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 1) });
    await group.write({ by: alice, body: addBody(carol, 1) });
    const risen = await group.write({ by: alice, body: roleBody(bob, 3) });
    await group.write({ by: alice, body: addBody(carol, 1), after: [risen] });
    await group.write({ by: bob, body: removeBody(carol), after: [risen] });
    expect([isMember(group, carol), resolve(group.set).cuts.length]).toEqual([false, 1]);
  });

  test('[RS7] what somebody had before they left makes no removal’s cuts void', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: alice, body: addBody(carol, 2) });
    await group.write({ by: carol, body: { type: 'leave' } });
    await group.write({ by: alice, body: addBody(carol, 1) });
    await group.write({ by: bob, body: removeBody(carol) });
    expect([isMember(group, carol), resolve(group.set).cuts.length]).toEqual([false, 1]);
  });

  test('[RS3] [RS5] of several removals or leaves the one that holds is enough', async () => {
    const group = await setupGroup();
    await group.write({ by: alice, body: addBody(bob, 2) });
    const both = await group.write({ by: alice, body: addBody(carol, 2) });
    await group.write({ by: carol, body: removeBody(bob), after: [both] });
    expect(isMember(group, bob)).toBe(true);
    await group.write({ by: alice, body: removeBody(bob), after: [both] });
    expect(isMember(group, bob)).toBe(false);
    await group.write({ by: carol, body: { type: 'leave' } });
    await group.write({ by: alice, body: addBody(carol) });
    expect(isMember(group, carol)).toBe(true);
    await group.write({ by: carol, body: { type: 'leave' } });
    expect(isMember(group, carol)).toBe(false);
  });

  test('[VW4] who says nothing of a name keeps the one they have', async () => {
    const group = await setupGroup();
    const identityLog = encodeIdentityLog(logOf(alice));
    await group.write({ by: alice, body: { type: 'identity', identityLog } });
    expect(resolve(group.set).profiles.get(toHex(alice.identityId))).toEqual({ name: 'alice' });
  });

  test('[RS1] a create by a device that no log certifies makes nobody anything', async () => {
    const direct = await createConversation(alice, directSpec(alice, bob));
    const [create] = direct.ops;
    expect(viewAt(direct.set, create?.opId ?? alice.identityId)?.levels.size).toBe(0);
    expect(resolve(direct.set).levels.size).toBe(2);
  });

  test('[VW3] there is no view of an op that is not held', async () => {
    const { set } = await setupGroup();
    expect(viewAt(set, bytesNamed('nothing'))).toBeUndefined();
  });
});

describe('keys that two members certify', () => {
  const setupThief = async () => {
    const group = await setupGroup();
    const thief = { ...carol, devices: [...carol.devices, deviceOf(bob)] };
    const log = await extendLog(carol.root, logOf(carol), certOf(deviceOf(bob)));
    await group.write({ by: alice, body: addBody({ ...thief, logs: [log] }) });
    await group.write({ by: alice, body: addBody(bob) });
    const key = toHex(deviceOf(bob).signer.publicKey);
    const owners = (): ReadonlyArray<string> =>
      resolve(group.set)
        .devices.filter(({ devSignPub }) => toHex(devSignPub) === key)
        .map(({ identityId }) => toHex(identityId));
    return { group, thief, owners };
  };

  test.each<[string, OpBody]>([
    ['merge', { type: 'merge' }],
    ['epoch', epochBody()],
    ['complaint', { type: 'complaint', epochId: bytesNamed('epoch'), reason: 'bad' }],
  ])('[VW1] %s settles nothing: it is inert', async (_, body) => {
    const { group, owners } = await setupThief();
    await group.write({ by: bob, body });
    expect(owners()).toEqual([]);
    await group.write({ by: bob, body: identityBody(bob) });
    expect(owners()).toEqual([toHex(bob.identityId)]);
  });

  test('[VW1] what a member signs with another key settles nothing either', async () => {
    const { group, thief, owners } = await setupThief();
    await group.write({ by: thief, body: identityBody(carol) });
    expect(owners()).toEqual([]);
  });
});

describe('revoked devices', () => {
  /** Bob's first device adds Carol, beside what his second one says about it. */
  const setupRevocation = async (log: Awaited<ReturnType<typeof extendLog>>, extra = {}) => {
    const group = await setupGroup();
    const before = await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: bob, body: addBody(carol), after: [before] });
    await group.write({
      by: bob,
      body: { ...identityBody(bob, log), ...extra },
      after: [before],
      device: deviceOf(bob, 1),
    });
    return group;
  };
  const withoutFirst = () => extendLog(bob.root, logOf(bob), revokeOf(deviceOf(bob)));
  const certified = (name: string) =>
    certOf({ name, signer: { publicKey: bytesNamed(name), sign: () => new Uint8Array(64) } });

  test('[RS4] [ID3] of a log that turns out forked the common part revokes, and no more', async () => {
    const revoked = await withoutFirst();
    const atEnd = await setupRevocation(revoked);
    expect(isMember(atEnd, carol)).toBe(false);
    const beside = await extendLog(bob.root, logOf(bob), certified('other'));
    await atEnd.write({ by: alice, body: identityBody(bob, beside) });
    expect(isMember(atEnd, carol)).toBe(true);

    const longer = await extendLog(bob.root, revoked, certified('left'));
    const before = await setupRevocation(longer);
    const right = await extendLog(bob.root, revoked, certified('right'));
    await before.write({ by: alice, body: identityBody(bob, right) });
    expect(resolve(before.set).identities.get(toHex(bob.identityId))?.fork).toBeDefined();
    expect(isMember(before, carol)).toBe(false);
  });

  test('[ID3] of a log that forks at its first entry nothing counts', async () => {
    const other = await extendLog(bob.root, undefined, certOf(deviceOf(bob, 1)));
    const longer = await extendLog(bob.root, other, certOf(deviceOf(bob)));
    const group = await setupRevocation(await extendLog(bob.root, longer, revokeOf(deviceOf(bob))));
    expect([isMember(group, bob), isMember(group, carol)]).toEqual([true, false]);
    expect(resolve(group.set).devices.length).toBe(2);
  });

  test('[RS4] nobody cancels acts by certifying a key of somebody else in a log of their own', async () => {
    // Carol's root certifies both of Alice's keys and revokes the first; Alice tells it on (ID6).
    const first = await extendLog(carol.root, logOf(carol), certOf(deviceOf(alice)));
    const both = await extendLog(carol.root, first, certOf(deviceOf(alice, 1)));
    const lying = await extendLog(carol.root, both, revokeOf(deviceOf(alice)));
    const group = await setupGroup();
    const before = await group.write({ by: alice, body: addBody(carol) });
    await group.write({ by: alice, body: addBody(dave), after: [before] });
    await group.write({
      by: alice,
      body: identityBody(carol, lying),
      after: [before],
      device: deviceOf(alice, 1),
    });
    expect(isMember(group, dave)).toBe(true);
  });

  test('[RS7] cuts of a revoked device are in the view, those of another one are not', async () => {
    const epochs = [{ epochId: bytesNamed('epoch'), heads: [] }];
    const cutOf = (at: number) => ({ devSignPub: deviceOf(bob, at).signer.publicKey, epochs });
    const group = await setupRevocation(await withoutFirst(), { cuts: [cutOf(0), cutOf(1)] });
    const { cuts } = resolve(group.set);
    expect(cuts.map(({ devSignPub }) => devSignPub)).toEqual([cutOf(0).devSignPub]);
    expect(cuts[0]?.epochs).toEqual(epochs);
    const elsewhere = await setupGroup();
    await elsewhere.write({ by: alice, body: addBody(bob, 2) });
    const log = await withoutFirst();
    const told = { ...identityBody(bob, log), cuts: [cutOf(0)] } as OpBody;
    await elsewhere.write({ by: alice, body: told });
    expect(resolve(elsewhere.set).cuts).toEqual([]);
  });
});

describe('joins', () => {
  test('[IN4] who joined and was added through one invite has used it once', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one', { maxUses: 9 });
    await group.write({ by: alice, body: invite });
    await group.write({ by: bob, body: joinBody(bob, invite) });
    const body = { ...addBody(bob), inviteId: invite.inviteId } as OpBody;
    await group.write({ by: alice, body });
    expect(resolve(group.set).invites.map(({ usesCount }) => usesCount)).toEqual([1]);
  });

  const revokeOfInvite = ({ inviteId }: { inviteId: Uint8Array }) =>
    ({ type: 'invite-revoke', inviteId }) as const;

  test('[IN5] a revoke ends the invite that it names, and no other', async () => {
    const group = await setupGroup();
    const [kept, ended] = [inviteBody('kept', { maxUses: 9 }), inviteBody('ended', { maxUses: 9 })];
    await group.write({ by: alice, body: kept });
    await group.write({ by: alice, body: ended });
    await group.write({ by: alice, body: revokeOfInvite(ended) });
    await group.write({ by: bob, body: joinBody(bob, kept) });
    await group.write({ by: carol, body: joinBody(carol, ended) });
    expect([isMember(group, bob), isMember(group, carol)]).toEqual([true, false]);
    expect(resolve(group.set).invites.map(({ body }) => body)).toEqual([kept]);
  });

  test('[IN5] nothing but an epoch endorses a join', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one', { maxUses: 9 });
    const invited = await group.write({ by: alice, body: invite });
    const join = await group.write({ by: bob, body: joinBody(bob, invite), after: [invited] });
    await group.write({ by: alice, body: { type: 'merge' }, after: [join] });
    await group.write({ by: alice, body: addBody(carol), after: [join] });
    await group.write({ by: alice, body: revokeOfInvite(invite), after: [invited] });
    expect([isMember(group, bob), isMember(group, carol)]).toEqual([false, true]);
  });

  test('[IN5] one revoke beside a join is enough, whatever comes after it', async () => {
    const group = await setupGroup();
    const invite = inviteBody('one', { maxUses: 9 });
    const invited = await group.write({ by: alice, body: invite });
    const join = await group.write({ by: bob, body: joinBody(bob, invite), after: [invited] });
    await group.write({ by: alice, body: revokeOfInvite(invite), after: [join] });
    expect(isMember(group, bob)).toBe(true);
    await group.write({ by: alice, body: revokeOfInvite(invite), after: [invited] });
    expect(isMember(group, bob)).toBe(false);
  });

  test('[IN5] an admin who came by a link revokes beside a join, as any other admin', async () => {
    const group = await setupGroup();
    const forAdmins = inviteBody('admins', { role: 2, maxUses: 9 });
    const ofDave = inviteBody('of dave', { maxUses: 9 });
    await group.write({ by: alice, body: addBody(dave, 2) });
    await group.write({ by: alice, body: forAdmins });
    await group.write({ by: carol, body: joinBody(carol, forAdmins) });
    const invited = await group.write({ by: dave, body: ofDave });
    await group.write({ by: bob, body: joinBody(bob, ofDave), after: [invited] });
    await group.write({ by: carol, body: revokeOfInvite(ofDave), after: [invited] });
    expect([levelIn(group, carol), isMember(group, bob)]).toEqual([2, false]);
  });

  test('[IN6] who has the last use does not depend on what a joiner puts into the op', async () => {
    for (let at = 0; at < 6; at++) {
      const group = await setupGroup();
      const invite = inviteBody(`last use ${String(at)}`);
      const invited = await group.write({ by: alice, body: invite });
      for (const person of [bob, carol]) {
        await group.write({ by: person, body: joinBody(person, invite), after: [invited] });
      }
      const placeOf = ({ identityId }: TestPerson) =>
        hash('sotto1/join-order', concatBytes(invite.inviteId, identityId));
      const isBobFirst = compareBytes(placeOf(bob), placeOf(carol)) < 0;
      expect([isMember(group, bob), isMember(group, carol)]).toEqual([isBobFirst, !isBobFirst]);
    }
  });
});
