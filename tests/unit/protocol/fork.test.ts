import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, equalBytes, toHex, u64be } from '../../../src/base/bytes.ts';
import type { Signer } from '../../../src/crypto/backend.ts';
import { hash } from '../../../src/crypto/hash.ts';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { type Bind, encodeBind } from '../../../src/protocol/epochs/bind.ts';
import {
  decodeEnvelope,
  type Envelope,
  entryHash,
  skeletonOf,
} from '../../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../../src/protocol/envelope-box.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { readForkProof, verifyForkSignatures } from '../../../src/protocol/membership/fork.ts';
import { resolve } from '../../../src/protocol/membership/membership.ts';
import { type ForkBody, signOp, verifyOpSignature } from '../../../src/protocol/membership/ops.ts';
import {
  addBody,
  bytesNamed,
  createConversation,
  createPerson,
  deviceOf,
  extendLog,
  groupSpec,
  identityBody,
  logOf,
  type TestPerson,
} from '../../support/conversation.ts';

const backend = createNodeBackend();
const epochId = bytesNamed('epoch');
const mailbox = new Uint8Array(16);
let writer: Signer;
let device: Signer;

const append = async (
  before: Envelope | undefined,
  text: string,
  seq = before === undefined ? 0 : before.seq + 1,
): Promise<Envelope> => {
  const bytes = await sealEnvelope({
    mailbox,
    writer,
    seq,
    prev: before === undefined ? new Uint8Array(32) : entryHash(before),
    nonce: new Uint8Array(24),
    messageKey: bytesNamed('message key'),
    body: bytesNamed(text),
  });
  const envelope = decodeEnvelope(bytes);
  if (!envelope.ok) throw new Error('sealed envelopes decode');
  return envelope.value;
};

const bindOf = async (change: Partial<Bind> = {}) =>
  encodeBind(
    {
      epochId,
      devSignPub: device.publicKey,
      incarnation: 0,
      writerPub: writer.publicKey,
      closes: [],
      prekeyBundle: new Uint8Array(0),
      ...change,
    },
    device,
  );

const flipAt = (bytes: Uint8Array, at: number): Uint8Array => {
  const flipped = bytes.slice();
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
};

const withSeq = (bytes: Uint8Array, seq: number): Uint8Array => {
  const moved = bytes.slice();
  moved.set(u64be(seq), 50);
  return moved;
};

let seed: Envelope;
let left: Envelope;
let right: Envelope;
let proof: ForkBody;

beforeAll(async () => {
  writer = await backend.signerFromSeed(bytesNamed('writer'));
  device = await backend.signerFromSeed(bytesNamed('device'));
  seed = await append(undefined, 'bind');
  left = await append(seed, 'left');
  right = await append(seed, 'right');
  const leftEnd = await append(left, 'more');
  proof = {
    type: 'fork',
    bind: await bindOf(),
    runA: [skeletonOf(left), skeletonOf(leftEnd)],
    runB: [skeletonOf(right)],
  };
});

