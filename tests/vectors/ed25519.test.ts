import { ed25519 } from '@noble/curves/ed25519.js';
import nacl from 'tweetnacl';
import { beforeAll, describe, expect, test } from 'vitest';
import { publicKeyFromSeed, verifySignature } from '../../src/crypto/signature.ts';
import { setupImplementations } from './support/backends.ts';
import {
  malleatedCases,
  mixedOrderCases,
  nonCanonicalCases,
  smallOrderCases,
  smallOrderEncodings,
  type EdgeCase,
} from './support/edge-signatures.ts';
import { bytesOf, hasVectorFiles, readVectors, say } from './support/files.ts';

/** RFC 8032 §7.1, tests 1 to 3. */
const rfc8032 = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
      '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
      '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
  {
    seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    message: 'af82',
    signature:
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac' +
      '18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  },
] as const;

const fileCases = (): ReadonlyArray<EdgeCase> =>
  readVectors('ed25519.json').map((vector) => ({
    name: vector.name,
    publicKey: vector.bytes('pk'),
    message: vector.bytes('msg'),
    signature: vector.bytes('sig'),
    isValid: vector.result === 'valid',
  }));

const rfcCases = (): ReadonlyArray<EdgeCase> =>
  rfc8032.map(({ publicKey, message, signature }, i) => ({
    name: `RFC 8032 test ${String(i + 1)}`,
    publicKey: bytesOf(publicKey),
    message: bytesOf(message),
    signature: bytesOf(signature),
    isValid: true,
  }));

/** What each implementation says about each case, by its name, behind the strict profile. */
type Verdicts = ReadonlyMap<EdgeCase, Readonly<Record<string, boolean>>>;

const judge = async (cases: ReadonlyArray<EdgeCase>): Promise<Verdicts> => {
  const implementations = await setupImplementations();
  const verdicts = new Map<EdgeCase, Record<string, boolean>>();
  for (const edge of cases) {
    const said: Record<string, boolean> = {};
    for (const { implementation, backend } of implementations) {
      said[implementation] = await verifySignature(backend, edge);
    }
    verdicts.set(edge, said);
  }
  return verdicts;
};

const expectAllRight = (verdicts: Verdicts, cases: ReadonlyArray<EdgeCase>): void => {
  for (const edge of cases) {
    const right = edge.isValid;
    expect(verdicts.get(edge), edge.name).toEqual({
      node: right,
      webcrypto: right,
      noble: right,
      tweetnacl: right,
    });
  }
};

// tweetnacl checks about a hundred signatures a second, so each case is judged once for all tests.
const judgingTimeoutMs = 120_000;

describe('Ed25519 signatures', () => {
  test('[CR4] RFC 8032 vectors sign and verify to the byte on every implementation', async () => {
    for (const { implementation, backend } of await setupImplementations()) {
      for (const vector of rfc8032) {
        const signer = await backend.signerFromSeed(bytesOf(vector.seed));
        expect(signer.publicKey, implementation).toEqual(bytesOf(vector.publicKey));
        expect(await signer.sign(bytesOf(vector.message)), implementation).toEqual(
          bytesOf(vector.signature),
        );
      }
    }
    for (const { seed, publicKey } of rfc8032) {
      expect(publicKeyFromSeed(bytesOf(seed))).toEqual(bytesOf(publicKey));
    }
    const cases = rfcCases();
    expectAllRight(await judge(cases), cases);
  });

  test.skipIf(!hasVectorFiles)(
    '[CR4] [row 38] every case of ed25519.json gets its result',
    async () => {
      const cases = fileCases();
      expectAllRight(await judge(cases), cases);
      const refused = cases.filter(({ isValid }) => !isValid).length;
      say(
        `Ed25519: ${String(cases.length)} cases on 4 implementations, ${String(refused)} to be refused`,
      );
    },
    judgingTimeoutMs,
  );
});

describe('signatures that verifiers disagree about', () => {
  const malleated = malleatedCases();
  const mixedOrder = mixedOrderCases(2);
  const smallOrder = smallOrderCases();
  const nonCanonical = nonCanonicalCases();
  const all = [...malleated, ...mixedOrder, ...smallOrder, ...nonCanonical];
  let verdicts: Verdicts = new Map();
  beforeAll(async () => {
    verdicts = await judge(all);
  }, judgingTimeoutMs);

  test('[CR4] [attack 8] [row 38] malleated signature: S + nL is refused', () => {
    expectAllRight(verdicts, malleated);
    // The reason for the check: tweetnacl alone would accept a second signature nobody made.
    const takenByTweetnacl = malleated.filter(({ publicKey, message, signature }) =>
      nacl.sign.detached.verify(message, signature, publicKey),
    );
    expect(takenByTweetnacl.length).toBeGreaterThan(1);
  });

  test('[CR4] keys and R of mixed order follow the equation without the cofactor', () => {
    expectAllRight(verdicts, mixedOrder);
    const withMixedKey = mixedOrder.filter(({ name }) => !name.includes('key +0T'));
    expect(withMixedKey.some(({ isValid }) => isValid)).toBe(true);
    expect(withMixedKey.some(({ isValid }) => !isValid)).toBe(true);
  });

  test('[CR4] [row 38] a key or R of small order is refused', () => {
    expect(new Set(smallOrderEncodings.map(String)).size).toBe(8);
    expectAllRight(verdicts, smallOrder);
  });

  test('[CR4] a key or R that is not in its one canonical encoding is refused', () => {
    expectAllRight(verdicts, nonCanonical);
  });

  test('[CR5] [attack 9] three verifiers agree: node, webcrypto and noble, and tweetnacl', () => {
    for (const [edge, said] of verdicts) {
      expect(new Set(Object.values(said)).size, edge.name).toBe(1);
    }
    expect(verdicts.size).toBe(all.length);
    say(`Ed25519 edges: ${String(verdicts.size)} cases on 4 implementations, 0 disagreements`);
  });

  test('[CR5] cofactored verifiers say otherwise, so the mixed-order cases can fail', () => {
    for (const zip215 of [true, false]) {
      const wrong = mixedOrder.filter(
        ({ publicKey, message, signature, isValid }) =>
          ed25519.verify(signature, message, publicKey, { zip215 }) !== isValid,
      );
      say(
        `Ed25519 mixed order: noble's own verify, zip215 ${String(zip215)}, misjudges ${String(wrong.length)}`,
      );
      expect(wrong.length).toBeGreaterThan(0);
    }
  });
});
