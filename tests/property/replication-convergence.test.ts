import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { encodeRuns } from '../../src/replication/runs.ts';
import {
  createReplica,
  createWritten,
  mailboxA,
  mailboxB,
  offer,
  receive,
  runFrom,
  type TestReplica,
} from '../support/writers.ts';

const writers = [
  await createWritten(1, 17),
  await createWritten(2, 9),
  await createWritten(3, [true, false, false, true, true, false, true]),
  await createWritten(4, 12, { mailbox: mailboxB }),
  await createWritten(5, 1),
];
const whole = encodeRuns(writers.map(({ envelopes }) => runFrom(envelopes)));

interface Delivery {
  readonly writer: number;
  readonly from: number;
  readonly length: number;
  readonly isUpdate: boolean;
}

const delivery: fc.Arbitrary<Delivery> = fc.record({
  writer: fc.nat({ max: writers.length - 1 }),
  from: fc.nat({ max: 16 }),
  length: fc.integer({ min: 1, max: 17 }),
  isUpdate: fc.boolean(),
});

const reload = ({ docs }: TestReplica): Promise<TestReplica> =>
  createReplica(
    docs.map((doc) => {
      const copy = new Y.Doc();
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
      return copy;
    }),
  );

const deliver = async (replica: TestReplica, { isUpdate, ...part }: Delivery): Promise<void> => {
  const envelopes = writers[part.writer]?.envelopes.slice(part.from, part.from + part.length) ?? [];
  if (envelopes.length === 0) return;
  if (isUpdate) await receive(replica, encodeRuns([runFrom(envelopes)]));
  else await offer(replica, envelopes);
};

test('[RP7] equal entries make byte-identical Yjs state, in any order, with duplicates, gaps and reloads', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(delivery, { maxLength: 25 }),
      fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
      fc.nat({ max: 25 }),
      async (deliveries, order, reloadAt) => {
        let replica = await createReplica();
        for (const [i, each] of deliveries.entries()) {
          if (i === reloadAt) replica = await reload(replica);
          await deliver(replica, each);
        }
        for (const writer of order) await offer(replica, writers[writer]?.envelopes ?? []);
        for (const state of [replica, await reload(replica)]) {
          expect(state.docs.map((doc) => Y.encodeStateAsUpdate(doc))).toEqual([whole]);
        }
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test('[RP7] two replicas hold the same of an epoch exactly when their state hashes are equal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(delivery, { maxLength: 12 }),
      fc.array(delivery, { maxLength: 12 }),
      async (some, others) => {
        const [a, b] = [await createReplica(), await createReplica()];
        for (const each of some) await deliver(a, each);
        for (const each of others) await deliver(b, each);
        for (const mailbox of [mailboxA, mailboxB]) {
          const isSame =
            JSON.stringify(a.log.rows(mailbox)) === JSON.stringify(b.log.rows(mailbox));
          const [hashA, hashB] = [a.log.stateHash(mailbox), b.log.stateHash(mailbox)];
          expect(Buffer.compare(hashA, hashB) === 0).toBe(isSame);
        }
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
