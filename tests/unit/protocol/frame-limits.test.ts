/** Where the fields of frames end, on links and at mailboxes: what still fits, and one too many. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type CborMap, encodeCanonical } from '../../../src/protocol/cbor.ts';
import { limits } from '../../../src/protocol/limits.ts';
import {
  type ChunkReply,
  type ChunkRequest,
  decodeChunkReply,
  decodeChunkRequest,
  dropTagOf,
  encodeChunkReply,
  encodeChunkRequest,
  isChunkLength,
} from '../../../src/protocol/mailbox-chunks.ts';
import { decodeMailboxReply, decodeMailboxRequest } from '../../../src/protocol/mailbox-frames.ts';
import { decodeSyncFrame } from '../../../src/protocol/sync-frames.ts';
import { fixedBytes } from './fixtures.ts';

const id = fixedBytes('id');
const mailbox = fixedBytes('mailbox', 16);
const bytes = (length: number): Uint8Array => new Uint8Array(length);
const many = <T>(count: number, item: T): ReadonlyArray<T> =>
  Array.from({ length: count }, () => item);

type Decode = (frame: Uint8Array) => { readonly ok: boolean };
/** A frame at its limit, and a field of it that is one beyond. */
type Edge = readonly [name: string, frame: CborMap, isOver: CborMap];

const expectEdge = (decode: Decode, [, frame, isOver]: Edge): void => {
  expect(decode(encodeCanonical(frame)).ok).toBe(true);
  expect(decode(encodeCanonical({ ...frame, ...isOver })).ok).toBe(false);
  expect(decode(encodeCanonical({ ...frame, more: 1 })).ok).toBe(false);
};

const row = [id, limits.seqMax, id];
const vector = { m: mailbox, h: id };

test.each<Edge>([
  [
    'greet',
    { t: 'greet', nonce: id, tags: many(limits.syncTagsMax, mailbox) },
    { tags: many(limits.syncTagsMax + 1, mailbox) },
  ],
  ['tag', { t: 'greet', nonce: id, tags: [mailbox] }, { tags: [bytes(15)] }],
  ['hello', { t: 'hello', tag: mailbox, box: bytes(1024) }, { box: bytes(1025) }],
  ['tag of a hello', { t: 'hello', tag: mailbox, box: bytes(1) }, { tag: bytes(17) }],
  [
    'vector',
    { t: 'vector', epochs: many(limits.syncEpochsMax, vector) },
    { epochs: many(limits.syncEpochsMax + 1, vector) },
  ],
  [
    'rows',
    { t: 'vector', epochs: [{ ...vector, r: many(limits.syncRowsMax, row) }] },
    { epochs: [{ ...vector, r: many(limits.syncRowsMax + 1, row) }] },
  ],
  ['mailbox of a vector', { t: 'vector', epochs: [vector] }, { epochs: [{ ...vector, m: id }] }],
  [
    'opset',
    { t: 'opset', mailbox, opsHash: id, ids: many(limits.syncOpIdsMax, id) },
    { ids: many(limits.syncOpIdsMax + 1, id) },
  ],
  ['hash of ops', { t: 'opset', mailbox, opsHash: id }, { opsHash: mailbox }],
  ['ops', { t: 'ops', mailbox, box: bytes(9) }, { mailbox: id }],
  ['signal', { t: 'signal', frame: bytes(limits.signalBytesMax) }, { frame: bytes(513) }],
  [
    'seal',
    { t: 'seal', mailbox, seal: { epochId: id, ephemeralPub: id, first: 0, boxes: [bytes(56)] } },
    { seal: { epochId: id, ephemeralPub: id, first: 0, boxes: [bytes(55)] } },
  ],
])('[SY1] a frame with too much is malformed: %s', (...edge) => {
  expectEdge(decodeSyncFrame, edge);
});

test('[SY1] a frame is as long as a link takes, and no longer', () => {
  const overhead = encodeCanonical({ t: 'update', update: bytes(2 ** 16) }).length - 2 ** 16;
  const decode = (length: number) =>
    decodeSyncFrame(encodeCanonical({ t: 'update', update: bytes(length - overhead) })).ok;
  expect(decode(limits.syncFrameBytesMax)).toBe(true);
  expect(decode(limits.syncFrameBytesMax + 1)).toBe(false);
});

const put = { t: 'put', id, admit: id, certs: [[id, bytes(64)]], update: bytes(2) };
const stored = { t: 'stored', mark: 0, rows: [row], outcome: 'stored' };
const held = { t: 'held', mark: 0, rows: [row], update: bytes(2), all: true };

