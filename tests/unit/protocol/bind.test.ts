import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/bytes.ts';
import type { Signer } from '../../../src/crypto/backend.ts';
import {
  decodeBind,
  encodeBind,
  verifyBind,
  type Bind,
} from '../../../src/protocol/epochs/bind.ts';
import { encodeCanonical, type CborValue } from '../../../src/protocol/cbor.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  createPrekey,
  decodePrekey,
  prekeyId,
  verifyPrekey,
} from '../../../src/protocol/epochs/prekey.ts';
import { backend, everyBitFlip, fixedBytes, fixedSigner, valueOf } from './fixtures.ts';

const secret = { x25519Seed: fixedBytes('x25519 seed'), kemSeed: fixedBytes('kem seed', 64) };
const closing = (i: number) => ({
  writerPub: fixedBytes(`closed ${String(i)}`),
  seq: i,
  hash: fixedBytes(`closed hash ${String(i)}`),
});

let device: Signer;
let mallory: Signer;
let bundle: Uint8Array;
let bind: Bind;

beforeAll(async () => {
  device = await fixedSigner('device');
  mallory = await fixedSigner('mallory');
  bundle = await createPrekey({ secret, deviceSigner: device, createdAtMs: 1_700_000_000_000 });
  bind = {
    epochId: fixedBytes('epoch id'),
    devSignPub: device.publicKey,
    incarnation: 0,
    writerPub: fixedBytes('writer'),
    closes: [closing(0), closing(1)],
    prekeyBundle: bundle,
  };
});

describe('bind', () => {
  test('[BI1] a bind comes back as it was, and its device signed it', async () => {
    const bytes = await encodeBind(bind, device);
    const decoded = valueOf(decodeBind(bytes));
    expect(decoded).toEqual({
      ...bind,
      signedBytes: bytes.slice(0, -64),
      signature: bytes.slice(-64),
    });
    expect(await verifyBind(backend, decoded)).toBe(true);
  });

  test('[BI3] a bind that names a device which did not sign it does not verify', async () => {
    const decoded = valueOf(decodeBind(await encodeBind(bind, mallory)));
    expect(await verifyBind(backend, decoded)).toBe(false);
  });

  test('[BI3] a signature over the same bytes under another label does not verify', async () => {
    const signedBytes = (await encodeBind(bind, device)).slice(0, -64);
    const signature = await device.sign(
      concatBytes(new TextEncoder().encode('sotto1/op'), signedBytes),
    );
    const decoded = valueOf(decodeBind(concatBytes(signedBytes, signature)));
    expect(await verifyBind(backend, decoded)).toBe(false);
  });

  test('[BI3] no bit of a bind can be changed', async () => {
    const flips = everyBitFlip(
      await encodeBind({ ...bind, prekeyBundle: new Uint8Array(8) }, device),
    );
    let verified = 0;
    for (const flipped of flips) {
      const decoded = decodeBind(flipped);
      if (!decoded.ok) continue;
      verified += 1;
      expect(await verifyBind(backend, decoded.value)).toBe(false);
    }
    expect(verified).toBeGreaterThan(1000);
  });

  test('[BI2] what a field may be has limits', () => {
    const record = (change: Record<string, CborValue>): Uint8Array => {
      const closes = bind.closes.map(({ writerPub, seq, hash }) => [writerPub, seq, hash]);
      const fields = encodeCanonical({ ...bind, closes, ...change });
      return concatBytes(fields, new Uint8Array(64));
    };
    const isDecoded = (change: Record<string, CborValue>) => decodeBind(record(change)).ok;
    const row = (seq: number) => [fixedBytes('w'), seq, fixedBytes('h')];
    const rows = (length: number) => Array.from({ length }, (_, i) => row(i));
    expect(isDecoded({})).toBe(true);
    expect(isDecoded({ incarnation: limits.incarnationsMax - 1 })).toBe(true);
    expect(isDecoded({ incarnation: limits.incarnationsMax })).toBe(false);
    expect(isDecoded({ incarnation: -1 })).toBe(false);
    expect(isDecoded({ closes: [row(limits.seqMax - 1)] })).toBe(true);
    expect(isDecoded({ closes: [row(limits.seqMax)] })).toBe(false);
    expect(isDecoded({ closes: rows(limits.closesMax) })).toBe(true);
    expect(isDecoded({ closes: rows(limits.closesMax + 1) })).toBe(false);
    expect(isDecoded({ closes: [[fixedBytes('w'), 0]] })).toBe(false);
    expect(isDecoded({ epochId: fixedBytes('short', 31) })).toBe(false);
    expect(isDecoded({ prekeyBundle: new Uint8Array(limits.prekeyBundleBytesMax + 1) })).toBe(
      false,
    );
    expect(isDecoded({ extra: 1 })).toBe(false);
  });

  test('[BI2] the fullest bind fits in a body', async () => {
    const closes = Array.from({ length: limits.closesMax }, (_, i) =>
      closing(limits.seqMax - 1 - i),
    );
    const prekeyBundle = new Uint8Array(limits.prekeyBundleBytesMax);
    const bytes = await encodeBind({ ...bind, closes, prekeyBundle }, device);
    expect(bytes.length).toBeLessThanOrEqual(limits.bodyBytesMax);
    expect(valueOf(decodeBind(bytes)).closes).toEqual(closes);
  });

  test('[BI1] more closings than the limit are the program’s mistake', () => {
    const closes = Array.from({ length: limits.closesMax + 1 }, (_, i) => closing(i));
    expect(() => encodeBind({ ...bind, closes }, device)).toThrow('closes no more logs');
  });
});

