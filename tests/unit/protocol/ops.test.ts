import { beforeAll, describe, expect, test } from 'vitest';
import { equalBytes, toHex } from '../../../src/base/bytes.ts';
import type { Signer } from '../../../src/crypto/backend.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { anyValue, type CborMap, encodeCanonical } from '../../../src/protocol/cbor.ts';
import {
  encodeIdentityLog,
  type IdentityLog,
  rootSigner,
} from '../../../src/protocol/membership/identity.ts';
import { inviteIdOf, joinProof } from '../../../src/protocol/invites/join-proof.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  convIdOf,
  type ControlOp,
  decodeOp,
  type JoinBody,
  type OpBody,
  signOp,
  verifyOpSignature,
  zeroId,
} from '../../../src/protocol/membership/ops.ts';
import { decodeSigned, signRecord } from '../../../src/protocol/signed-record.ts';
import { bytesNamed, extendLog, inviteBody } from '../../support/conversation.ts';

const backend = createNodeBackend();
const id = bytesNamed('somebody');
let deviceSigner: Signer;
let invSigner: Signer;
let log: IdentityLog;

beforeAll(async () => {
  deviceSigner = await backend.signerFromSeed(bytesNamed('device seed'));
  invSigner = await backend.signerFromSeed(bytesNamed('invite seed'));
  const root = await rootSigner(backend, bytesNamed('root seed'));
  const devSignPub = deviceSigner.publicKey;
  log = await extendLog(root, undefined, { type: 'cert', devSignPub, inboxPub: id });
});

const place = { convId: bytesNamed('conversation'), parents: [bytesNamed('parent')], depth: 1 };

const sign = (body: OpBody): Promise<ControlOp> =>
  signOp({
    ...(body.type === 'create' ? { convId: zeroId, parents: [], depth: 0 } : place),
    deviceSigner,
    identityId: log.identityId,
    body,
  });

const joinBody = async (nonce = new Uint8Array(16)): Promise<JoinBody> => {
  const invPub = invSigner.publicKey;
  const inviteId = inviteIdOf(invPub);
  const { identityId } = log;
  const devSignPub = deviceSigner.publicKey;
  const proof = await joinProof(invSigner, { inviteId, identityId, devSignPub, nonce });
  const identityLog = encodeIdentityLog(log);
  return {
    type: 'join',
    inviteId,
    invPub,
    nonce,
    proof,
    identityLog,
    prekeyBundles: [],
    name: 'Ana',
  };
};

const policy = { addLevel: 1, keepMs: null } as const;
const cuts = [{ epochId: id, heads: [{ writerPub: id, seq: 3, hash: id }] }];
const bundles = [{ devSignPub: id, bundle: Uint8Array.of(1) }];

/** One of each kind but `fork`, which has its own test. */
const everyBody = async (): Promise<ReadonlyArray<OpBody>> => {
  const identityLog = encodeIdentityLog(log);
  const { identityId } = log;
  return [
    { type: 'create', conversation: { kind: 'self', identityId } },
    { type: 'create', conversation: { kind: 'direct', identityIds: [zeroId, identityId] } },
    {
      type: 'create',
      conversation: {
        kind: 'group',
        nonce: new Uint8Array(16),
        name: 'Choir',
        policy,
        creator: identityId,
      },
    },
    {
      type: 'add',
      identityId,
      level: 2,
      identityLog,
      prekeyBundles: bundles,
      history: 'all',
      name: 'Ana',
      inviteId: id,
    },
    {
      type: 'add',
      identityId,
      level: 0,
      identityLog,
      prekeyBundles: [],
      history: 'none',
      name: '',
    },
    { type: 'remove', identityId, cuts },
    { type: 'role', identityId, level: 3 },
    { type: 'leave' },
    inviteBody('one'),
    { type: 'invite-revoke', inviteId: id },
    await joinBody(),
    { type: 'policy', policy: { addLevel: 2, keepMs: 0 } },
    {
      type: 'epoch',
      recipientsDigest: id,
      prevEpochId: zeroId,
      secretHash: id,
      base: 2 ** 40,
      why: 'add',
      idLogHeads: [{ identityId: id, length: 1, head: id }],
    },
    { type: 'merge' },
    { type: 'identity', identityLog },
    {
      type: 'identity',
      identityLog,
      name: 'Ana',
      prekeyBundles: bundles,
      cuts: [{ devSignPub: id, epochs: cuts }],
    },
    { type: 'complaint', epochId: id, reason: 'missing' },
  ];
};

test('[OP2] [OP3] every kind signs, decodes to itself and verifies', async () => {
  for (const body of await everyBody()) {
    const op = await sign(body);
    const decoded = decodeOp(op.bytes);
    expect(decoded).toEqual({ ok: true, value: op });
    expect(op.body).toEqual(body);
    expect(await verifyOpSignature(backend, op)).toBe(true);
  }
});

