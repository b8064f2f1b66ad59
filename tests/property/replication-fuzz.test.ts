/**
 * RELIABILITY row 35: valid updates, damaged in every way a seeded mutator knows. `inspect` must
 * not throw, must be quick, and must accept nothing but canonical updates; of what it accepts the
 * gate must let in nothing that the writers did not sign. A fixed seed first, then a fresh one until
 * the time is up. SOTTO_FUZZ=5000000 for more cases, SOTTO_SEED for a seed that failed.
 */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { concatBytes, toHex } from '../../src/base/bytes.ts';
import { checkRun } from '../../src/replication/gate.ts';
import { inspect } from '../../src/replication/inspect.ts';
import { createEntryLog } from '../../src/replication/log.ts';
import { encodeRuns, type Run } from '../../src/replication/runs.ts';
import { cid } from '../../src/replication/writer-id.ts';
import { cpuMs } from '../support/cost.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { backend, createWritten, runFrom, type TestWriter } from '../support/writers.ts';

const cases = Number(process.env['SOTTO_FUZZ'] ?? 200_000);
const boxMs = Number(process.env['SOTTO_FUZZ_SECONDS'] ?? 0) * 1000;
const seed = Number(process.env['SOTTO_SEED'] ?? 35);
const bytesMax = 1 << 20;
const caseMsMax = 1000; // "no hang"
const msPerKilobyteMax = 1;

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

type Mutation = (bytes: Uint8Array, random: SeededRandom) => Uint8Array;

const overwrite = (bytes: Uint8Array, at: number, part: ReadonlyArray<number>): Uint8Array => {
  const mutant = bytes.slice();
  mutant.set(part.slice(0, bytes.length - at), at);
  return mutant;
};

/** Most structure lies at the start of an update: half of all places are there. */
const place = (bytes: Uint8Array, random: SeededRandom): number =>
  random.below(random.below(2) === 0 ? Math.min(96, bytes.length) : bytes.length);

const edges: ReadonlyArray<ReadonlyArray<number>> = [
  [0],
  [1],
  [3],
  [10],
  [0x7f],
  [0x80],
  [0x83],
  [0xff],
  [0x80, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
];

const mutations: ReadonlyArray<Mutation> = [
  (bytes, random) => {
    const at = place(bytes, random);
    return overwrite(bytes, at, [(bytes[at] ?? 0) ^ (1 << random.below(8))]);
  },
  (bytes, random) => overwrite(bytes, place(bytes, random), [random.below(256)]),
  (bytes, random) => overwrite(bytes, place(bytes, random), random.pick(edges)),
  (bytes, random) => {
    const at = place(bytes, random);
    return concatBytes(
      bytes.subarray(0, at),
      Uint8Array.from(random.pick(edges)),
      bytes.subarray(at),
    );
  },
  (bytes, random) => {
    const at = place(bytes, random);
    return concatBytes(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64)));
  },
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  (bytes, random) => {
    const at = place(bytes, random);
    return concatBytes(bytes.subarray(0, at), bytes.subarray(at - random.below(at + 1)));
  },
  (bytes, random) => {
    const other = random.pick(corpus);
    return concatBytes(
      bytes.subarray(0, place(bytes, random)),
      other.subarray(place(other, random)),
    );
  },
  (bytes, random) => concatBytes(bytes.slice(0, -1), Uint8Array.from(random.pick(edges))),
];

const mutate = (random: SeededRandom): Uint8Array => {
  let mutant = random.pick(corpus);
  for (let i = 0; i <= random.below(3); i++) {
    if (mutant.length > 0) mutant = random.pick(mutations)(mutant, random);
  }
  return mutant;
};

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
  for (; count < cases || performance.now() - startedMs < boxMs; count++) {
    if (count === cases) random = createSeededRandom(freshSeed);
    const mutant = mutate(random);
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
  expect(slowestMs).toBeLessThan(caseMsMax);
  expect(totalMs / (totalBytes / 1024)).toBeLessThan(msPerKilobyteMax);
  process.stdout.write(`fuzz: ${String(count)} updates, the last from seed ${String(freshSeed)}\n`);
}, 3_600_000);
