/**
 * Attacks 1 to 6 of PROTOCOL §12: what plain Yjs sync does to whoever merges a stranger's bytes. Each
 * first shows on a bare document that the attack is real, then that the gate stops it, changes
 * nothing, and that honest entries still come in.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as encoding from 'lib0/encoding';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { toHex } from '../../src/base/bytes.ts';
import { limits } from '../../src/protocol/limits.ts';
import { inspect } from '../../src/replication/inspect.ts';
import { encodeRuns } from '../../src/replication/runs.ts';
import { cid } from '../../src/replication/writer-id.ts';
import { craftUpdate, entry, item, lengthStruct } from '../support/craft-update.ts';
import { cpuMs, heapUsedBytes } from '../support/cost.ts';
import {
  createReplica,
  createWritten,
  must,
  offer,
  receive,
  runFrom,
  stateOf,
  type TestReplica,
} from '../support/writers.ts';

const alice = await createWritten(1, 40);
const mallory = await createWritten(66, 3);
const client = cid(alice.signer.publicKey);
const name = toHex(alice.signer.publicKey);
const held = alice.envelopes.slice(0, 30);
const later = alice.envelopes.slice(30);

const victim = async (): Promise<TestReplica> => {
  const replica = await createReplica();
  must(await offer(replica, held));
  return replica;
};

const bareVictim = (): Y.Doc => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, encodeRuns([runFrom(held)]));
  return doc;
};

/** Refused without a trace, and what the writer says next comes in. */
const expectHarmless = async (attack: Uint8Array): Promise<void> => {
  const replica = await victim();
  const before = stateOf(replica);
  expect(await receive(replica, attack)).toBe(false);
  expect(stateOf(replica)).toBe(before);
  must(await offer(replica, later));
  expect(replica.log.held(runFrom(held)).entries(0, 99)).toEqual(alice.envelopes);
};

test('[attack 1] wipe: a few bytes that delete every entry', async () => {
  const attack = craftUpdate([], [{ client, clock: 0, length: held.length }]);
  expect(attack.length).toBeLessThan(20);
  const bare = bareVictim();
  Y.applyUpdate(bare, attack);
  expect(bare.getArray(name)).toHaveLength(0);

  await expectHarmless(attack);
  const behindEntries = craftUpdate(
    [{ client, clock: 30, structs: later.map(entry) }],
    [{ client, clock: 0, length: 30 }],
  );
  await expectHarmless(behindEntries);
});

test('[attack 2] pre-delete: entries deleted before they exist', async () => {
  const attack = craftUpdate([], [{ client, clock: 30, length: 1000 }]);
  const bare = bareVictim();
  Y.applyUpdate(bare, attack);
  Y.applyUpdate(bare, encodeRuns([runFrom(later)]));
  expect(bare.getArray(name)).toHaveLength(30);

  await expectHarmless(attack);
});

describe('[attack 3] squat: somebody else’s content under a victim’s (client, clock)', () => {
  const origin = { client, clock: 29 };
  const [foreign] = mallory.envelopes;
  if (!foreign) throw new Error('mallory wrote');
  const squat = craftUpdate([
    { client, clock: 30, structs: [item({ content: foreign.bytes, origin })] },
  ]);

  test('[attack 3] squat: plain Yjs keeps the squatter and drops the victim’s entry', () => {
    const bare = bareVictim();
    Y.applyUpdate(bare, squat);
    Y.applyUpdate(bare, encodeRuns([runFrom(later)]));
    expect(bare.getArray<Uint8Array>(name).get(30)).toEqual(foreign.bytes);
  });

  test('[attack 3] squat: an entry of the squatter’s own', () => expectHarmless(squat));

  test('[attack 3] squat: an entry that claims to be the victim’s', async () => {
    const forged = alice.fork(30);
    for (let i = 0; i < 9; i++) await forged.write({ isSigned: false });
    await expectHarmless(encodeRuns([runFrom(forged.envelopes.slice(30))]));
  });

  test('[attack 3] squat: the squatter’s entries in the victim’s array under his own id', async () => {
    const structs = [item({ content: foreign.bytes, rootName: name })];
    await expectHarmless(
      craftUpdate([{ client: cid(mallory.signer.publicKey), clock: 0, structs }]),
    );
  });
});

