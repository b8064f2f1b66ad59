import { createHash, createHmac } from 'node:crypto';
import nacl from 'tweetnacl';
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, u16be, u64be, utf8ToBytes } from '../../../src/base/bytes.ts';
import type { Signer } from '../../../src/crypto/backend.ts';
import { secretboxOpen } from '../../../src/crypto/secretbox.ts';
import {
  decodeEnvelope,
  entryHash,
  envelopeOverheadBytes,
  skeletonBytes,
  skeletonOf,
  verifyEnvelope,
} from '../../../src/protocol/envelope.ts';
import {
  openEnvelope,
  sealEnvelope,
  type EnvelopeInput,
} from '../../../src/protocol/envelope-box.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { isPaddedLength, pad, paddedLength, unpad } from '../../../src/protocol/padding.ts';
import { backend, envelopeOf, everyBitFlip, fixedBytes, fixedSigner, valueOf } from './fixtures.ts';
import { sealUnderTwoKeys } from './two-key-box.ts';

const body = utf8ToBytes('a short body');
const messageKey = fixedBytes('message key');
const signatureBytes = 64;

const oracleHash = (label: string, bytes: Uint8Array): Uint8Array =>
  new Uint8Array(
    createHash('sha512').update(label).update(Uint8Array.of(0)).update(bytes).digest(),
  ).slice(0, 32);

const oracleHmac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  new Uint8Array(createHmac('sha512', key).update(data).digest());

let writer: Signer;
let first: EnvelopeInput;
let second: EnvelopeInput;

beforeAll(async () => {
  writer = await fixedSigner('writer');
  first = {
    mailbox: fixedBytes('mailbox', 16),
    writer,
    seq: 0,
    prev: new Uint8Array(32),
    nonce: fixedBytes('nonce', 24),
    messageKey,
    body,
  };
  second = {
    ...first,
    seq: 1,
    prev: entryHash(envelopeOf(await sealEnvelope(first))),
    nonce: fixedBytes('second nonce', 24),
    messageKey: fixedBytes('second message key'),
  };
});

/** Mallory has the message key and a writer key of her own: seals any header over any content. */
const sealByHand = async (
  keyedHeader: Uint8Array,
  {
    keyCommit,
    ciphertext,
    signer,
  }: { keyCommit: Uint8Array; ciphertext: Uint8Array; signer: Signer },
): Promise<Uint8Array> => {
  const header = concatBytes(keyedHeader, keyCommit, u16be(ciphertext.length));
  const signature = await signer.sign(
    concatBytes(utf8ToBytes('sotto1/envelope-sig'), header, oracleHash('sotto1/ct', ciphertext)),
  );
  return concatBytes(header, ciphertext, signature);
};

describe('layout', () => {
  test('[EN4] the bytes are those of the table, rebuilt here without our code', async () => {
    const { mailbox, seq, prev, nonce } = second;
    const keyedHeader = concatBytes(
      Uint8Array.of(1, 1),
      mailbox,
      writer.publicKey,
      u64be(seq),
      prev,
      nonce,
    );
    const derived = oracleHmac(second.messageKey, keyedHeader);
    const padded = new Uint8Array(128);
    padded.set(concatBytes(Uint8Array.of(0, 0, 0, body.length), body));
    const ciphertext = nacl.secretbox(padded, nonce, derived.subarray(0, 32));
    const keyCommit = derived.subarray(32, 48);
    const signer = {
      publicKey: writer.publicKey,
      sign: (message: Uint8Array) =>
        nacl.sign.detached(
          message,
          nacl.sign.keyPair.fromSeed(fixedBytes('writer seed')).secretKey,
        ),
    };
    const expected = await sealByHand(keyedHeader, { keyCommit, ciphertext, signer });
    expect(await sealEnvelope(second)).toEqual(expected);
  });

  test('[EN1] a valid envelope decodes to its fields', async () => {
    const bytes = await sealEnvelope(second);
    const envelope = envelopeOf(bytes);
    expect(bytes.length).toBe(envelopeOverheadBytes + 128);
    expect(envelope).toMatchObject({
      bytes,
      mailbox: second.mailbox,
      writerPub: writer.publicKey,
      seq: 1,
      prev: second.prev,
      nonce: second.nonce,
    });
    expect(valueOf(openEnvelope(envelope, second.messageKey))).toEqual(body);
    expect(await verifyEnvelope(backend, envelope)).toBe(true);
  });

  test('[EN1] a decoded envelope does not change with the frame it came in', async () => {
    const frame = await sealEnvelope(second);
    const envelope = envelopeOf(frame);
    frame.fill(0);
    expect(await verifyEnvelope(backend, envelope)).toBe(true);
  });

  test('[EN2] a skeleton has 228 bytes and is enough to check the signature', async () => {
    const envelope = envelopeOf(await sealEnvelope(second));
    const skeleton = skeletonOf(envelope);
    expect(envelopeOverheadBytes).toBe(212);
    expect(skeleton.length).toBe(skeletonBytes);
    expect(skeletonBytes).toBe(228);
    const message = concatBytes(utf8ToBytes('sotto1/envelope-sig'), skeleton.subarray(0, 164));
    const signature = skeleton.subarray(164);
    expect(nacl.sign.detached.verify(message, signature, envelope.writerPub)).toBe(true);
  });

  test('[EN3] the entry hash is that of the skeleton under its own label', async () => {
    const envelope = envelopeOf(await sealEnvelope(second));
    expect(entryHash(envelope)).toEqual(oracleHash('sotto1/envelope', skeletonOf(envelope)));
  });
});

