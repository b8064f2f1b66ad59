import { expect, test } from 'vitest';
import { autoBytesOf, hasRoomFor } from '../../../src/core/blobs/blob-states.ts';
import { limits } from '../../../src/protocol/limits.ts';

const file = (mode: 'auto' | 'fetch', sizeBytes: number) => ({ mode, manifest: { sizeBytes } });
const room = limits.autoBytesPerConversationMax;

test('[FT17] what comes by itself has only so much room', () => {
  const small = file('auto', limits.autoFetchBytesMax);
  expect(autoBytesOf(small)).toBe(limits.autoFetchBytesMax);
  expect(hasRoomFor(small, room - limits.autoFetchBytesMax)).toBe(true);
  expect(hasRoomFor(small, room - limits.autoFetchBytesMax + 1)).toBe(false);
});

test('[FT17] what is asked for, or would not come by itself, takes none of it', () => {
  expect(hasRoomFor(file('fetch', 1000), room)).toBe(true);
  expect(hasRoomFor(file('auto', limits.autoFetchBytesMax + 1), room)).toBe(true);
});