test('[OP3] the bytes of every kind are fixed', async () => {
  // A changed line here is a change of the protocol: every replica must make it at once.
  const ids: string[] = [];
  for (const body of await everyBody()) {
    ids.push(`${body.type} ${toHex((await sign(body)).opId).slice(0, 16)}`);
  }
  expect(ids).toMatchInlineSnapshot(`
    [
      "create 5548bc15b71d04c3",
      "create f5355761c2c44b2a",
      "create e41c8f21d0419341",
      "add 38166c96abac63a9",
      "add 31d9bcc765be3917",
      "remove 981e736cde65d22f",
      "role aca8771245628665",
      "leave 66f3b6166a24e1ac",
      "invite 31fe273b47de4f35",
      "invite-revoke df1d7fddaf8782e0",
      "join cfa33d7e1c7944e4",
      "policy b65ea6d8529128f4",
      "epoch 40002e90e425df77",
      "merge c4fcd9c0e54549d4",
      "identity c58c160897a82b4c",
      "identity e59fcb4408b51590",
      "complaint 95a76deb55c87f4d",
    ]
  `);
  expect(toHex(log.head).slice(0, 16)).toMatchInlineSnapshot(`"8fdde3afaba1c9a0"`);
});

test('[OP1] a create names its conversation by what it says, whoever says it', async () => {
  const body = { type: 'create', conversation: { kind: 'self', identityId: id } } as const;
  const op = await sign(body);
  expect(toHex(op.convId)).toBe(toHex(convIdOf(body)));
  const other = await signOp({
    deviceSigner: invSigner,
    convId: zeroId,
    parents: [],
    depth: 0,
    identityId: id,
    body,
  });
  expect(toHex(other.convId)).toBe(toHex(op.convId));
  expect(toHex(other.opId)).not.toBe(toHex(op.opId));
});

describe('[OP2] what does not decode', () => {
  const encode = (fields: CborMap): Promise<Uint8Array> =>
    signRecord(deviceSigner, { label: 'sotto1/op-sig', record: fields });
  const wellFormed = (body: CborMap = { type: 'merge' }): CborMap => ({
    v: 1,
    ...place,
    identityId: id,
    devSignPub: deviceSigner.publicKey,
    body,
  });
  const isDecoded = async (fields: CborMap): Promise<boolean> => decodeOp(await encode(fields)).ok;

  test('the well-formed one does', async () => {
    expect(await isDecoded(wellFormed())).toBe(true);
  });

  test.each([
    ['another version', { v: 2 }],
    ['no parents', { parents: [] }],
    ['no depth', { depth: 0 }],
    ['a negative depth', { depth: -1 }],
    ['no conversation', { convId: zeroId }],
    ['a short id', { identityId: id.slice(1) }],
    ['an extra field', { more: 1 }],
    ['repeated parents', { parents: [id, id] }],
    ['parents out of order', { parents: [bytesNamed('parent'), zeroId] }],
    ['an unknown kind', { body: { type: 'promote' } }],
    ['a kind from the prototype', { body: { type: 'toString' } }],
    ['a body that is no map', { body: ['merge'] }],
    ['a body with more in it', { body: { type: 'merge', more: 1 } }],
    ['a body with less in it', { body: { type: 'invite-revoke' } }],
    ['a level that is none', { body: { type: 'role', identityId: id, level: 4 } }],
    [
      'a create below others',
      { body: { type: 'create', conversation: { kind: 'self', identityId: id } } },
    ],
  ] as ReadonlyArray<[string, CborMap]>)('%s', async (_, change) => {
    expect(await isDecoded({ ...wellFormed(), ...change })).toBe(false);
  });

  test('a create anywhere but at the root', async () => {
    const create = {
      ...wellFormed({ type: 'create', conversation: { kind: 'self', identityId: id } }),
      convId: zeroId,
      parents: [],
      depth: 0,
    };
    expect(await isDecoded(create)).toBe(true);
    for (const change of [{ convId: id }, { parents: [id] }, { depth: 1 }]) {
      expect(await isDecoded({ ...create, ...change })).toBe(false);
    }
  });

  test('more than 16 parents', async () => {
    const parents = Array.from({ length: limits.parentsMax + 1 }, (_, at) =>
      Uint8Array.of(at + 1, ...id.slice(1)),
    );
    expect(await isDecoded({ ...wellFormed(), parents: parents.slice(1) })).toBe(true);
    expect(await isDecoded({ ...wellFormed(), parents })).toBe(false);
  });

  test('a direct conversation with oneself, or unsorted', async () => {
    const create = (identityIds: ReadonlyArray<Uint8Array>): CborMap => ({
      ...wellFormed({ type: 'create', conversation: { kind: 'direct', identityIds } }),
      convId: zeroId,
      parents: [],
      depth: 0,
    });
    expect(await isDecoded(create([zeroId, id]))).toBe(true);
    expect(await isDecoded(create([id, zeroId]))).toBe(false);
    expect(await isDecoded(create([id, id]))).toBe(false);
    expect(await isDecoded(create([id]))).toBe(false);
  });

  test('an invite to be an owner, or under another name', async () => {
    const invite = { ...inviteBody('one') };
    expect(await isDecoded(wellFormed(invite))).toBe(true);
    expect(await isDecoded(wellFormed({ ...invite, role: 3 }))).toBe(false);
    expect(await isDecoded(wellFormed({ ...invite, inviteId: id }))).toBe(false);
    expect(await isDecoded(wellFormed({ ...invite, maxUses: 0 }))).toBe(false);
  });

  test('a log that is not whose the op says', async () => {
    const identityLog = encodeIdentityLog(log);
    const add = {
      type: 'add',
      identityId: log.identityId,
      level: 1,
      identityLog,
      prekeyBundles: [],
      history: 'none',
      name: 'Ana',
    };
    expect(await isDecoded(wellFormed(add))).toBe(true);
    expect(await isDecoded(wellFormed({ ...add, identityId: id }))).toBe(false);
    expect(await isDecoded(wellFormed({ ...add, identityLog: Uint8Array.of(0) }))).toBe(false);
    // A join speaks for its author, from a device of that author's.
    const join = { ...(await joinBody()) } as unknown as CborMap;
    const asAuthor = { ...wellFormed(join), identityId: log.identityId };
    expect(await isDecoded(asAuthor)).toBe(true);
    expect(await isDecoded(wellFormed(join))).toBe(false);
    expect(await isDecoded({ ...asAuthor, devSignPub: id })).toBe(false);
    expect(await isDecoded({ ...asAuthor, body: { ...join, inviteId: id } })).toBe(false);
    expect(await isDecoded(wellFormed({ type: 'identity', identityLog }))).toBe(true);
    const noLog = { type: 'identity', identityLog: Uint8Array.of(0) };
    expect(await isDecoded(wellFormed(noLog))).toBe(false);
  });

  test('too many bytes, of which the signature is a part', async () => {
    const bytes = await encode(wellFormed());
    const isRead = (bytesMax: number): boolean =>
      decodeSigned(bytes, { bytesMax, read: anyValue }) !== undefined;
    expect([isRead(bytes.length), isRead(bytes.length - 1)]).toEqual([true, false]);
    expect(decodeOp(new Uint8Array(limits.opBytesMax + 1)).ok).toBe(false);
  });

  test('no record before a signature', () => {
    expect(decodeOp(encodeCanonical(null)).ok).toBe(false);
    expect(decodeOp(new Uint8Array(64)).ok).toBe(false);
  });
});

