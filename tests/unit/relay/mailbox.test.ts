import { afterEach, describe, expect, test, vi } from 'vitest';
import { toHex } from '../../../src/base/bytes.ts';
import { limits } from '../../../src/protocol/limits.ts';
import type { MailboxReply, MailboxRequest } from '../../../src/protocol/mailbox-frames.ts';
import { inspect } from '../../../src/replication/inspect.ts';
import {
  createTestEpoch,
  dayMs,
  openTestMailbox,
  updateOf,
  type TestMailbox,
} from '../../support/mailboxes.ts';
import { must, type TestWriter } from '../../support/writers.ts';

const opened: TestMailbox[] = [];
afterEach(() => {
  for (const mailbox of opened.splice(0)) mailbox.dispose();
});

const setup = (options: Parameters<typeof openTestMailbox>[0] = {}): TestMailbox => {
  const mailbox = openTestMailbox(options);
  opened.push(mailbox);
  return mailbox;
};

const nextSeqs = (reply: MailboxReply): ReadonlyArray<number> =>
  'rows' in reply ? reply.rows.map(({ nextSeq }) => nextSeq).toSorted((a, b) => a - b) : [];

const held = (reply: MailboxReply): Extract<MailboxReply, { t: 'held' }> => {
  if (reply.t !== 'held') throw new Error(`not held: ${reply.t}`);
  return reply;
};

const entriesIn = (reply: MailboxReply): number =>
  must(inspect(held(reply).update, { bytesMax: limits.mailboxUpdateBytesMax })).reduce(
    (sum, { envelopes }) => sum + envelopes.length,
    0,
  );

const epoch = await createTestEpoch(1);
const alice = await epoch.writer(1, 12);
const bob = await epoch.writer(2, [false, false, true]);
type Put = Extract<MailboxRequest, { t: 'put' }>;
const putOf = (...writers: ReadonlyArray<TestWriter>): Promise<Put> => epoch.put(writers);

describe('a blind mailbox', () => {
  test('[MB7] gives each member what they lack, whoever wrote and whoever brought it', async () => {
    const mailbox = setup();
    const stored = await mailbox.ask(await putOf(alice, bob));
    expect(stored).toMatchObject({ t: 'stored', outcome: 'stored' });
    expect(nextSeqs(stored)).toEqual([3, 12]);
    expect(entriesIn(await mailbox.ask(epoch.get()))).toBe(15);
    const rest = [{ writerPub: alice.signer.publicKey, nextSeq: 10 }];
    expect(entriesIn(await mailbox.ask(epoch.get(rest)))).toBe(2 + 3);
    const all = held(await mailbox.ask(epoch.get())).rows;
    const nothing = held(await mailbox.ask(epoch.get(all)));
    expect(nothing).toMatchObject({ isComplete: true, update: Uint8Array.of(0, 0) });
  });

  test('[MB7] more than fits in one reply follows in the next', async () => {
    const mailbox = setup();
    const big = await epoch.writer(3, 0);
    for (let i = 0; i < 30; i++) await big.write({ bodyBytes: 16_000 });
    for (const part of [big.fork(15), big]) {
      const from = part === big ? 15 : 0;
      const update = updateOf(part.envelopes.slice(from));
      await mailbox.ask({ ...(await putOf(part)), update });
    }
    const first = held(await mailbox.ask(epoch.get()));
    expect(first.isComplete).toBe(false);
    expect(first.update.length).toBeLessThanOrEqual(limits.mailboxUpdateBytesMax);
    const writerPub = big.signer.publicKey;
    const nextSeq = entriesIn(first);
    const second = await mailbox.ask(epoch.get([{ writerPub, nextSeq }]));
    expect(nextSeq + entriesIn(second)).toBe(30);
    expect(held(second).isComplete).toBe(true);
  });

  test('[MB7] a mark tells of a write, and the same again is no write', async () => {
    const mailbox = setup();
    expect(await mailbox.ask(epoch.poll())).toEqual({ t: 'marks', marks: [0] });
    const { mark } = held(await mailbox.ask(epoch.get()));
    expect(mark).toBe(0);
    await mailbox.ask(await putOf(alice));
    const first = await mailbox.ask(epoch.poll());
    expect(first).not.toEqual({ t: 'marks', marks: [0] });
    await mailbox.ask(await putOf(alice));
    expect(await mailbox.ask(epoch.poll())).toEqual(first);
    await mailbox.ask(await putOf(bob));
    expect(await mailbox.ask(epoch.poll())).not.toEqual(first);
  });

  test('[MB6] what it acknowledged is there when it comes back', async () => {
    const mailbox = setup();
    await mailbox.ask(await putOf(alice));
    const marks = await mailbox.ask(epoch.poll());
    const again = mailbox.reopen();
    opened.push(again);
    expect(await again.ask(epoch.poll())).toEqual(marks);
    expect(entriesIn(await again.ask(epoch.get()))).toBe(12);
  });

  test('[MB6] answers wait for the disk, and those that wait together share a sync', async () => {
    let syncCount = 0;
    let open = (): void => undefined;
    const disk = new Promise<void>((resolve) => {
      open = resolve;
    });
    const mailbox = setup({
      syncFile: () => {
        syncCount += 1;
        return disk;
      },
    });
    let answeredCount = 0;
    const writers = await Promise.all([3, 4, 5, 6].map((number) => epoch.writer(number, 1)));
    const answers = writers.map(async (writer) => {
      await mailbox.ask(await putOf(writer));
      answeredCount += 1;
    });
    await vi.waitFor(() => {
      expect(mailbox.mailbox.status.bytes).toBeGreaterThan(0);
      expect(syncCount).toBe(1);
    });
    expect(answeredCount).toBe(0);
    open();
    await Promise.all(answers);
    expect(answeredCount).toBe(writers.length);
    expect(syncCount).toBeLessThan(writers.length);
  });

  test('[MB6] where the disk failed, nothing is acknowledged any more', async () => {
    const failing = { isOn: false };
    const mailbox = setup({
      syncFile: () => (failing.isOn ? Promise.reject(new Error('EIO')) : Promise.resolve()),
    });
    expect((await mailbox.ask(await putOf(alice))).t).toBe('stored');
    failing.isOn = true;
    const refused = { t: 'refused', why: 'failed' };
    expect(await mailbox.ask(await putOf(bob))).toEqual(refused);
    failing.isOn = false;
    expect(await mailbox.ask(await putOf(bob))).toEqual(refused);
    expect(mailbox.mailbox.isLost).toBe(true);
  });

  test('[MB5] a mailbox goes whole, 30 days after the last write into it', async () => {
    const mailbox = setup();
    await mailbox.ask(await putOf(alice));
    mailbox.nowMs += 29 * dayMs;
    await mailbox.ask(await putOf(bob));
    mailbox.nowMs += 30 * dayMs;
    mailbox.mailbox.expire();
    expect(entriesIn(await mailbox.ask(epoch.get()))).toBe(15);
    mailbox.nowMs += 1;
    expect(await mailbox.ask(epoch.poll())).toEqual({ t: 'marks', marks: [0] });
    expect(entriesIn(await mailbox.ask(epoch.get()))).toBe(0);
    expect(mailbox.mailbox.status).toEqual({ mailboxes: 0, bytes: 0 });
    expect(nextSeqs(await mailbox.ask(await putOf(alice)))).toEqual([12]);
  });
});

