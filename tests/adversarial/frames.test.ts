/** Attacks 7, 13 and 14 of PROTOCOL §12: entries and updates that are almost valid. */
import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../src/base/bytes.ts';
import { decodeEnvelope, type Envelope } from '../../src/protocol/envelope.ts';
import { checkRun } from '../../src/replication/gate.ts';
import { inspect } from '../../src/replication/inspect.ts';
import { encodeRuns, runOf } from '../../src/replication/runs.ts';
import { cid } from '../../src/replication/writer-id.ts';
import { craftUpdate, entry } from '../support/craft-update.ts';
import {
  backend,
  createReplica,
  createWritten,
  mailboxA,
  mailboxB,
  must,
  offer,
  receive,
  runFrom,
  stateOf,
  updateBytesMax,
  type TestReplica,
} from '../support/writers.ts';

/** Whether a replica would take these bytes as the next live entry. */
const isTaken = async (replica: TestReplica, bytes: Uint8Array): Promise<boolean> => {
  const envelope = decodeEnvelope(bytes);
  if (!envelope.ok) return false;
  const run = runOf([envelope.value]);
  if (!run.ok) return false;
  const checked = await checkRun(backend, replica.log.held(run.value), run.value);
  return checked.ok && checked.value.fresh !== undefined;
};

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const mutant = bytes.slice();
  mutant[bit >> 3] = (mutant[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return mutant;
};

const at = (envelopes: ReadonlyArray<Envelope>, seq: number): Envelope => {
  const envelope = envelopes[seq];
  if (!envelope) throw new Error('that entry was written');
  return envelope;
};

describe('[attack 7] every bit flip', () => {
  test('[attack 7] every bit flip of a valid frame is refused', async () => {
    const { envelopes } = await createWritten(1, 2);
    const replica = await createReplica();
    must(await offer(replica, envelopes.slice(0, 1)));
    const { bytes } = at(envelopes, 1);
    expect(await isTaken(replica, bytes)).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      if (await isTaken(replica, flipped(bytes, bit))) throw new Error(`bit ${bit} was taken`);
    }
  }, 60_000);

  test('[attack 7] every bit flip of a valid update is refused and changes nothing', async () => {
    const alice = await createWritten(1, 3);
    const bob = await createWritten(2, 2);
    const update = encodeRuns([runFrom(alice.envelopes), runFrom(bob.envelopes)]);
    expect(await receive(await createReplica(), update)).toBe(true);
    const authentic = [...alice.envelopes, ...bob.envelopes].map(({ bytes }) => bytes);
    let passedCount = 0;
    for (let bit = 0; bit < update.length * 8; bit++) {
      const mutant = flipped(update, bit);
      if (!inspect(mutant, { bytesMax: updateBytesMax }).ok) continue;
      passedCount += 1;
      const replica = await createReplica();
      if (await receive(replica, mutant)) throw new Error(`bit ${bit} was taken`);
      // A flip in one writer's last entry may leave the other writer's run: that one is genuine.
      for (const writer of replica.log.writers(mailboxA)) {
        for (const { bytes } of writer.entries(0, writer.nextSeq)) {
          expect(authentic.some((genuine) => equalBytes(genuine, bytes))).toBe(true);
        }
      }
    }
    // Content and signature of the last entries are not structure: those flips met the second half.
    expect(passedCount).toBeGreaterThan(1000);
    expect(passedCount).toBeLessThan(update.length * 4);
  }, 60_000);

  test('[attack 7] every bit flip of what is held already accuses nobody of a fork', async () => {
    const { envelopes } = await createWritten(1, 1);
    const replica = await createReplica();
    must(await offer(replica, envelopes));
    const { bytes } = at(envelopes, 0);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const envelope = decodeEnvelope(flipped(bytes, bit));
      const run = envelope.ok ? runOf([envelope.value]) : undefined;
      if (!run?.ok) continue;
      const checked = await checkRun(backend, replica.log.held(run.value), run.value);
      expect(checked.ok ? 'taken' : checked.error.code).toMatch(/^(unsigned|gap)$/);
    }
  }, 60_000);
});

