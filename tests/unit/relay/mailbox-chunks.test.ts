/** Chunks of small files in a blind mailbox: what it keeps, of whom, for how long. */
import { afterEach, describe, expect, test } from 'vitest';
import { chunkNameOf } from '../../../relay/mailbox/mailbox-chunks.ts';
import { concatBytes } from '../../../src/base/bytes.ts';
import { createNobleCipher } from '../../../src/crypto/chunk-cipher-noble.ts';
import { chunkIdOf } from '../../../src/protocol/blobs/chunks.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  decodeChunkReply,
  dropSecretBytes,
  dropTagOf,
  encodeChunkRequest,
  type ChunkReply,
  type ChunkRequest,
} from '../../../src/protocol/mailbox-chunks.ts';
import {
  createTestEpoch,
  dayMs,
  openTestMailbox,
  type TestMailbox,
} from '../../support/mailboxes.ts';
import { must, seededBytes } from '../../support/writers.ts';

const opened: TestMailbox[] = [];
afterEach(() => {
  for (const mailbox of opened.splice(0)) mailbox.dispose();
});

const epoch = await createTestEpoch(1);
const alice = await epoch.writer(1, 2);
const { mailboxId, admitPub } = epoch;
const secret = seededBytes('drop', 1).slice(0, dropSecretBytes);

/** A mailbox in which Alice has written. */
const setup = async (options: Parameters<typeof openTestMailbox>[0] = {}) => {
  const mailbox = openTestMailbox(options);
  opened.push(mailbox);
  await mailbox.ask(await epoch.put([alice]));
  return mailbox;
};

const askOf = async (
  { mailbox }: TestMailbox,
  request: ChunkRequest,
  from = 'somewhere',
): Promise<ChunkReply> =>
  must(decodeChunkReply(await mailbox.answer(encodeChunkRequest(request), from)));

const chunkOf = (number: number, bytes: number = limits.sealedChunkBytesMax): Uint8Array => {
  const sealed = new Uint8Array(bytes).fill(number & 0xff);
  sealed[0] = number >> 8;
  return sealed;
};

type Leave = Extract<ChunkRequest, { t: 'leave' }>;
const leaveOf = async (sealed: Uint8Array, writer = alice): Promise<Leave> => ({
  ...{ t: 'leave', mailboxId, admitPub, sealed, dropTag: dropTagOf(secret) },
  ...(await epoch.certOf(writer)),
});
const ask = (t: 'hold' | 'take', ...chunks: ReadonlyArray<Uint8Array>): ChunkRequest => ({
  ...{ t, mailboxId, ids: chunks.map(chunkNameOf) },
});
const dropOf = (own: Uint8Array, ...chunks: ReadonlyArray<Uint8Array>): ChunkRequest => ({
  ...{ t: 'drop', mailboxId, secret: own, ids: chunks.map(chunkNameOf) },
});