describe('a mailbox and who lies to it', () => {
  const isNothingKept = async (mailbox: TestMailbox): Promise<boolean> =>
    mailbox.mailbox.status.mailboxes === 0 && nextSeqs(await mailbox.ask(epoch.get())).length === 0;

  const hostile: ReadonlyArray<readonly [what: string, request: () => Promise<Put>]> = [
    ['no certificate', async () => ({ ...(await putOf(alice)), certs: [] })],
    [
      'the certificate of another writer',
      async () => {
        const { cert } = await epoch.certOf(bob);
        return { ...(await putOf(alice)), certs: [{ writerPub: alice.signer.publicKey, cert }] };
      },
    ],
    [
      'a key that the mailbox is not named after',
      async () => {
        const other = await createTestEpoch(2);
        const certs = [await other.certOf(alice)];
        return { ...(await putOf(alice)), admitPub: other.admitPub, certs };
      },
    ],
    [
      'entries of another epoch',
      async () => {
        const other = await createTestEpoch(2);
        const stray = await other.writer(1, 3);
        const certs = [await epoch.certOf(stray)];
        return { ...(await putOf(alice)), certs, update: updateOf(stray.envelopes) };
      },
    ],
    [
      'entries after a gap',
      async () => ({ ...(await putOf(alice)), update: updateOf(alice.envelopes.slice(4)) }),
    ],
    ['entries nobody signed', async () => putOf(await epoch.writer(4, [false, false]))],
  ];

  test.each(hostile)('[MB3] %s: refused, and nothing is kept', async (_what, request) => {
    const mailbox = setup();
    const put = await request();
    expect(await mailbox.ask(put)).toMatchObject({ t: 'stored', outcome: 'refused', rows: [] });
    expect(await isNothingKept(mailbox)).toBe(true);
  });

  test('[MB3] a second history of a writer leaves the first as it is', async () => {
    const mailbox = setup();
    await mailbox.ask(await putOf(alice));
    const other = alice.fork(5);
    for (let i = 0; i < 9; i++) await other.write();
    expect(await mailbox.ask(await putOf(other))).toMatchObject({ outcome: 'refused' });
    const [row] = held(await mailbox.ask(epoch.get())).rows;
    expect(row?.nextSeq).toBe(12);
    expect(entriesIn(await mailbox.ask(epoch.get()))).toBe(12);
  });

  test('[MB3] what is no update and what is no request is malformed', async () => {
    const mailbox = setup();
    const put = await putOf(alice);
    const flipped = put.update.slice();
    flipped[5] = (flipped[5] ?? 0) ^ 1;
    for (const update of [Uint8Array.of(1), flipped, put.update.slice(0, -1)]) {
      expect(await mailbox.ask({ ...put, update })).toEqual({ t: 'refused', why: 'malformed' });
    }
    const refused = await mailbox.mailbox.answer(Uint8Array.of(1, 2, 3), 'eve');
    expect(toHex(refused)).toBe(toHex(await mailbox.mailbox.answer(new Uint8Array(0), 'eve')));
    expect(await isNothingKept(mailbox)).toBe(true);
  });

  test('[MB3] one bad run leaves the others of the same request alone', async () => {
    const mailbox = setup();
    const certs = [await epoch.certOf(alice)];
    const mixed = await mailbox.ask({ ...(await putOf(alice, bob)), certs });
    expect(mixed).toMatchObject({ outcome: 'refused' });
    expect(nextSeqs(mixed)).toEqual([12]);
  });
});