test('[attack 4] gc-jump: a GC struct that moves the victim’s clock to 2^40', async () => {
  const attack = craftUpdate([{ client, clock: 30, structs: [lengthStruct(0, 2 ** 40)] }]);
  const bare = bareVictim();
  Y.applyUpdate(bare, attack);
  Y.applyUpdate(bare, encodeRuns([runFrom(later)]));
  expect(bare.getArray(name)).toHaveLength(30);

  await expectHarmless(attack);
  await expectHarmless(craftUpdate([{ client, clock: 30, structs: [lengthStruct(10, 2 ** 40)] }]));
});

describe('[attack 5] pending-flood: structs behind a gap, kept for ever and served again', () => {
  /** A new writer's entries 1 and 2 without entry 0: signed, well-formed, and behind a gap. */
  const flood = async (number: number): Promise<Uint8Array> => {
    const writer = await createWritten(1000 + number, 1);
    for (let i = 0; i < 2; i++) await writer.write({ bodyBytes: 2000 });
    return encodeRuns([runFrom(writer.envelopes.slice(1))]);
  };

  test('[attack 5] pending-flood: plain Yjs keeps all of it', async () => {
    const bare = bareVictim();
    for (let i = 0; i < 20; i++) Y.applyUpdate(bare, await flood(i));
    expect(bare.store.pendingStructs?.update.length).toBeGreaterThan(20 * 4000);
  });

  test('[attack 5] [row 36] pending-flood: 1 000 writers and 4 MB leave less than 1 MB here', async () => {
    const replica = await victim();
    const before = stateOf(replica);
    expect(await receive(replica, await flood(0))).toBe(false);
    const heapBefore = heapUsedBytes();
    let sentBytes = 0;
    for (let i = 0; i < 1000; i++) {
      const attack = await flood(i);
      sentBytes += attack.length;
      if (await receive(replica, attack)) throw new Error('a gap was accepted');
    }
    const growthBytes = heapUsedBytes() - heapBefore;
    expect(sentBytes).toBeGreaterThan(4_000_000);
    expect(growthBytes).toBeLessThan(1_000_000);
    expect(stateOf(replica)).toBe(before);
    expect(replica.docs[0]?.store.pendingStructs).toBeNull();
  }, 60_000);
});

describe('[attack 6] v2-bomb: 36 bytes that become 300 000 structs', () => {
  const structCount = 300_000;
  const bomb = (): Uint8Array => {
    const encoder = new Y.UpdateEncoderV2();
    encoding.writeVarUint(encoder.restEncoder, 1);
    encoding.writeVarUint(encoder.restEncoder, structCount);
    encoder.writeClient(7);
    encoding.writeVarUint(encoder.restEncoder, 0);
    for (let i = 0; i < structCount; i++) {
      encoder.writeInfo(0); // GC
      encoder.writeLen(1);
    }
    encoding.writeVarUint(encoder.restEncoder, 0);
    return encoder.toUint8Array();
  };

  test('[attack 6] [row 36] v2-bomb: real, and refused unread here', () => {
    const attack = bomb();
    expect(attack.length).toBeLessThan(64);
    expect(Y.decodeUpdateV2(attack).structs).toHaveLength(structCount);

    const heapBefore = heapUsedBytes();
    const startedAt = cpuMs();
    expect(inspect(attack, { bytesMax: limits.syncFrameBytesMax }).ok).toBe(false);
    expect(cpuMs() - startedAt).toBeLessThan(50);
    expect(heapUsedBytes() - heapBefore).toBeLessThan(200_000);
  }, 60_000);

  test('[attack 6] [row 36] v2-bomb: V1 with the same claims is refused as cheaply', () => {
    for (const count of [structCount, 2 ** 32, 2 ** 52]) {
      const attack = craftUpdate([{ client, clock: 0, count, structs: [lengthStruct(0, 1)] }]);
      const heapBefore = heapUsedBytes();
      expect(inspect(attack, { bytesMax: limits.syncFrameBytesMax }).ok).toBe(false);
      expect(heapUsedBytes() - heapBefore).toBeLessThan(200_000);
    }
  }, 60_000);

  test('[attack 6] v2-bomb: nothing in src merges updates but the log, and that V1 only', () => {
    const callers = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => ({ path, source: readFileSync(join('src', path), 'utf8') }));
    const calling = (call: RegExp): ReadonlyArray<string> =>
      callers.filter(({ source }) => call.test(source)).map(({ path }) => path);
    expect(callers.length).toBeGreaterThan(20);
    expect(calling(/\b(applyUpdateV2|mergeUpdates|mergeUpdatesV2)\(/)).toEqual([]);
    expect(calling(/\bapplyUpdate\(/).filter((path) => !path.startsWith('storage'))).toEqual([
      join('replication', 'log.ts'),
    ]);
  });
});
