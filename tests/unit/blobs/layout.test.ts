import { describe, expect, test } from 'vitest';
import { Layout } from '../../../src/protocol/blobs/layout.ts';
import { limits } from '../../../src/protocol/limits.ts';

const { chunkBytes, chunkIdsInlineMax: inlineMax, chunkIdsPerIndexMax: per } = limits;
const layout = (sizeBytes: number, previewBytes?: number): Layout =>
  new Layout({ sizeBytes, previewBytes });
/** Powers of two are their own padded form. */
const inline = layout(2 * chunkBytes);
const indexed = layout(32 * chunkBytes, 1024);
const topped = layout(4096 * chunkBytes, 1024);

describe('[BL8] the slots of a file', () => {
  test('[BL8] of a small one are named by the manifest', () => {
    expect([inline.slotCount, inline.indexCount, inline.topSlot]).toEqual([2, 0, undefined]);
    expect(inline.placeOf(1)).toEqual({ kind: 'data', at: 1 });
    expect(inline.idPlace(1)).toEqual({ in: 'manifest', at: 1 });
    expect(inline.plainBytes(1)).toBe(chunkBytes);
    const fullest = layout(inlineMax * chunkBytes);
    expect([fullest.indexCount, fullest.rootCount]).toEqual([0, inlineMax]);
    expect(layout((inlineMax + 1) * chunkBytes).rootCount).toBe(1);
  });

  test('[BL8] of a larger one by an index, behind its preview', () => {
    expect([indexed.slotCount, indexed.firstDataSlot, indexed.topSlot]).toEqual([34, 2, undefined]);
    expect([0, 1, 2].map((slot) => indexed.placeOf(slot))).toEqual([
      { kind: 'preview', at: 0 },
      { kind: 'index', at: 0 },
      { kind: 'data', at: 0 },
    ]);
    expect([0, 1, 33].map((slot) => indexed.idPlace(slot))).toEqual([
      { in: 'preview', at: 0 },
      { in: 'manifest', at: 0 },
      { in: 1, at: 31 },
    ]);
    expect([0, 1, 2].map((slot) => indexed.plainBytes(slot))).toEqual([1024, 32 * 32, chunkBytes]);
  });

  test('[BL8] of the largest by indexes that another one names', () => {
    const count = Math.ceil(4096 / per);
    expect([topped.indexCount, topped.topSlot, topped.firstDataSlot]).toEqual([
      count,
      1,
      2 + count,
    ]);
    expect(topped.placeOf(1)).toEqual({ kind: 'top', at: 0 });
    const last = topped.slotCount - 1;
    expect([1, 2, 3, 2 + count, 2 + count + per, last].map((s) => topped.idPlace(s))).toEqual([
      { in: 'manifest', at: 0 },
      { in: 1, at: 0 },
      { in: 1, at: 1 },
      { in: 2, at: 0 },
      { in: 3, at: 0 },
      { in: 1 + count, at: (4096 - 1) % per },
    ]);
    expect([1, 2, 1 + count].map((slot) => topped.plainBytes(slot))).toEqual([
      count * 32,
      per * 32,
      (4096 - (count - 1) * per) * 32,
    ]);
  });

  test('[BL8] are what the layout says: any other is the program’s mistake', () => {
    for (const slot of [-1, inline.slotCount]) expect(() => inline.placeOf(slot)).toThrow('slot');
    for (const bytes of [-1, limits.fileBytesMax + 1]) expect(() => layout(bytes)).toThrow('limit');
    expect(layout(limits.fileBytesMax).slotCount).toBeGreaterThan(per);
  });

  test('[BL2] have a nonce each, and the last chunk of the data is known as such', () => {
    const prefix = new Uint8Array(4).fill(9);
    const nonceOf = (slot: number) => [...topped.nonceOf(prefix, slot)];
    const numbers = (at: number, flag: number) => [
      9,
      9,
      9,
      9,
      0,
      0,
      at >> 8,
      at & 255,
      0,
      0,
      0,
      flag,
    ];
    const { firstDataSlot, slotCount } = topped;
    expect([0, 1, 2, 3, firstDataSlot, firstDataSlot + 300, slotCount - 1].map(nonceOf)).toEqual([
      numbers(0, 4),
      numbers(0, 3),
      numbers(0, 2),
      numbers(1, 2),
      numbers(0, 0),
      numbers(300, 0),
      numbers(4095, 1),
    ]);
  });
});
