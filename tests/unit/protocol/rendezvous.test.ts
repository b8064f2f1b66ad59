import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { concatBytes, u16be, u32be } from '../../../src/base/bytes.ts';
import { secretboxSeal } from '../../../src/crypto/secretbox.ts';
import { encodeCanonical } from '../../../src/protocol/cbor.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { openPeerRecord, rendezvousKey, sealPeerRecord } from '../../../src/protocol/rendezvous.ts';
import { everyBitFlip, fixedBytes, valueOf } from './fixtures.ts';

const rdv = fixedBytes('rdv');
const rdvSeal = fixedBytes('rdv seal');
const nonce = fixedBytes('nonce', 24);
const relay =
  '/dns4/relay.example/tcp/443/wss/p2p/12D3KooWFixedRelayPeerIdForTheTestsOnly0000000001';
const record = {
  peerId: '12D3KooWFixedPeerIdForTheTestsOnly00000000000000001',
  relays: [relay, relay.replace('1', '2')],
  expiresAtMs: 1_700_000_000_000,
};
const refused = { ok: false, error: 'bad-peer-record' };

describe('rendezvous key', () => {
  test('[RV1] HMAC over the day, another one each day', () => {
    const oracle = createHmac('sha512', rdv).update(u32be(20_000)).digest().subarray(0, 32);
    expect(rendezvousKey(rdv, 20_000)).toEqual(new Uint8Array(oracle));
    expect(rendezvousKey(rdv, 20_001)).not.toEqual(rendezvousKey(rdv, 20_000));
  });
});

describe('peer record', () => {
  test('[RV2] a record comes back as it was, in a blob of one size', () => {
    for (const relays of [[], record.relays]) {
      const blob = sealPeerRecord(rdvSeal, nonce, { ...record, relays });
      expect(blob.length).toBe(limits.meetingBlobBytesMax);
      expect(openPeerRecord(rdvSeal, blob)).toEqual({ ok: true, value: { ...record, relays } });
    }
  });

  test('[RV2] where a peer listens comes with it, at most twice; who listens nowhere says nothing', () => {
    const direct = ['/ip4/203.0.113.7/tcp/4020/ws', '/dns4/peer.example/tcp/443/wss'];
    const blob = sealPeerRecord(rdvSeal, nonce, { ...record, direct });
    expect(openPeerRecord(rdvSeal, blob)).toEqual({ ok: true, value: { ...record, direct } });
    const more = sealPeerRecord(rdvSeal, nonce, { ...record, direct: [...direct, 'third'] });
    expect(openPeerRecord(rdvSeal, more)).toEqual(refused);
    const long = sealPeerRecord(rdvSeal, nonce, { ...record, direct: ['d'.repeat(81)] });
    expect(openPeerRecord(rdvSeal, long)).toEqual(refused);
  });

  test('[RV2] addresses that do not fit are left out, the last first', () => {
    const long = (digit: string) => `/dns4/${digit.repeat(180)}/tcp/443/wss`;
    const relays = [long('1'), long('2'), long('3')];
    const blob = sealPeerRecord(rdvSeal, nonce, { ...record, relays });
    expect(blob.length).toBe(limits.meetingBlobBytesMax);
    expect(valueOf(openPeerRecord(rdvSeal, blob)).relays).toEqual([long('1')]);
    const many = Array.from({ length: limits.relaysMax + 1 }, (_, i) => `/r/${String(i)}`);
    const short = sealPeerRecord(rdvSeal, nonce, { ...record, relays: many });
    expect(valueOf(openPeerRecord(rdvSeal, short)).relays).toEqual(many.slice(0, -1));
  });

  test('[RV2] the fullest record fills its blob, one byte more costs an address', () => {
    const bytesOf = (relays: ReadonlyArray<string>) =>
      encodeCanonical({ ...record, relays }).length;
    const first = 'r'.repeat(200);
    const room = 512 - 24 - 16 - 2 - bytesOf([first, 'x'.repeat(100)]) + 100;
    const relays = (bytes: number) => [first, 'x'.repeat(bytes)];
    const open = (bytes: number) =>
      valueOf(
        openPeerRecord(
          rdvSeal,
          sealPeerRecord(rdvSeal, nonce, { ...record, relays: relays(bytes) }),
        ),
      );
    expect(open(room).relays).toEqual(relays(room));
    expect(open(room + 1).relays).toEqual([first]);
  });

  test('[RV3] another key, a changed bit or another size opens nothing', () => {
    const blob = sealPeerRecord(rdvSeal, nonce, record);
    expect(openPeerRecord(rdv, blob)).toEqual(refused);
    for (const flipped of everyBitFlip(blob)) {
      expect(openPeerRecord(rdvSeal, flipped)).toEqual(refused);
    }
    for (const length of [0, 23, 24, 40, 511]) {
      expect(openPeerRecord(rdvSeal, blob.subarray(0, length))).toEqual(refused);
    }
    expect(openPeerRecord(rdvSeal, concatBytes(blob, Uint8Array.of(0)))).toEqual(refused);
  });

  test('[RV3] a member who seals something else is refused too', () => {
    const seal = (plaintext: Uint8Array) =>
      concatBytes(nonce, secretboxSeal({ key: rdvSeal, nonce, plaintext }));
    const plaintextOf = (length: number, content: Uint8Array, last = 0) => {
      const plaintext = new Uint8Array(512 - 24 - 16);
      plaintext.set(concatBytes(u16be(length), content));
      plaintext[plaintext.length - 1] = last;
      return plaintext;
    };
    const encoded = encodeCanonical(record);
    const good = plaintextOf(encoded.length, encoded);
    expect(openPeerRecord(rdvSeal, seal(good)).ok).toBe(true);
    const bad: Uint8Array[] = [
      plaintextOf(encoded.length, encoded, 1),
      plaintextOf(encoded.length - 1, encoded),
      plaintextOf(0xffff, encoded),
      plaintextOf(0, new Uint8Array(0)),
      plaintextOf(1, encodeCanonical(null)),
    ];
    bad.push(good.slice(0, -1), concatBytes(good, Uint8Array.of(0))); // blobs of another size
    for (const plaintext of bad) expect(openPeerRecord(rdvSeal, seal(plaintext))).toEqual(refused);
  });
});
