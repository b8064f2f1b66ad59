import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { toHex } from '../../../src/base/bytes.ts';
import { entryHash } from '../../../src/protocol/envelope.ts';
import { encodeRuns, partOfRun, runOf } from '../../../src/replication/runs.ts';
import { cid } from '../../../src/replication/writer-id.ts';
import {
  createReplica,
  createWriter,
  createWritten,
  mailboxA,
  mailboxB,
  offer,
  runFrom,
} from '../../support/writers.ts';

describe('[RP1] client ids', () => {
  test('[RP1] are the top 53 bits of a labelled SHA-512 of the key', async () => {
    for (let i = 0; i < 20; i++) {
      const { publicKey } = (await createWriter(i)).signer;
      const digest = createHash('sha512').update('sotto1/cid\0').update(publicKey).digest();
      expect(cid(publicKey)).toBe(Number(digest.readBigUInt64BE() >> 11n));
      expect(Number.isSafeInteger(cid(publicKey))).toBe(true);
    }
  });
});

describe('[RP2] runs', () => {
  test('[RP2] know their log, their start and the hash of their last entry', async () => {
    const { envelopes, signer } = await createWritten(1, 3, { mailbox: mailboxB });
    const run = runFrom(envelopes.slice(1));
    expect(run.fromSeq).toBe(1);
    expect(run.mailbox).toEqual(mailboxB);
    expect(run.writerPub).toEqual(signer.publicKey);
    expect(run.headHash).toEqual(envelopes[2] && entryHash(envelopes[2]));
  });

  test('[RP2] are never empty', () => {
    expect(runOf([])).toEqual({ ok: false, error: 'broken-run' });
  });

  test('[RP2] do not skip, repeat or reorder a seq', async () => {
    const [a, b, c] = (await createWritten(1, 3)).envelopes;
    if (!a || !b || !c) throw new Error('three entries were written');
    for (const broken of [
      [a, c],
      [a, a],
      [b, a],
      [a, b, b, c],
    ]) {
      expect(runOf(broken).ok).toBe(false);
    }
    expect(runOf([a, b, c]).ok).toBe(true);
  });

  test('[RP2] do not mix writers or epochs', async () => {
    const [a] = (await createWritten(1, 1)).envelopes;
    const [, b] = (await createWritten(2, 2)).envelopes;
    const [, sameKey] = (await createWritten(1, 2, { mailbox: mailboxB })).envelopes;
    if (!a || !b || !sameKey) throw new Error('entries were written');
    expect(runOf([a, b]).ok).toBe(false);
    expect(runOf([a, sameKey]).ok).toBe(false);
  });

  test('[RP2] are linked by prev', async () => {
    const writer = await createWritten(1, 1);
    const fork = writer.fork(0);
    await fork.write();
    const [first] = writer.envelopes;
    const second = await fork.write();
    if (!first) throw new Error('an entry was written');
    expect(runOf([first, second]).ok).toBe(false);
  });

  test('[RP2] a part of a run is the run of those entries', async () => {
    const { envelopes } = await createWritten(1, 6);
    const run = runFrom(envelopes);
    expect(partOfRun(run, 0, 6)).toEqual(run);
    expect(partOfRun(run, 2, 4)).toEqual(runFrom(envelopes.slice(2, 4)));
    expect(partOfRun(run, 4, 99)).toEqual(runFrom(envelopes.slice(4)));
  });
});

describe('[RP3] encoding', () => {
  test('[RP3] is what Yjs writes for an array that its owner fills', async () => {
    const { envelopes, signer } = await createWritten(1, 5);
    const doc = new Y.Doc();
    doc.clientID = cid(signer.publicKey);
    const array = doc.getArray<Uint8Array>(toHex(signer.publicKey));
    for (const { bytes } of envelopes) array.push([bytes]);
    expect(encodeRuns([runFrom(envelopes)])).toEqual(Y.encodeStateAsUpdate(doc));
  });

  test('[RP3] of several writers is the state of a document, in whatever order they are given', async () => {
    const replica = await createReplica();
    const runs = [];
    for (let i = 0; i < 6; i++) {
      const { envelopes } = await createWritten(i, i + 1);
      await offer(replica, envelopes);
      runs.push(runFrom(envelopes));
    }
    const [doc] = replica.docs;
    const state = doc && Y.encodeStateAsUpdate(doc);
    expect(encodeRuns(runs)).toEqual(state);
    expect(encodeRuns(runs.toReversed())).toEqual(state);
  });

  test('[RP3] of later entries is the difference to a state vector', async () => {
    const { envelopes, signer } = await createWritten(1, 9);
    const replica = await createReplica();
    await offer(replica, envelopes);
    const vector = Y.encodeStateVector(new Map([[cid(signer.publicKey), 4]]));
    const [doc] = replica.docs;
    expect(encodeRuns([runFrom(envelopes.slice(4))])).toEqual(
      doc && Y.encodeStateAsUpdate(doc, vector),
    );
  });

  test('[RP3] of nothing is the empty update', () => {
    expect(encodeRuns([])).toEqual(Y.encodeStateAsUpdate(new Y.Doc()));
  });

  test('[RP3] two runs of one client id are a mistake of the caller', async () => {
    const run = runFrom((await createWritten(1, 1)).envelopes);
    expect(mailboxA).toEqual(run.mailbox);
    expect(() => encodeRuns([run, run])).toThrow('one run per client id');
  });
});
