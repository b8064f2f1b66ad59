/**
 * People, devices and conversations for tests of membership. Signatures are fake: resolving never
 * looks at them (verifying is the caller's step before `addOp`), and thousands of ops stay cheap.
 */
import { compareBytes, utf8ToBytes } from '../../src/base/bytes.ts';
import { assert } from '../../src/base/assert.ts';
import type { Signer } from '../../src/crypto/backend.ts';
import { hash } from '../../src/crypto/hash.ts';
import {
  appendIdentityEntry,
  encodeIdentityLog,
  type IdentityEntry,
  type IdentityLog,
  readIdentityLog,
} from '../../src/protocol/membership/identity.ts';
import {
  addOp,
  createOpSet,
  getOp,
  heads,
  type OpSet,
} from '../../src/protocol/membership/membership.ts';
import { inviteIdOf } from '../../src/protocol/invites/join-proof.ts';
import {
  type ControlOp,
  type ConversationSpec,
  convIdOf,
  type HistoryChoice,
  type InviteBody,
  type Level,
  type OpBody,
  signOp,
  zeroId,
} from '../../src/protocol/membership/ops.ts';

export const bytesNamed = (name: string): Uint8Array => hash('sotto1/test', utf8ToBytes(name));

export const fakeSigner = (name: string): Signer => ({
  publicKey: bytesNamed(`key ${name}`),
  sign: () => new Uint8Array(64),
});

export interface TestDevice {
  readonly name: string;
  readonly signer: Signer;
}

export interface TestPerson {
  readonly name: string;
  readonly root: Signer;
  readonly identityId: Uint8Array;
  readonly devices: ReadonlyArray<TestDevice>;
  /** Each version of the log, shortest first. */
  readonly logs: ReadonlyArray<IdentityLog>;
}

export const certOf = (device: TestDevice): IdentityEntry => ({
  type: 'cert',
  devSignPub: device.signer.publicKey,
  inboxPub: bytesNamed(`inbox ${device.name}`),
});

export const revokeOf = (device: TestDevice): IdentityEntry => ({
  type: 'revoke',
  devSignPub: device.signer.publicKey,
  reason: 'lost',
});

export const extendLog = async (
  root: Signer,
  log: IdentityLog | undefined,
  entry: IdentityEntry,
): Promise<IdentityLog> => {
  const bytes = await appendIdentityEntry(root, log, entry);
  const entries = [...(log?.entries ?? []), bytes];
  const longer = readIdentityLog({ rootPub: root.publicKey, entries });
  assert(longer.ok, 'a test log makes sense');
  return longer.value;
};

/** A person whose log certifies the devices one after the other. */
export const createPerson = async (name: string, deviceCount = 1): Promise<TestPerson> => {
  const root = fakeSigner(`${name} root`);
  const devices = Array.from({ length: deviceCount }, (_, at) => ({
    name: `${name} ${String(at)}`,
    signer: fakeSigner(`${name} device ${String(at)}`),
  }));
  const logs: IdentityLog[] = [];
  for (const device of devices) logs.push(await extendLog(root, logs.at(-1), certOf(device)));
  const [first] = logs;
  assert(first !== undefined, 'a person has a device');
  return { name, root, identityId: first.identityId, devices, logs };
};

export const deviceOf = (person: TestPerson, at = 0): TestDevice => {
  const device = person.devices[at];
  assert(device !== undefined, 'the device exists');
  return device;
};

export const logOf = (person: TestPerson, at = person.logs.length - 1): IdentityLog => {
  const log = person.logs[at];
  assert(log !== undefined, 'the log exists');
  return log;
};

// ---------------------------------------------------------------- bodies

export const identityBody = (person: TestPerson, log = logOf(person)): OpBody => ({
  type: 'identity',
  identityLog: encodeIdentityLog(log),
  name: person.name,
});

