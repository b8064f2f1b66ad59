import { expect, test } from 'vitest';
import { utf8ToBytes } from '../../../src/base/bytes.ts';
import { err, type Result } from '../../../src/base/result.ts';
import { Segments } from '../../../src/core/vault/segments.ts';
import type { Envelope } from '../../../src/protocol/envelope.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { checkRun } from '../../../src/replication/gate.ts';
import type { Segment, StorageFailure } from '../../../src/storage/port.ts';
import { setupCore, type TestCore } from '../../support/core-parts.ts';
import { backend, createWritten, runFrom } from '../../support/writers.ts';
import { valueOf } from '../protocol/fixtures.ts';

/** Segments over a disk that tells which documents are open, and opens no more when it is told so. */
const openSegments = async ({ core, self }: TestCore) => {
  const open = new Set<string>();
  const disk = { isDead: false };
  const openSegment = async (name: string): Promise<Result<Segment, StorageFailure>> => {
    const opened = disk.isDead ? err('failed' as const) : await core.storage.openSegment(name);
    if (!opened.ok) return opened;
    open.add(name);
    const close = async (): Promise<void> => {
      await opened.value.close();
      open.delete(name);
    };
    return { ok: true, value: { ...opened.value, close } };
  };
  const segments = new Segments({ ...core, storage: { ...core.storage, openSegment } }, self.vault);
  valueOf(await segments.load());
  return { segments, open, disk };
};

const store = async (segments: Segments, segment: string, envelopes: ReadonlyArray<Envelope>) => {
  const run = runFrom(envelopes);
  const log = valueOf(await segments.log(segment));
  const { fresh } = valueOf(await checkRun(backend, log.held(run), run));
  return segments.store({ segment, runs: fresh ? [fresh] : [] });
};

const held = async (segments: Segments, segment: string, envelopes: ReadonlyArray<Envelope>) =>
  valueOf(await segments.log(segment))
    .held(runFrom(envelopes))
    .entries(0, limits.seqMax);

/** A segment with some entries, after which another one came: it takes nothing new. */
const setup = async () => {
  const first = await setupCore();
  const older = valueOf(await first.deps.segments.assign('group'));
  const writer = await createWritten(1, 9);
  valueOf(await store(first.deps.segments, older, writer.envelopes));
  const name = 'b'.repeat(32);
  const record = { name, group: 'group', order: 1, generation: 0, documents: 1 };
  const { vault } = first.self;
  valueOf(await vault.commit(vault.sealTwice(['g', utf8ToBytes(name)], record)));
  const device = await first.restart();
  return { device, ...(await openSegments(device)), older, writer };
};

test('[RP13] a segment that takes nothing new rests; it is read, and written to, as before', async () => {
  const { device, segments, open, older, writer } = await setup();
  expect(await held(segments, older, writer.envelopes)).toEqual(writer.envelopes);
  expect(open.size).toBe(1); // what the journal holds of it is not read back yet
  expect(await segments.prune()).toBe(0);
  expect(open.size).toBe(0);
  expect(await held(segments, older, writer.envelopes)).toEqual(writer.envelopes);

  const late = await writer.write();
  valueOf(await store(segments, older, [late]));
  expect(open.size).toBe(1);
  expect(await segments.prune()).toBe(0);
  expect(open.size).toBe(0);
  expect(await held(segments, older, writer.envelopes)).toEqual(writer.envelopes);

  const restarted = await openSegments(await device.restart());
  expect(await held(restarted.segments, older, writer.envelopes)).toEqual(writer.envelopes);
  expect(restarted.open.size).toBe(0);
});

test('[RP13] where it does not open again nothing is written', async () => {
  const { device, segments, disk, older, writer } = await setup();
  await held(segments, older, writer.envelopes);
  await segments.prune();
  const before = [...writer.envelopes];
  const late = await writer.write();
  disk.isDead = true;
  expect(await store(segments, older, [late])).toEqual(err('failed'));
  expect(await held(segments, older, before)).toEqual(before);
  const restarted = await openSegments(await device.restart());
  expect(await held(restarted.segments, older, before)).toEqual(before);
  valueOf(await store(restarted.segments, older, [late]));
  expect(await held(restarted.segments, older, before)).toEqual(writer.envelopes);
});
