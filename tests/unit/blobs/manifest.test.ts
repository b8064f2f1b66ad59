import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/bytes.ts';
import { decodeBlobFrame, encodeBlobFrame } from '../../../src/protocol/blobs/blob-frames.ts';
import { safeFileName, safeMediaType } from '../../../src/protocol/blobs/file-name.ts';
import { layoutOf } from '../../../src/protocol/blobs/layout.ts';
import {
  blobIdOf,
  encodeManifest,
  readManifest,
  type FileShape,
  type Manifest,
} from '../../../src/protocol/blobs/manifest.ts';
import { decodeCanonical, encodeCanonical, type CborMap } from '../../../src/protocol/cbor.ts';
import { encodeText, fitsInBody, readText } from '../../../src/protocol/content-payloads.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { fixedBytes, valueOf } from '../protocol/fixtures.ts';

const shape = {
  kind: 'image' as const,
  width: 640,
  height: 480,
  isAnimated: false,
  thumbhash: fixedBytes('thumb', 25),
};

const ids = (count: number): Uint8Array =>
  concatBytes(...Array.from({ length: count }, (_, at) => fixedBytes(`chunk ${String(at)}`)));

const manifestOf = (sizeBytes: number): Manifest => {
  const preview = { id: fixedBytes('ahead'), sizeBytes: 1000 };
  return {
    key: fixedBytes('key'),
    prefix: fixedBytes('prefix', 4),
    name: 'beach.webp',
    mediaType: 'image/webp',
    sizeBytes,
    shape,
    root: ids(layoutOf({ sizeBytes, preview }).rootCount),
    preview,
  };
};

/** The record as it travels, with something else in it. */
const sent = (change: CborMap, of = manifestOf(100_000)): Manifest | undefined => {
  const encoded = encodeManifest(of) as CborMap;
  return readManifest({ ...encoded, ...change });
};

describe('a manifest', () => {
  test.each([0, 1, 65_536, 65_537, 1_000_000, 5_000_000, 300_000_000, limits.fileBytesMax])(
    '[BL1] of %i bytes comes back as it was',
    (sizeBytes) => {
      const manifest = manifestOf(sizeBytes);
      const bytes = encodeCanonical(encodeManifest(manifest));
      expect(readManifest(valueOf(decodeCanonical(bytes, { bytesMax: 4096 })))).toEqual(manifest);
    },
  );

  test('[BL1] with another size than its chunks is none', () => {
    expect(sent({ size: 100_000 })).toBeDefined();
    expect(sent({ size: 300_000 })).toBeUndefined();
    expect(sent({ size: -1 })).toBeUndefined();
    expect(sent({ root: ids(1) })).toBeUndefined();
    expect(sent({ root: ids(2).subarray(1) })).toBeUndefined();
  });

  test('[BL1] of a billion chunks is none', () => {
    expect(sent({ size: 1e9 * limits.chunkBytes, root: ids(1) })).toBeUndefined();
    expect(sent({ size: limits.fileBytesMax + 1, root: ids(1) })).toBeUndefined();
    expect(sent({ root: ids(1000) })).toBeUndefined();
  });

  test('[BL1] that names a chunk twice is none', () => {
    const twice = concatBytes(fixedBytes('chunk 0'), fixedBytes('chunk 0'));
    expect(sent({ root: twice })).toBeUndefined();
    expect(sent({ preview: [fixedBytes('chunk 0'), 1000] })).toBeUndefined();
  });

  test('[BL1] of an unknown suite, or with more than there is, is none', () => {
    expect(sent({ s: 2 })).toBeUndefined();
    expect(sent({ more: 1 })).toBeUndefined();
    expect(sent({ preview: [fixedBytes('ahead'), limits.previewBytesMax + 1] })).toBeUndefined();
  });

  test('[BL3] has another name when anything in it is another', () => {
    const id = blobIdOf(manifestOf(100_000));
    expect(blobIdOf(manifestOf(100_000))).toEqual(id);
    expect(blobIdOf({ ...manifestOf(100_000), key: fixedBytes('other') })).not.toEqual(id);
    expect(blobIdOf({ ...manifestOf(100_000), name: 'b.webp' })).not.toEqual(id);
  });

  test('[BL9] twenty of any size fit in one message', () => {
    const attachments = Array.from({ length: limits.attachmentsMax }, (_, at) =>
      manifestOf(at % 2 === 0 ? limits.fileBytesMax : 1_000_000),
    );
    const payload = encodeText({ text: 'x'.repeat(4096), attachments });
    expect(fitsInBody(payload)).toBe(true);
    expect(readText(payload)?.attachments).toEqual(attachments);
    const more = [...attachments, manifestOf(1)];
    expect(readText(encodeText({ text: '', attachments: more }))).toBeUndefined();
  });
});