describe('structure', () => {
  const change = async (input: EnvelopeInput, at: number, ...values: ReadonlyArray<number>) => {
    const bytes = await sealEnvelope(input);
    bytes.set(values, at);
    return decodeEnvelope(bytes);
  };
  const malformed = { ok: false, error: 'malformed-envelope' };

  test('[EN1] another kind or suite is refused', async () => {
    expect(await change(second, 0, 2)).toEqual(malformed);
    expect(await change(second, 1, 2)).toEqual(malformed);
  });

  test('[EN1] seq ends below its limit', async () => {
    expect((await change(second, 50, ...u64be(limits.seqMax - 1))).ok).toBe(true);
    expect(await change(second, 50, ...u64be(limits.seqMax))).toEqual(malformed);
    expect(await change(second, 50, ...new Uint8Array(8).fill(0xff))).toEqual(malformed);
  });

  test('[EN1] prev is zero at seq 0 and nowhere else', async () => {
    expect(await change(first, 89, 1)).toEqual(malformed);
    expect(await change(second, 58, ...new Uint8Array(32))).toEqual(malformed);
    expect(await change(second, 50, ...u64be(0))).toEqual(malformed);
  });

  test('[EN1] the ciphertext length is exact and one that padding gives', async () => {
    const bytes = await sealEnvelope(second);
    expect(decodeEnvelope(bytes.subarray(1))).toEqual(malformed);
    expect(decodeEnvelope(bytes.subarray(0, -1))).toEqual(malformed);
    expect(decodeEnvelope(concatBytes(bytes, Uint8Array.of(0)))).toEqual(malformed);
    const head = bytes.subarray(0, 130);
    for (const paddedBytes of [0, 64, 112, 129, 384]) {
      const content = new Uint8Array(paddedBytes + 16 + signatureBytes);
      const length = u16be(paddedBytes + 16);
      expect(decodeEnvelope(concatBytes(head, length, content))).toEqual(malformed);
    }
    const content = new Uint8Array(256 + 16 + signatureBytes);
    expect(decodeEnvelope(concatBytes(head, u16be(272), content)).ok).toBe(true);
  });

  test('[EN1] no length makes it throw', async () => {
    const bytes = await sealEnvelope(second);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(decodeEnvelope(bytes.subarray(0, length))).toEqual(malformed);
    }
    expect(decodeEnvelope(new Uint8Array(1 << 20).fill(1))).toEqual(malformed);
  });

  test('[EN4] the largest body fits in a frame, one byte more is the program’s mistake', async () => {
    const largest = { ...second, body: new Uint8Array(limits.bodyBytesMax).fill(7) };
    const bytes = await sealEnvelope(largest);
    expect(bytes.length).toBeLessThanOrEqual(limits.frameBytesMax);
    expect(valueOf(openEnvelope(envelopeOf(bytes), second.messageKey))).toEqual(largest.body);
    const larger = { ...second, body: new Uint8Array(limits.bodyBytesMax + 1) };
    await expect(sealEnvelope(larger)).rejects.toThrow('a body is within its limit');
  });

  test('[EN4] a log cannot be sealed past its end or out of its chain', async () => {
    await expect(sealEnvelope({ ...second, seq: limits.seqMax })).rejects.toThrow('limit');
    await expect(sealEnvelope({ ...second, prev: first.prev })).rejects.toThrow('predecessor');
    await expect(sealEnvelope({ ...first, prev: second.prev })).rejects.toThrow('predecessor');
  });

  test.each([
    ['mailbox', { mailbox: fixedBytes('mailbox', 15) }],
    ['prev', { prev: fixedBytes('prev', 31) }],
    ['nonce', { nonce: fixedBytes('nonce', 25) }],
    ['message key', { messageKey: fixedBytes('message key', 31) }],
    ['writer key', { writer: { publicKey: new Uint8Array(31), sign: () => new Uint8Array(64) } }],
  ])('[EN4] a %s of another length is the program’s mistake', async (_, field) => {
    await expect(sealEnvelope({ ...second, ...field })).rejects.toThrow('bytes');
  });
});