describe('quotas', () => {
  test('[MB4] all mailboxes together stay below what the operator gives', async () => {
    const mailbox = setup({ bytesMax: 3000 });
    const small = await epoch.writer(5, 5);
    expect(await mailbox.ask(await putOf(small))).toMatchObject({ outcome: 'stored' });
    expect(await mailbox.ask(await putOf(alice))).toMatchObject({ outcome: 'full' });
    expect(mailbox.mailbox.status.bytes).toBeLessThanOrEqual(3000);
    expect(nextSeqs(await mailbox.ask(epoch.get()))).toEqual([5]);
  });

  test('[MB4] one writer fills half of a mailbox at most', async () => {
    const mailbox = setup();
    const eager = await epoch.writer(6, 1);
    const put = await putOf(eager);
    let outcome = await mailbox.ask(put);
    for (let i = 0; i < 200 && outcome.t === 'stored' && outcome.outcome === 'stored'; i++) {
      const fresh = await eager.write({ bodyBytes: 30_000 });
      outcome = await mailbox.ask({ ...put, update: updateOf([fresh]) });
    }
    expect(outcome).toMatchObject({ outcome: 'full' });
    expect(mailbox.mailbox.status.bytes).toBeLessThanOrEqual(limits.mailboxWriterBytesMax);
    expect(await mailbox.ask(await putOf(alice))).toMatchObject({ outcome: 'stored' });
  });

  test('[MB4] so many writers and no more', async () => {
    const mailbox = setup();
    const writers: TestWriter[] = [];
    for (let i = 0; i <= limits.mailboxWritersMax; i++) {
      writers.push(await epoch.writer(100 + i, 1));
    }
    for (let at = 0; at < limits.mailboxWritersMax; at += 64) {
      const some = await putOf(...writers.slice(at, at + 64));
      expect(await mailbox.ask(some, `person ${at}`)).toMatchObject({ outcome: 'stored' });
    }
    const oneMore = await mailbox.ask(await putOf(...writers.slice(-1)));
    expect(oneMore).toMatchObject({ outcome: 'full' });
    expect(nextSeqs(oneMore)).toHaveLength(limits.mailboxWritersMax);
  });

  test('[MB4] one address brings half of the writers, and others find room', async () => {
    const mailbox = setup();
    const writers: TestWriter[] = [];
    for (let i = 0; i <= limits.mailboxAddressWritersMax; i++) {
      writers.push(await epoch.writer(1000 + i, 1));
    }
    const outcomes: unknown[] = [];
    for (let at = 0; at < writers.length; at += 64) {
      const reply = await mailbox.ask(await putOf(...writers.slice(at, at + 64)), 'mallory');
      outcomes.push('outcome' in reply && reply.outcome);
    }
    expect(outcomes).toEqual(['stored', 'stored', 'stored', 'stored', 'full']);
    const [first] = writers;
    await first?.write();
    expect(await mailbox.ask(await putOf(...writers.slice(0, 1)), 'mallory')).toMatchObject({
      outcome: 'stored',
    });
    expect(await mailbox.ask(await putOf(alice), 'alice')).toMatchObject({ outcome: 'stored' });
    mailbox.nowMs += 31 * dayMs; // it went whole
    expect(await mailbox.ask(await putOf(bob), 'mallory')).toMatchObject({ outcome: 'stored' });
  });

  test('[MB4] one address writes so much in a day, and others as much again', async () => {
    const mailbox = setup({ addressBytesMax: 12_000 });
    const outcomeOf = async (number: number, from: string): Promise<unknown> => {
      // Anybody can invent mailboxes, as many as they like.
      const invented = await createTestEpoch(number);
      const put = await invented.put([await invented.writer(number, 8)]);
      const reply = await mailbox.ask(put, from);
      return reply.t === 'stored' && reply.outcome;
    };
    const outcomes: unknown[] = [];
    for (let i = 0; i < 6; i++) outcomes.push(await outcomeOf(1000 + i, 'mallory'));
    expect(outcomes).toContain('stored');
    expect(outcomes.at(-1)).toBe('full');
    expect(await outcomeOf(2000, 'bob')).toBe('stored');
    mailbox.nowMs += dayMs;
    expect(await outcomeOf(3000, 'mallory')).toBe('stored');
  });
});
