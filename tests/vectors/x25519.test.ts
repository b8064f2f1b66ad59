import { describe, expect, test } from 'vitest';
import { agree, agreementKeyPair } from '../../src/crypto/agreement.ts';
import { toHex } from '../../src/base/bytes.ts';
import { setupImplementations } from './support/backends.ts';
import { bytesOf, hasVectorFiles, readVectors, say } from './support/files.ts';

interface Agreement {
  readonly name: string;
  readonly secretKey: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Hex; all zeros where the key is of small order. */
  readonly shared: string;
}

/** RFC 7748 §5.2 and §6.1. */
const rfc7748: ReadonlyArray<Agreement> = [
  {
    name: 'RFC 7748 §5.2, first',
    secretKey: bytesOf('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
    publicKey: bytesOf('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'),
    shared: 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
  },
  {
    name: 'RFC 7748 §5.2, second',
    secretKey: bytesOf('4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d'),
    publicKey: bytesOf('e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493'),
    shared: '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
  },
  {
    name: 'RFC 7748 §6.1',
    secretKey: bytesOf('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
    publicKey: bytesOf('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'),
    shared: '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
  },
];

const zeroHex = '00'.repeat(32);

const fileAgreements = (): ReadonlyArray<Agreement> =>
  readVectors('x25519.json').map((vector) => ({
    name: vector.name,
    secretKey: vector.bytes('private'),
    publicKey: vector.bytes('public'),
    shared: vector.text('shared'),
  }));

/** Runs each on each implementation; gives how many were refused as of small order. */
const expectAll = async (agreements: ReadonlyArray<Agreement>): Promise<number> => {
  let refused = 0;
  for (const { implementation, backend } of await setupImplementations()) {
    for (const { name, secretKey, publicKey, shared } of agreements) {
      const result = await agree(backend, { secretKey, publicKey });
      const said = result.ok ? toHex(result.value) : result.error;
      const right = shared === zeroHex ? 'low-order-key' : shared;
      expect(said, `${implementation}: ${name}`).toBe(right);
      if (!result.ok) refused += 1;
    }
  }
  return refused;
};

describe('X25519 agreement', () => {
  test('[CR6] RFC 7748 vectors on every implementation', async () => {
    expect(await expectAll(rfc7748)).toBe(0);
    const alice = agreementKeyPair(
      bytesOf('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
    );
    expect(toHex(alice.publicKey)).toBe(
      '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    );
  });

  test.skipIf(!hasVectorFiles)(
    '[CR6] [row 38] every case of x25519.json gets its result',
    async () => {
      const agreements = fileAgreements();
      const refused = await expectAll(agreements);
      say(
        `X25519: ${String(agreements.length)} cases on 4 implementations, ${String(refused / 4)} to be refused`,
      );
      expect(refused).toBe(4 * agreements.filter(({ shared }) => shared === zeroHex).length);
    },
    120_000,
  );

  test('[CR6] [attack 10] [row 38] low-order DH keys and all-zero secrets', async () => {
    const lowOrder = [
      '0000000000000000000000000000000000000000000000000000000000000000', // 0
      '0100000000000000000000000000000000000000000000000000000000000000', // 1
      'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', // order 8
      '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157', // order 8
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p − 1
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // p + 1
    ].map(bytesOf);
    const withTopBit = lowOrder.map((key) => key.map((byte, i) => (i === 31 ? byte | 0x80 : byte)));
    const secretKeys = [0x01, 0x5a, 0xff].map((byte) => new Uint8Array(32).fill(byte));
    const agreements = [...lowOrder, ...withTopBit].flatMap((publicKey) =>
      secretKeys.map((secretKey) => ({
        name: toHex(publicKey),
        secretKey,
        publicKey,
        shared: zeroHex,
      })),
    );
    expect(await expectAll(agreements)).toBe(4 * agreements.length);
    say(`X25519 low-order keys: ${String(agreements.length)} refused on each of 4 implementations`);
  });
});
