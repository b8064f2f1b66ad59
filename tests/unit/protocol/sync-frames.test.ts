import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { compareBytes, concatBytes, utf8ToBytes } from '../../../src/base/bytes.ts';
import { secretboxSeal } from '../../../src/crypto/secretbox.ts';
import { encodeCanonical, type CborValue } from '../../../src/protocol/cbor.ts';
import { deriveEpochKeys } from '../../../src/protocol/epochs/epoch-keys.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  decodeSyncFrame,
  encodeSyncFrame,
  epochTag,
  openHello,
  openOps,
  opParts,
  opsHashOf,
  sameRow,
  sealHello,
  sealOps,
  vectorHashOf,
  type LinkEnd,
  type Row,
  type SyncFrame,
} from '../../../src/protocol/sync-frames.ts';
import { backend, everyBitFlip, fixedBytes, fixedSigner, flipBit, valueOf } from './fixtures.ts';

const row = (name: string, nextSeq = 3): Row => ({
  writerPub: fixedBytes(`writer ${name}`),
  nextSeq,
  headHash: fixedBytes(`head ${name} ${String(nextSeq)}`),
});

const mailbox = fixedBytes('mailbox', 16);
const opIds = [fixedBytes('op 1'), fixedBytes('op 2')].sort(compareBytes);

const frames: ReadonlyArray<SyncFrame> = [
  { t: 'greet', nonce: fixedBytes('nonce'), tags: [fixedBytes('tag', 16)] },
  { t: 'greet', nonce: fixedBytes('nonce'), tags: [] },
  { t: 'hello', tag: fixedBytes('tag', 16), box: fixedBytes('box', 136) },
  {
    t: 'vector',
    epochs: [
      { mailbox, vectorHash: fixedBytes('vector'), rows: [row('a'), row('b', 1)] },
      { mailbox: fixedBytes('other', 16), vectorHash: fixedBytes('vector'), rows: undefined },
    ],
  },
  { t: 'update', update: fixedBytes('update', 300) },
  { t: 'opset', mailbox, opsHash: fixedBytes('ops'), ids: opIds },
  { t: 'opset', mailbox, opsHash: fixedBytes('ops'), ids: undefined },
  { t: 'ops', mailbox, box: fixedBytes('box', 80) },
  { t: 'signal', frame: fixedBytes('signal', 90) },
  {
    t: 'seal',
    mailbox,
    seal: {
      epochId: fixedBytes('epoch'),
      ephemeralPub: fixedBytes('ephemeral'),
      first: 5,
      boxes: [fixedBytes('box', 56), fixedBytes('hybrid box', 1144), new Uint8Array(0)],
    },
  },
];

/** A frame, or a reason; and a frame is read from its one encoding only. */
const expectTotal = (bytes: Uint8Array): void => {
  const decoded = decodeSyncFrame(bytes);
  if (decoded.ok) expect(encodeSyncFrame(decoded.value)).toEqual(bytes);
  else expect(decoded.error).toBe('malformed-frame');
};

describe('frames', () => {
  test.each(frames)('[SY1] a $t comes back as it was', (frame) => {
    expect(valueOf(decodeSyncFrame(encodeSyncFrame(frame)))).toEqual(frame);
  });

  test('[SY1] any bytes are a frame or malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expectTotal(bytes);
      }),
    );
  });

  test.each(frames)('[SY1] a $t with a bit turned over is a frame or malformed', (frame) => {
    const bytes = encodeSyncFrame(frame);
    const step = bytes.length < 200 ? 1 : 7; // of a long one every seventh
    for (let bit = 0; bit < bytes.length * 8; bit += step) expectTotal(flipBit(bytes, bit));
  });

  test.each(frames)('[SY1] a $t cut short or continued is malformed', (frame) => {
    const bytes = encodeSyncFrame(frame);
    for (const cut of [0, 1, bytes.length >> 1, bytes.length - 1]) {
      expect(decodeSyncFrame(bytes.subarray(0, cut)).ok).toBe(false);
    }
    expect(decodeSyncFrame(concatBytes(bytes, Uint8Array.of(0))).ok).toBe(false);
  });

  test.each<[string, CborValue]>([
    ['nothing', null],
    ['a text', 'greet'],
    ['no map', ['greet']],
    ['no name', { nonce: fixedBytes('nonce') }],
    ['an unknown name', { t: 'wave' }],
    ['a name that every object has', { t: 'constructor' }],
    ['an unknown field', { t: 'update', update: new Uint8Array(1), also: 1 }],
    ['a short nonce', { t: 'greet', nonce: new Uint8Array(31), tags: [] }],
    [
      'too many tags',
      {
        t: 'greet',
        nonce: new Uint8Array(32),
        tags: Array.from({ length: limits.syncTagsMax + 1 }, () => new Uint8Array(16)),
      },
    ],
    [
      'a row of no entry',
      {
        t: 'vector',
        epochs: [
          { m: mailbox, h: new Uint8Array(32), r: [[new Uint8Array(32), 0, new Uint8Array(32)]] },
        ],
      },
    ],
    [
      'a seq beyond the limit',
      {
        t: 'vector',
        epochs: [
          {
            m: mailbox,
            h: new Uint8Array(32),
            r: [[new Uint8Array(32), limits.seqMax + 1, new Uint8Array(32)]],
          },
        ],
      },
    ],
  ])('[SY1] %s is malformed', (_name, value) => {
    expect(decodeSyncFrame(encodeCanonical(value))).toEqual({
      ok: false,
      error: 'malformed-frame',
    });
  });
});

