import fc from 'fast-check';
import nacl from 'tweetnacl';
import { describe, expect, test } from 'vitest';
import { encodeCanonical } from '../../../src/protocol/cbor.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { mailboxIdOf, signWriterCert, verifyWriterCert } from '../../../src/protocol/mailbox.ts';
import {
  decodeMailboxReply,
  decodeMailboxRequest,
  encodeMailboxReply,
  encodeMailboxRequest,
  type MailboxReply,
  type MailboxRequest,
} from '../../../src/protocol/mailbox-frames.ts';
import { backend, fixedBytes, fixedSigner, flipBit } from './fixtures.ts';

const writerPub = fixedBytes('writer');
const mailboxId = fixedBytes('mailbox');
const row = { writerPub, nextSeq: 3, headHash: fixedBytes('head') };

const requests: ReadonlyArray<MailboxRequest> = [
  { t: 'poll', mailboxIds: [] },
  { t: 'poll', mailboxIds: [mailboxId, fixedBytes('other')] },
  { t: 'get', mailboxId, held: [{ writerPub, nextSeq: 1 }] },
  {
    t: 'put',
    mailboxId,
    admitPub: fixedBytes('admit'),
    certs: [{ writerPub, cert: fixedBytes('cert', 64) }],
    update: Uint8Array.of(0, 0),
  },
];

const replies: ReadonlyArray<MailboxReply> = [
  { t: 'marks', marks: [0, 7] },
  { t: 'held', mark: 7, rows: [row], update: Uint8Array.of(0, 0), isComplete: false },
  { t: 'stored', mark: 0, rows: [], outcome: 'full' },
  { t: 'refused', why: 'no-reservation' },
];

const admit = await fixedSigner('admit');

describe('writer certificates', () => {
  const claim = { mailboxId: mailboxIdOf(admit.publicKey), writerPub };

  test('[MB1] the key a mailbox is named after lets one writer into that mailbox', async () => {
    const cert = await signWriterCert(admit, claim);
    const proof = { admitPub: admit.publicKey, cert };
    expect(await verifyWriterCert(backend, claim, proof)).toBe(true);
    const others = [
      { ...claim, writerPub: fixedBytes('other') },
      { ...claim, mailboxId: fixedBytes('other') },
    ];
    for (const other of others) expect(await verifyWriterCert(backend, other, proof)).toBe(false);
  });

  test('[MB1] a certificate is over its label, the writer and the mailbox', async () => {
    const cert = await signWriterCert(admit, claim);
    const label = new TextEncoder().encode('sotto1/wcert');
    const signed = Uint8Array.of(...label, ...writerPub, ...claim.mailboxId);
    expect(nacl.sign.detached.verify(signed, cert, admit.publicKey)).toBe(true);
  });

  test('[MB1] neither a changed certificate nor another key lets anybody in', async () => {
    const cert = await signWriterCert(admit, claim);
    const changed = { admitPub: admit.publicKey, cert: flipBit(cert, 9) };
    expect(await verifyWriterCert(backend, claim, changed)).toBe(false);
    const own = await fixedSigner('mallory');
    const forged = { admitPub: own.publicKey, cert: await signWriterCert(own, claim) };
    expect(await verifyWriterCert(backend, claim, forged)).toBe(false);
  });
});

describe('mailbox frames', () => {
  test.each(requests.map((request) => [request.t, request] as const))(
    '[MB2] the request %s comes back as it was',
    (_t, request) => {
      expect(decodeMailboxRequest(encodeMailboxRequest(request))).toEqual({
        ok: true,
        value: request,
      });
      expect(decodeMailboxReply(encodeMailboxRequest(request)).ok).toBe(false);
    },
  );

  test.each(replies.map((reply) => [reply.t, reply] as const))(
    '[MB2] the reply %s comes back as it was',
    (_t, reply) => {
      expect(decodeMailboxReply(encodeMailboxReply(reply))).toEqual({ ok: true, value: reply });
      expect(decodeMailboxRequest(encodeMailboxReply(reply)).ok).toBe(false);
    },
  );

  test('[MB2] anything else is malformed and throws nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeMailboxRequest(bytes).ok).toBe(false);
        expect(decodeMailboxReply(bytes).ok).toBe(false);
      }),
    );
    for (const frame of [...requests.map(encodeMailboxRequest), ...replies.map(encodeMailboxReply)])
      for (let length = 0; length < frame.length; length++) {
        expect(decodeMailboxRequest(frame.slice(0, length)).ok).toBe(false);
        expect(decodeMailboxReply(frame.slice(0, length)).ok).toBe(false);
      }
  });

  test('[MB2] fields out of their bounds are malformed', () => {
    const put = { t: 'put', id: mailboxId, admit: fixedBytes('a'), certs: [] };
    const bad = [
      { t: 'constructor' },
      { t: 'get', id: mailboxId, held: [[writerPub, 0]] },
      { t: 'get', id: mailboxId, held: [[writerPub, limits.seqMax + 1]] },
      { t: 'get', id: mailboxId.slice(1), held: [] },
      { ...put, update: new Uint8Array(limits.mailboxUpdateBytesMax + 1) },
      { ...put, update: Uint8Array.of(0, 0), more: true },
    ];
    for (const map of bad) expect(decodeMailboxRequest(encodeCanonical(map)).ok).toBe(false);
    const marks = new Array<number>(limits.mailboxesPolledMax + 1).fill(1);
    expect(decodeMailboxReply(encodeCanonical({ t: 'marks', marks })).ok).toBe(false);
    expect(decodeMailboxReply(encodeCanonical({ t: 'refused', why: 'mood' })).ok).toBe(false);
  });
});
