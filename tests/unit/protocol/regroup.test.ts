import { hkdfSync } from 'node:crypto';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { encodeCanonical } from '../../../src/protocol/cbor.ts';
import {
  encodeGroupKey,
  openGroupPart,
  readGroupKey,
  readGroupPart,
  sealGroupPart,
} from '../../../src/protocol/invites/regroup.ts';
import { splitWelcome } from '../../../src/protocol/invites/welcome.ts';

const bytes = (value: number, length = 32): Uint8Array => new Uint8Array(length).fill(value);
const epoch = { epochId: bytes(1), secret: bytes(2) };
const seal = { epochId: bytes(1), ephemeralPub: bytes(3), first: 0, boxes: [bytes(4, 56)] };

describe('a new group told in the old one', () => {
  test('[RG1] keys and parts read as they were written, and nothing else reads', () => {
    const key = encodeGroupKey({ secretHash: bytes(5), seal });
    expect(readGroupKey(key)).toEqual({ secretHash: bytes(5), seal });
    for (const other of [null, 7, {}, { secretHash: bytes(5, 31), seal: { ...seal } }]) {
      expect(readGroupKey(other)).toBeUndefined();
      expect(readGroupPart(other)).toBeUndefined();
    }
  });

  test('[RG2] a part opens with the secret of its epoch only', () => {
    const [part] = expectOk(splitWelcome(bytes(9, 500)));
    if (part === undefined) throw new Error('a part');
    const sealed = readGroupPart(sealGroupPart(epoch, bytes(6, 24), part));
    if (sealed === undefined) throw new Error('a part reads');
    expect(openGroupPart(epoch, sealed.box)).toEqual(part);
    const label = Buffer.from('sotto1/regroup');
    const key = new Uint8Array(hkdfSync('sha512', epoch.secret, epoch.epochId, label, 32));
    const box = sealed.box.subarray(24);
    expect(nacl.secretbox.open(box, bytes(6, 24), key)).toEqual(encodeCanonical({ ...part }));
    expect(openGroupPart({ ...epoch, secret: bytes(7) }, sealed.box)).toBeUndefined();
    expect(openGroupPart({ ...epoch, epochId: bytes(7) }, sealed.box)).toBeUndefined();
    for (let length = 0; length < 40; length++) {
      expect(openGroupPart(epoch, sealed.box.subarray(0, length))).toBeUndefined();
    }
  });
});

const expectOk = <T>(result: { readonly ok: boolean; readonly value?: T }): T => {
  if (!result.ok || result.value === undefined) throw new Error('refused');
  return result.value;
};
