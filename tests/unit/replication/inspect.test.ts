import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { concatBytes, toHex } from '../../../src/base/bytes.ts';
import type { Envelope } from '../../../src/protocol/envelope.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { inspect } from '../../../src/replication/inspect.ts';
import { encodeRuns } from '../../../src/replication/runs.ts';
import { cid } from '../../../src/replication/writer-id.ts';
import { craftUpdate, entry, item, lengthStruct } from '../../support/craft-update.ts';
import {
  createWritten,
  mailboxB,
  runFrom,
  updateBytesMax,
  type TestWriter,
} from '../../support/writers.ts';

const bytesMax = updateBytesMax;
const isRefused = (bytes: Uint8Array): boolean => {
  const inspected = inspect(bytes, { bytesMax });
  return !inspected.ok && inspected.error.code === 'malformed-update';
};
const at = (writer: TestWriter, seq: number): Envelope => {
  const envelope = writer.envelopes[seq];
  if (!envelope) throw new Error('that entry was written');
  return envelope;
};

const alice = await createWritten(1, 4);
const bob = await createWritten(2, 3);
const client = cid(alice.signer.publicKey);
const name = toHex(alice.signer.publicKey);
const first = at(alice, 0);
const second = at(alice, 1);
const whole = { client, clock: 0, structs: alice.envelopes.map(entry) };
const valid = craftUpdate([whole]);

describe('[RP4] inspect accepts', () => {
  test('[RP4] what encodeRuns writes, and gives the same runs back', () => {
    const runs = [runFrom(alice.envelopes), runFrom(bob.envelopes.slice(1))].sort(
      (a, b) => cid(b.writerPub) - cid(a.writerPub),
    );
    expect(inspect(encodeRuns(runs), { bytesMax })).toEqual({ ok: true, value: runs });
    expect(inspect(valid, { bytesMax }).ok).toBe(true);
  });

  test('[RP4] the empty update', () => {
    expect(inspect(Uint8Array.of(0, 0), { bytesMax })).toEqual({ ok: true, value: [] });
  });

  test('[RP4] an update in the middle of a larger buffer', () => {
    const buffer = concatBytes(new Uint8Array(7), valid, new Uint8Array(7));
    expect(inspect(buffer.subarray(7, 7 + valid.length), { bytesMax }).ok).toBe(true);
  });

  test('[RP4] runs whose signatures are bad: that is not its business', async () => {
    const writer = await createWritten(3, [false]);
    expect(inspect(encodeRuns([runFrom(writer.envelopes)]), { bytesMax }).ok).toBe(true);
  });
});