describe('chunks in a blind mailbox', () => {
  test('[MB20] one is named there as on every device', async () => {
    const sealed = chunkOf(7);
    expect(chunkNameOf(sealed)).toEqual(await chunkIdOf(createNobleCipher(), sealed));
  });

  test('[MB21] what was left is given, in the order asked for, also after a kill', async () => {
    const mailbox = await setup();
    const [one, two, three] = [1, 2, 3].map((number) => chunkOf(number));
    if (!one || !two || !three) throw new Error('three chunks');
    for (const sealed of [one, two]) {
      const left = await askOf(mailbox, await leaveOf(sealed));
      expect(left).toEqual({ t: 'left', outcome: 'stored' });
    }
    const again = mailbox.reopen();
    opened.push(again);
    const held = await askOf(again, ask('hold', three, two, one));
    expect(held).toEqual({ t: 'holds', held: [false, true, true] });
    const taken = await askOf(again, ask('take', two, three, one));
    expect(taken).toEqual({ t: 'chunks', chunks: [two, new Uint8Array(0), one] });
    const more = await askOf(again, ask('take', ...[1, 2, 1, 2, 1].map((n) => chunkOf(n))));
    expect(more.t === 'chunks' && more.chunks.length).toBe(limits.mailboxChunksTakenMax);
  });

  const hostile: ReadonlyArray<readonly [string, () => Promise<ChunkRequest>]> = [
    [
      'of a writer of whom nothing lies there',
      async () => leaveOf(chunkOf(1), await epoch.writer(9, 1)),
    ],
    [
      'with the certificate of another epoch',
      async () => {
        const other = await createTestEpoch(2);
        const cert = await other.certOf(alice);
        return { ...(await leaveOf(chunkOf(1))), admitPub: other.admitPub, ...cert };
      },
    ],
    [
      'into a mailbox that is not there',
      async () => ({
        ...(await leaveOf(chunkOf(1))),
        mailboxId: seededBytes('none', 1).slice(0, 32),
      }),
    ],
    ['of a length that no chunk has', async () => leaveOf(chunkOf(1, 1000))],
  ];
  test.each(hostile)(
    '[MB21] a chunk %s is refused, and nothing is kept',
    async (_what, request) => {
      const mailbox = await setup();
      const before = mailbox.mailbox.status.bytes;
      expect(await askOf(mailbox, await request())).toEqual({ t: 'left', outcome: 'refused' });
      expect(mailbox.mailbox.status.bytes).toBe(before);
    },
  );

  test('[MB22] one writer fills half of what files may take in a mailbox, and others find room', async () => {
    const mailbox = await setup();
    const bob = await epoch.writer(2, 1);
    await mailbox.ask(await epoch.put([bob]));
    const fits = Math.floor(limits.mailboxWriterChunksBytesMax / limits.sealedChunkBytesMax);
    for (let at = 0; at < fits; at++) await askOf(mailbox, await leaveOf(chunkOf(at)));
    const full = await askOf(mailbox, await leaveOf(chunkOf(fits)));
    expect(full).toEqual({ t: 'left', outcome: 'full' });
    const other = await askOf(mailbox, await leaveOf(chunkOf(fits), bob));
    expect(other).toEqual({ t: 'left', outcome: 'stored' });
    // The same again takes no more room.
    expect(await askOf(mailbox, await leaveOf(chunkOf(0)))).toEqual({
      t: 'left',
      outcome: 'stored',
    });
  });

  test('[MB22] files take half of what the operator gives, and one address so much in a day', async () => {
    const mailbox = await setup({ bytesMax: 400_000, addressBytesMax: 150_000 });
    const outcomes: unknown[] = [];
    for (const [number, from] of ['eve', 'eve', 'eve', 'bob', 'carol'].entries()) {
      const left = await askOf(mailbox, await leaveOf(chunkOf(number)), from);
      outcomes.push(left.t === 'left' && left.outcome);
    }
    expect(outcomes).toEqual(['stored', 'stored', 'full', 'stored', 'full']);
    expect(await mailbox.ask(await epoch.put([await epoch.writer(3, 2)]))).toMatchObject({
      outcome: 'stored',
    });
  });

  test('[MB23] a chunk goes after 14 days, with its mailbox, or when who left it says so', async () => {
    const mailbox = await setup();
    const [one, two] = [chunkOf(1), chunkOf(2)];
    for (const sealed of [one, two]) await askOf(mailbox, await leaveOf(sealed));
    await askOf(mailbox, dropOf(seededBytes('drop', 2).slice(0, dropSecretBytes), one));
    const holds = (...held: ReadonlyArray<boolean>) => ({ t: 'holds', held });
    expect(await askOf(mailbox, ask('hold', one, two))).toEqual(holds(true, true));
    await askOf(mailbox, dropOf(secret, one));
    expect(await askOf(mailbox, ask('hold', one, two))).toEqual(holds(false, true));
    mailbox.nowMs += 14 * dayMs;
    mailbox.mailbox.expire();
    expect(await askOf(mailbox, ask('hold', two))).toEqual(holds(true));
    mailbox.nowMs += 1;
    mailbox.mailbox.expire();
    expect(await askOf(mailbox, ask('hold', two))).toEqual(holds(false));
    await askOf(mailbox, await leaveOf(one));
    mailbox.nowMs += 31 * dayMs;
    mailbox.mailbox.expire();
    expect(mailbox.mailbox.status).toEqual({ mailboxes: 0, bytes: 0 });
  });

  test('[MB13] one that keeps no files says so, and keeps words as before', async () => {
    const mailbox = await setup({ hasFiles: false });
    const refused = { t: 'refused', why: 'malformed' };
    expect(await askOf(mailbox, await leaveOf(chunkOf(1)))).toEqual(refused);
    expect(await askOf(mailbox, ask('hold', chunkOf(1)))).toEqual(refused);
    const malformed = concatBytes(encodeChunkRequest(ask('hold')), Uint8Array.of(0));
    expect(decodeChunkReply(await mailbox.mailbox.answer(malformed, 'eve'))).toEqual({
      ok: true,
      value: refused,
    });
  });
});
