/**
 * RELIABILITY row 35: valid updates, damaged in every way a seeded mutator knows. `inspect` must
 * not throw, must be quick, and must accept nothing but canonical updates; of what it accepts the
 * gate must let in nothing that the writers did not sign. A fixed seed first, then a fresh one until
 * the time is up. SOTTO_FUZZ=5000000 for more cases, SOTTO_SEED for a seed that failed.
 */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { toHex } from '../../src/base/bytes.ts';
import { checkRun } from '../../src/replication/gate.ts';
import { inspect } from '../../src/replication/inspect.ts';
import { createEntryLog } from '../../src/replication/log.ts';
import { encodeRuns, type Run } from '../../src/replication/runs.ts';
import { cid } from '../../src/replication/writer-id.ts';
import { cpuMs, heapUsedBytes } from '../support/cost.ts';
import { mutate } from '../support/mutate.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { backend, createWritten, runFrom, type TestWriter } from '../support/writers.ts';

const cases = Number(process.env['SOTTO_FUZZ'] ?? 200_000);
const boxMs = Number(process.env['SOTTO_FUZZ_SECONDS'] ?? 0) * 1000;
const seed = Number(process.env['SOTTO_SEED'] ?? 35);
const bytesMax = 1 << 20;
const caseMsMax = 1000; // "no hang"
const msPerKilobyteMax = 1;
const warmUp = 10_000; // until the compiler is done with it
const growthBytesMax = 16_000_000;

const writers: Array<TestWriter> = [];
for (let i = 0; i < 4; i++) writers.push(await createWritten(i, 6));
const genuine = new Set(writers.flatMap(({ envelopes }) => envelopes.map((e) => toHex(e.bytes))));

/** Valid updates of one to three writers, from the first entry or a later one. */
const corpus: ReadonlyArray<Uint8Array> = [
  [[0, 0, 1]],
  [[0, 0, 3]],
  [[1, 2, 5]],
  [
    [0, 0, 2],
    [1, 0, 1],
  ],
  [
    [1, 3, 5],
    [2, 0, 2],
    [3, 5, 6],
  ],
].map((parts) =>
  encodeRuns(
    parts.map(([writer = 0, from = 0, to = 0]) =>
      runFrom(writers[writer]?.envelopes.slice(from, to) ?? []),
    ),
  ),
);

/** What canonical means, asked of Yjs's own decoder. */
const expectCanonical = (bytes: Uint8Array, runs: ReadonlyArray<Run>): void => {
  const { structs, ds } = Y.decodeUpdate(bytes);
  expect(ds.clients.size).toBe(0);
  const entries = runs.flatMap((run) => run.envelopes);
  expect(structs).toHaveLength(entries.length);
  for (const [i, struct] of structs.entries()) {
    const entry = entries[i];
    if (!(struct instanceof Y.Item) || !entry) throw new Error('an item for each entry');
    const client = cid(entry.writerPub);
    const isFirst = entry.seq === 0;
    const { id, origin, rightOrigin, parent, parentSub, content } = struct;
    expect({ id, origin, rightOrigin, parent, parentSub, content }).toEqual({
      id: Y.createID(client, entry.seq),
      origin: isFirst ? null : Y.createID(client, entry.seq - 1),
      rightOrigin: null,
      parent: isFirst ? toHex(entry.writerPub) : null,
      parentSub: null,
      content: new Y.ContentBinary(entry.bytes),
    });
  }
  expect(encodeRuns(runs)).toEqual(bytes);
};

/** Against an empty log and against one that already holds the entries before the run. */
const expectOnlyGenuine = async (run: Run): Promise<void> => {
  const log = createEntryLog([new Y.Doc()], {
    openDocument: () => Promise.resolve(undefined),
    found: [],
  });
  const before = writers
    .find(({ signer }) => toHex(signer.publicKey) === toHex(run.writerPub))
    ?.envelopes.slice(0, run.fromSeq);
  if (before && before.length > 0) {
    const known = await checkRun(backend, log.held(run), runFrom(before));
    if (known.ok && known.value.fresh) await log.apply([known.value.fresh]);
  }
  const checked = await checkRun(backend, log.held(run), run);
  for (const { bytes } of checked.ok ? (checked.value.fresh?.envelopes ?? []) : []) {
    expect(genuine.has(toHex(bytes))).toBe(true);
  }
};

test('[RP4] [row 35] malformed updates are refused at once, or are canonical', async () => {
  const freshSeed = Math.floor(Math.random() * 2 ** 31);
  const startedMs = performance.now();
  let random = createSeededRandom(seed);
  for (const update of corpus) {
    const inspected = inspect(update, { bytesMax });
    if (!inspected.ok) throw new Error('the corpus is valid');
    expectCanonical(update, inspected.value);
  }
  let acceptedCount = 0;
  let totalMs = 0;
  let totalBytes = 0;
  let slowestMs = 0;
  let count = 0;
  let heapBefore = Infinity;
  for (; count < cases || performance.now() - startedMs < boxMs; count++) {
    if (count === cases) random = createSeededRandom(freshSeed);
    if (count === warmUp) heapBefore = heapUsedBytes();
    const mutant = mutate(random.pick(corpus), random, corpus);
    const startedAt = cpuMs();
    const inspected = inspect(mutant, { bytesMax });
    const tookMs = cpuMs() - startedAt;
    totalMs += tookMs;
    totalBytes += mutant.length;
    slowestMs = Math.max(slowestMs, tookMs);
    if (!inspected.ok) continue;
    acceptedCount += 1;
    expectCanonical(mutant, inspected.value);
    for (const run of inspected.value) await expectOnlyGenuine(run);
  }
  // Some mutants only touch content or signatures of last entries: the mutator reaches that far.
  expect(acceptedCount).toBeGreaterThan(count / 1000);
  expect(acceptedCount).toBeLessThan(count / 2);
  expect(heapUsedBytes() - heapBefore).toBeLessThan(growthBytesMax);
  expect(slowestMs).toBeLessThan(caseMsMax);
  expect(totalMs / (totalBytes / 1024)).toBeLessThan(msPerKilobyteMax);
  process.stdout.write(`fuzz: ${String(count)} updates, the last from seed ${String(freshSeed)}\n`);
}, 3_600_000);
