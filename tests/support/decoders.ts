/**
 * Every decoder of bytes that strangers send, with some that are valid: what a fuzzer needs of them.
 * The gate has one of its own (tests/property/replication-fuzz.test.ts).
 */
import { utf8ToBytes } from '../../src/base/bytes.ts';
import type { Result } from '../../src/base/result.ts';
import {
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
} from '../../src/network/relays/rendezvous.ts';
import {
  decodeBlobFrame,
  encodeBlobFrame,
  type BlobFrame,
} from '../../src/protocol/blobs/blob-frames.ts';
import { encodeManifest, readManifest } from '../../src/protocol/blobs/manifest.ts';
import { decodeBody, encodeBody } from '../../src/protocol/body.ts';
import { decodeCanonical, encodeCanonical, type CborValue } from '../../src/protocol/cbor.ts';
import { decodeEnvelope } from '../../src/protocol/envelope.ts';
import { decodeBind } from '../../src/protocol/epochs/bind.ts';
import { decodePrekey } from '../../src/protocol/epochs/prekey.ts';
import { decodeSeal, encodeSeal, type Seal } from '../../src/protocol/epochs/seal.ts';
import {
  decodeInviteLink,
  decodeJoinRequest,
  encodeInviteLink,
  encodeJoinRequest,
} from '../../src/protocol/invites/invite.ts';
import { readGroupKey, readGroupPart } from '../../src/protocol/invites/regroup.ts';
import {
  decodeWelcome,
  decodeWelcomePart,
  encodeWelcome,
  encodeWelcomePart,
  splitWelcome,
} from '../../src/protocol/invites/welcome.ts';
import {
  decodeMailboxReply,
  decodeMailboxRequest,
  encodeMailboxReply,
  encodeMailboxRequest,
} from '../../src/protocol/mailbox-frames.ts';
import {
  decodeChunkReply,
  decodeChunkRequest,
  encodeChunkReply,
  encodeChunkRequest,
} from '../../src/protocol/mailbox-chunks.ts';
import { decodeIdentityLog, encodeIdentityLog } from '../../src/protocol/membership/identity.ts';
import { decodeOp } from '../../src/protocol/membership/ops.ts';
import { readControl, readName, readOps, readReceipt } from '../../src/protocol/payload.ts';
import { readText } from '../../src/protocol/content-payloads.ts';
import {
  decodeSyncFrame,
  encodeSyncFrame,
  type Row,
  type SyncFrame,
} from '../../src/protocol/sync-frames.ts';
import { computeGolden } from '../unit/protocol/golden.ts';
import { fixedBytes, valueOf } from '../unit/protocol/fixtures.ts';
import { createRandomGraph, createRandomPeople } from './random-ops.ts';

export interface FuzzedDecoder {
  readonly name: string;
  readonly valid: ReadonlyArray<Uint8Array>;
  /** Errors it may give; `undefined` stands for a reader that just finds nothing. */
  readonly errors: ReadonlyArray<string | undefined>;
  /** With the one encoding of what was read, where there is an encoder. */
  decode(bytes: Uint8Array): Result<Uint8Array | undefined, string | undefined>;
}

const id = fixedBytes('id');
const mailbox = fixedBytes('mailbox', 16);
const row: Row = { writerPub: id, nextSeq: 7, headHash: fixedBytes('head') };
const seal: Seal = { epochId: id, ephemeralPub: id, first: 1, boxes: [fixedBytes('box', 56)] };

const syncFrames: ReadonlyArray<SyncFrame> = [
  { t: 'greet', nonce: id, tags: [mailbox, fixedBytes('tag', 16)] },
  { t: 'hello', tag: mailbox, box: fixedBytes('hello', 136) },
  { t: 'vector', epochs: [{ mailbox, vectorHash: id, rows: [row] }] },
  { t: 'vector', epochs: [{ mailbox, vectorHash: id, rows: undefined }] },
  { t: 'update', update: fixedBytes('update', 80) },
  { t: 'opset', mailbox, opsHash: id, ids: [id, fixedBytes('another id')] },
  { t: 'ops', mailbox, box: fixedBytes('ops', 90) },
  { t: 'seal', mailbox, seal },
];

const blobFrames: ReadonlyArray<BlobFrame> = [
  { t: 'ask', mailbox, ids: [id] },
  { t: 'have', mailbox, held: [{ id, bits: Uint8Array.of(128) }] },
  { t: 'want', mailbox, id, slots: [0, 7] },
  { t: 'lack', mailbox, id, slots: [7] },
  { t: 'chunk', mailbox, id, slot: 7, sealed: fixedBytes('sealed', 80) },
];

