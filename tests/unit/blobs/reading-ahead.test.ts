import { expect, test } from 'vitest';
import { slotsOf } from '../../../src/core/blobs/reading-ahead.ts';
import { Layout } from '../../../src/protocol/blobs/layout.ts';
import { limits } from '../../../src/protocol/limits.ts';

const { chunkBytes, chunkIdsPerIndexMax } = limits;

const slots = (sizeBytes: number, fromByte: number, byteCount: number) => {
  const layout = new Layout({ sizeBytes, previewBytes: 100 });
  return { layout, at: [...slotsOf(layout, sizeBytes, { fromByte, byteCount })] };
};

test('[VS1] a range needs the chunks it touches, and none beyond the end', () => {
  const { layout, at } = slots(10 * chunkBytes, chunkBytes - 1, 2);
  expect(at).toEqual([layout.firstDataSlot, layout.firstDataSlot + 1]);
  expect(slots(10 * chunkBytes, 10 * chunkBytes - 1, 999).at).toHaveLength(1);
  expect(slots(10 * chunkBytes, 10 * chunkBytes, 5).at).toEqual([]);
});

test('[VS1] a chunk needs the indexes that name it, the upper one first', () => {
  const sizeBytes = (chunkIdsPerIndexMax + 5) * chunkBytes;
  const { layout, at } = slots(sizeBytes, sizeBytes - 1, 1);
  const data = layout.firstDataSlot + chunkIdsPerIndexMax + 4;
  expect(at).toEqual([layout.topSlot, layout.indexSlot(1), data]);
});
