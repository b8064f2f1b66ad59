import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { compareBytes, toHex } from '../../../src/base/bytes.ts';
import { entryHash } from '../../../src/protocol/envelope.ts';
import { checkRun } from '../../../src/replication/gate.ts';
import { encodeRuns, partOfRun } from '../../../src/replication/runs.ts';
import { signedPart } from '../../../src/replication/signatures.ts';
import { openEntryLog } from '../../../src/replication/open-log.ts';
import { cid } from '../../../src/replication/writer-id.ts';
import {
  backend,
  createReplica,
  createWritten,
  mailboxA,
  mailboxB,
  must,
  offer,
  runFrom,
  stateOf,
} from '../../support/writers.ts';

describe('[RP7] reading', () => {
  test('[RP7] an unknown log is empty', async () => {
    const { log } = await createReplica();
    const { signer } = await createWritten(1, 0);
    const held = log.held({ mailbox: mailboxA, writerPub: signer.publicKey });
    expect(held.nextSeq).toBe(0);
    expect(held.headHash).toEqual(new Uint8Array(32));
    expect(held.entries(0, 5)).toEqual([]);
    expect(held.hashAt(0)).toBeUndefined();
    expect(held.signedSeqFrom(0)).toBeUndefined();
    expect(held.document).toBeUndefined();
    expect(log.mailboxes()).toEqual([]);
    expect(log.rows(mailboxA)).toEqual([]);
  });

  test('[RP7] entries, hashes and head come back as they were put in', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, 20);
    await offer(replica, envelopes.slice(0, 11));
    await offer(replica, envelopes.slice(11));
    const held = replica.log.held(runFrom(envelopes));
    expect(held.entries(0, 20)).toEqual(envelopes);
    expect(held.entries(18, 99)).toEqual(envelopes.slice(18));
    expect(held.entries(5, 3)).toEqual([]);
    for (const [seq, envelope] of envelopes.entries()) {
      expect(held.hashAt(seq)).toEqual(entryHash(envelope));
    }
    expect(held.hashAt(20)).toBeUndefined();
    expect(held.hashAt(-1)).toBeUndefined();
    expect(held.headHash).toEqual(held.hashAt(19));
    expect([0, 7, 8, 10, 11, 19].map((seq) => held.signedSeqFrom(seq))).toEqual([
      7, 7, 10, 10, 18, 19,
    ]);
    expect(held.byteCount).toBe(envelopes.reduce((sum, { bytes }) => sum + bytes.length, 0));
  });

  test('[RP12] many entries share few buffers, and are what they were', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, 300);
    for (let at = 0; at < 300; at += 30) await offer(replica, envelopes.slice(at, at + 30));
    const buffersOf = ({ log }: typeof replica): number =>
      new Set(
        log
          .held(runFrom(envelopes))
          .entries(0, 300)
          .map(({ bytes }) => bytes.buffer),
      ).size;
    expect(buffersOf(replica)).toBeLessThan(300 / 2);
    expect(replica.log.held(runFrom(envelopes)).entries(0, 300)).toEqual(envelopes);
    const [doc] = replica.docs;
    const again = new Y.Doc();
    Y.applyUpdate(again, doc === undefined ? new Uint8Array() : Y.encodeStateAsUpdate(doc));
    const reopened = await createReplica([again]);
    expect(stateOf(reopened)).toEqual(stateOf(replica));
    expect(buffersOf(reopened)).toBe(1);
  });

  test('[RP7] rows and sizes are per epoch, rows by writer ascending', async () => {
    const replica = await createReplica();
    for (let i = 0; i < 8; i++) await offer(replica, (await createWritten(i, i + 1)).envelopes);
    await offer(replica, (await createWritten(20, 3, { mailbox: mailboxB })).envelopes);
    const rows = replica.log.rows(mailboxA);
    expect(rows.map(({ nextSeq }) => nextSeq).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const keys = rows.map(({ writerPub }) => writerPub);
    expect(keys).toEqual([...keys].sort(compareBytes));
    expect(replica.log.rows(mailboxB)).toHaveLength(1);
    expect(replica.log.mailboxes()).toEqual([mailboxA, mailboxB]);
    expect(replica.log.size(mailboxA).entries).toBe(36);
    expect(replica.log.size().entries).toBe(39);
    expect(replica.log.size().bytes).toBeGreaterThan(39 * 300);
  });
});