describe('[RP4] inspect refuses', () => {
  test('[RP4] more bytes than asked for, unread', () => {
    expect(inspect(valid, { bytesMax: valid.length - 1 })).toEqual({
      ok: false,
      error: { code: 'update-too-large' },
    });
  });

  test('[RP4] every truncation', () => {
    for (let end = 0; end < valid.length; end++) expect(isRefused(valid.slice(0, end))).toBe(true);
  });

  test('[RP4] a byte behind the end', () => {
    expect(isRefused(concatBytes(valid, Uint8Array.of(0)))).toBe(true);
  });

  test('[RP4] deletions, alone and behind valid entries', () => {
    const deletion = { client, clock: 0, length: 1 };
    expect(isRefused(craftUpdate([], [deletion]))).toBe(true);
    expect(isRefused(craftUpdate([whole], [deletion]))).toBe(true);
  });

  test.each([0, 10])('[RP4] struct type %i in the place of an entry', (ref) => {
    const structs = [lengthStruct(ref, 1), ...whole.structs.slice(1)];
    expect(isRefused(craftUpdate([{ ...whole, structs }]))).toBe(true);
    expect(isRefused(craftUpdate([{ client, clock: 0, structs: [lengthStruct(ref, 1)] }]))).toBe(
      true,
    );
  });

  test.each([1, 2, 4, 5, 6, 7, 8, 9, 11, 31])('[RP4] content type %i', (ref) => {
    const structs = [item({ content: first.bytes, ref, rootName: name })];
    expect(isRefused(craftUpdate([{ client, clock: 0, structs }]))).toBe(true);
  });

  test('[RP4] other places in the document than the one that is the writer’s', () => {
    const elsewhere = [
      item({ content: first.bytes, rootName: toHex(bob.signer.publicKey) }),
      item({ content: first.bytes, rootName: name.toUpperCase() }),
      item({ content: first.bytes, rootName: `${name}0` }),
      item({ content: first.bytes, rootName: '' }),
      item({ content: first.bytes, rootName: name, parentSub: 'key' }),
      item({ content: first.bytes, parentId: { client, clock: 0 } }),
      item({ content: first.bytes, origin: { client, clock: 0 } }),
      item({ content: first.bytes, rightOrigin: { client, clock: 0 } }),
    ];
    for (const struct of elsewhere) {
      expect(isRefused(craftUpdate([{ client, clock: 0, structs: [struct] }]))).toBe(true);
    }
  });

  test('[RP4] later entries that do not follow the one before', () => {
    const content = second.bytes;
    const displaced = [
      item({ content, origin: { client, clock: 1 } }),
      item({ content, origin: { client: client - 1, clock: 0 } }),
      item({ content, origin: { client: cid(bob.signer.publicKey), clock: 0 } }),
      item({ content, rightOrigin: { client, clock: 0 } }),
      item({ content, origin: { client, clock: 0 }, rightOrigin: { client, clock: 0 } }),
      item({ content, rootName: name }),
    ];
    for (const struct of displaced) {
      expect(isRefused(craftUpdate([{ client, clock: 1, structs: [struct] }]))).toBe(true);
    }
  });

  test('[RP4] a client id that is not the writer’s', () => {
    const structs = whole.structs.slice(0, 1);
    expect(isRefused(craftUpdate([{ client: client - 1, clock: 0, structs }]))).toBe(true);
  });

  test('[RP4] one writer under two client ids', () => {
    const structs = whole.structs.slice(0, 1);
    const claims = [0, 1].map((i) => ({ client: client - i, clock: 0, structs }));
    expect(isRefused(craftUpdate(claims))).toBe(true);
    const later = { client: client - 1, clock: 1, structs: [entry(second)] };
    expect(isRefused(craftUpdate([{ client, clock: 0, structs }, later]))).toBe(true);
  });

  test('[RP4] clocks that are not the sequence numbers', () => {
    const origin = { client, clock: 1 };
    const structs = [item({ content: second.bytes, origin })];
    expect(isRefused(craftUpdate([{ client, clock: 2, structs }]))).toBe(true);
    const root = item({ content: second.bytes, rootName: name });
    expect(isRefused(craftUpdate([{ client, clock: 0, structs: [root] }]))).toBe(true);
  });

  test('[RP4] clients in another order, twice, or without entries', () => {
    const mine = { client, clock: 0, structs: [entry(first)] };
    const other = {
      client: cid(bob.signer.publicKey),
      clock: 0,
      structs: [entry(at(bob, 0))],
    };
    const sorted = [mine, other].sort((a, b) => b.client - a.client);
    expect(isRefused(craftUpdate(sorted))).toBe(false);
    expect(isRefused(craftUpdate(sorted.toReversed()))).toBe(true);
    expect(isRefused(craftUpdate([mine, mine]))).toBe(true);
    expect(isRefused(craftUpdate([mine, { client, clock: 1, structs: [entry(second)] }]))).toBe(
      true,
    );
    expect(isRefused(craftUpdate([{ client, clock: 0, structs: [] }]))).toBe(true);
  });

  test('[RP4] runs that mix epochs or break the chain', async () => {
    const elsewhere = await createWritten(1, 2, { mailbox: mailboxB });
    const fork = alice.fork(0);
    await fork.write();
    for (const other of [at(elsewhere, 1), await fork.write()]) {
      const structs = [entry(first), entry(other)];
      expect(isRefused(craftUpdate([{ client, clock: 0, structs }]))).toBe(true);
    }
  });

  test('[RP4] numbers written longer than needed', () => {
    const encoder = encoding.createEncoder();
    encoding.writeUint8Array(encoder, Uint8Array.of(0x81, 0x00)); // one client, in two bytes
    encoding.writeUint8Array(encoder, valid.subarray(1));
    expect(valid[0]).toBe(1);
    expect(isRefused(encoding.toUint8Array(encoder))).toBe(true);
    expect(isRefused(concatBytes(valid.slice(0, -1), Uint8Array.of(0x80, 0x00)))).toBe(true);
  });

  test('[RP4] claims of sizes that are not there, at once', () => {
    const huge = [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER];
    for (const claim of huge) {
      const claimed = encoding.createEncoder();
      encoding.writeVarUint(claimed, claim);
      expect(isRefused(encoding.toUint8Array(claimed))).toBe(true);
      expect(isRefused(craftUpdate([{ ...whole, count: claim }]))).toBe(true);
      expect(isRefused(craftUpdate([{ ...whole, clock: claim }]))).toBe(true);
      const content = (encoder: encoding.Encoder): void => {
        encoding.writeUint8(encoder, 3);
        encoding.writeVarUint(encoder, 1);
        encoding.writeVarString(encoder, name);
        encoding.writeVarUint(encoder, claim);
      };
      expect(isRefused(craftUpdate([{ client, clock: 0, structs: [content] }]))).toBe(true);
    }
    expect(isRefused(new Uint8Array(64).fill(0xff))).toBe(true);
  });

  test('[RP4] frames over the limit, and sequence numbers over it', () => {
    const content = new Uint8Array(limits.frameBytesMax + 1);
    const structs = [item({ content, rootName: name })];
    expect(isRefused(craftUpdate([{ client, clock: 0, structs }]))).toBe(true);
    const late = item({ content: second.bytes, origin: { client, clock: limits.seqMax - 1 } });
    expect(isRefused(craftUpdate([{ client, clock: limits.seqMax, structs: [late] }]))).toBe(true);
  });

  test('[RP4] what Yjs itself would take without a word', () => {
    const doc = new Y.Doc();
    doc.getMap('anything').set('key', 'value');
    expect(isRefused(Y.encodeStateAsUpdate(doc))).toBe(true);
  });
});
