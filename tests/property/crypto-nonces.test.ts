/**
 * Nonces are drawn where something is sealed, from the Random port; crypto takes them as arguments.
 * The vault seals every record under one key for ever, so a repeat there would be the worst one.
 */
import { describe, expect, test } from 'vitest';
import { toHex, u32be } from '../../src/base/bytes.ts';
import { sha512 } from '../../src/crypto/hash.ts';
import { Vault } from '../../src/core/vault/vault.ts';
import { createBrowserRandom } from '../../src/platform/random.browser.ts';
import type { Random } from '../../src/platform/port.ts';
import { createMemoryDisk } from '../../src/storage/memory-disk.ts';
import { createMemoryStorage } from '../../src/storage/memory.ts';

const tabs = 4;
const restarts = 5;
const sealsPerRun = 2_500;
const drawn = process.env['SOTTO_FULL'] === '1' ? 10_000_000 : 2_000_000; // 5 µs each
const storageKey = new Uint8Array(32).fill(1);

/** A generator that begins again whenever it is made: the mistake the test must notice. */
const restartingRandom = (): Random => {
  let drawn = 0;
  return { bytes: (length) => sha512(u32be(drawn++)).slice(0, length) };
};

/** Seals one record again and again in vaults over one key; gives how many nonces came twice. */
const countRepeats = (createRandom: () => Random, seals: number): number => {
  const seen = new Set<string>();
  for (let run = 0; run < tabs * restarts; run++) {
    const storage = createMemoryStorage({ disk: createMemoryDisk() });
    const vault = new Vault({ storage, random: createRandom() }, storageKey);
    for (let i = 0; i < seals; i++) {
      const { value } = vault.seal(['test'], 'the same record');
      if (!(value instanceof Uint8Array)) throw new Error('a sealed record is bytes');
      seen.add(toHex(value.subarray(0, 24)));
    }
  }
  return tabs * restarts * seals - seen.size;
};

/** By their first 64 bits, which ten million random nonces share by chance once in 370 000 runs. */
const countRepeatsOf = (createRandom: () => Random, count: number): number => {
  const prefixes = new BigUint64Array(count);
  const perRun = count / (tabs * restarts);
  for (let run = 0; run < tabs * restarts; run++) {
    const random = createRandom();
    for (let i = 0; i < perRun; i++) {
      prefixes[run * perRun + i] = new DataView(random.bytes(24).buffer).getBigUint64(0);
    }
  }
  prefixes.sort();
  return prefixes.reduce((sum, prefix, i) => sum + Number(i > 0 && prefix === prefixes[i - 1]), 0);
};

describe('nonces', () => {
  test('[CR13] [row 39] of millions drawn over restarts and tabs none comes twice', () => {
    expect(countRepeatsOf(createBrowserRandom, drawn)).toBe(0);
    expect(countRepeatsOf(restartingRandom, 20_000)).toBe(20_000 - 1000); // it would notice
  }, 120_000);

  test('[CR13] [row 39] records sealed over restarts and tabs never share one', () => {
    expect(countRepeats(createBrowserRandom, sealsPerRun)).toBe(0);
  }, 60_000);

  test('[CR13] a generator that starts over is noticed', () => {
    expect(countRepeats(restartingRandom, 10)).toBe((tabs * restarts - 1) * 10);
  });
});
