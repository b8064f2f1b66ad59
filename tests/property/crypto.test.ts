import { createHash, createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { agree, agreementKeyPair } from '../../src/crypto/agreement.ts';
import type { CryptoBackend } from '../../src/crypto/backend.ts';
import { createBoundedCache } from '../../src/crypto/bounded-cache.ts';
import { hash } from '../../src/crypto/hash.ts';
import { hkdf, hmacSha512 } from '../../src/crypto/kdf.ts';
import { kemDecapsulate, kemEncapsulate, kemKeyPair } from '../../src/crypto/kem.ts';
import { createNodeBackend } from '../../src/crypto/node-crypto.node.ts';
import { secretboxOpen, secretboxSeal } from '../../src/crypto/secretbox.ts';
import { verifySignature, type SignedMessage } from '../../src/crypto/signature.ts';
import { bip39Word, entropyFromPhrase, phraseFromEntropy } from '../../src/crypto/words.ts';
import { setupImplementations } from '../vectors/support/backends.ts';
import { nonCanonicalEncodings, smallOrderEncodings } from '../vectors/support/edge-signatures.ts';

const timeoutMs = 60_000;
const implementations = await setupImplementations();
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const someBytes = fc.uint8Array({ maxLength: 300 });

const flipBit = (input: Uint8Array, bit: number): Uint8Array => {
  const at = bit % (input.length * 8);
  const changed = input.slice();
  changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
  return changed;
};

/** One answer for all implementations; throws where they differ. */
const unanimous = async (signed: SignedMessage): Promise<boolean> => {
  const verdicts = new Map<string, boolean>();
  for (const { implementation, backend } of implementations) {
    verdicts.set(implementation, await verifySignature(backend, signed));
  }
  const [first] = verdicts.values();
  expect([...verdicts.values()], JSON.stringify([...verdicts])).toEqual(
    [...verdicts].map(() => first),
  );
  return first === true;
};

const sign = async (
  backend: CryptoBackend,
  seed: Uint8Array,
  message: Uint8Array,
): Promise<SignedMessage> => {
  const signer = await backend.signerFromSeed(seed);
  return { publicKey: signer.publicKey, message, signature: await signer.sign(message) };
};

describe('signatures', () => {
  test(
    '[CR5] what one implementation signs, all accept',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          bytes(32),
          someBytes,
          fc.constantFrom(...implementations),
          async (seed, message, { backend }) => {
            expect(await unanimous(await sign(backend, seed, message))).toBe(true);
          },
        ),
        { numRuns: 40 },
      );
    },
    timeoutMs,
  );

  test(
    '[CR5] one flipped bit in key, message or signature: all refuse',
    async () => {
      const backend = createNodeBackend();
      await fc.assert(
        fc.asyncProperty(
          fc.record({ seed: bytes(32), message: fc.uint8Array({ minLength: 1, maxLength: 300 }) }),
          fc.constantFrom('publicKey', 'message', 'signature'),
          fc.nat(),
          async ({ seed, message }, field, bit) => {
            const signed = await sign(backend, seed, message);
            const changed = { ...signed, [field]: flipBit(signed[field], bit) };
            expect(await unanimous(changed)).toBe(false);
          },
        ),
        { numRuns: 60 },
      );
    },
    timeoutMs,
  );

  test(
    '[CR5] any bytes at all get one answer and no throw, odd points included',
    async () => {
      const odd = fc.constantFrom(...smallOrderEncodings, ...nonCanonicalEncodings);
      const point = fc.oneof(odd, bytes(32), fc.uint8Array({ maxLength: 40 }));
      const scalar = fc.oneof(
        bytes(32).map((s) => s.map((byte, i) => (i === 31 ? byte & 0x0f : byte))), // often below L
        fc.constant(new Uint8Array(32)),
        fc.uint8Array({ maxLength: 40 }),
      );
      const signature = fc.tuple(point, scalar).map(([r, scalarS]) => concatBytes(r, scalarS));
      await fc.assert(
        fc.asyncProperty(point, someBytes, signature, async (publicKey, message, bytesAsGiven) => {
          expect(await unanimous({ publicKey, message, signature: bytesAsGiven })).toBe(false);
        }),
        { numRuns: 300 },
      );
    },
    timeoutMs,
  );
});

describe('agreement', () => {
  test(
    '[CR6] two sides get one secret, and any 32 bytes as a key one answer everywhere',
    async () => {
      await fc.assert(
        fc.asyncProperty(bytes(32), bytes(32), bytes(32), async (seedA, seedB, anything) => {
          const alice = agreementKeyPair(seedA);
          const bob = agreementKeyPair(seedB);
          const seen = new Set<string>();
          const seenForAnything = new Set<string>();
          for (const { backend } of implementations) {
            const forwards = { secretKey: alice.secretKey, publicKey: bob.publicKey };
            const backwards = { secretKey: bob.secretKey, publicKey: alice.publicKey };
            seen.add(JSON.stringify(await agree(backend, forwards)));
            seen.add(JSON.stringify(await agree(backend, backwards)));
            const stranger = { secretKey: alice.secretKey, publicKey: anything };
            seenForAnything.add(JSON.stringify(await agree(backend, stranger)));
          }
          expect(seen.size).toBe(1);
          expect(seenForAnything.size).toBe(1);
        }),
        { numRuns: 40 },
      );
    },
    timeoutMs,
  );
});