describe('prekey', () => {
  test('[PK1] a prekey comes back with the public halves of its seeds', async () => {
    const prekey = valueOf(decodePrekey(bundle));
    expect(prekey.bundle).toEqual(bundle);
    expect(prekey.createdAtMs).toBe(1_700_000_000_000);
    expect(prekey.kemPub.length).toBe(1184);
    expect(bundle.length).toBeLessThanOrEqual(limits.prekeyBundleBytesMax);
    expect(await verifyPrekey(backend, prekey, device.publicKey)).toBe(true);
    const again = await createPrekey({
      secret,
      deviceSigner: device,
      createdAtMs: prekey.createdAtMs,
    });
    expect(again).toEqual(bundle);
  });

  test('[PK2] a decoded bundle does not change with the frame it came in', () => {
    const frame = bundle.slice();
    const prekey = valueOf(decodePrekey(frame));
    frame.fill(0);
    expect(prekey.bundle).toEqual(bundle);
  });

  test('[PK2] a prekey is nobody else’s', async () => {
    const prekey = valueOf(decodePrekey(bundle));
    expect(await verifyPrekey(backend, prekey, mallory.publicKey)).toBe(false);
  });

  test('[PK2] a changed, cut or lengthened bundle fails its form or its signature', async () => {
    for (let at = 0; at < bundle.length; at += 1) {
      const changed = bundle.slice();
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      const decoded = decodePrekey(changed);
      if (decoded.ok) {
        expect(await verifyPrekey(backend, decoded.value, device.publicKey)).toBe(false);
      }
    }
    for (const length of [0, 1, 63, 64, 65, 500, bundle.length - 1]) {
      expect(decodePrekey(bundle.subarray(0, length)).ok).toBe(false);
    }
    expect(decodePrekey(concatBytes(bundle, new Uint8Array(1))).ok).toBe(false);
    expect(decodePrekey(new Uint8Array(limits.prekeyBundleBytesMax + 1)).ok).toBe(false);
  });

  test('[PK3] a prekey id names one bundle', async () => {
    const other = await createPrekey({ secret, deviceSigner: device, createdAtMs: 0 });
    expect(prekeyId(bundle).length).toBe(8);
    expect(prekeyId(other)).not.toEqual(prekeyId(bundle));
  });
});
