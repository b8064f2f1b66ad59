/**
 * Real keys with equal client ids take 2^27 hashes to find, so this file replaces the one function
 * that makes ids (writer-id.ts) by one that keeps two of them: every second writer collides.
 */
import { describe, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { createEntryLog } from '../../../src/replication/log.ts';
import { checkRun } from '../../../src/replication/gate.ts';
import { cid } from '../../../src/replication/writer-id.ts';
import {
  backend,
  createReplica,
  createWritten,
  mailboxA,
  must,
  offer,
  receive,
  runFrom,
  type TestReplica,
  type TestWriter,
} from '../../support/writers.ts';

vi.mock('../../../src/replication/writer-id.ts', () => ({
  cid: (writerPub: Uint8Array) => 2 ** 52 + ((writerPub[0] ?? 0) & 1),
}));

const writers: Array<TestWriter> = [];
for (let i = 0; i < 6; i++) writers.push(await createWritten(i, 3 + i));

/** Everything `from` has and `to` lacks, slice by slice; the number of slices. */
const pull = async (from: TestReplica, to: TestReplica): Promise<number> => {
  for (let slices = 1; slices < 50; slices++) {
    const nextSeqByWriter = new Map(
      to.log.rows(mailboxA).map((r) => [Buffer.from(r.writerPub).toString('hex'), r.nextSeq]),
    );
    const slice = from.log.slice({ mailbox: mailboxA, nextSeqByWriter, bytesMax: 1 << 20 });
    expect(await receive(to, slice.update)).toBe(true);
    if (slice.isComplete) return slices;
  }
  throw new Error('never complete');
};

describe('[RP9] writers with equal client ids', () => {
  test('[RP9] do collide here', () => {
    expect(new Set(writers.map(({ signer }) => cid(signer.publicKey))).size).toBe(2);
  });

  test('[RP9] are all kept, in documents where no two share an id', async () => {
    const replica = await createReplica();
    for (const { envelopes } of writers) must(await offer(replica, envelopes));
    for (const { envelopes } of writers) {
      expect(replica.log.held(runFrom(envelopes)).entries(0, 99)).toEqual(envelopes);
    }
    expect(replica.docs.length).toBeGreaterThan(1);
    const places = replica.log
      .writers(mailboxA)
      .map(({ document, client }) => `${String(document)}/${String(client)}`);
    expect(new Set(places).size).toBe(writers.length);
  });

  test('[RP9] make the same epoch state in every order', async () => {
    const one = await createReplica();
    for (const { envelopes } of writers) must(await offer(one, envelopes));
    const other = await createReplica();
    for (const { envelopes } of writers.toReversed()) {
      for (const envelope of envelopes) must(await offer(other, [envelope]));
    }
    expect(other.log.stateHash(mailboxA)).toEqual(one.log.stateHash(mailboxA));
    expect(other.log.rows(mailboxA)).toEqual(one.log.rows(mailboxA));
  });

  test('[RP9] travel in updates of their own and come over whole', async () => {
    const from = await createReplica();
    for (const { envelopes } of writers) must(await offer(from, envelopes));
    const to = await createReplica();
    expect(await pull(from, to)).toBeGreaterThan(1);
    expect(to.log.stateHash(mailboxA)).toEqual(from.log.stateHash(mailboxA));
  });

  test('[RP9] are found again when the documents are opened', async () => {
    const replica = await createReplica();
    for (const { envelopes } of writers) must(await offer(replica, envelopes));
    const copies = replica.docs.map((doc) => {
      const copy = new Y.Doc();
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
      return copy;
    });
    const reopened = await createReplica(copies);
    expect(reopened.log.stateHash(mailboxA)).toEqual(replica.log.stateHash(mailboxA));
    const next = await writers[5]?.write();
    if (!next) throw new Error('a next entry');
    must(await offer(reopened, [next]));
    expect(reopened.docs).toHaveLength(replica.docs.length);
  });

  test('[RP9] nothing is applied when no further document can be opened', async () => {
    const doc = new Y.Doc();
    const log = createEntryLog([doc], {
      openDocument: () => Promise.resolve(undefined),
      found: [],
    });
    const fresh = [];
    for (const { envelopes } of writers) {
      const run = runFrom(envelopes);
      fresh.push(must(await checkRun(backend, log.held(run), run)).fresh);
    }
    const applied = await log.apply(fresh.flatMap((run) => (run ? [run] : [])));
    expect(applied).toEqual({ ok: false, error: 'no-document' });
    expect(log.size().entries).toBe(0);
    expect(doc.store.clients.size).toBe(0);
  });
});