describe('attacks', () => {
  test('[EN6] attack 7: every bit flip of a valid frame fails structure or signature', async () => {
    const flips = everyBitFlip(await sealEnvelope(second));
    let verified = 0;
    for (const flipped of flips) {
      const decoded = decodeEnvelope(flipped);
      if (!decoded.ok) continue;
      verified += 1;
      expect(await verifyEnvelope(backend, decoded.value)).toBe(false);
    }
    expect(verified).toBeGreaterThan(flips.length * 0.8); // most are caught by the signature
  });

  test('[EN5] attack 7: and before the signature every flip fails structure or opening', async () => {
    const bytes = await sealEnvelope(second);
    const signatureFlips = signatureBytes * 8;
    const errors = new Set<string>();
    for (const flipped of everyBitFlip(bytes).slice(0, -signatureFlips)) {
      const decoded = decodeEnvelope(flipped);
      if (!decoded.ok) continue;
      const opened = openEnvelope(decoded.value, second.messageKey);
      expect(opened.ok).toBe(false);
      if (!opened.ok) errors.add(opened.error);
    }
    expect(errors).toEqual(new Set(['wrong-key', 'bad-tag']));
  });

  test('[EN6] attack 8: a malleated signature is no second form of an entry', async () => {
    const bytes = await sealEnvelope(second);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const scalar = bytes.slice(-32);
    const sum = scalar.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n) + order;
    bytes.set(
      Uint8Array.from({ length: 32 }, (_, i) => Number((sum >> BigInt(8 * i)) & 0xffn)),
      bytes.length - 32,
    );
    expect(await verifyEnvelope(backend, envelopeOf(bytes))).toBe(false);
  });

  test('[EN5] attack 13: an entry opens under no other message key', async () => {
    const envelope = envelopeOf(await sealEnvelope(second));
    expect(openEnvelope(envelope, first.messageKey)).toEqual({ ok: false, error: 'wrong-key' });
  });

  test.each([
    ['mailbox', 2, 16],
    ['writer', 18, 32],
    ['seq', 50, 8],
    ['prev', 58, 32],
    ['nonce', 90, 24],
  ])(
    '[EN5] attack 14 header swap: content does not open under another %s',
    async (_, at, length) => {
      const mallory = await fixedSigner('mallory');
      const original = envelopeOf(await sealEnvelope(second));
      const other = envelopeOf(
        await sealEnvelope({
          ...second,
          mailbox: fixedBytes('other mailbox', 16),
          writer: mallory,
          seq: 2,
          prev: fixedBytes('other prev'),
          nonce: fixedBytes('other nonce', 24),
        }),
      );
      const keyedHeader = original.bytes.slice(0, 114);
      keyedHeader.set(other.bytes.subarray(at, at + length), at);
      const { ciphertext } = original;

      // As taken over, and with the commitment recomputed by somebody who knows the message key.
      const recomputed = oracleHmac(second.messageKey, keyedHeader).subarray(32, 48);
      const attempts: ReadonlyArray<readonly [Uint8Array, string]> = [
        [original.keyCommit, 'wrong-key'],
        [recomputed, 'bad-tag'],
      ];
      for (const [keyCommit, error] of attempts) {
        const forged = await sealByHand(keyedHeader, { keyCommit, ciphertext, signer: mallory });
        const opened = openEnvelope(envelopeOf(forged), second.messageKey);
        expect(opened).toEqual({ ok: false, error });
      }
    },
  );

  test('[EN5] key commitment: a box that opens under two keys is an envelope under one', async () => {
    const keyedHeader = (await sealEnvelope(second)).slice(0, 114);
    const messageKeys = [second.messageKey, fixedBytes('another message key')] as const;
    const derived = messageKeys.map((key) => oracleHmac(key, keyedHeader));
    const [forAlice, forBob] = derived as [Uint8Array, Uint8Array];
    const { nonce } = second;
    const plaintext = pad(fixedBytes('body without zeros after it', 124));
    const ciphertext = sealUnderTwoKeys({
      keys: [forAlice.slice(0, 32), forBob.slice(0, 32)],
      nonce,
      plaintext,
    });
    for (const keys of [forAlice, forBob]) {
      // The attack on the primitive is real: both keys open it, to different bytes.
      const opened = secretboxOpen({ key: keys.slice(0, 32), nonce, box: ciphertext });
      expect(opened).toBeInstanceOf(Uint8Array);
    }
    const signer = writer;
    const keyCommit = forAlice.slice(32, 48);
    const forged = envelopeOf(await sealByHand(keyedHeader, { keyCommit, ciphertext, signer }));
    expect(await verifyEnvelope(backend, forged)).toBe(true);
    expect(openEnvelope(forged, messageKeys[0]).ok).toBe(true);
    expect(openEnvelope(forged, messageKeys[1])).toEqual({ ok: false, error: 'wrong-key' });
  });

  test('[EN5] content that is not the one padding of a body is refused', async () => {
    const keyedHeader = (await sealEnvelope(second)).slice(0, 114);
    const derived = oracleHmac(second.messageKey, keyedHeader);
    const untidy = pad(body);
    untidy[127] = 1;
    const { nonce } = second;
    const ciphertext = nacl.secretbox(untidy, nonce, derived.subarray(0, 32));
    const keyCommit = derived.subarray(32, 48);
    const bytes = await sealByHand(keyedHeader, { keyCommit, ciphertext, signer: writer });
    const opened = openEnvelope(envelopeOf(bytes), second.messageKey);
    expect(opened).toEqual({ ok: false, error: 'bad-padding' });
  });
});