describe('a name from somebody else', () => {
  test.each([
    ['../../etc/passwd', '_.._etc_passwd'],
    ['..\\..\\boot.ini', '_.._boot.ini'],
    ['/absolute', '_absolute'],
    ['photo\u202Egpj.exe', 'photo_gpj.exe'],
    ['a\u0000b\nc.txt', 'a_b_c.txt'],
    ['.bashrc', 'bashrc'],
    ['CON.txt', '_CON.txt'],
    ['stream:evil', 'stream_evil'],
    ['  . ', 'file'],
    ['', 'file'],
    ['\u200B\u2066', 'file'],
    ['été 2026 🏖.webp', 'été 2026 🏖.webp'],
  ])('[BL5] %j is shown and saved as %j', (name, safe) => {
    expect(safeFileName(name)).toBe(safe);
    expect(sent({ name })?.name).toBe(safe);
  });

  test('[BL5] is safe, short enough and stays as it then is, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        const safe = safeFileName(name);
        expect(safe).not.toMatch(/[/\\\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(limits.fileNameBytesMax + 1);
        expect(safeFileName(safe)).toBe(safe);
      }),
      { numRuns: 50 },
    );
  });

  test('[BL5] that is too long is cut as little as may be', () => {
    const max = limits.fileNameBytesMax;
    const fits = `${'x'.repeat(max - 4)}.txt`;
    expect(safeFileName(fits)).toBe(fits);
    expect(safeFileName(`x${fits}`)).toBe(fits);
    expect(safeFileName('x'.repeat(max + 9))).toBe('x'.repeat(max));
    // What is longer than an ending is none, and neither is the whole name.
    const ending = `.${'y'.repeat(15)}`;
    expect(safeFileName('x'.repeat(max) + ending)).toBe('x'.repeat(max - 16) + ending);
    expect(safeFileName(`${'x'.repeat(max)}${ending}y`)).toBe('x'.repeat(max));
  });

  test('[BL5] that is too long keeps its ending', () => {
    const safe = safeFileName(`${'é'.repeat(300)}.webp`);
    expect(safe).toMatch(/^é+\.webp$/);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(limits.fileNameBytesMax);
  });
});

