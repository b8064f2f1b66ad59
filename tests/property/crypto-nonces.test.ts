/**
 * Nonces are drawn where something is sealed, from the Random port; crypto takes them as arguments.
 * The vault seals every record under one key for ever, so a repeat there would be the worst one.
 */
import { describe, expect, test } from 'vitest';
import { toHex, u32be } from '../../src/base/bytes.ts';
import { sha512 } from '../../src/crypto/hash.ts';
import { Vault } from '../../src/core/vault.ts';
import type { Random } from '../../src/platform/port.ts';
import { createMemoryDisk } from '../../src/storage/memory-disk.ts';
import { createMemoryStorage } from '../../src/storage/memory.ts';

const tabs = 4;
const restarts = 5;
const sealsPerRun = 2_500; // 4 · 5 · 2 500 = 50 000: RELIABILITY row 39 at one in two hundred
const storageKey = new Uint8Array(32).fill(1);

const platformRandom = (): Random => ({
  bytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
});

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

describe('nonces', () => {
  test('[CR13] none repeats over restarts and tabs (RELIABILITY row 39, scaled)', () => {
    expect(countRepeats(platformRandom, sealsPerRun)).toBe(0);
  }, 60_000);

  test('[CR13] a generator that starts over is noticed', () => {
    expect(countRepeats(restartingRandom, 10)).toBe((tabs * restarts - 1) * 10);
  });
});
