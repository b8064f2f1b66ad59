/**
 * RELIABILITY row 35 beside the gate: valid bytes of every format, damaged in every way a seeded
 * mutator knows, spliced with those of other formats. A decoder gives what it read, which has this
 * one encoding, or an error it has a name for; it does not throw, take long, or keep anything.
 */
import { expect, test } from 'vitest';
import { cpuMs, heapUsedBytes } from '../support/cost.ts';
import { fuzzedDecoders } from '../support/decoders.ts';
import { mutate } from '../support/mutate.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const cases = Number(process.env['SOTTO_DECODERS'] ?? 40_000);
const seed = Number(process.env['SOTTO_SEED'] ?? 13);
const caseMsMax = 1000; // "no hang"
const warmUp = 5000;
/** Whatever is kept of an input, however little, would be more after so many. */
const growthBytesMax = 8_000_000;

test('[CB3] [row 35] every decoder takes damaged bytes for what they are, and keeps nothing of them', async () => {
  const decoders = await fuzzedDecoders();
  const random = createSeededRandom(seed);
  const everything = decoders.flatMap(({ valid }) => valid);
  for (const { name, valid, decode } of decoders) {
    expect(
      valid.some((bytes) => decode(bytes).ok),
      name,
    ).toBe(true);
  }
  const accepted = new Map<string, number>();
  let slowestMs = 0;
  let heapBefore = 0;
  for (let i = 0; i < cases + warmUp; i++) {
    if (i === warmUp) heapBefore = heapUsedBytes();
    const { name, valid, errors, decode } = random.pick(decoders);
    const bytes = mutate(random.pick(valid), random, everything);
    const startedAt = cpuMs();
    const decoded = decode(bytes);
    slowestMs = Math.max(slowestMs, cpuMs() - startedAt);
    if (decoded.ok) accepted.set(name, (accepted.get(name) ?? 0) + 1);
    if (decoded.ok && decoded.value !== undefined) expect(decoded.value, name).toEqual(bytes);
    if (!decoded.ok) expect(errors, name).toContain(decoded.error);
  }
  expect(heapUsedBytes() - heapBefore).toBeLessThan(growthBytesMax);
  expect(slowestMs).toBeLessThan(caseMsMax);
  // The mutator reaches behind the structure: of most formats some mutants are still well-formed.
  expect(accepted.size).toBeGreaterThan(decoders.length / 2);
  process.stdout.write(`fuzz: ${String(cases)} inputs for ${String(decoders.length)} decoders\n`);
}, 3_600_000);
