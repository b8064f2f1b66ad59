import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { toHex } from '../../../src/base/bytes.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { inspect } from '../../../src/replication/inspect.ts';
import {
  createReplica,
  createWriter,
  createWritten,
  mailboxA,
  mailboxB,
  must,
  offer,
  receive,
  runFrom,
  updateBytesMax,
  type TestReplica,
} from '../../support/writers.ts';

const vectorOf = (replica: TestReplica): ReadonlyMap<string, number> =>
  new Map(replica.log.rows(mailboxA).map((row) => [toHex(row.writerPub), row.nextSeq]));

const filled = async (): Promise<TestReplica> => {
  const replica = await createReplica();
  for (let i = 0; i < 5; i++) await offer(replica, (await createWritten(i, 10 + 7 * i)).envelopes);
  return replica;
};

describe('[RP8] slices', () => {
  test('[RP8] of everything are the document’s own state', async () => {
    const replica = await filled();
    const slice = replica.log.slice({
      mailbox: mailboxA,
      nextSeqByWriter: new Map(),
      bytesMax: 1 << 20,
    });
    const [doc] = replica.docs;
    expect(slice.isComplete).toBe(true);
    expect(slice.update).toEqual(doc && Y.encodeStateAsUpdate(doc));
    expect(slice.rows).toEqual(replica.log.rows(mailboxA));
  });

  test('[RP8] for someone who holds a part are the diff to their state vector', async () => {
    const replica = await filled();
    const theirs = await createReplica();
    for (const writer of replica.log.writers(mailboxA)) {
      await offer(theirs, writer.entries(0, 8));
    }
    const slice = replica.log.slice({
      mailbox: mailboxA,
      nextSeqByWriter: vectorOf(theirs),
      bytesMax: 1 << 20,
    });
    const [doc] = replica.docs;
    const [theirDoc] = theirs.docs;
    if (!doc || !theirDoc) throw new Error('two documents');
    expect(slice.update).toEqual(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(theirDoc)));
  });

  test('[RP8] are empty and complete when nothing is lacking', async () => {
    const replica = await filled();
    const request = { mailbox: mailboxA, nextSeqByWriter: vectorOf(replica), bytesMax: 1 << 20 };
    expect(replica.log.slice(request)).toEqual({
      update: Uint8Array.of(0, 0),
      rows: [],
      isComplete: true,
    });
  });

  test('[RP8] hold one epoch only', async () => {
    const replica = await filled();
    await offer(replica, (await createWritten(9, 3, { mailbox: mailboxB })).envelopes);
    const { update } = replica.log.slice({
      mailbox: mailboxB,
      nextSeqByWriter: new Map(),
      bytesMax: 1 << 20,
    });
    const runs = must(inspect(update, { bytesMax: updateBytesMax }));
    expect(runs.map(({ mailbox }) => mailbox)).toEqual([mailboxB]);
  });

  test.each([600, 4096, 7000, 32 * 1024])(
    '[RP8] of at most %i bytes bring everything over in time, each taken whole',
    async (bytesMax) => {
      const from = await filled();
      const to = await createReplica();
      for (let steps = 0; ; steps++) {
        expect(steps).toBeLessThan(200);
        const slice = from.log.slice({
          mailbox: mailboxA,
          nextSeqByWriter: vectorOf(to),
          bytesMax,
        });
        const runs = must(inspect(slice.update, { bytesMax: updateBytesMax }));
        const isOneUnit = runs.length === 1 && (runs[0]?.envelopes.length ?? 0) <= 8;
        expect(slice.update.length <= bytesMax || isOneUnit).toBe(true);
        expect(await receive(to, slice.update)).toBe(true);
        for (const row of slice.rows) {
          expect(to.log.rows(mailboxA)).toContainEqual(row);
        }
        if (slice.isComplete) break;
        expect(runs.length).toBeGreaterThan(0);
      }
      expect(to.log.stateHash(mailboxA)).toEqual(from.log.stateHash(mailboxA));
    },
  );

  test('[RP8] end at verified entries, even when those between are unsigned', async () => {
    const replica = await createReplica();
    const pattern = [true, false, false, true, false, false, false, true];
    const { envelopes } = await createWritten(1, pattern);
    await offer(replica, envelopes);
    const { update } = replica.log.slice({
      mailbox: mailboxA,
      nextSeqByWriter: new Map([[toHex(runFrom(envelopes).writerPub), 1]]),
      bytesMax: 1,
    });
    const other = await createReplica();
    await offer(other, envelopes.slice(0, 1));
    expect(await receive(other, update)).toBe(true);
    expect(other.log.held(runFrom(envelopes)).nextSeq).toBe(8);
  });

  test('[RP8] the largest unit, 24 KiB unsigned and one full frame, fits a relayed reply', async () => {
    const replica = await createReplica();
    const writer = await createWriter(1);
    const unsigned = [8000, 4000, 4000, 4000, 2000];
    for (const bodyBytes of unsigned) await writer.write({ isSigned: false, bodyBytes });
    await writer.write({ bodyBytes: limits.bodyBytesMax });
    must(await offer(replica, writer.envelopes));
    const slice = replica.log.slice({
      mailbox: mailboxA,
      nextSeqByWriter: new Map(),
      bytesMax: limits.syncReplyRelayedBytesMax,
    });
    expect(slice.isComplete).toBe(true);
    expect(slice.update.length).toBeGreaterThan(limits.syncReplyRelayedBytesMax);
    expect(slice.update.length).toBeLessThan(limits.syncRunRelayedBytesMax);
    expect(await receive(await createReplica(), slice.update)).toBe(true);
  });

  test('[FK4] end where a log stops counting, or at the signature that its last entry needs', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(3, 20);
    await offer(replica, envelopes.slice(0, 10)); // one check in eight
    await offer(replica, envelopes.slice(10));
    const signedFrom = (seq: number) => replica.log.held(runFrom(envelopes)).signedSeqFrom(seq);
    const sent = (end: number, from = 0): number | undefined =>
      replica.log
        .slice({
          mailbox: mailboxA,
          nextSeqByWriter: new Map(
            replica.log.rows(mailboxA).map((row) => [toHex(row.writerPub), from]),
          ),
          bytesMax: 1 << 20,
          endOf: () => end,
        })
        .rows.map(({ nextSeq }) => nextSeq)[0];
    expect(signedFrom(11)).toBeGreaterThan(11);
    expect(sent(12)).toBe((signedFrom(11) ?? 0) + 1);
    expect([sent(20), sent(0), sent(12, 12)]).toEqual([20, undefined, undefined]);
  });
});
