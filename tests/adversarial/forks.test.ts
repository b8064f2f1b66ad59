/**
 * Attacks 11 and 12 of PROTOCOL §12: a writer with two histories, and a writer with a victim's Yjs
 * client id. Real keys with equal ids take 2^53 hashes against a given victim, so the one function
 * that makes ids (writer-id.ts) is replaced: mallory's key gets alice's id, all others are real.
 */
import { describe, expect, test, vi } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { entryHash, verifyEnvelope, type Envelope } from '../../src/protocol/envelope.ts';
import { vectorHashOf } from '../../src/protocol/sync-frames.ts';
import type { ForkEvidence } from '../../src/replication/gate.ts';
import { encodeRuns } from '../../src/replication/runs.ts';
import { signedPart } from '../../src/replication/signatures.ts';
import { cid } from '../../src/replication/writer-id.ts';
import type * as WriterId from '../../src/replication/writer-id.ts';
import {
  backend,
  createReplica,
  createWriter,
  createWritten,
  mailboxA,
  must,
  offer,
  receive,
  runFrom,
  stateOf,
  type TestReplica,
} from '../support/writers.ts';

const aliceNumber = 1;
const malloryNumber = 66;

/** Keys (hex) that get the id of another key. */
const borrowedIds = vi.hoisted(() => new Map<string, Uint8Array>());
vi.mock('../../src/replication/writer-id.ts', async (original) => {
  const real = await original<typeof WriterId>();
  return {
    cid: (writerPub: Uint8Array) => real.cid(borrowedIds.get(toHex(writerPub)) ?? writerPub),
  };
});
const [aliceKey, malloryKey] = [
  (await createWriter(aliceNumber)).signer.publicKey,
  (await createWriter(malloryNumber)).signer.publicKey,
];
borrowedIds.set(toHex(malloryKey), aliceKey);

const lackedBy = (replica: TestReplica): ReadonlyMap<string, number> =>
  new Map(replica.log.rows(mailboxA).map((row) => [toHex(row.writerPub), row.nextSeq]));

/** One side sends one slice of what the other lacks by its vector. */
const push = async (from: TestReplica, to: TestReplica): Promise<void> => {
  const nextSeqByWriter = lackedBy(to);
  const slice = from.log.slice({ mailbox: mailboxA, nextSeqByWriter, bytesMax: 1 << 20 });
  expect(await receive(to, slice.update)).toBe(true);
};

const evidenceOf = async (
  replica: TestReplica,
  envelopes: ReadonlyArray<Envelope>,
): Promise<ForkEvidence> => {
  const offered = await offer(replica, envelopes);
  if (offered.ok || offered.error.code !== 'fork') throw new Error('a fork was expected');
  return offered.error.evidence;
};

/** What PROTOCOL §3.7 asks of the two runs of a `fork` op. */
const expectProof = async ({ fromSeq, held, offered }: ForkEvidence): Promise<void> => {
  for (const side of [held, offered]) {
    expect(side[0]?.seq).toBe(fromSeq);
    expect(side.length).toBeLessThanOrEqual(8);
    const last = side.at(-1);
    expect(last && (await verifyEnvelope(backend, last))).toBe(true);
    expect(() => runFrom(side)).not.toThrow();
  }
  const [mine, theirs] = [held[0], offered[0]];
  expect(mine && toHex(mine.prev)).toBe(theirs && toHex(theirs.prev));
  expect(mine && toHex(entryHash(mine))).not.toBe(theirs && toHex(entryHash(theirs)));
};

/** A replica without a writer's entries from `seq` on; the log ends at a signed entry (§6). */
const rebuildWithout = async (
  { log }: TestReplica,
  { writerPub, fromSeq }: ForkEvidence,
): Promise<TestReplica> => {
  const rebuilt = await createReplica();
  for (const writer of log.writers(mailboxA)) {
    const isForked = toHex(writer.writerPub) === toHex(writerPub);
    const entries = writer.entries(0, isForked ? fromSeq : writer.nextSeq);
    if (entries.length === 0) continue;
    const part = await signedPart(backend, runFrom(entries));
    if (part) must(await rebuilt.log.apply([part]));
  }
  return rebuilt;
};