describe('[attack 13] replay', () => {
  test('[attack 13] [row 37] replay within a log is no news', async () => {
    const { envelopes } = await createWritten(1, 5);
    const replica = await createReplica();
    must(await offer(replica, envelopes));
    const before = stateOf(replica);
    for (let seq = 0; seq < 5; seq++) {
      const { fresh } = must(await offer(replica, [at(envelopes, seq)]));
      expect(fresh).toBeUndefined();
    }
    expect(stateOf(replica)).toBe(before);
  });

  test('[attack 13] [row 37] replay into another epoch or conversation: not its mailbox', async () => {
    const { envelopes, signer } = await createWritten(1, 3);
    const { log } = await createReplica();
    const there = log.held({ mailbox: mailboxB, writerPub: signer.publicKey });
    expect(await checkRun(backend, there, runFrom(envelopes))).toEqual({
      ok: false,
      error: { code: 'other-log' },
    });
  });

  test('[attack 13] [row 37] replay with the mailbox, seq or prev rewritten: not signed', async () => {
    const here = (await createWritten(1, 2)).envelopes;
    const there = (await createWritten(1, 2, { mailbox: mailboxB })).envelopes;
    const replica = await createReplica();
    must(await offer(replica, here.slice(0, 1)));
    must(await offer(replica, there.slice(0, 1)));
    const moved = at(here, 1).bytes.slice();
    moved.set(mailboxB, 2);
    expect(await isTaken(replica, moved)).toBe(false);
    moved.set(at(there, 1).prev, 58); // now it even links
    expect(decodeEnvelope(moved).ok).toBe(true);
    expect(await isTaken(replica, moved)).toBe(false);
    const again = at(here, 0).bytes.slice();
    again.set(at(here, 1).bytes.subarray(50, 90), 50); // entry 0 again, as entry 1
    expect(await isTaken(replica, again)).toBe(false);
  });

  test('[attack 13] [row 37] replay of one epoch’s entries behind another’s in one array', async () => {
    const here = (await createWritten(1, 1)).envelopes;
    const there = (await createWritten(1, 3, { mailbox: mailboxB })).envelopes;
    const structs = [entry(at(here, 0)), entry(at(there, 1)), entry(at(there, 2))];
    const client = cid(at(here, 0).writerPub);
    const replica = await createReplica();
    expect(await receive(replica, craftUpdate([{ client, clock: 0, structs }]))).toBe(false);
    expect(replica.log.size().entries).toBe(0);
  });
});

describe('[attack 14] header swap', () => {
  // Where each field of an envelope lies (PROTOCOL §5).
  const fields = {
    mailbox: [2, 18],
    writerPub: [18, 50],
    seq: [50, 58],
    prev: [58, 90],
    nonce: [90, 114],
    keyCommit: [114, 130],
  } as const;

  test('[attack 14] [row 37] header swap: one entry’s ciphertext under another’s header', async () => {
    const writer = await createWritten(1, 1);
    const branch = writer.fork(1);
    const [one, two] = [await writer.write(), await branch.write()]; // same place, other content
    const replica = await createReplica();
    must(await offer(replica, writer.envelopes.slice(0, 1)));
    const swapped = two.bytes.slice();
    swapped.set(one.bytes.subarray(0, 132));
    expect(swapped).toHaveLength(one.bytes.length);
    expect(await isTaken(replica, swapped)).toBe(false);
    swapped.set(one.signature, swapped.length - 64);
    expect(await isTaken(replica, swapped)).toBe(false);
    expect(await isTaken(replica, one.bytes)).toBe(true);
    expect(await isTaken(replica, two.bytes)).toBe(true);
  });

  test.each(Object.entries(fields))(
    '[attack 14] header swap: only the %s of another valid entry',
    async (_, [from, to]) => {
      const alice = await createWritten(1, 1);
      const bob = await createWritten(2, 3, { mailbox: mailboxB });
      const next = await alice.write();
      const replica = await createReplica();
      must(await offer(replica, alice.envelopes.slice(0, 1)));
      must(await offer(replica, bob.envelopes.slice(0, 2)));
      const swapped = next.bytes.slice();
      swapped.set(at(bob.envelopes, 2).bytes.subarray(from, to), from);
      expect(await isTaken(replica, swapped)).toBe(false);
      expect(await isTaken(replica, next.bytes)).toBe(true);
    },
  );

  test('[attack 14] [row 37] header swap: a signature of the same writer for another entry', async () => {
    const { envelopes } = await createWritten(1, 3);
    const replica = await createReplica();
    must(await offer(replica, envelopes.slice(0, 2)));
    const swapped = at(envelopes, 2).bytes.slice();
    swapped.set(at(envelopes, 1).signature, swapped.length - 64);
    expect(await isTaken(replica, swapped)).toBe(false);
  });
});
