/** What holds for every input of the wire codecs: round trips, and decoders that never throw. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, u16be, u64be, utf8ToBytes } from '../../src/base/bytes.ts';
import type { MaybePromise } from '../../src/base/result.ts';
import type { Signer } from '../../src/crypto/backend.ts';
import { decodeBind, encodeBind, type Bind } from '../../src/protocol/epochs/bind.ts';
import {
  decodeBody,
  encodeBody,
  isLamportValid,
  lamportCeiling,
  nextLamport,
  type Body,
} from '../../src/protocol/body.ts';
import {
  decodeCanonical,
  encodeCanonical,
  isWireText,
  toWireText,
  type CborValue,
} from '../../src/protocol/cbor.ts';
import { decodeEnvelope, verifyEnvelope } from '../../src/protocol/envelope.ts';
import { openEnvelope, sealEnvelope } from '../../src/protocol/envelope-box.ts';
import { limits } from '../../src/protocol/limits.ts';
import { pad, unpad } from '../../src/protocol/padding.ts';
import { encodeOps, packOps, readOps } from '../../src/protocol/payload.ts';
import { createPrekey, decodePrekey } from '../../src/protocol/epochs/prekey.ts';
import { openPeerRecord, sealPeerRecord } from '../../src/protocol/rendezvous.ts';
import { decodeSeal, encodeSeal, type Seal } from '../../src/protocol/epochs/seal.ts';
import {
  backend,
  envelopeOf,
  everyBitFlip,
  fixedBytes,
  fixedSigner,
  valueOf,
} from '../unit/protocol/fixtures.ts';

const bytesMax = 1 << 20;

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const bytesBelow = (maxLength: number) => fc.uint8Array({ maxLength });
const seq = fc.integer({ min: 0, max: limits.seqMax - 1 });
const wireText = fc.string({ unit: 'binary', maxLength: 40 }).map(toWireText);

const cborValue = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 8, depthIdentifier: 'cbor' },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    wireText,
    bytesBelow(40),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'cbor' }),
    fc.dictionary(wireText, tie('value'), {
      maxKeys: 4,
      depthIdentifier: 'cbor',
      noNullPrototype: true,
    }),
  ),
})).value;

const bodyOf: fc.Arbitrary<Body> = fc.record({
  type: fc.oneof(fc.constantFrom('text', 'control', 'void'), fc.string({ maxLength: 32 })),
  mid: bytes(16),
  lamport: fc.maxSafeNat(),
  sentAt: fc.maxSafeInteger(),
  deps: fc.record({
    entries: fc.array(fc.record({ writerPub: bytes(32), seq, hash8: bytes(8) }), {
      maxLength: limits.depsMax,
    }),
    vectorHash: bytes(32),
  }),
  payload: cborValue,
});

const bindOf: fc.Arbitrary<Bind> = fc.record({
  epochId: bytes(32),
  devSignPub: bytes(32),
  incarnation: fc.integer({ min: 0, max: limits.incarnationsMax - 1 }),
  writerPub: bytes(32),
  closes: fc.array(fc.record({ writerPub: bytes(32), seq, hash: bytes(32) }), { maxLength: 5 }),
  prekeyBundle: bytesBelow(100),
});

const sealOf: fc.Arbitrary<Seal> = fc.record({
  epochId: bytes(32),
  ephemeralPub: bytes(32),
  first: fc.integer({ min: 0, max: limits.devicesMax - 1 }),
  boxes: fc.array(fc.oneof(bytes(0), bytes(56), bytes(1144)), { maxLength: limits.sealBoxesMax }),
});

const peerRecordOf = fc.record({
  peerId: fc.string({ maxLength: 60 }),
  relays: fc.array(fc.string({ maxLength: 40 }), { maxLength: 8 }),
  expiresAtMs: fc.maxSafeNat(),
});

/** Signs with bytes that were there already: encoding again must give the very same record. */
const resign = (signature: Uint8Array): Signer => ({
  publicKey: new Uint8Array(32),
  sign: () => signature,
});