const picture = encodeManifest({
  key: id,
  prefix: fixedBytes('prefix', 4),
  name: 'beach.webp',
  mediaType: 'image/webp',
  sizeBytes: 70_000,
  shape: { kind: 'image', width: 8, height: 6, isAnimated: false, thumbhash: mailbox },
  root: fixedBytes('root', 64),
  preview: { id: fixedBytes('ahead'), sizeBytes: 900 },
});

/** What was read, encoded again. */
const again =
  <T, E extends string>(
    decode: (bytes: Uint8Array) => Result<T, E>,
    encode: (value: T) => Uint8Array | undefined = () => undefined,
  ) =>
  (bytes: Uint8Array): Result<Uint8Array | undefined, string> => {
    const decoded = decode(bytes);
    return decoded.ok ? { ok: true, value: encode(decoded.value) } : decoded;
  };

/** A reader of what lies in a body: the CBOR around it is the caller's. */
const ofPayload =
  (read: (value: CborValue) => unknown) =>
  (bytes: Uint8Array): Result<undefined, undefined> => {
    const value = decodeCanonical(bytes, { bytesMax: 1 << 20 });
    const isRead = value.ok && read(value.value) !== undefined;
    return isRead ? { ok: true, value: undefined } : { ok: false, error: undefined };
  };

const ofPayloadResult =
  <T, E extends string>(decode: (value: CborValue) => Result<T, E>) =>
  (bytes: Uint8Array): Result<undefined, string | undefined> => {
    const value = decodeCanonical(bytes, { bytesMax: 1 << 20 });
    const decoded = value.ok ? decode(value.value) : undefined;
    if (decoded === undefined) return { ok: false, error: undefined };
    return decoded.ok ? { ok: true, value: undefined } : decoded;
  };

