import { describe, expect, test } from 'vitest';
import { concatBytes, u32be } from '../../../src/base/bytes.ts';
import { FrameCutter } from '../../../src/network/frame-cutter.ts';
import { memoryOf } from '../../../src/platform/channel.ts';

const framed = (byte: number, length: number): Uint8Array =>
  concatBytes(u32be(length), new Uint8Array(length).fill(byte));

const cut = (...pieces: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> => {
  const cutter = new FrameCutter(70_000);
  return pieces.flatMap((piece) => [...cutter.cut(piece)]);
};

describe('[NF6] a frame', () => {
  test('[NF6] that comes alone stays where it is, and can be given away', () => {
    const chunk = framed(7, 65_000);
    const [frame] = cut(chunk);
    expect(frame).toEqual(new Uint8Array(65_000).fill(7));
    expect(frame && memoryOf(frame)).toEqual([chunk.buffer]);
    expect(frame?.buffer).toBe(chunk.buffer);
  });

  test.each([
    ['two at once', [concatBytes(framed(1, 65_000), framed(2, 65_000))]],
    ['small ones at once', [concatBytes(framed(1, 20), framed(2, 30))]],
    ['one in pieces', [framed(1, 65_000).subarray(0, 100), framed(1, 65_000).subarray(100)]],
    ['one behind much else', [concatBytes(new Uint8Array(9000), framed(1, 65_000)).subarray(9000)]],
  ])('[NF6] shares its memory with nothing: %s', (_, pieces) => {
    const frames = cut(...pieces);
    const memories = frames.map(({ buffer }) => buffer);
    expect(frames.length).toBeGreaterThan(0);
    expect(new Set(memories).size).toBe(frames.length);
    for (const piece of pieces) expect(memories).not.toContain(piece.buffer);
    for (const frame of frames) expect(memoryOf(frame)).toHaveLength(1);
  });
});
