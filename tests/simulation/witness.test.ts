import { beforeEach, describe, expect, test } from 'vitest';
import { createNodeBackend } from '../../src/crypto/node-crypto.node.ts';
import { decodeEnvelope, entryHash, type Envelope } from '../../src/protocol/envelope.ts';
import { sealEnvelope } from '../../src/protocol/envelope-box.ts';
import { encodeSyncFrame } from '../../src/protocol/sync-frames.ts';
import { encodeRuns } from '../../src/replication/runs.ts';
import { Witness } from './witness.ts';

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

const seal = async (nonceFill: number, before?: Envelope): Promise<Envelope> => {
  const writer = await createNodeBackend().signerFromSeed(bytes(32, 1));
  const sealed = await sealEnvelope({
    mailbox: bytes(16, 2),
    writer,
    seq: before === undefined ? 0 : before.seq + 1,
    prev: before === undefined ? bytes(32, 0) : entryHash(before),
    nonce: bytes(24, nonceFill),
    messageKey: bytes(32, 3),
    body: bytes(10, 4),
  });
  const envelope = decodeEnvelope(sealed);
  if (!envelope.ok) throw new Error(envelope.error);
  return envelope.value;
};

const frameOf = (...envelopes: ReadonlyArray<Envelope>): Uint8Array => {
  const [first] = envelopes;
  if (first === undefined) throw new Error('a frame has entries');
  const run = { writerPub: first.writerPub, fromSeq: first.seq, envelopes };
  return encodeSyncFrame({ t: 'update', update: encodeRuns([run]) });
};

describe('what nobody may see twice', () => {
  let witness: Witness;
  beforeEach(() => {
    witness = new Witness();
  });

  test('[SM5] the same entry by every way is no violation', async () => {
    const first = await seal(1);
    const second = await seal(2, first);
    witness.entry(first.bytes);
    witness.linkFrame(frameOf(first, second), 'alice');
    witness.linkFrame(frameOf(second), 'alice');
    expect(witness.entryCount).toBe(2);
    expect(witness.violations).toEqual([]);
  });

  test('[SM5] another entry at the same place is seen on a link', async () => {
    witness.linkFrame(frameOf(await seal(1)), 'alice');
    witness.linkFrame(frameOf(await seal(2)), 'alice');
    expect(witness.violations).toEqual([expect.stringMatching(/^I3 two entries/)]);
  });

  test('[SM5] a nonce that comes again is seen on a link', async () => {
    const first = await seal(1);
    witness.linkFrame(frameOf(first, await seal(1, first)), 'alice');
    expect(witness.violations).toEqual([expect.stringMatching(/^I6 one nonce/)]);
  });
});