describe('two histories', () => {
  test('[FK1] [FK2] a proof names the log and where it parts', async () => {
    const read = readForkProof(proof);
    expect(read?.logs).toEqual([
      { epochId, devSignPub: device.publicKey, writerPub: writer.publicKey, seq: 1 },
    ]);
    expect(await verifyForkSignatures(backend, proof)).toBe(true);
    const otherWay = { ...proof, runA: proof.runB, runB: proof.runA };
    const mirrored = readForkProof(otherWay);
    expect(mirrored && read && equalBytes(mirrored.forkId, read.forkId)).toBe(true);
    expect(await verifyForkSignatures(backend, otherWay)).toBe(true);
  });

  test('[FK1] what proves nothing is refused', async () => {
    const [first, second] = proof.runA;
    if (first === undefined || second === undefined) throw new Error('a run of two');
    const broken: ReadonlyArray<Partial<ForkBody>> = [
      { runB: [first] }, // one history
      { runA: [] },
      { runB: [second] }, // not the same place
      { runB: [skeletonOf(await append(seed, 'skips a number', 2))] },
      { runA: [second, first] }, // not linked
      { runB: [first.slice(1)] },
      { runB: [concatBytes(first, Uint8Array.of(0))] },
      { runA: [first, withSeq(second, 3)] },
      { runA: [skeletonOf(seed)], runB: [skeletonOf(left)] },
      { bind: await bindOf({ writerPub: device.publicKey }) }, // somebody else's log
      { bind: Uint8Array.of(1) },
    ];
    for (const change of broken) expect(readForkProof({ ...proof, ...change })).toBeUndefined();
  });

  const places = { kind: 0, suite: 1, mailbox: 2, writer: 18, prev: 58 };
  test.each(Object.entries(places))('[FK1] of another %s no run goes on, or parts', (_, at) => {
    const [first = new Uint8Array(0), second = new Uint8Array(0)] = proof.runA;
    const other = proof.runB[0] ?? new Uint8Array(0);
    for (const change of [
      { runA: [first, flipAt(second, at)] },
      { runA: [flipAt(first, at)] },
      { runB: [flipAt(other, at)] },
    ]) {
      expect(readForkProof({ ...proof, ...change })).toBeUndefined();
    }
  });

  test('[FK1] seqs end below the limit in a proof too', () => {
    const at = (seq: number) => {
      const runA = proof.runA.slice(0, 1).map((bytes) => withSeq(bytes, seq));
      const runB = proof.runB.map((bytes) => withSeq(bytes, seq));
      return readForkProof({ ...proof, runA, runB })?.logs[0]?.seq;
    };
    expect(at(limits.seqMax - 1)).toBe(limits.seqMax - 1);
    expect(at(limits.seqMax)).toBeUndefined();
  });

  test('[FK1] a fork is named by epoch, device, writer and place', () => {
    const named = concatBytes(epochId, device.publicKey, writer.publicKey, u64be(1));
    expect(readForkProof(proof)?.forkId).toEqual(hash('sotto1/fork', named));
  });

  test('[FK2] each run must end signed, and the device must have signed the bind', async () => {
    const unsigned = proof.runA.map((bytes) => bytes.slice());
    unsigned.at(-1)?.fill(0, 164);
    expect(readForkProof({ ...proof, runA: unsigned })).toBeDefined();
    expect(await verifyForkSignatures(backend, { ...proof, runA: unsigned })).toBe(false);
    const [otherEnd = new Uint8Array(0)] = proof.runB;
    const otherUnsigned = { ...proof, runB: [flipAt(otherEnd, otherEnd.length - 1)] };
    expect(await verifyForkSignatures(backend, otherUnsigned)).toBe(false);
    expect(await verifyForkSignatures(backend, { ...proof, runB: [] })).toBe(false);
    const bind = proof.bind.slice();
    bind[bind.length - 1] = (bind.at(-1) ?? 0) ^ 1;
    expect(await verifyForkSignatures(backend, { ...proof, bind })).toBe(false);
  });
});

test('[OP4] a fork op verifies iff its evidence does', async () => {
  const place = { convId: bytesNamed('conversation'), parents: [bytesNamed('parent')], depth: 1 };
  const isVerified = async (body: ForkBody): Promise<boolean> => {
    const author = { deviceSigner: device, identityId: bytesNamed('somebody') };
    return verifyOpSignature(backend, await signOp({ ...place, ...author, body }));
  };
  expect(await isVerified(proof)).toBe(true);
  const bind = flipAt(proof.bind, proof.bind.length - 1);
  expect(await isVerified({ ...proof, bind })).toBe(false);
});

