/** Files as somebody chooses them, and as they are read again. */
import type { FileData, NewAttachment } from '../../src/core/api.ts';

/** Bytes that differ from place to place, the same for one seed. */
export const bytesFrom = (seed: number, length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length);
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
};

export const dataOf = (bytes: Uint8Array): FileData => ({
  size: bytes.length,
  slice: (start, end) => dataOf(bytes.subarray(start, end)),
  arrayBuffer: () => Promise.resolve(new Uint8Array(bytes).buffer),
});

export const plainFile = (bytes: Uint8Array, more: Partial<NewAttachment> = {}): NewAttachment => ({
  name: 'notes.bin',
  mediaType: 'application/octet-stream',
  data: dataOf(bytes),
  shape: { kind: 'file' },
  preview: undefined,
  ...more,
});