describe('mailbox frames', () => {
  test.each<Edge>([
    [
      'poll',
      { t: 'poll', ids: many(limits.mailboxesPolledMax, id) },
      { ids: many(limits.mailboxesPolledMax + 1, id) },
    ],
    [
      'get',
      { t: 'get', id, held: many(limits.syncRowsMax, [id, limits.seqMax]) },
      { held: many(limits.syncRowsMax + 1, [id, 1]) },
    ],
    [
      'put',
      { ...put, certs: many(limits.mailboxWritersMax, [id, bytes(64)]) },
      { certs: many(limits.mailboxWritersMax + 1, [id, bytes(64)]) },
    ],
    ['certificate', put, { certs: [[id, bytes(63)]] }],
    ['key that admits', put, { admit: mailbox }],
    [
      'update',
      { ...put, update: bytes(limits.mailboxUpdateBytesMax) },
      { update: bytes(limits.mailboxUpdateBytesMax + 1) },
    ],
  ])('[MB2] a request with too much is malformed: %s', (...edge) => {
    expectEdge(decodeMailboxRequest, edge);
  });

  test.each<Edge>([
    [
      'marks',
      { t: 'marks', marks: many(limits.mailboxesPolledMax, 0) },
      { marks: many(limits.mailboxesPolledMax + 1, 0) },
    ],
    ['mark', { t: 'marks', marks: [0] }, { marks: [-1] }],
    [
      'rows',
      { ...held, rows: many(limits.mailboxWritersMax, row) },
      { rows: many(limits.mailboxWritersMax + 1, row) },
    ],
    ['whether it is all', held, { all: 1 }],
    [
      'update',
      { ...held, update: bytes(limits.mailboxUpdateBytesMax) },
      { update: bytes(limits.mailboxUpdateBytesMax + 1) },
    ],
    ['outcome', stored, { outcome: 'lost' }],
    ['full', { ...stored, outcome: 'full' }, { outcome: 'Full' }],
    ['refused', { ...stored, outcome: 'refused' }, { outcome: '' }],
    ['malformed', { t: 'refused', why: 'malformed' }, { why: 'mood' }],
    ['no reservation', { t: 'refused', why: 'no-reservation' }, { why: 0 }],
    ['too often', { t: 'refused', why: 'too-often' }, { why: null }],
    ['failed', { t: 'refused', why: 'failed' }, { why: 'fail' }],
  ])('[MB2] a reply with too much is malformed: %s', (...edge) => {
    expectEdge(decodeMailboxReply, edge);
  });
});

describe('frames of chunks', () => {
  const ids = [id, fixedBytes('other')];
  const leave = { mailboxId: id, admitPub: id, writerPub: id, cert: bytes(64), dropTag: id };
  const requests: ReadonlyArray<ChunkRequest> = [
    { t: 'hold', mailboxId: id, ids },
    { t: 'take', mailboxId: id, ids },
    { t: 'leave', ...leave, sealed: bytes(limits.sealedChunkBytesMax) },
    { t: 'drop', mailboxId: id, secret: mailbox, ids },
  ];
  const replies: ReadonlyArray<ChunkReply> = [
    { t: 'holds', held: [true, false] },
    { t: 'chunks', chunks: [bytes(0), bytes(limits.sealedChunkBytesMax)] },
    { t: 'left', outcome: 'stored' },
    { t: 'left', outcome: 'full' },
    { t: 'left', outcome: 'refused' },
    { t: 'dropped' },
    { t: 'refused', why: 'x'.repeat(32) },
  ];

  test('[MB20] come back as they were, and a request is no reply', () => {
    for (const request of requests) {
      const frame = encodeChunkRequest(request);
      expect(decodeChunkRequest(frame)).toEqual({ ok: true, value: request });
      expect(decodeChunkReply(frame)).toEqual({ ok: false, error: 'malformed' });
    }
    for (const reply of replies) {
      const frame = encodeChunkReply(reply);
      expect(decodeChunkReply(frame)).toEqual({ ok: true, value: reply });
      expect(decodeChunkRequest(frame)).toEqual({ ok: false, error: 'malformed' });
    }
  });

  const sealed = bytes(limits.sealedChunkBytesMax + 1);
  const left = { t: 'leave', id, admit: id, writer: id, cert: bytes(64), drop: id };
  test.each<Edge>([
    [
      'hold',
      { t: 'hold', id, ids: many(limits.mailboxChunkIdsMax, id) },
      { ids: many(limits.mailboxChunkIdsMax + 1, id) },
    ],
    ['take', { t: 'take', id, ids: [id] }, { ids: [mailbox] }],
    ['drop', { t: 'drop', id, ids: [id], secret: mailbox }, { secret: bytes(15) }],
    ['leave', { ...left, sealed: bytes(1) }, { sealed }],
    ['certificate', { ...left, sealed: bytes(1) }, { cert: bytes(63) }],
  ])('[MB20] a request with too much is malformed: %s', (...edge) => {
    expectEdge(decodeChunkRequest, edge);
  });

  test.each<Edge>([
    [
      'holds',
      { t: 'holds', held: many(limits.mailboxChunkIdsMax, true) },
      { held: many(limits.mailboxChunkIdsMax + 1, true) },
    ],
    [
      'chunks',
      { t: 'chunks', chunks: many(limits.mailboxChunksTakenMax, bytes(1)) },
      { chunks: many(limits.mailboxChunksTakenMax + 1, bytes(1)) },
    ],
    ['a chunk', { t: 'chunks', chunks: [] }, { chunks: [sealed] }],
    ['left', { t: 'left', outcome: 'full' }, { outcome: 'lost' }],
    ['refused', { t: 'refused', why: 'x'.repeat(32) }, { why: 'x'.repeat(33) }],
  ])('[MB20] a reply with too much is malformed: %s', (...edge) => {
    expectEdge(decodeChunkReply, edge);
  });

  test('[MB21] a chunk has one of few lengths', () => {
    const max = limits.sealedChunkBytesMax;
    const lengths = [0, 16, 496, 528, 529, 544, 560, 592, max - 32, max - 1, max, max + 32];
    const few = [528, 560, 592, max - 32, max];
    expect(lengths.filter(isChunkLength)).toEqual(few);
  });

  test('[MB23] a drop tag is a hash of the secret that drops', () => {
    const digest = createHash('sha512').update('sotto1/drop\0').update(mailbox).digest();
    expect(dropTagOf(mailbox)).toEqual(new Uint8Array(digest.subarray(0, 32)));
  });
});