export const fuzzedDecoders = async (): Promise<ReadonlyArray<FuzzedDecoder>> => {
  const golden = await computeGolden();
  const of = (...names: ReadonlyArray<string>): ReadonlyArray<Uint8Array> =>
    names.map((name) => Uint8Array.from(Buffer.from(golden[name] ?? '', 'hex')));
  const people = await createRandomPeople();
  const { ops } = await createRandomGraph(1, people);
  const opBytes = ops.map(({ bytes }) => bytes);
  const log = ops.flatMap(({ carriedLog }) => carriedLog ?? []).slice(0, 1);
  const inviterLog = log.map(encodeIdentityLog)[0] ?? id;
  const welcome = encodeWelcome({
    ops: opBytes.slice(0, 3),
    inviteOp: opBytes[0] ?? id,
    inviterLog,
    epochId: id,
    seals: [seal],
    olderSeals: [],
    relays: ['relay'],
    bundles: [{ devSignPub: id, bundle: id }],
  });
  const [part] = valueOf(splitWelcome(welcome));
  const request = encodeJoinRequest({
    identityLog: inviterLog,
    devSignPub: id,
    prekeyBundles: [{ devSignPub: id, bundle: id }],
    name: 'Ana',
    nonce: mailbox,
    proof: fixedBytes('proof', 64),
  });
  const link = encodeInviteLink('https://sotto.example/', {
    secret: id,
    kind: 'group',
    isOpen: false,
    inviterRootHash: id,
    expiresAtMs: 1_800_000_000_000,
    relays: ['relay'],
  });
  const decoders: ReadonlyArray<FuzzedDecoder> = [
    {
      name: 'sync frame',
      valid: syncFrames.map(encodeSyncFrame),
      errors: ['malformed-frame'],
      decode: again(decodeSyncFrame, encodeSyncFrame),
    },
    {
      name: 'blob frame',
      valid: blobFrames.map(encodeBlobFrame),
      errors: ['malformed-frame'],
      decode: again(decodeBlobFrame, encodeBlobFrame),
    },
    {
      name: 'mailbox request',
      valid: [
        { t: 'poll', mailboxIds: [id] } as const,
        { t: 'get', mailboxId: id, held: [{ writerPub: id, nextSeq: 3 }] } as const,
        {
          t: 'put',
          mailboxId: id,
          admitPub: id,
          certs: [{ writerPub: id, cert: fixedBytes('cert', 64) }],
          update: mailbox,
        } as const,
      ].map(encodeMailboxRequest),
      errors: ['malformed'],
      decode: again(decodeMailboxRequest, encodeMailboxRequest),
    },
    {
      name: 'chunk request',
      valid: [
        { t: 'hold', mailboxId: id, ids: [id] } as const,
        { t: 'take', mailboxId: id, ids: [id, fixedBytes('another id')] } as const,
        { t: 'drop', mailboxId: id, secret: mailbox, ids: [id] } as const,
        {
          ...({ t: 'leave', mailboxId: id, admitPub: id, writerPub: id, dropTag: id } as const),
          cert: fixedBytes('cert', 64),
          sealed: fixedBytes('sealed', 80),
        },
      ].map(encodeChunkRequest),
      errors: ['malformed'],
      decode: again(decodeChunkRequest, encodeChunkRequest),
    },
    {
      name: 'chunk reply',
      valid: [
        { t: 'holds', held: [true, false] } as const,
        { t: 'chunks', chunks: [fixedBytes('sealed', 80), new Uint8Array(0)] } as const,
        { t: 'left', outcome: 'stored' } as const,
        { t: 'dropped' } as const,
        { t: 'refused', why: 'malformed' } as const,
      ].map(encodeChunkReply),
      errors: ['malformed'],
      decode: again(decodeChunkReply, encodeChunkReply),
    },
    {
      name: 'mailbox reply',
      valid: [
        { t: 'marks', marks: [0, 7] } as const,
        { t: 'held', mark: 7, rows: [row], update: mailbox, isComplete: true } as const,
        { t: 'stored', mark: 8, rows: [row], outcome: 'full' } as const,
        { t: 'refused', why: 'too-often' } as const,
      ].map(encodeMailboxReply),
      errors: ['malformed'],
      decode: again(decodeMailboxReply, encodeMailboxReply),
    },
    {
      name: 'rendezvous request',
      valid: [undefined, [{ key: id, blob: mailbox }]].map((meetings) =>
        encodeRequest({ meetings }),
      ),
      errors: ['malformed'],
      decode: again(decodeRequest, encodeRequest),
    },
    {
      name: 'rendezvous reply',
      valid: [encodeReply({ status: 'ok', day: 20_000, met: [{ key: id, blobs: [mailbox] }] })],
      errors: ['malformed'],
      decode: again(decodeReply, encodeReply),
    },
    {
      name: 'operation',
      valid: opBytes,
      errors: ['malformed-op'],
      decode: again(decodeOp, ({ bytes }) => bytes),
    },
    {
      name: 'identity log',
      valid: [inviterLog],
      errors: ['malformed'],
      decode: again(decodeIdentityLog, encodeIdentityLog),
    },
    {
      name: 'envelope',
      valid: of('envelope 0', 'envelope 1'),
      errors: ['malformed-envelope'],
      decode: again(decodeEnvelope, ({ bytes }) => bytes),
    },
    {
      name: 'body',
      valid: of('body text'),
      errors: ['malformed-body'],
      decode: again(decodeBody, encodeBody),
    },
    { name: 'bind', valid: of('bind'), errors: ['malformed-bind'], decode: again(decodeBind) },
    {
      name: 'prekey',
      valid: of('prekey bundle'),
      errors: ['malformed-prekey'],
      decode: again(decodePrekey),
    },
    {
      name: 'welcome',
      valid: [welcome],
      errors: ['malformed-welcome'],
      decode: again(decodeWelcome, encodeWelcome),
    },
    {
      name: 'invite link',
      valid: [utf8ToBytes(link)],
      errors: ['mangled', 'newer-version'],
      decode: again((bytes) => decodeInviteLink(Buffer.from(bytes).toString('utf8'))),
    },
    {
      name: 'seal',
      valid: [encodeCanonical(encodeSeal(seal))],
      errors: [undefined, 'malformed-seal'],
      decode: ofPayloadResult(decodeSeal),
    },
    {
      name: 'join request',
      valid: [encodeCanonical(request)],
      errors: [undefined, 'malformed-join-request'],
      decode: ofPayloadResult(decodeJoinRequest),
    },
    {
      name: 'welcome part',
      valid: part === undefined ? [] : [encodeCanonical(encodeWelcomePart(part))],
      errors: [undefined, 'malformed-welcome-part'],
      decode: ofPayloadResult(decodeWelcomePart),
    },
  ];
  const payloads = {
    readText,
    readManifest,
    readName,
    readReceipt,
    readControl,
    readOps,
    readGroupKey,
    readGroupPart,
  };
  const validPayloads = [
    ...of('payload profile', 'payload receipt', 'payload control', 'payload ops'),
    encodeCanonical({ text: 'hello' }),
    encodeCanonical(picture),
    encodeCanonical({ text: '', files: [picture] }),
    encodeCanonical({ secretHash: id, seal: encodeSeal(seal) }),
    encodeCanonical({ epochId: id, box: mailbox }),
  ];
  const readers = Object.entries(payloads).map(([name, read]): FuzzedDecoder => ({
    name,
    valid: validPayloads,
    errors: [undefined],
    decode: ofPayload(read),
  }));
  return [...decoders, ...readers];
};