// ---------------------------------------------------------------- who is there

const keys = deriveEpochKeys(fixedBytes('epoch'), fixedBytes('secret'));
const otherKeys = deriveEpochKeys(fixedBytes('epoch 2'), fixedBytes('secret'));
const alice: LinkEnd = { peerId: '12D3KooWAlice', nonce: fixedBytes('alice nonce') };
const bob: LinkEnd = { peerId: '12D3KooWBob', nonce: fixedBytes('bob nonce') };
const boxNonce = fixedBytes('box nonce', 24);

describe('tags', () => {
  test('[SY2] whoever holds the epoch computes the tag of the other end', () => {
    expect(epochTag(keys.ephemeral, alice)).toEqual(epochTag(keys.ephemeral, { ...alice }));
    expect(epochTag(keys.ephemeral, alice)).toHaveLength(16);
  });

  test('[SY2] a tag is that of the formula, rebuilt here without our code', () => {
    const hmac = createHmac('sha512', keys.ephemeral).update('sotto1/tag').update(alice.nonce);
    const digest = hmac.update(alice.peerId).digest();
    expect(epochTag(keys.ephemeral, alice)).toEqual(new Uint8Array(digest.subarray(0, 16)));
  });

  test.each<[string, Uint8Array, LinkEnd]>([
    ['another epoch', otherKeys.ephemeral, alice],
    ['another link of the same peer', keys.ephemeral, { ...alice, nonce: bob.nonce }],
    ['another peer with the same nonce', keys.ephemeral, { ...alice, peerId: bob.peerId }],
  ])('[SY2] %s has another tag', (_name, key, end) => {
    expect(epochTag(key, end)).not.toEqual(epochTag(keys.ephemeral, alice));
  });
});

describe('hello', () => {
  test('[SY3] tells the other end which device speaks', async () => {
    const device = await fixedSigner('device');
    const box = await sealHello({ keys, from: alice, to: bob }, device, boxNonce);
    const opened = await openHello(backend, { keys, from: alice, to: bob }, box);
    expect(valueOf(opened)).toEqual(device.publicKey);
  });

  test('[SY3] what it signs is that of the formula, rebuilt here without our code', async () => {
    const device = await fixedSigner('device');
    const box = await sealHello({ keys, from: alice, to: bob }, device, boxNonce);
    const opened = nacl.secretbox.open(box.subarray(24), box.subarray(0, 24), keys.ephemeral);
    const peer = ({ peerId }: LinkEnd) =>
      createHash('sha512').update(`sotto1/peer\0${peerId}`).digest().subarray(0, 32);
    const label = utf8ToBytes('sotto1/hello\0');
    const ends = [alice.nonce, bob.nonce, peer(alice), peer(bob)];
    const signed = concatBytes(label, keys.epochId, ...ends);
    const signature = opened?.subarray(32) ?? new Uint8Array(64);
    expect(nacl.sign.detached.verify(signed, signature, device.publicKey)).toBe(true);
  });

  test.each([
    ['in the other direction', { keys, from: bob, to: alice }],
    ['on another link of ours', { keys, from: alice, to: { ...bob, nonce: fixedBytes('n') } }],
    ['on another link of theirs', { keys, from: { ...alice, nonce: fixedBytes('n') }, to: bob }],
    ['by another peer', { keys, from: { ...alice, peerId: 'mallory' }, to: bob }],
    ['to another peer', { keys, from: alice, to: { ...bob, peerId: 'mallory' } }],
    ['under another epoch', { keys: otherKeys, from: alice, to: bob }],
    [
      'under another epoch with the same key',
      { keys: { ...keys, epochId: otherKeys.epochId }, from: alice, to: bob },
    ],
  ])('[SY3] a hello that is replayed %s fails', async (_name, replayed) => {
    const device = await fixedSigner('device');
    const box = await sealHello({ keys, from: alice, to: bob }, device, boxNonce);
    expect(await openHello(backend, replayed, box)).toEqual({ ok: false, error: 'bad-hello' });
  });

  test('[SY3] a member cannot speak as the device of another', async () => {
    const mallory = await fixedSigner('mallory');
    const victim = await fixedSigner('device');
    const input = { keys, from: alice, to: bob };
    const own = await sealHello(input, { ...mallory, publicKey: victim.publicKey }, boxNonce);
    expect(await openHello(backend, input, own)).toEqual({ ok: false, error: 'bad-hello' });
  });

  test('[SY3] any changed bit and any other bytes fail', async () => {
    const input = { keys, from: alice, to: bob };
    const box = await sealHello(input, await fixedSigner('device'), boxNonce);
    for (let bit = 0; bit < box.length * 8; bit += 3) {
      expect((await openHello(backend, input, flipBit(box, bit))).ok).toBe(false);
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 160 }), async (bytes) => {
        expect((await openHello(backend, input, bytes)).ok).toBe(false);
      }),
    );
    const short = secretboxSeal({
      key: keys.ephemeral,
      nonce: boxNonce,
      plaintext: utf8ToBytes('a'),
    });
    expect((await openHello(backend, input, concatBytes(boxNonce, short))).ok).toBe(false);
  });
});

