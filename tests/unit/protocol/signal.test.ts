import fc from 'fast-check';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { createNodeBackend } from '../../../src/crypto/node-crypto.node.ts';
import { deriveEpochKeys } from '../../../src/protocol/epochs/epoch-keys.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  mailboxOfSignal,
  openSignal,
  sealSignal,
  verifySignal,
} from '../../../src/protocol/signal.ts';

const backend = createNodeBackend();
const keysOf = (epoch: number) =>
  deriveEpochKeys(new Uint8Array(32).fill(epoch), new Uint8Array(32).fill(7));
const keys = keysOf(1);
const nonce = new Uint8Array(24);
const typing = { counter: 5, endsAtMs: 1000, what: 'typing' };
const signerOf = (seed: number) => backend.signerFromSeed(new Uint8Array(32).fill(seed));

describe('signals', () => {
  test('[SG1] say what was sealed, under their epoch alone', async () => {
    const device = await signerOf(1);
    const frame = await sealSignal(keys, typing, { device, nonce });
    expect(frame.length).toBeLessThanOrEqual(limits.signalBytesMax);
    expect(mailboxOfSignal(frame)).toEqual(keys.mailbox16);
    expect(openSignal(keys, frame)?.signal).toEqual({ ...typing, devSignPub: device.publicKey });
    expect(openSignal(keysOf(2), frame)).toBeUndefined();
  });

  test('[SG1] a frame is longer than its header and as long as a signal may be', () => {
    const frame = (length: number) => {
      const bytes = new Uint8Array(length);
      bytes[0] = 2;
      return mailboxOfSignal(bytes);
    };
    expect([frame(41), frame(limits.signalBytesMax + 1)]).toEqual([undefined, undefined]);
    expect([frame(42), frame(limits.signalBytesMax)]).toEqual([
      new Uint8Array(16),
      new Uint8Array(16),
    ]);
    expect(mailboxOfSignal(new Uint8Array(100))).toBeUndefined();
  });

  test('[SG2] what a device signs has a label of its own', async () => {
    const device = await signerOf(1);
    const opened = openSignal(keys, await sealSignal(keys, typing, { device, nonce }));
    const { signedBytes, signature } = opened?.signed ?? {};
    const message = Buffer.concat([Buffer.from('sotto1/signal'), signedBytes ?? nonce]);
    const { publicKey } = device;
    const empty = new Uint8Array(64);
    expect(nacl.sign.detached.verify(message, signature ?? empty, publicKey)).toBe(true);
  });

  test('[SG1] any bytes read as a signal or as none', async () => {
    const frame = await sealSignal(keys, typing, { device: await signerOf(1), nonce });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: limits.signalBytesMax + 8 }), (bytes) => {
        expect(openSignal(keys, bytes)).toBeUndefined();
        const kindly = Uint8Array.of(2, ...keys.mailbox16, ...bytes);
        expect(openSignal(keys, kindly)).toBeUndefined();
      }),
    );
    for (let at = 0; at < frame.length; at++) {
      const changed = frame.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(openSignal(keys, changed)).toBeUndefined();
    }
  });

  test('[SG2] a member cannot speak for another', async () => {
    const alice = await signerOf(1);
    const mallory = await signerOf(2);
    const honest = openSignal(keys, await sealSignal(keys, typing, { device: alice, nonce }));
    expect(honest && (await verifySignal(backend, honest))).toBe(true);
    const posing = { publicKey: alice.publicKey, sign: (m: Uint8Array) => mallory.sign(m) };
    const forged = openSignal(keys, await sealSignal(keys, typing, { device: posing, nonce }));
    expect(forged && (await verifySignal(backend, forged))).toBe(false);
  });
});
