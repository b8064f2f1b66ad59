/** [OP2] Where the fields of a body end: what still fits, and what is one too many. */
import { describe, expect, test } from 'vitest';
import type { CborMap, CborValue } from '../../../src/protocol/cbor.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { identityLogBytesMax } from '../../../src/protocol/membership/identity.ts';
import { readOpBody } from '../../../src/protocol/membership/op-bodies.ts';
import { fixedBytes } from './fixtures.ts';

const id = fixedBytes('id');
const bytes = (length: number): Uint8Array => new Uint8Array(length);
const many = <T>(count: number, item: T): ReadonlyArray<T> =>
  Array.from({ length: count }, () => item);

const bundle = { devSignPub: id, bundle: bytes(limits.prekeyBundleBytesMax) };
const head = { writerPub: id, seq: limits.seqMax - 1, hash: id };
const cut = { epochId: id, heads: [head] };
const policy = { addLevel: 1, keepMs: null };
const name = 'x'.repeat(limits.nameBytesMax);

const group = { kind: 'group', nonce: bytes(16), name, policy, creator: id };
const predecessor = { convId: id, withoutId: id, cuts: [cut], untilLamport: 0 };
const identity = { type: 'identity', identityLog: bytes(identityLogBytesMax) };
const add = {
  type: 'add',
  identityId: id,
  level: 0,
  identityLog: bytes(identityLogBytesMax),
  prekeyBundles: many(limits.bundlesPerOpMax, bundle),
  history: 'since',
  name,
};
const invite = {
  type: 'invite',
  inviteId: id,
  invPub: id,
  pseudoSecret: id,
  boxSeed: id,
  role: 0,
  maxUses: limits.inviteUsesMax,
  expiryHintMs: 0,
  isOpen: false,
  history: 'none',
};
const idLogHead = { identityId: id, length: limits.identityEntriesMax, head: id };
const epoch = {
  type: 'epoch',
  recipientsDigest: id,
  prevEpochId: id,
  secretHash: id,
  base: 0,
  why: 'x'.repeat(32),
  idLogHeads: many(limits.devicesMax, idLogHead),
};
const fork = {
  type: 'fork',
  bind: bytes(limits.opBytesMax),
  runA: many(limits.forkRunMax, bytes(256)),
  runB: [],
};
const remove = { type: 'remove', identityId: id, cuts: many(limits.cutEpochsMax, cut) };
const withGroup = (change: CborMap): CborMap => ({
  type: 'create',
  conversation: { ...group, ...change },
});

const fits: Readonly<Record<string, CborMap>> = {
  'a self': { type: 'create', conversation: { kind: 'self', identityId: id } },
  'a direct': { type: 'create', conversation: { kind: 'direct', identityIds: [id, id] } },
  'a group': withGroup({}),
  'a group out of another': withGroup({ predecessor }),
  'an add': add,
  'an add by a link': { ...add, inviteId: id },
  'a removal': remove,
  'a removal with many heads': {
    ...remove,
    cuts: [{ ...cut, heads: many(limits.cutHeadsMax, head) }],
  },
  'a role': { type: 'role', identityId: id, level: 3 },
  'an invite': invite,
  'an invite of one use with history': {
    ...invite,
    role: 2,
    maxUses: 1,
    history: 'all',
    historyPub: id,
  },
  'an epoch': epoch,
  'an identity': identity,
  'an identity with all there is': {
    ...identity,
    name,
    prekeyBundles: [bundle],
    cuts: many(limits.bundlesPerOpMax, { devSignPub: id, epochs: [cut] }),
  },
  'a fork': fork,
  'a fork of two binds': { ...fork, runA: [], otherBind: bytes(limits.opBytesMax) },
  'a leave': { type: 'leave' },
  'a merge': { type: 'merge' },
  'a revoke': { type: 'invite-revoke', inviteId: id },
  'a join': {
    type: 'join',
    inviteId: id,
    invPub: id,
    nonce: bytes(16),
    proof: bytes(64),
    identityLog: bytes(identityLogBytesMax),
    prekeyBundles: [bundle],
    name,
  },
  'a complaint about nothing': { type: 'complaint', epochId: id, reason: 'missing' },
  'a complaint': { type: 'complaint', epochId: id, reason: 'bad' },
  'a policy': { type: 'policy', policy: { addLevel: 2, keepMs: 0 } },
};