/** Each decoder with an encoder from what it gave; undefined where it refused. */
const decodeAndEncode: Readonly<
  Record<string, (input: Uint8Array) => MaybePromise<Uint8Array | undefined>>
> = {
  cbor: (input) => {
    const decoded = decodeCanonical(input, { bytesMax });
    return decoded.ok ? encodeCanonical(decoded.value) : undefined;
  },
  body: (input) => {
    const decoded = decodeBody(input);
    return decoded.ok ? encodeBody(decoded.value) : undefined;
  },
  bind: (input) => {
    const decoded = decodeBind(input);
    return decoded.ok ? encodeBind(decoded.value, resign(decoded.value.signature)) : undefined;
  },
  prekey: (input) => {
    const decoded = decodePrekey(input);
    if (!decoded.ok) return undefined;
    const { x25519Pub, kemPub, createdAtMs, signature } = decoded.value;
    return concatBytes(encodeCanonical({ v: 1, x25519Pub, kemPub, createdAtMs }), signature);
  },
  seal: (input) => {
    const value = decodeCanonical(input, { bytesMax });
    const decoded = value.ok ? decodeSeal(value.value) : value;
    return decoded.ok ? encodeCanonical(encodeSeal(decoded.value)) : undefined;
  },
  ops: (input) => {
    const value = decodeCanonical(input, { bytesMax });
    const payload = value.ok ? readOps(value.value) : undefined;
    return payload && encodeCanonical(encodeOps(payload));
  },
  envelope: (input) => {
    const decoded = decodeEnvelope(input);
    if (!decoded.ok) return undefined;
    const { mailbox, writerPub, prev, nonce, keyCommit, ciphertext, signature } = decoded.value;
    return concatBytes(
      Uint8Array.of(1, 1),
      mailbox,
      writerPub,
      u64be(decoded.value.seq),
      prev,
      nonce,
      keyCommit,
      u16be(ciphertext.length),
      ciphertext,
      signature,
    );
  },
};
const decoderNames = Object.keys(decodeAndEncode);

const validBytes = new Map<string, Uint8Array>();

beforeAll(async () => {
  const signer = await fixedSigner('device');
  const [exampleBind] = fc.sample(bindOf, { numRuns: 1, seed: 1 });
  const [exampleSeal] = fc.sample(sealOf, { numRuns: 1, seed: 3 });
  const payload = { list: [1, -1, null, true, 'é', Uint8Array.of(1)], map: { a: { b: 'c' } } };
  const body = encodeBody({
    type: 'text',
    mid: fixedBytes('mid', 16),
    lamport: 300,
    sentAt: 1_700_000_000_000,
    deps: {
      entries: [{ writerPub: fixedBytes('w'), seq: 7, hash8: fixedBytes('h', 8) }],
      vectorHash: fixedBytes('v'),
    },
    payload,
  });
  validBytes.set('cbor', encodeCanonical(payload));
  validBytes.set('body', body);
  validBytes.set('bind', await encodeBind(exampleBind as Bind, signer));
  validBytes.set(
    'prekey',
    await createPrekey({
      secret: { x25519Seed: fixedBytes('x'), kemSeed: fixedBytes('k', 64) },
      deviceSigner: signer,
      createdAtMs: 1,
    }),
  );
  const { epochId, ephemeralPub, first } = exampleSeal as Seal;
  const boxes = [new Uint8Array(56), new Uint8Array(0)];
  validBytes.set('seal', encodeCanonical(encodeSeal({ epochId, ephemeralPub, first, boxes })));
  const opsPayload = { ops: [fixedBytes('op', 40)], identityLogs: [fixedBytes('log', 20)] };
  validBytes.set('ops', encodeCanonical(encodeOps(opsPayload)));
  validBytes.set(
    'envelope',
    await sealEnvelope({
      mailbox: fixedBytes('mailbox', 16),
      writer: signer,
      seq: 1,
      prev: fixedBytes('prev'),
      nonce: fixedBytes('nonce', 24),
      messageKey: fixedBytes('message key'),
      body: utf8ToBytes('hello'),
    }),
  );
});

