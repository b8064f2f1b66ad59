import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  metBytes,
} from '../../../src/network/relays/rendezvous.ts';
import { concatBytes, toHex } from '../../../src/base/bytes.ts';
import { limits } from '../../../src/protocol/limits.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const blob = fc.uint8Array({ minLength: 1, maxLength: limits.meetingBlobBytesMax });
const byKey = { selector: (one: { key: Uint8Array }) => toHex(one.key) };
const meetings = fc.uniqueArray(fc.record({ key, blob }), { ...byKey, maxLength: 12 });
const met = fc.uniqueArray(fc.record({ key, blobs: fc.array(blob, { maxLength: 8 }) }), {
  ...byKey,
  maxLength: 12,
});
const reply = fc.record({
  status: fc.constantFrom('ok', 'no-reservation', 'full', 'malformed', 'too-often'),
  day: fc.nat(0xffff_ffff),
  met,
});

describe('rendezvous bytes', () => {
  test('[RZ1] a request comes back as it was', () => {
    fc.assert(
      fc.property(fc.option(meetings, { nil: undefined }), (some) => {
        expect(decodeRequest(encodeRequest({ meetings: some }))).toEqual({
          ok: true,
          value: { meetings: some },
        });
      }),
    );
  });

  test('[RZ1] a reply comes back as it was', () => {
    fc.assert(
      fc.property(reply, (some) => {
        expect(decodeReply(encodeReply(some))).toEqual({ ok: true, value: some });
      }),
    );
  });

  test('[RZ1] any bytes give a request, a reply or a reason, and only one form of each', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const asRequest = decodeRequest(bytes);
        if (asRequest.ok) expect(encodeRequest(asRequest.value)).toEqual(bytes);
        const asReply = decodeReply(bytes);
        if (asReply.ok) expect(encodeReply(asReply.value)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('[RZ1] cut short or continued, a message is malformed', () => {
    fc.assert(
      fc.property(meetings, reply, fc.nat(), (someMeetings, someReply, cut) => {
        const request = encodeRequest({ meetings: someMeetings });
        expect(decodeRequest(request.subarray(0, cut % request.length)).ok).toBe(false);
        expect(decodeRequest(concatBytes(request, Uint8Array.of(0))).ok).toBe(false);
        const encoded = encodeReply(someReply);
        expect(decodeReply(encoded.subarray(0, cut % encoded.length)).ok).toBe(false);
        expect(decodeReply(concatBytes(encoded, Uint8Array.of(0))).ok).toBe(false);
      }),
    );
  });

  test('[RZ1] one changed byte never makes a decoder throw', () => {
    fc.assert(
      fc.property(meetings, fc.nat(), fc.nat(255), (someMeetings, at, value) => {
        const bytes = encodeRequest({ meetings: someMeetings });
        bytes[at % bytes.length] = value;
        expect(() => decodeRequest(bytes)).not.toThrow();
        expect(() => decodeReply(bytes)).not.toThrow();
      }),
    );
  });

  test('[RZ2] a key named twice, an empty blob and a long blob are malformed', () => {
    const one = { key: new Uint8Array(32), blob: Uint8Array.of(1) };
    expect(decodeRequest(encodeRequest({ meetings: [one, one] })).ok).toBe(false);
    const header = Uint8Array.of(1, 1, 0, 1);
    expect(decodeRequest(concatBytes(header, one.key, Uint8Array.of(0, 0))).ok).toBe(false);
    const long = new Uint8Array(limits.meetingBlobBytesMax + 1);
    const encoded = concatBytes(header, one.key, Uint8Array.of(2, 1), long);
    expect(decodeRequest(encoded).ok).toBe(false);
    expect(decodeRequest(encoded.subarray(0, -1)).ok).toBe(false);
  });

  test('[RZ2] metBytes counts what a key takes in a reply', () => {
    fc.assert(
      fc.property(met, (some) => {
        const empty = encodeReply({ status: 'ok', day: 1, met: [] }).length;
        const sum = some.reduce((bytes, one) => bytes + metBytes(one), empty);
        expect(encodeReply({ status: 'ok', day: 1, met: some })).toHaveLength(sum);
      }),
    );
  });
});
