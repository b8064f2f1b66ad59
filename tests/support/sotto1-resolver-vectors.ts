/** Small groups whose operations are really signed, and what the resolver makes of them. */
import { toHex } from '../../src/base/bytes.ts';
import { deriveInvite } from '../../src/protocol/invites/invite.ts';
import { inviteIdOf, joinProof } from '../../src/protocol/invites/join-proof.ts';
import {
  encodeIdentityLog,
  rootSigner,
  type IdentityLog,
} from '../../src/protocol/membership/identity.ts';
import { isGivenHistory } from '../../src/protocol/membership/history.ts';
import { isEpochValid, resolve, viewDigest } from '../../src/protocol/membership/membership.ts';
import type { ControlOp, InviteBody, OpBody } from '../../src/protocol/membership/ops.ts';
import { agreementKeyPair } from '../../src/crypto/agreement.ts';
import { backend, fixedBytes, fixedSigner } from '../unit/protocol/fixtures.ts';
import {
  addBody,
  createConversation,
  deviceOf,
  epochBody,
  extendLog,
  groupSpec,
  identityBody,
  inviteBody,
  removeBody,
  revokeOf,
  roleBody,
  type TestConversation,
  type TestPerson,
} from './conversation.ts';

const createSignedPerson = async (name: string, deviceCount: number): Promise<TestPerson> => {
  const root = await rootSigner(backend, fixedBytes(`${name} root`));
  const devices = [];
  const logs: IdentityLog[] = [];
  for (let at = 0; at < deviceCount; at++) {
    const deviceName = `${name} ${String(at)}`;
    const signer = await fixedSigner(deviceName);
    const { publicKey: inboxPub } = agreementKeyPair(fixedBytes(`${deviceName} inbox`));
    const cert = { type: 'cert', devSignPub: signer.publicKey, inboxPub } as const;
    devices.push({ name: deviceName, signer });
    logs.push(await extendLog(root, logs.at(-1), cert));
  }
  const [first] = logs;
  if (first === undefined) throw new Error('a person has a device');
  return { name, root, identityId: first.identityId, devices, logs };
};

const signedJoin = async (person: TestPerson, secret: Uint8Array): Promise<OpBody> => {
  const { invSigner, invPub } = await deriveInvite(backend, secret);
  const { publicKey: devSignPub } = deviceOf(person).signer;
  const nonce = fixedBytes(`${person.name} nonce`, 16);
  const claim = { inviteId: inviteIdOf(invPub), identityId: person.identityId, devSignPub, nonce };
  return {
    type: 'join',
    inviteId: claim.inviteId,
    invPub,
    nonce,
    proof: await joinProof(invSigner, claim),
    identityLog: encodeIdentityLog(person.logs[0] ?? { rootPub: new Uint8Array(32), entries: [] }),
    prekeyBundles: [],
    name: person.name,
  };
};

const signedInvite = async (
  secret: Uint8Array,
  options: Partial<InviteBody>,
): Promise<InviteBody> => {
  const { inviteId, invPub, pseudoSecret, boxSeed } = await deriveInvite(backend, secret);
  return inviteBody('', { inviteId, invPub, pseudoSecret, boxSeed, ...options });
};

interface Cast {
  readonly alice: TestPerson;
  readonly bob: TestPerson;
  readonly carol: TestPerson;
  readonly dave: TestPerson;
}

type Story = (group: TestConversation, cast: Cast) => Promise<void>;

const writeEpoch = ({ set, write }: TestConversation, by: TestPerson): Promise<ControlOp> =>
  write({ by, body: epochBody(viewDigest(resolve(set))) });