describe('what a file says it is', () => {
  const video: FileShape = {
    kind: 'video',
    width: 2,
    height: 2,
    durationMs: 5,
    thumbhash: ids(0),
  };
  const voice: FileShape = { kind: 'voice', durationMs: 900, peaks: ids(1) };
  const cases: ReadonlyArray<{ mediaType: string; as: FileShape; kind: string }> = [
    { mediaType: 'image/svg+xml', as: shape, kind: 'file' },
    { mediaType: 'text/html', as: shape, kind: 'file' },
    { mediaType: 'application/pdf', as: shape, kind: 'file' },
    { mediaType: 'image/png; charset=<script>', as: shape, kind: 'image' },
    { mediaType: 'IMAGE/PNG', as: shape, kind: 'image' },
    { mediaType: 'image/png', as: { ...shape, width: 100_000 }, kind: 'file' },
    { mediaType: 'image/png', as: { ...shape, width: 10_000, height: 10_000 }, kind: 'file' },
    { mediaType: 'image/png', as: { ...shape, width: 8000, height: 6000 }, kind: 'image' },
    { mediaType: 'audio/mp4', as: video, kind: 'file' },
    { mediaType: 'video/mp4', as: video, kind: 'video' },
    { mediaType: 'audio/mp4', as: { ...voice, durationMs: 9e12 }, kind: 'file' },
    { mediaType: 'audio/mp4', as: voice, kind: 'voice' },
  ];
  test.each(cases)('[BL6] $mediaType as $as is shown as $kind', ({ mediaType, as, kind }) => {
    const read = readManifest(encodeManifest({ ...manifestOf(100_000), mediaType, shape: as }));
    expect(read?.shape.kind).toBe(kind);
  });

  test('[BL6] a shape that is none makes no manifest', () => {
    expect(sent({ shape: ['image', 0, 5, false, ids(0)] })).toBeUndefined();
    expect(sent({ shape: ['image', 5, 5, false, ids(2)] })).toBeUndefined();
    expect(sent({ shape: ['voice', 5, ids(3)] })).toBeUndefined();
    expect(sent({ shape: ['film'] })).toBeUndefined();
  });

  test('[BL6] a type that is none is any bytes', () => {
    expect(safeMediaType('text/html\r\nX: 1')).toBe('application/octet-stream');
    expect(safeMediaType('nonsense')).toBe('application/octet-stream');
    expect(safeMediaType('Text/Plain; charset=utf-8')).toBe('text/plain');
  });
});

test('[BL7] every frame comes back as it was, a chunk up to its limit', () => {
  const mailbox = fixedBytes('mailbox', 16);
  const id = fixedBytes('id');
  const chunk = { t: 'chunk', mailbox, id, slot: 7 } as const;
  const full = encodeBlobFrame({ ...chunk, sealed: new Uint8Array(limits.sealedChunkBytesMax) });
  for (const frame of [
    { t: 'ask', mailbox, ids: [id] },
    { t: 'have', mailbox, held: [{ id, bits: Uint8Array.of(0x80) }] },
    { t: 'want', mailbox, id, slots: [0, 9] },
    { t: 'lack', mailbox, id, slots: [] },
    { ...chunk, sealed: new Uint8Array(0) },
    { ...chunk, sealed: new Uint8Array(limits.sealedChunkBytesMax) },
  ] as const) {
    const decoded = decodeBlobFrame(encodeBlobFrame(frame));
    expect(decoded).toEqual({ ok: true, value: frame });
  }
  const malformed = { ok: false, error: 'malformed-frame' };
  for (const bytes of [
    full.subarray(0, 52), // the header of a chunk has 53 bytes
    Uint8Array.of(...full, 0),
    full.fill(0xff, 49, 53), // a slot that no file has
    new Uint8Array(0),
    encodeCanonical(null),
  ]) {
    expect(decodeBlobFrame(bytes)).toEqual(malformed);
  }
});

test('[BL7] a frame that is too long, or names too much, is malformed', () => {
  const mailbox = fixedBytes('mailbox', 16);
  const id = fixedBytes('id');
  const tooMany = Array.from({ length: limits.blobServedMax + 1 }, (_, at) => at);
  for (const bytes of [
    encodeBlobFrame({ t: 'want', mailbox, id, slots: tooMany }),
    encodeBlobFrame({ t: 'want', mailbox, id, slots: [-1] }),
    encodeBlobFrame({ t: 'want', mailbox, id, slots: [1e9] }),
    encodeBlobFrame({ t: 'chunk', mailbox, id, slot: 0, sealed: new Uint8Array(65_553) }),
    encodeBlobFrame({ t: 'have', mailbox, held: [{ id, bits: new Uint8Array(9000) }] }),
    encodeCanonical({ t: 'toString', m: mailbox }),
  ]) {
    expect(decodeBlobFrame(bytes).ok).toBe(false);
  }
});
