import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCanonical, type CborValue } from '../../../src/protocol/cbor.ts';
import { encodeText, readText } from '../../../src/protocol/content-payloads.ts';
import { limits } from '../../../src/protocol/limits.ts';
import { isStickerMessage } from '../../../src/protocol/sticker-message.ts';
import { encodePack, packIdOf, readPack } from '../../../src/protocol/stickers.ts';
import { stickerPicture } from '../../support/stickers.ts';
import { fixedBytes } from './fixtures.ts';

const one = { word: '🎉', picture: stickerPicture(1) };
const faultOf = (bytes: Uint8Array): string => {
  const read = readPack(bytes);
  return read.ok ? 'none' : read.error;
};

interface Change {
  readonly name?: string;
  readonly stickers?: ReadonlyArray<typeof one>;
  readonly side?: number;
  readonly sizeBytes?: number;
  readonly type?: string;
}

const refused: ReadonlyArray<readonly [string, string, Change]> = [
  ['too many', 'too-many-stickers', { stickers: Array.from({ length: 49 }, () => one) }],
  ['none', 'malformed-pack', { stickers: [] }],
  ['no name', 'bad-name', { name: ' ' }],
  ['a name that turns the line', 'bad-name', { name: 'a\u202eb' }],
  ['a word of two lines', 'bad-name', { stickers: [{ ...one, word: 'a\nb' }] }],
  ['a word too long', 'bad-name', { stickers: [{ ...one, word: 'x'.repeat(65) }] }],
  ['a large picture', 'not-a-sticker', { side: 513 }],
  ['a heavy picture', 'not-a-sticker', { sizeBytes: limits.stickerBytesMax + 1 }],
  ['another type', 'not-a-sticker', { type: 'WAVE' }],
];

describe('a pack of stickers', () => {
  test('[SK1] comes back as it was, and is named by what it holds', () => {
    const pack = { name: 'Beds', stickers: [one, { word: 'frost', picture: stickerPicture(2) }] };
    const bytes = encodePack(pack);
    expect(readPack(bytes)).toEqual({ ok: true, value: pack });
    expect(packIdOf(bytes)).toEqual(packIdOf(encodePack(pack)));
    expect(packIdOf(bytes)).not.toEqual(packIdOf(encodePack({ ...pack, name: 'Bed' })));
  });

  test.each(refused)('[SK1] with %s is refused: %s', (_, fault, change) => {
    const { name = 'Beds', stickers, ...drawn } = change;
    const drawnOne = { ...one, picture: stickerPicture(1, drawn) };
    expect(faultOf(encodePack({ name, stickers: stickers ?? [drawnOne] }))).toBe(fault);
  });

  test('[SK1] of more bytes than there may be is not even decoded', () => {
    expect(faultOf(new Uint8Array(limits.stickerPackBytesMax + 1))).toBe('pack-too-large');
  });

  test('[SK1] reading one is total', () => {
    const value: fc.Arbitrary<CborValue> = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.uint8Array(),
        fc.array(tie('value')),
        fc.dictionary(fc.constantFrom('v', 'name', 'stickers'), tie('value')),
      ),
    })).value as fc.Arbitrary<CborValue>;
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), value.map(encodeCanonical)), (bytes) => {
        expect(readPack(bytes)).toHaveProperty('ok');
      }),
    );
  });
});

describe('a message that is a sticker', () => {
  const manifest = {
    key: fixedBytes('key'),
    prefix: fixedBytes('prefix', 4),
    name: 'sticker.webp',
    mediaType: 'image/webp',
    sizeBytes: 900,
    shape: {
      kind: 'image' as const,
      ...{ width: 256, height: 256, isAnimated: false, thumbhash: new Uint8Array(0) },
    },
    root: fixedBytes('root'),
  };
  const payload = { text: '🎉', attachments: [manifest], isSticker: true as const };

  test('[SK2] has one small picture and a word, and comes back as one', () => {
    expect(readText(encodeText(payload))).toEqual(payload);
    expect(isStickerMessage(payload)).toBe(true);
    expect(isStickerMessage({ text: '🎉', attachments: [manifest] })).toBe(false);
  });

  test.each([
    ['two pictures', { attachments: [manifest, manifest] }],
    ['no picture', { attachments: [] }],
    ['no word', { text: '' }],
    ['a long text', { text: 'x'.repeat(65) }],
    ['another type', { attachments: [{ ...manifest, mediaType: 'image/png' }] }],
    ['a heavy picture', { attachments: [{ ...manifest, sizeBytes: limits.stickerBytesMax + 1 }] }],
    [
      'a large picture',
      { attachments: [{ ...manifest, shape: { ...manifest.shape, width: 513 } }] },
    ],
  ])('[SK2] with %s it is a picture like any other', (_, change) => {
    expect(isStickerMessage({ ...payload, ...change })).toBe(false);
  });
});