describe('sealing', () => {
  test('[CR3] opens what was sealed, and nothing after a flipped bit anywhere', () => {
    fc.assert(
      fc.property(
        fc.record({ key: bytes(32), nonce: bytes(24), plaintext: someBytes }),
        fc.constantFrom('key', 'nonce', 'box'),
        fc.nat(),
        (input, field, bit) => {
          const sealed = { ...input, box: secretboxSeal(input) };
          expect(secretboxOpen(sealed)).toEqual(input.plaintext);
          const changed = { ...sealed, [field]: flipBit(sealed[field], bit) };
          expect(secretboxOpen(changed)).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  test('[CR3] any bytes at all either open or give undefined, never a throw', () => {
    fc.assert(
      fc.property(bytes(32), bytes(24), someBytes, (key, nonce, box) => {
        expect(secretboxOpen({ key, nonce, box })).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('[CR7] a KEM secret arrives; with a flipped bit another one does', () => {
    fc.assert(
      fc.property(bytes(64), bytes(32), fc.nat(), (seed, coins, bit) => {
        const { publicKey, secretKey } = kemKeyPair(seed);
        const sent = kemEncapsulate(publicKey, coins);
        if (!sent.ok) throw new Error(sent.error);
        const { ciphertext, secret } = sent.value;
        expect(kemDecapsulate(ciphertext, secretKey)).toEqual({ ok: true, value: secret });
        const changed = kemDecapsulate(flipBit(ciphertext, bit), secretKey);
        expect(changed.ok && changed.value).not.toEqual(secret);
      }),
      { numRuns: 50 },
    );
  });
});

describe('hashing and derivation', () => {
  test('[CR1] labelled hash, [CR2] HMAC and HKDF equal node:crypto on any input', () => {
    fc.assert(
      fc.property(
        fc.record({ ikm: someBytes, salt: someBytes, info: someBytes }),
        fc.integer({ min: 1, max: 300 }),
        ({ ikm, salt, info }, length) => {
          const digest = createHash('sha512').update('sotto1/x\0').update(ikm).digest();
          expect(hash('sotto1/x', ikm)).toEqual(new Uint8Array(digest.subarray(0, 32)));
          const tag = createHmac('sha512', salt).update(ikm).digest();
          expect(hmacSha512(salt, ikm)).toEqual(new Uint8Array(tag));
          const okm = hkdfSync('sha512', ikm, salt, info, length);
          expect(hkdf({ ikm, salt, info, length })).toEqual(new Uint8Array(okm));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('[CR1] different (label, input) pairs hash differently', () => {
    const input = fc.tuple(fc.stringMatching(/^sotto1\/[a-z]{1,4}$/), someBytes);
    fc.assert(
      fc.property(input, input, ([labelA, a], [labelB, b]) => {
        const isSame = labelA === labelB && String(a) === String(b);
        expect(String(hash(labelA, a)) === String(hash(labelB, b))).toBe(isSame);
      }),
    );
  });
});

describe('recovery phrase', () => {
  test('[CR8] round trip, and never the same bytes after one word changed', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), fc.nat(23), (entropy, other, at) => {
        const phrase = phraseFromEntropy(entropy);
        expect(entropyFromPhrase(phrase)).toEqual({ ok: true, value: entropy });
        const words = phrase.split(' ');
        const replacement = phraseFromEntropy(other).split(' ')[at] ?? '';
        fc.pre(replacement !== words[at]);
        const read = entropyFromPhrase(words.with(at, replacement).join(' '));
        expect(read.ok && read.value).not.toEqual(entropy);
      }),
    );
  });

  test('[CR8] any text gives a result, never a throw, and only its own phrase is accepted', () => {
    const knownWord = fc.integer({ min: 0, max: 2047 }).map(bip39Word);
    const words = fc.oneof(
      fc.array(knownWord, { minLength: 24, maxLength: 24 }), // one in 256 has its checksum right
      fc.array(fc.oneof(knownWord, fc.string()), { maxLength: 26 }),
    );
    fc.assert(
      fc.property(words, (given) => {
        const read = entropyFromPhrase(given.join(' '));
        if (read.ok) expect(phraseFromEntropy(read.value)).toBe(given.join(' '));
        else expect(['not-24-words', 'unknown-word', 'bad-checksum']).toContain(read.error);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('bounded cache', () => {
  test('[CR10] behaves as a list of the keys used last, for any order of use', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 8 }).map(String)),
        (entriesMax, uses) => {
          const cache = createBoundedCache<string>(entriesMax);
          let recent: ReadonlyArray<string> = [];
          for (const key of uses) {
            let isMade = false;
            const value = cache.getOrMake(key, () => {
              isMade = true;
              return `value of ${key}`;
            });
            expect(value).toBe(`value of ${key}`);
            expect(isMade).toBe(!recent.includes(key));
            recent = [...recent.filter((other) => other !== key), key].slice(-entriesMax);
            expect(cache.size).toBe(recent.length);
          }
        },
      ),
    );
  });
});