const stories: Readonly<Record<string, Story>> = {
  'levels: what a member may not do does not count': async (group, { alice, bob, carol, dave }) => {
    await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: bob, body: addBody(carol, 1) });
    await group.write({ by: carol, body: addBody(dave, 1) });
    await group.write({ by: alice, body: roleBody(carol, 0) });
    await writeEpoch(group, bob);
    await writeEpoch(group, carol);
  },
  'a removal cancels what its target did beside it': async (group, { alice, bob, carol }) => {
    const added = await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: alice, body: removeBody(bob), after: [added] });
    await group.write({ by: bob, body: addBody(carol, 1), after: [added] });
    await writeEpoch(group, alice);
  },
  'who left can be added anew': async (group, { alice, bob }) => {
    await group.write({ by: alice, body: addBody(bob, 1) });
    const left = await group.write({ by: bob, body: { type: 'leave' } });
    await writeEpoch(group, alice);
    await group.write({ by: alice, body: addBody(bob, 1), after: [left] });
    await writeEpoch(group, alice);
  },
  'an open invite is used up; one join too many is pending': async (group, cast) => {
    const { alice, bob, carol } = cast;
    const secret = fixedBytes('vector invite');
    const invited = await group.write({
      by: alice,
      body: await signedInvite(secret, { maxUses: 1, history: 'all' }),
    });
    await group.write({ by: bob, body: await signedJoin(bob, secret), after: [invited] });
    await group.write({ by: carol, body: await signedJoin(carol, secret), after: [invited] });
  },
  'a revoked device is out, and what it did beside that': async (group, { alice, bob, carol }) => {
    await group.write({ by: alice, body: addBody(bob, 2) });
    const known = await group.write({ by: bob, body: identityBody(bob) });
    const log = await extendLog(bob.root, bob.logs.at(-1), revokeOf(deviceOf(bob, 1)));
    await group.write({ by: bob, body: identityBody(bob, log), after: [known] });
    await group.write({
      by: bob,
      device: deviceOf(bob, 1),
      body: addBody(carol, 1),
      after: [known],
    });
    await writeEpoch(group, alice);
  },
  'of policies beside each other the stricter holds': async (
    group,
    { alice, bob, carol, dave },
  ) => {
    const start = await group.write({ by: alice, body: addBody(bob, 3) });
    const policies = [];
    for (const [by, addLevel] of [
      [alice, 1],
      [bob, 2],
    ] as const) {
      const policy = { addLevel, keepMs: null };
      policies.push(await group.write({ by, body: { type: 'policy', policy }, after: [start] }));
    }
    await group.write({ by: alice, body: addBody(carol, 1), after: policies });
    await group.write({ by: carol, body: addBody(dave, 1) });
  },
  'history: everything, and nothing': async (group, { alice, bob, carol }) => {
    await writeEpoch(group, alice);
    await group.write({ by: alice, body: addBody(bob, 1, 'all') });
    await writeEpoch(group, alice);
    await group.write({ by: alice, body: addBody(carol, 1, 'none') });
    await writeEpoch(group, alice);
  },
};

const outcomeOf = ({ set, ops }: TestConversation, people: ReadonlyArray<TestPerson>) => {
  const view = resolve(set);
  const epochs = ops.filter(({ body }) => body.type === 'epoch');
  return {
    convId: toHex(set.convId),
    /** In the order of writing: parents come first. */
    ops: ops.map(({ bytes, opId, body, depth }) => ({
      bytes: toHex(bytes),
      opId: toHex(opId),
      type: body.type,
      depth,
    })),
    levels: Object.fromEntries([...view.levels].sort(([a], [b]) => (a < b ? -1 : 1))),
    devices: view.devices.map(({ devSignPub }) => toHex(devSignPub)),
    recipientsDigest: toHex(viewDigest(view)),
    valid: [...view.validOps],
    epochs: epochs.map((op) => ({
      opId: toHex(op.opId),
      isValid: isEpochValid(set, op),
      historyOf: people
        .filter(({ identityId }) => isGivenHistory(set, { epochId: op.opId, identityId }))
        .map(({ identityId }) => toHex(identityId)),
    })),
  };
};

export const resolverVectors = async () => {
  const [alice, bob, carol, dave] = await Promise.all([
    createSignedPerson('vector alice', 1),
    createSignedPerson('vector bob', 2),
    createSignedPerson('vector carol', 1),
    createSignedPerson('vector dave', 1),
  ]);
  const cases = [];
  for (const [name, story] of Object.entries(stories)) {
    const group = await createConversation(alice, groupSpec(alice));
    await story(group, { alice, bob, carol, dave });
    cases.push({ name, ...outcomeOf(group, [alice, bob, carol, dave]) });
  }
  return cases;
};