describe('[attack 11] a fork delivered to disjoint halves', () => {
  test('[attack 11] a fork is found by both halves, with the same proof, and cut alike', async () => {
    const [left, right] = [await createReplica(), await createReplica()];
    const dave = await createWritten(4, 6);
    const trunk = await createWritten(7, [true, true, true, false, false]);
    const branch = trunk.fork(5);
    for (let i = 0; i < 4; i++) await trunk.write();
    for (let i = 0; i < 12; i++) await branch.write({ isSigned: i !== 0 });
    for (const replica of [left, right]) must(await offer(replica, dave.envelopes));
    must(await offer(left, trunk.envelopes));
    must(await offer(right, branch.envelopes));

    const fromRight = await evidenceOf(left, branch.envelopes);
    const fromLeft = await evidenceOf(right, trunk.envelopes);
    await expectProof(fromRight);
    await expectProof(fromLeft);
    expect(fromRight.fromSeq).toBe(5);
    expect(fromLeft.fromSeq).toBe(5);
    expect(fromLeft.held[0]).toEqual(fromRight.offered[0]);

    const [cutLeft, cutRight] = [
      await rebuildWithout(left, fromRight),
      await rebuildWithout(right, fromLeft),
    ];
    expect(stateOf(cutLeft)).toBe(stateOf(cutRight));
    expect(cutLeft.log.held(runFrom(trunk.envelopes)).nextSeq).toBe(3); // 3 and 4 lean on nobody
    expect(cutLeft.log.held(runFrom(dave.envelopes)).nextSeq).toBe(6);
  });

  test('[attack 11] a fork that shows only by its tail sends both sides back for earlier entries', async () => {
    const [left, right] = [await createReplica(), await createReplica()];
    const trunk = await createWritten(7, 6);
    const branch = trunk.fork(2);
    for (let i = 0; i < 9; i++) await branch.write();
    must(await offer(left, trunk.envelopes));
    must(await offer(right, branch.envelopes));
    const nextSeqByWriter = lackedBy(left);
    const slice = right.log.slice({ mailbox: mailboxA, nextSeqByWriter, bytesMax: 1 << 20 });
    expect(await receive(left, slice.update)).toBe(false);
    const tail = await offer(left, branch.envelopes.slice(6));
    expect(tail).toEqual({ ok: false, error: { code: 'diverged', seq: 6 } });
    expect((await evidenceOf(left, branch.envelopes.slice(1))).fromSeq).toBe(2);
  });
});

describe('[attack 11] equal cids', () => {
  test('[attack 11] equal cids: the ids do collide here, and only these', async () => {
    const others = [await createWriter(3), await createWriter(4)];
    const ids = others.map(({ signer }) => cid(signer.publicKey));
    expect(cid(malloryKey)).toBe(cid(aliceKey));
    expect(new Set([cid(aliceKey), ...ids]).size).toBe(3);
  });

  test('[attack 11] equal cids delivered to disjoint halves: nobody loses an entry', async () => {
    const alice = await createWritten(aliceNumber, 10);
    const mallory = await createWritten(malloryNumber, 14);
    const dave = await createWritten(4, 5);
    const [left, right] = [await createReplica(), await createReplica()];
    must(await offer(left, alice.envelopes));
    must(await offer(left, dave.envelopes));
    must(await offer(right, mallory.envelopes));
    for (let round = 0; round < 3; round++) {
      await push(left, right);
      await push(right, left);
    }
    for (const replica of [left, right]) {
      for (const { envelopes } of [alice, mallory, dave]) {
        expect(replica.log.held(runFrom(envelopes)).entries(0, 99)).toEqual(envelopes);
      }
    }
    expect(left.log.stateHash(mailboxA)).toEqual(right.log.stateHash(mailboxA));
    expect(left.log.rows(mailboxA)).toEqual(right.log.rows(mailboxA));
    expect([left.docs.length, right.docs.length]).toEqual([2, 2]);
  });

  test('[attack 11] equal cids: an entry of one is never taken for the other’s', async () => {
    const alice = await createWritten(aliceNumber, 4);
    const mallory = await createWritten(malloryNumber, 9);
    const replica = await createReplica();
    must(await offer(replica, alice.envelopes));
    const offered = await offer(replica, mallory.envelopes.slice(4));
    expect(offered).toEqual({ ok: false, error: { code: 'gap', nextSeq: 0 } });
    expect(() => encodeRuns([runFrom(alice.envelopes), runFrom(mallory.envelopes)])).toThrow(
      'one run per client id',
    );
  });
});

test('[attack 12] equal vectors, different content: the head hashes differ and show it', async () => {
  const [left, right] = [await createReplica(), await createReplica()];
  const trunk = await createWritten(7, 2);
  const branch = trunk.fork(2);
  for (let i = 0; i < 3; i++) {
    await trunk.write();
    await branch.write();
  }
  must(await offer(left, trunk.envelopes));
  must(await offer(right, branch.envelopes));

  // By Yjs's own vector there is nothing to exchange, for ever.
  expect(lackedBy(left)).toEqual(lackedBy(right));
  expect(vectorHashOf(left.log.rows(mailboxA))).not.toEqual(vectorHashOf(right.log.rows(mailboxA)));
  const [mine] = left.log.rows(mailboxA);
  const [theirs] = right.log.rows(mailboxA);
  expect(mine?.nextSeq).toBe(theirs?.nextSeq);
  expect(mine?.headHash).not.toEqual(theirs?.headHash);
  const evidence = await evidenceOf(left, branch.envelopes);
  expect(evidence.fromSeq).toBe(2);
  await expectProof(evidence);
});