describe('two binds', () => {
  test('[FK1] [FK2] of one device and incarnation that name two writers', async () => {
    const body = {
      ...proof,
      otherBind: await bindOf({ writerPub: bytesNamed('other writer') }),
      runA: [],
      runB: [],
    };
    expect(readForkProof(body)?.logs.map(({ seq }) => seq)).toEqual([0, 0]);
    expect(await verifyForkSignatures(backend, body)).toBe(true);
    const mirrored = { ...body, bind: body.otherBind, otherBind: body.bind };
    expect(readForkProof(mirrored)).toEqual(readForkProof(body));
    expect(readForkProof(body)?.binds).toHaveLength(2);
    const sameWriter = { ...body, otherBind: await bindOf() };
    expect(readForkProof(sameWriter)).toBeUndefined();
    const again = { ...body, otherBind: await bindOf({ incarnation: 1 }) };
    expect(readForkProof(again)?.logs.map(({ writerPub }) => writerPub)).toEqual([
      writer.publicKey,
      writer.publicKey,
    ]);
    const otherIncarnation = {
      ...body,
      otherBind: await bindOf({ incarnation: 1, writerPub: bytesNamed('other writer') }),
    };
    expect(readForkProof(otherIncarnation)).toBeUndefined();
    const writerPub = bytesNamed('other writer');
    for (const change of [{ epochId: writerPub }, { devSignPub: writerPub }]) {
      const other = { ...body, otherBind: await bindOf({ writerPub, ...change }) };
      expect(readForkProof(other)).toBeUndefined();
    }
    for (const withRun of [{ runA: proof.runA }, { runB: proof.runB }]) {
      expect(readForkProof({ ...body, ...withRun })).toBeUndefined();
    }
    const otherBind = flipAt(body.otherBind, body.otherBind.length - 1);
    expect(await verifyForkSignatures(backend, { ...body, otherBind })).toBe(false);
  });
});

describe('in a conversation', () => {
  const forkOf = async (person: TestPerson): Promise<ForkBody> => {
    const { signer } = deviceOf(person);
    const bindAs = async (name: string) =>
      encodeBind(
        {
          epochId,
          devSignPub: signer.publicKey,
          incarnation: 0,
          writerPub: bytesNamed(name),
          closes: [],
          prekeyBundle: new Uint8Array(0),
        },
        signer,
      );
    const [bind, otherBind] = [await bindAs('one'), await bindAs('two')];
    return { type: 'fork', bind, otherBind, runA: [], runB: [] };
  };

  test('[FK3] takes the device out until its root excuses the fork, and cancels no op', async () => {
    const [alice, bob] = [await createPerson('alice'), await createPerson('bob')];
    const carol = await createPerson('carol');
    const group = await createConversation(alice, groupSpec(alice));
    await group.write({ by: alice, body: addBody(bob, 2) });
    await group.write({ by: bob, body: addBody(carol) });
    const body = await forkOf(bob);
    await group.write({ by: carol, body });
    const devicesOfBob = () =>
      resolve(group.set).devices.filter(
        ({ identityId }) => toHex(identityId) === toHex(bob.identityId),
      ).length;
    expect(devicesOfBob()).toBe(0);
    expect(resolve(group.set).levels.get(toHex(carol.identityId))).toBe(1);
    expect(resolve(group.set).forks.map(({ seq }) => seq)).toEqual([0, 0]);
    const forkId = readForkProof(body)?.forkId ?? new Uint8Array(32);
    const excused = await extendLog(bob.root, logOf(bob), { type: 'excuse', forkId });
    await group.write({ by: bob, body: identityBody(bob, excused) });
    expect(devicesOfBob()).toBe(1);
  });

  test('[FK3] of several forks of one log the smallest place holds', async () => {
    const alice = await createPerson('alice');
    const group = await createConversation(alice, groupSpec(alice));
    const [more, other] = [await append(left, 'more'), await append(left, 'other')];
    const later = { ...proof, runA: [skeletonOf(more)], runB: [skeletonOf(other)] };
    const seqs = () => resolve(group.set).forks.map(({ seq }) => seq);
    await group.write({ by: alice, body: later });
    expect(seqs()).toEqual([2]);
    await group.write({ by: alice, body: proof });
    expect(seqs()).toEqual([1]);
    await group.write({ by: alice, body: later });
    expect(seqs()).toEqual([1]);
  });

  test('[FK3] a stranger’s fork op does nothing', async () => {
    const [alice, mallory] = [await createPerson('alice'), await createPerson('mallory')];
    const group = await createConversation(alice, groupSpec(alice));
    await group.write({ by: mallory, body: await forkOf(alice) });
    expect(resolve(group.set).devices.length).toBe(1);
    expect(resolve(group.set).forks).toEqual([]);
  });
});