describe('padding', () => {
  test.each([
    [0, 128],
    [124, 128],
    [125, 256],
    [252, 256],
    [253, 512],
    [508, 512],
    [1020, 1024],
    [2044, 2048],
    [4092, 4096],
    [4093, 8192],
    [8188, 8192],
    [8189, 8704],
    [8700, 8704],
    [16_380, 16_384],
    [16_381, 17_408],
    [32_768, 34_816],
  ])('[PD1] a body of %i bytes travels as %i', (bodyBytes, padded) => {
    expect(paddedLength(bodyBytes)).toBe(padded);
  });

  test('[PD2] the lengths that occur are few, and are known again', () => {
    const lengths = new Set<number>();
    for (let bytes = 0; bytes <= limits.bodyBytesMax; bytes += 1) lengths.add(paddedLength(bytes));
    expect(lengths.size).toBe(7 + 16 + 16 + 1);
    for (let length = 0; length <= 2 * limits.frameBytesMax; length += 1) {
      expect(isPaddedLength(length)).toBe(lengths.has(length));
    }
  });

  test('[PD3] one padded form for each body, and nothing else unpads', () => {
    const padded = pad(body);
    expect(unpad(padded)).toEqual(body);
    expect(unpad(padded.subarray(0, 64))).toBeUndefined();
    expect(unpad(concatBytes(padded, new Uint8Array(128)))).toBeUndefined();
    expect(unpad(new Uint8Array(3))).toBeUndefined();
    for (const at of [4 + body.length, 127]) {
      const untidy = padded.slice();
      untidy[at] = 1;
      expect(unpad(untidy)).toBeUndefined();
    }
    for (const length of [125, 2 ** 31, 2 ** 32 - 1]) {
      const lying = padded.slice();
      new DataView(lying.buffer).setUint32(0, length);
      expect(unpad(lying)).toBeUndefined();
    }
    const overlong = new Uint8Array(paddedLength(limits.bodyBytesMax));
    new DataView(overlong.buffer).setUint32(0, limits.bodyBytesMax);
    expect(unpad(overlong)).toHaveLength(limits.bodyBytesMax);
    new DataView(overlong.buffer).setUint32(0, limits.bodyBytesMax + 1);
    expect(unpad(overlong)).toBeUndefined();
  });
});
