import { describe, expect, test } from 'vitest';
import { verifyEnvelope } from '../../../src/protocol/envelope.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { signedPart } from '../../../src/replication/signatures.ts';
import type { CryptoBackend } from '../../../src/crypto/backend.ts';
import { backend, createWriter, createWritten, runFrom } from '../../support/writers.ts';

/** S for signed, u for not. */
const written = (pattern: string): ReturnType<typeof createWritten> =>
  createWritten(
    1,
    Array.from(pattern, (letter) => letter === 'S'),
  );

const validLength = async (pattern: string): Promise<number> => {
  const { envelopes } = await written(pattern);
  return (await signedPart(backend, runFrom(envelopes)))?.envelopes.length ?? 0;
};

const countingBackend = (): { readonly backend: CryptoBackend; count: number } => {
  const counting = {
    count: 0,
    backend: {
      ...backend,
      verify: (...args: Parameters<CryptoBackend['verify']>) => {
        counting.count += 1;
        return backend.verify(...args);
      },
    },
  };
  return counting;
};

describe('[RP5] the signature rule', () => {
  test.each([
    ['S', 1],
    ['u', 0],
    ['uS', 2],
    ['Su', 1],
    ['uuuuuuuS', 8], // seven may lean on the eighth
    ['uuuuuuuuS', 0], // the first is out of reach, so the log ends before it
    ['SuuuuuuuS', 9],
    ['SuuuuuuuuS', 1],
    ['SSSSSSSSuuS', 11],
    ['uuuSuuuuuuuSu', 12],
    ['SSSSuuuuuuuuSSSS', 4],
    ['uuuuuuuSuuuuuuuSuuuuuuuS', 24],
  ])('[RP5] of %s the first %i entries are valid', async (pattern, length) => {
    expect(await validLength(pattern)).toBe(length);
  });

  test('[RP5] is what the definition says, for every pattern of 11 entries', async () => {
    const signed = (await written('S'.repeat(11))).envelopes;
    expect(signed).toHaveLength(11);
    for (let bits = 0; bits < 2 ** 11; bits += 1) {
      const isSigned = (i: number): boolean => ((bits >> i) & 1) === 1;
      let looked = 0;
      const seen = { ...backend, verify: () => isSigned(looked) };
      // The chain is real; which signature holds is decided by the position looked at.
      const envelopes = signed.map((envelope, i) =>
        Object.defineProperty({ ...envelope }, 'signature', {
          get: () => {
            looked = i;
            return envelope.signature;
          },
        }),
      );
      let expected = 0;
      while (expected < 11 && [0, 1, 2, 3, 4, 5, 6, 7].some((n) => isSigned(expected + n))) {
        expected += 1;
      }
      const part = await signedPart(seen, { ...runFrom(signed), envelopes });
      expect(part?.envelopes.length ?? 0).toBe(expected);
    }
  }, 60_000);

  test('[RP5] at most 24 KiB may lean on a later signature', async () => {
    const full = 8192 - 4; // fills an 8 KiB bucket: 3 of them and their overhead exceed 24 KiB
    const writer = await createWriter(1);
    for (let i = 0; i < 2; i++) await writer.write({ isSigned: false, bodyBytes: full });
    await writer.write({ bodyBytes: full });
    expect((await signedPart(backend, runFrom(writer.envelopes)))?.envelopes).toHaveLength(3);

    const heavy = await createWriter(2);
    for (let i = 0; i < 3; i++) await heavy.write({ isSigned: false, bodyBytes: full });
    await heavy.write();
    const bytes = heavy.envelopes.slice(0, 3).reduce((sum, e) => sum + e.bytes.length, 0);
    expect(bytes).toBeGreaterThan(limits.unsignedRunBytesMax);
    expect(await signedPart(backend, runFrom(heavy.envelopes))).toBeUndefined();
  });

  test('[RP5] one entry larger than that stands on its own signature', async () => {
    const writer = await createWriter(1);
    await writer.write({ bodyBytes: 30_000 });
    await writer.write({ bodyBytes: 30_000 });
    expect((await signedPart(backend, runFrom(writer.envelopes)))?.signedSeqs).toEqual([0, 1]);
  });

  test('[RP5] the part ends at a verified entry and says which ones were verified', async () => {
    const { envelopes } = await written('SSSSSSSSSSSSSSSSSSSuu');
    const part = await signedPart(backend, runFrom(envelopes));
    expect(part?.signedSeqs).toEqual([7, 15, 18]);
    expect(part).toMatchObject(runFrom(envelopes.slice(0, 19)));
  });
});

describe('[RP11] what it costs', () => {
  test('[RP11] an honest log costs one check in eight', async () => {
    const { envelopes } = await createWritten(1, 800);
    const counting = countingBackend();
    await signedPart(counting.backend, runFrom(envelopes));
    expect(counting.count).toBe(100);
  });

  test('[RP11] a hostile one costs at most 7 checks more than it has entries', async () => {
    const { envelopes } = await written('Suuuuuuu'.repeat(20));
    const counting = countingBackend();
    const part = await signedPart(counting.backend, runFrom(envelopes));
    expect(part?.envelopes).toHaveLength(153);
    expect(counting.count).toBeLessThanOrEqual(160 + 7);
    const junk = countingBackend();
    expect(await signedPart(junk.backend, runFrom((await written('u'.repeat(50))).envelopes))).toBe(
      undefined,
    );
    expect(junk.count).toBeLessThanOrEqual(8);
  });

  test('[RP11] the same entries verify one by one', async () => {
    for (const envelope of (await written('SSS')).envelopes) {
      expect(await verifyEnvelope(backend, envelope)).toBe(true);
    }
  });
});