test('[OP3] parents are signed in their order, however they were given', async () => {
  const parents = ['one', 'two', 'three'].map(bytesNamed);
  const author = { deviceSigner, identityId: log.identityId, body: { type: 'merge' } } as const;
  const op = await signOp({ ...place, parents, ...author });
  const other = await signOp({ ...place, parents: parents.toReversed(), ...author });
  expect(toHex(op.opId)).toBe(toHex(other.opId));
});

test('[OP2] a decoded op does not change with the frame it came in', async () => {
  const { bytes } = await sign({ type: 'merge' });
  const frame = bytes.slice();
  const decoded = decodeOp(frame);
  frame.fill(0);
  expect(decoded.ok && toHex(decoded.value.bytes)).toBe(toHex(bytes));
});

describe('[OP4] what does not verify', () => {
  test('an op whose device did not sign it', async () => {
    const op = await sign({ type: 'merge' });
    const bytes = op.bytes.slice();
    bytes[bytes.length - 40] = (bytes.at(-40) ?? 0) ^ 1;
    const forged = decodeOp(bytes);
    expect(forged.ok && (await verifyOpSignature(backend, forged.value))).toBe(false);
    expect(forged.ok && equalBytes(forged.value.opId, op.opId)).toBe(false);
  });

  test('an op that carries a log its root did not sign', async () => {
    const root: Signer = { publicKey: invSigner.publicKey, sign: () => new Uint8Array(64) };
    const devSignPub = deviceSigner.publicKey;
    const unsigned = await extendLog(root, undefined, { type: 'cert', devSignPub, inboxPub: id });
    const op = await sign({ type: 'identity', identityLog: encodeIdentityLog(unsigned) });
    expect(await verifyOpSignature(backend, op)).toBe(false);
  });

  test('a join whose proof is of another nonce, device or invite', async () => {
    const good = await joinBody();
    const proofOfOther = (await joinBody(Uint8Array.from({ length: 16 }, () => 1))).proof;
    expect(await verifyOpSignature(backend, await sign(good))).toBe(true);
    expect(await verifyOpSignature(backend, await sign({ ...good, proof: proofOfOther }))).toBe(
      false,
    );
    const other = await backend.signerFromSeed(bytesNamed('another invite'));
    const invPub = other.publicKey;
    const moved = { ...good, invPub, inviteId: inviteIdOf(invPub) };
    expect(await verifyOpSignature(backend, await sign(moved))).toBe(false);
  });
});