const isOver: Readonly<Record<string, CborValue>> = {
  'no map': null,
  'no type': { identityId: id },
  'a type that every object has': { type: 'constructor' },
  'a type that is none': { type: 7 },
  'a text': 'merge',
  'a direct of one': { type: 'create', conversation: { kind: 'direct', identityIds: [id] } },
  'a direct of three': {
    type: 'create',
    conversation: { kind: 'direct', identityIds: [id, id, id] },
  },
  'a conversation of no kind': { type: 'create', conversation: { kind: 'room', identityId: id } },
  'a long name': withGroup({ name: `${name}x` }),
  'a short nonce': withGroup({ nonce: bytes(15) }),
  'a policy for owners': withGroup({ policy: { ...policy, addLevel: 3 } }),
  'a policy for readers': withGroup({ policy: { ...policy, addLevel: 0 } }),
  'a time before now': withGroup({ policy: { ...policy, keepMs: -1 } }),
  'a predecessor without its cuts': withGroup({ predecessor: { ...predecessor, cuts: 0 } }),
  'a lamport below zero': withGroup({ predecessor: { ...predecessor, untilLamport: -1 } }),
  'a long log': { ...identity, identityLog: bytes(identityLogBytesMax + 1) },
  'many bundles': { ...add, prekeyBundles: many(limits.bundlesPerOpMax + 1, bundle) },
  'a long bundle': {
    ...add,
    prekeyBundles: [{ ...bundle, bundle: bytes(limits.prekeyBundleBytesMax + 1) }],
  },
  'an add at no level': { ...add, level: 4 },
  'another choice of history': { ...add, history: 'some' },
  'many cuts': { ...remove, cuts: many(limits.cutEpochsMax + 1, cut) },
  'many heads': { ...remove, cuts: [{ ...cut, heads: many(limits.cutHeadsMax + 1, head) }] },
  'a seq beyond a log': {
    ...remove,
    cuts: [{ ...cut, heads: [{ ...head, seq: limits.seqMax }] }],
  },
  'an invite for owners': { ...invite, role: 3 },
  'an invite for nobody': { ...invite, maxUses: 0 },
  'an invite for all the world': { ...invite, maxUses: limits.inviteUsesMax + 1 },
  'an end before time': { ...invite, expiryHintMs: -1 },
  'an invite that is perhaps open': { ...invite, isOpen: 1 },
  'a base below zero': { ...epoch, base: -1 },
  'a long reason': { ...epoch, why: 'x'.repeat(33) },
  'many heads of logs': { ...epoch, idLogHeads: many(limits.devicesMax + 1, idLogHead) },
  'a head of nothing': { ...epoch, idLogHeads: [{ ...idLogHead, length: 0 }] },
  'a head beyond a log': {
    ...epoch,
    idLogHeads: [{ ...idLogHead, length: limits.identityEntriesMax + 1 }],
  },
  'cuts of many devices': {
    ...identity,
    cuts: many(limits.bundlesPerOpMax + 1, { devSignPub: id, epochs: [cut] }),
  },
  'a long run': { ...fork, runA: many(limits.forkRunMax + 1, bytes(256)) },
  'a long other run': { ...fork, runB: many(limits.forkRunMax + 1, bytes(256)) },
  'a long skeleton': { ...fork, runA: [bytes(257)] },
  'a long bind': { ...fork, bind: bytes(limits.opBytesMax + 1) },
  'a complaint about something else': { type: 'complaint', epochId: id, reason: 'late' },
};

const optionalOf: ReadonlyArray<readonly [type: string, keys: ReadonlyArray<string>]> = [
  ['add', ['inviteId']],
  ['invite', ['historyPub']],
  ['identity', ['name', 'prekeyBundles', 'cuts']],
  ['fork', ['otherBind']],
];

describe('[OP2] a body', () => {
  test.each(Object.entries(fits))('[OP2] may be %s', (_, body) => {
    expect(readOpBody(body)).toEqual(body);
    const without = (key: string): CborMap =>
      Object.fromEntries(Object.entries(body).filter(([other]) => other !== key));
    const left = Object.keys(body).filter((key) => readOpBody(without(key)) !== undefined);
    const [, optional = []] = optionalOf.find(([type]) => type === body['type']) ?? [];
    expect(left).toEqual(optional.filter((key) => Object.hasOwn(body, key)));
    expect(readOpBody({ ...body, more: 1 })).toBeUndefined();
  });

  test.each(Object.entries(isOver))('[OP2] is not %s', (_, body) => {
    expect(readOpBody(body)).toBeUndefined();
  });
});
