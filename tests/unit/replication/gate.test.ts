import { describe, expect, test } from 'vitest';
import type { Envelope } from '../../../src/protocol/envelope.ts';
import { checkRun } from '../../../src/replication/gate.ts';
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
  type TestReplica,
} from '../../support/writers.ts';

/** Why it was refused; the replica is as it was. */
const refusal = async (
  replica: TestReplica,
  envelopes: ReadonlyArray<Envelope>,
): Promise<unknown> => {
  const before = stateOf(replica);
  const result = await offer(replica, envelopes);
  expect(stateOf(replica)).toBe(before);
  return result.ok ? undefined : result.error;
};

describe('[RP6] checkRun', () => {
  test('[RP6] lets a new log in and says nothing of it was held', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, 3);
    const { fresh, alreadyHeldCount } = must(await offer(replica, envelopes));
    expect(fresh?.envelopes).toEqual(envelopes);
    expect(alreadyHeldCount).toBe(0);
  });

  test('[RP6] keeps the new part of a run that overlaps', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, 6);
    await offer(replica, envelopes.slice(0, 4));
    const { fresh, alreadyHeldCount } = must(await offer(replica, envelopes.slice(2)));
    expect(fresh?.envelopes).toEqual(envelopes.slice(4));
    expect(alreadyHeldCount).toBe(2);
  });

  test('[RP6] what is held already is no news and costs no signature check', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, 6);
    await offer(replica, envelopes);
    const blind = {
      ...backend,
      verify: () => {
        throw new Error('nothing is to be verified');
      },
    };
    for (const known of [envelopes, envelopes.slice(1, 3), envelopes.slice(5)]) {
      const run = runFrom(known);
      const checked = await checkRun(blind, replica.log.held(run), run);
      expect(checked).toEqual({
        ok: true,
        value: { fresh: undefined, alreadyHeldCount: known.length },
      });
    }
  });

  test('[RP6] does not jump over missing entries', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, 6);
    expect(await refusal(replica, envelopes.slice(1))).toEqual({ code: 'gap', nextSeq: 0 });
    await offer(replica, envelopes.slice(0, 2));
    expect(await refusal(replica, envelopes.slice(3))).toEqual({ code: 'gap', nextSeq: 2 });
  });

  test('[RP6] does not take a run for another epoch or writer than the one it is checked against', async () => {
    const { log } = await createReplica();
    const run = runFrom((await createWritten(1, 1)).envelopes);
    const { signer } = await createWritten(2, 0);
    for (const other of [
      { mailbox: mailboxB, writerPub: run.writerPub },
      { mailbox: mailboxA, writerPub: signer.publicKey },
    ]) {
      expect(await checkRun(backend, log.held(other), run)).toEqual({
        ok: false,
        error: { code: 'other-log' },
      });
    }
  });

  test('[RP6] takes all of a run or nothing', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, [true, true, true, false]);
    expect(await refusal(replica, envelopes)).toEqual({ code: 'unsigned', seq: 3 });
    expect(replica.log.size()).toEqual({ entries: 0, bytes: 0 });
  });

  test('[RP6] a live entry with a bad signature is fetched with its successor', async () => {
    const replica = await createReplica();
    const { envelopes } = await createWritten(1, [true, false, true]);
    await offer(replica, envelopes.slice(0, 1));
    expect(await refusal(replica, envelopes.slice(1, 2))).toEqual({ code: 'unsigned', seq: 1 });
    must(await offer(replica, envelopes.slice(1)));
    expect(replica.log.held(runFrom(envelopes)).nextSeq).toBe(3);
  });
});

describe('[RP6] two histories of one writer', () => {
  test('[RP6] are shown from where they part, each ending signed', async () => {
    const replica = await createReplica();
    const writer = await createWritten(1, [true, true, false, false, true, true]);
    const other = writer.fork(2);
    for (const isSigned of [false, true, true]) await other.write({ isSigned });
    await offer(replica, writer.envelopes);
    expect(await refusal(replica, other.envelopes)).toEqual({
      code: 'fork',
      evidence: {
        mailbox: mailboxA,
        writerPub: writer.signer.publicKey,
        fromSeq: 2,
        held: writer.envelopes.slice(2, 6),
        offered: other.envelopes.slice(2, 5),
      },
    });
  });

  test('[RP6] that part at the first entry', async () => {
    const replica = await createReplica();
    const writer = await createWritten(1, 1);
    const other = writer.fork(0);
    await other.write();
    await offer(replica, writer.envelopes);
    expect(await refusal(replica, other.envelopes)).toMatchObject({
      code: 'fork',
      evidence: { fromSeq: 0, held: writer.envelopes, offered: other.envelopes },
    });
  });

  test('[RP6] evidence has at most 8 entries on each side', async () => {
    const replica = await createReplica();
    const writer = await createWritten(1, 60);
    const other = writer.fork(3);
    for (let i = 0; i < 60; i++) await other.write();
    await offer(replica, writer.envelopes);
    const error = await refusal(replica, other.envelopes);
    if (!error || typeof error !== 'object' || !('evidence' in error)) throw new Error('a fork');
    const { held, offered } = error.evidence as { held: unknown[]; offered: unknown[] };
    expect(held.length).toBeLessThanOrEqual(8);
    expect(offered.length).toBeLessThanOrEqual(8);
  });

  test('[RP6] that part earlier than the run shows: ask for earlier entries', async () => {
    const replica = await createReplica();
    const writer = await createWritten(1, 5);
    const other = writer.fork(2);
    for (let i = 0; i < 5; i++) await other.write();
    await offer(replica, writer.envelopes);
    for (const from of [3, 4, 5]) {
      expect(await refusal(replica, other.envelopes.slice(from))).toEqual({
        code: 'diverged',
        seq: from,
      });
    }
  });

  test('[RP6] need the writer’s signature: others cannot accuse', async () => {
    const replica = await createReplica();
    const writer = await createWritten(1, 5);
    await offer(replica, writer.envelopes);
    for (const start of [2, 5]) {
      const forged = writer.fork(2);
      for (let i = 0; i < 10; i++) await forged.write({ isSigned: false });
      expect(await refusal(replica, forged.envelopes.slice(start))).toEqual({
        code: 'unsigned',
        seq: start,
      });
    }
  });
});