describe('round trips', () => {
  test('[CB1] every value of the subset has one encoding and comes back', () => {
    fc.assert(
      fc.property(cborValue, (value) => {
        const encoded = encodeCanonical(value);
        const decoded = valueOf(decodeCanonical(encoded, { bytesMax }));
        expect(decoded).toEqual(value);
        expect(encodeCanonical(decoded)).toEqual(encoded);
      }),
    );
  });

  test('[CB1] the order in which a map was built does not show', () => {
    fc.assert(
      fc.property(fc.uniqueArray(wireText, { maxLength: 6 }), (keys) => {
        const build = (order: ReadonlyArray<string>) =>
          Object.fromEntries(order.map((key) => [key, key.length]));
        expect(encodeCanonical(build([...keys].reverse()))).toEqual(encodeCanonical(build(keys)));
      }),
    );
  });

  test('[CB5] any string becomes text that is carried unchanged', () => {
    const anyString = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
      .map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(anyString, (text) => {
        const clean = toWireText(text);
        expect(isWireText(clean)).toBe(true);
        expect(isWireText(text)).toBe(clean === text);
        const encoded = encodeCanonical(clean);
        expect(decodeCanonical(encoded, { bytesMax })).toEqual({ ok: true, value: clean });
      }),
    );
  });

  test('[BO1] every body', () => {
    fc.assert(
      fc.property(bodyOf, (body) => {
        expect(decodeBody(encodeBody(body))).toEqual({ ok: true, value: body });
      }),
    );
  });

  test('[BI1] every bind', async () => {
    await fc.assert(
      fc.asyncProperty(bindOf, bytes(64), async (bind, signature) => {
        const encoded = await encodeBind(bind, resign(signature));
        const signedBytes = encoded.slice(0, -64);
        const value = { ...bind, signedBytes, signature };
        expect(decodeBind(encoded)).toEqual({ ok: true, value });
      }),
    );
  });

  test('[SE4] every seal', () => {
    fc.assert(
      fc.property(sealOf, (seal) => {
        expect(decodeSeal(encodeSeal(seal))).toEqual({ ok: true, value: seal });
      }),
    );
  });

  test('[RV2] every peer record that fits', () => {
    fc.assert(
      fc.property(peerRecordOf, bytes(32), bytes(24), (record, key, nonce) => {
        expect(openPeerRecord(key, sealPeerRecord(key, nonce, record))).toEqual({
          ok: true,
          value: record,
        });
      }),
    );
  });

  test('[PD3] every body, padded', () => {
    fc.assert(
      fc.property(bytesBelow(12_000), (body) => {
        expect(unpad(pad(body))).toEqual(body);
      }),
    );
  });

  test('[PL3] every set of ops, packed', () => {
    const blobs = fc.array(bytesBelow(9000), { maxLength: 12 });
    fc.assert(
      fc.property(blobs, blobs, (ops, identityLogs) => {
        const packed = packOps({ ops, identityLogs }).map((payload) => readOps(encodeOps(payload)));
        expect(packed.flatMap((payload) => payload?.ops ?? [])).toEqual(ops);
        expect(packed.flatMap((payload) => payload?.identityLogs ?? [])).toEqual(identityLogs);
      }),
      { numRuns: 50 },
    );
  });

  test('[EN4] every sealed body decodes, verifies and opens', async () => {
    const writer = await fixedSigner('writer');
    const place = fc.oneof(
      fc.constant({ seq: 0, prev: new Uint8Array(32) }),
      fc.record({ seq: fc.integer({ min: 1, max: limits.seqMax - 1 }), prev: bytes(32) }),
    );
    await fc.assert(
      fc.asyncProperty(
        place.filter(({ seq: at, prev }) => at === 0 || prev.some((byte) => byte !== 0)),
        fc.record({ mailbox: bytes(16), nonce: bytes(24), messageKey: bytes(32) }),
        bytesBelow(3000),
        async (at, keys, body) => {
          const envelope = envelopeOf(await sealEnvelope({ ...at, ...keys, writer, body }));
          expect(await verifyEnvelope(backend, envelope)).toBe(true);
          expect(openEnvelope(envelope, keys.messageKey)).toEqual({ ok: true, value: body });
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('total decoders', () => {
  /** Refused, or exactly these bytes: nothing has a second form. */
  const expectTotal = async (name: string, input: Uint8Array): Promise<boolean> => {
    const encoded = await decodeAndEncode[name]?.(input);
    if (encoded !== undefined) expect(encoded).toEqual(input);
    return encoded !== undefined;
  };

  test.each(decoderNames)('[CB3] %s: arbitrary bytes never throw', async (name) => {
    await fc.assert(
      fc.asyncProperty(bytesBelow(400), async (input) => {
        await expectTotal(name, input);
      }),
      { numRuns: 500 },
    );
  });

  test.each(decoderNames)('[CB3] %s: arbitrary CBOR never throws', async (name) => {
    await fc.assert(
      fc.asyncProperty(cborValue, async (value) => {
        const encoded = encodeCanonical(value);
        await expectTotal(name, encoded);
        await expectTotal(name, concatBytes(encoded, new Uint8Array(64)));
      }),
    );
  });

  test.each(decoderNames)('[CB3] %s: a valid value has one form', async (name) => {
    expect(await expectTotal(name, validBytes.get(name) ?? new Uint8Array(0))).toBe(true);
  });

  test.each(decoderNames)('[CB3] %s: no bit flip throws or has a second form', async (name) => {
    for (const flipped of everyBitFlip(validBytes.get(name) ?? new Uint8Array(0))) {
      await expectTotal(name, flipped);
    }
  });

  test.each(decoderNames)('[CB3] %s: cut or lengthened is refused', async (name) => {
    const valid = validBytes.get(name) ?? new Uint8Array(0);
    for (let length = 0; length < valid.length; length += 1) {
      expect(await expectTotal(name, valid.subarray(0, length))).toBe(false);
    }
    expect(await expectTotal(name, concatBytes(valid, Uint8Array.of(0)))).toBe(false);
  });

  test('[RV3] arbitrary blobs open nothing and never throw', () => {
    fc.assert(
      fc.property(bytesBelow(600), bytes(32), (blob, key) => {
        expect(openPeerRecord(key, blob).ok).toBe(false);
      }),
    );
  });

  test('[PD3] arbitrary bytes unpad to what pads to them, or not at all', () => {
    const lengthFirst = fc
      .tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom(128, 256, 200), fc.boolean())
      .map(([length, size, isTidy]) => {
        const padded = new Uint8Array(size).fill(isTidy ? 0 : 7);
        padded.set([0, 0, length >> 8, length & 0xff]);
        return padded;
      });
    fc.assert(
      fc.property(fc.oneof(bytesBelow(300), lengthFirst), (input) => {
        const body = unpad(input);
        if (body !== undefined) expect(pad(body)).toEqual(input);
      }),
    );
  });
});

test('[LA3] what a sender writes is valid, or the epoch is full', () => {
  const place = fc.record({
    base: fc.integer({ min: 0, max: 2 ** 40 }),
    at: fc.integer({ min: 1, max: limits.seqMax - 1 }),
    step: fc.integer({ min: 0, max: 2 ** 33 }),
    greatestSeen: fc.maxSafeNat(),
    nowMs: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 2 ** 44 })),
  });
  fc.assert(
    fc.property(place, ({ base, at, step, ...hints }) => {
      const previous = step === 0 ? undefined : Math.min(base + step, lamportCeiling(base, at - 1));
      const lamport = nextLamport({ base, seq: at, previous, ...hints });
      if (lamport === undefined) expect(previous).toBe(lamportCeiling(base, at));
      else expect(isLamportValid({ base, seq: at, previous, lamport })).toBe(true);
    }),
  );
});