// ---------------------------------------------------------------- operations and vectors

describe('operations', () => {
  test('[SY4] sealed operations come back for who shares the epoch, and for nobody else', () => {
    const ops = [fixedBytes('op a', 100), fixedBytes('op b', 200)];
    const box = sealOps(keys, boxNonce, ops);
    expect(valueOf(openOps(keys, box))).toEqual(ops);
    expect(openOps(otherKeys, box)).toEqual({ ok: false, error: 'malformed-ops' });
    for (const flipped of everyBitFlip(box.slice(0, 40))) {
      expect(openOps(keys, concatBytes(flipped, box.subarray(40))).ok).toBe(false);
    }
  });

  test('[SY4] any bytes are operations or malformed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (plaintext) => {
        const box = secretboxSeal({ key: keys.ephemeral, nonce: boxNonce, plaintext });
        const opened = openOps(keys, concatBytes(boxNonce, box));
        if (opened.ok) expect(encodeCanonical([...opened.value])).toEqual(plaintext);
        expect(openOps(keys, plaintext).ok).toBe(false);
      }),
    );
  });

  test('[SY4] many operations go in parts, whole and in their order', () => {
    const ops = [60, 40, 1, 100, 150, 99].map((bytes) => fixedBytes(String(bytes), bytes));
    const lengths = opParts(ops, 100).map((part) => part.map((op) => op.length));
    expect(lengths).toEqual([[60, 40], [1], [100], [150], [99]]);
    expect(opParts(ops, 100).flat()).toEqual(ops);
    expect(opParts([], 100)).toEqual([]);
  });

  test('[SY4] another, a missing or a further operation changes the hash', () => {
    const [first, second] = opIds;
    const hashes = [[], [first], [second], opIds, [...opIds, fixedBytes('op 3')]].map((ids) =>
      opsHashOf(ids.flatMap((id) => id ?? [])).join(),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});

describe('vectors', () => {
  test('[SY5] equal counts with another last entry are another vector', () => {
    const held = row('a');
    const forked = { ...held, headHash: fixedBytes('the other history') };
    expect(vectorHashOf([held])).toEqual(vectorHashOf([{ ...held }]));
    expect(vectorHashOf([forked])).not.toEqual(vectorHashOf([held]));
    expect(sameRow(held, forked)).toBe(false);
    expect(sameRow(held, { ...held, nextSeq: held.nextSeq + 1 })).toBe(false);
    expect(sameRow(held, { ...held })).toBe(true);
  });

  test('[SY5] every field of every row counts', () => {
    const rows = [row('a'), row('b')];
    const changed = [
      [],
      [row('a')],
      [row('b'), row('a')],
      [row('a'), { ...row('b'), nextSeq: 4 }],
      [row('a'), { ...row('b'), writerPub: fixedBytes('someone else') }],
    ];
    for (const other of changed) expect(vectorHashOf(other)).not.toEqual(vectorHashOf(rows));
  });
});
