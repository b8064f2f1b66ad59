/**
 * Frames over a libp2p stream, which keeps bytes in order but not their boundaries. Each frame is
 * preceded by its length as u32be. The fixed width is on purpose: lpStream's default varint reader
 * goes on reading for ever when a peer sends nothing but continuation bytes.
 */
import type { Stream } from '@libp2p/interface';
import { lpStream } from '@libp2p/utils';
import { readU32be, u32be } from '../base/bytes.ts';

const lengthBytes = 4;

export interface FrameStream {
  /** Resolves when the transport has taken the frame; rejects with an Error when it cannot. */
  write(frame: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** The next frame; rejects with an Error when the stream ends or a frame is too long. */
  read(signal?: AbortSignal): Promise<Uint8Array>;
}

/** libp2p rejects with DOM events, strings and Errors alike; only Errors leave this layer. */
export const toError = (thrown: unknown, sentence: string): Error =>
  thrown instanceof Error ? thrown : new Error(sentence);

const decodeLength = (bytes: { readonly byteLength: number; subarray(): Uint8Array }): number => {
  // lpStream takes a RangeError as "not yet": it then reads one more byte.
  if (bytes.byteLength < lengthBytes) throw new RangeError('length incomplete');
  return readU32be(bytes.subarray(), 0);
};

export const createFrameStream = (stream: Stream, frameBytesMax: number): FrameStream => {
  const frames = lpStream(stream, {
    lengthEncoder: u32be,
    lengthDecoder: decodeLength,
    maxLengthLength: lengthBytes,
    maxDataLength: frameBytesMax,
    maxBufferSize: Math.max(4 * 1024 * 1024, 2 * frameBytesMax),
  });
  return {
    write: async (frame, signal) => {
      try {
        await frames.write(frame, signal === undefined ? {} : { signal });
      } catch (thrown) {
        throw toError(thrown, 'the stream closed while a frame was written');
      }
    },
    read: async (signal) => {
      try {
        const frame = await frames.read(signal === undefined ? {} : { signal });
        return frame.slice(); // one copy, of its own, that may be transferred to a worker
      } catch (thrown) {
        throw toError(thrown, 'the stream closed while a frame was read');
      }
    },
  };
};