describe('[RP7] applying', () => {
  test('[RP7] several runs at once, also two of one writer', async () => {
    const replica = await createReplica();
    const alice = runFrom((await createWritten(1, 9)).envelopes);
    const bob = runFrom((await createWritten(2, 2)).envelopes);
    const runs = [partOfRun(alice, 0, 4), bob, partOfRun(alice, 4, 9)];
    const signed = [];
    for (const run of runs) signed.push(await signedPart(backend, run));
    must(await replica.log.apply(signed.flatMap((run) => (run ? [run] : []))));
    const [doc] = replica.docs;
    expect(doc && Y.encodeStateAsUpdate(doc)).toEqual(encodeRuns([alice, bob]));
    expect(replica.log.held(alice).headHash).toEqual(alice.headHash);
  });

  test('[RP7] in one transaction per document', async () => {
    const doc = new Y.Doc();
    const updates: Array<Uint8Array> = [];
    doc.on('update', (update: Uint8Array) => updates.push(update));
    const replica = await createReplica([doc]);
    const { envelopes } = await createWritten(1, 30);
    await offer(replica, envelopes);
    expect(updates).toEqual([encodeRuns([runFrom(envelopes)])]);
  });

  test('[RP7] only what continues the log as it is now', async () => {
    const replica = await createReplica();
    const run = runFrom((await createWritten(1, 2)).envelopes);
    const { fresh } = must(await checkRun(backend, replica.log.held(run), run));
    if (!fresh) throw new Error('a fresh run');
    must(await replica.log.apply([fresh]));
    const before = stateOf(replica);
    await expect(replica.log.apply([fresh])).rejects.toThrow('the log it was checked against');
    expect(stateOf(replica)).toBe(before);
  });

  test('[RP7] keeps nothing of the buffers that entries came in', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, 2);
    const original = envelopes.map(({ bytes }) => bytes.slice());
    await offer(replica, envelopes);
    const held = replica.log.held(runFrom(envelopes));
    for (const { bytes } of envelopes) bytes.fill(0);
    expect(held.entries(0, 2).map(({ bytes }) => bytes)).toEqual(original);
  });
});

describe('[RP13] a log that rests', () => {
  /** Over documents that are opened as they are here by then. */
  const setup = async (docs: Array<Y.Doc>) => {
    const opened = await openEntryLog(backend, {
      documents: [...docs],
      openDocument: (index) => Promise.resolve(docs[index]),
    });
    return { log: must(opened), docs };
  };
  const docOf = (update: Uint8Array): Y.Doc => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, update);
    return doc;
  };

  test('[RP13] is read without its documents, and takes what is new once it is awake', async () => {
    const replica = await setup([new Y.Doc()]);
    const { envelopes } = await createWritten(1, 140);
    await offer(replica, envelopes.slice(0, 137));
    const before = stateOf(replica);
    const [doc] = replica.docs;
    replica.log.rest();
    replica.docs[0] = docOf(doc === undefined ? new Uint8Array() : Y.encodeStateAsUpdate(doc));
    expect(replica.log.held(runFrom(envelopes)).entries(0, 140)).toEqual(envelopes.slice(0, 137));
    await expect(offer(replica, envelopes)).rejects.toThrow('is awake');
    must(await replica.log.wake());
    expect(stateOf(replica)).toBe(before);
    await offer(replica, envelopes);
    expect(replica.log.held(runFrom(envelopes)).entries(0, 140)).toEqual(envelopes);
    expect(stateOf(replica)).toEqual(
      stateOf(await setup([docOf(encodeRuns([runFrom(envelopes)]))])),
    );
  });

  test('[RP13] gives a document back what its disk lost', async () => {
    const replica = await setup([new Y.Doc()]);
    const { envelopes } = await createWritten(1, 20);
    await offer(replica, envelopes);
    const before = stateOf(replica);
    replica.log.rest();
    replica.docs[0] = docOf(encodeRuns([runFrom(envelopes.slice(0, 7))]));
    must(await replica.log.wake());
    expect(stateOf(replica)).toBe(before);
  });

  test('[RP13] stays at rest where a document does not open', async () => {
    const replica = await setup([new Y.Doc()]);
    const { envelopes } = await createWritten(1, 3);
    await offer(replica, envelopes);
    replica.log.rest();
    const [doc] = replica.docs.splice(0, 1);
    expect(await replica.log.wake()).toEqual({ ok: false, error: 'no-document' });
    replica.docs.push(doc ?? new Y.Doc());
    must(await replica.log.wake());
    expect(replica.log.held(runFrom(envelopes)).entries(0, 3)).toEqual(envelopes);
  });
});

describe('[RP9] one key in two epochs', () => {
  test('[RP9] is two logs in two documents', async () => {
    const replica = await createReplica();
    const here = await createWritten(1, 3);
    const there = await createWritten(1, 5, { mailbox: mailboxB });
    must(await offer(replica, here.envelopes));
    must(await offer(replica, there.envelopes));
    expect(replica.docs).toHaveLength(2);
    expect(replica.log.held(runFrom(here.envelopes)).entries(0, 9)).toEqual(here.envelopes);
    expect(replica.log.held(runFrom(there.envelopes)).entries(0, 9)).toEqual(there.envelopes);
    expect(replica.log.held(runFrom(there.envelopes)).document).toBe(1);
    expect(replica.log.held(runFrom(there.envelopes)).client).toBe(cid(here.signer.publicKey));
  });

  test('[RP9] and leaves each epoch as if the other were not there', async () => {
    const both = await createReplica();
    const alone = await createReplica();
    const here = await createWritten(1, 3);
    const there = await createWritten(1, 5, { mailbox: mailboxB });
    await offer(both, here.envelopes);
    await offer(both, there.envelopes);
    await offer(alone, there.envelopes);
    expect(both.log.stateHash(mailboxB)).toEqual(alone.log.stateHash(mailboxB));
    expect(toHex(both.log.stateHash(mailboxA))).not.toBe(toHex(both.log.stateHash(mailboxB)));
  });
});