export const addBody = (
  person: TestPerson,
  level: Level = 1,
  history: HistoryChoice = 'none',
): OpBody => ({
  type: 'add',
  identityId: person.identityId,
  level,
  identityLog: encodeIdentityLog(logOf(person)),
  prekeyBundles: [],
  history,
  name: person.name,
});

export const removeBody = (person: TestPerson): OpBody => ({
  type: 'remove',
  identityId: person.identityId,
  cuts: [],
});

export const roleBody = (person: TestPerson, level: Level): OpBody => ({
  type: 'role',
  identityId: person.identityId,
  level,
});

export const inviteBody = (name: string, options: Partial<InviteBody> = {}): InviteBody => {
  const invPub = bytesNamed(`invite ${name}`);
  return {
    type: 'invite',
    inviteId: inviteIdOf(invPub),
    invPub,
    pseudoSecret: bytesNamed('pseudo'),
    boxSeed: bytesNamed('box'),
    role: 1,
    maxUses: 1,
    expiryHintMs: 0,
    isOpen: true,
    history: 'none',
    ...options,
  };
};

export const joinBody = (person: TestPerson, invite: InviteBody): OpBody => ({
  type: 'join',
  inviteId: invite.inviteId,
  invPub: invite.invPub,
  nonce: new Uint8Array(16),
  proof: new Uint8Array(64),
  identityLog: encodeIdentityLog(logOf(person)),
  prekeyBundles: [],
  name: person.name,
});

export const epochBody = (recipientsDigest: Uint8Array = zeroId, base = 0): OpBody => ({
  type: 'epoch',
  recipientsDigest,
  prevEpochId: zeroId,
  secretHash: bytesNamed('secret'),
  base,
  why: 'test',
  idLogHeads: [],
});

export const groupSpec = (creator: TestPerson): ConversationSpec => ({
  kind: 'group',
  nonce: new Uint8Array(16),
  name: 'Reading club',
  policy: { addLevel: 2, keepMs: null },
  creator: creator.identityId,
});

export const directSpec = (a: TestPerson, b: TestPerson): ConversationSpec => {
  const [first, second] = [a.identityId, b.identityId].sort(compareBytes);
  assert(first !== undefined && second !== undefined, 'there are two');
  return { kind: 'direct', identityIds: [first, second] };
};

// ---------------------------------------------------------------- conversation

export interface Written {
  readonly by: TestPerson;
  readonly body: OpBody;
  /** Default: all heads. */
  readonly after?: ReadonlyArray<ControlOp>;
  readonly device?: TestDevice;
}

/** A conversation under test: ops are written into one set, each after what it names. */
export interface TestConversation {
  readonly set: OpSet;
  readonly ops: ControlOp[];
  write(written: Written): Promise<ControlOp>;
}

const depthAfter = (parents: ReadonlyArray<ControlOp>): number =>
  Math.max(-1, ...parents.map(({ depth }) => depth)) + 1;

export const createConversation = async (
  creator: TestPerson,
  conversation: ConversationSpec,
): Promise<TestConversation> => {
  const createBody = { type: 'create', conversation } as const;
  const set = createOpSet(convIdOf(createBody));
  const ops: ControlOp[] = [];
  const write = async ({ by, body, after, device = deviceOf(by) }: Written): Promise<ControlOp> => {
    const opsByHead = (id: Uint8Array) => ops.filter(({ opId }) => compareBytes(opId, id) === 0);
    const parents = body.type === 'create' ? [] : (after ?? heads(set).flatMap(opsByHead));
    const op = await signOp({
      deviceSigner: device.signer,
      convId: body.type === 'create' ? zeroId : set.convId,
      parents: parents.map(({ opId }) => opId),
      depth: depthAfter(parents),
      identityId: by.identityId,
      body,
    });
    if (addOp(set, op).status === 'added') ops.push(op);
    return getOp(set, op.opId) ?? op;
  };
  await write({ by: creator, body: createBody });
  await write({ by: creator, body: identityBody(creator) });
  return { set, ops, write };
};
