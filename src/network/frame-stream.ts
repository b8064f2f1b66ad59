/**
 * Frames over a libp2p stream, which keeps bytes in order but not their boundaries. What comes is cut
 * as it comes: libp2p's own reader asks for each byte of a length by itself, and copies once more.
 */
import type { Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface';
import { concatBytes, u32be } from '../base/bytes.ts';
import { FrameCutter } from './frame-cutter.ts';

export interface FrameStream {
  /** Resolves when the transport has taken the frame; rejects with an Error when it cannot. */
  write(frame: Uint8Array, signal?: AbortSignal): Promise<void>;
  /**
   * The next frame, in memory of its own that may be given to a worker; rejects with an Error when the
   * stream ends or a frame is too long. One at a time.
   */
  read(signal?: AbortSignal): Promise<Uint8Array>;
}

/** The other side has sent all that it had. */
export class StreamFinishedError extends Error {
  override readonly name = 'StreamFinishedError';
}

/** libp2p rejects with DOM events, strings and Errors alike; only Errors leave this layer. */
export const toError = (thrown: unknown, sentence: string): Error =>
  thrown instanceof Error ? thrown : new Error(sentence);

/** Of frames that nobody has read: what they take, small ones included. */
const waitingBytesMin = 4 * 1024 * 1024;
const frameCostBytes = 64;

/** Resolves when more can be sent; libp2p's own `onDrain` waits for the first time only. */
const drained = (stream: Stream, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (failure: unknown): void => {
      stream.removeEventListener('drain', drain);
      stream.removeEventListener('close', close);
      signal?.removeEventListener('abort', abort);
      if (failure === undefined) resolve();
      else reject(toError(failure, 'the write was given up'));
    };
    const drain = (): void => {
      settle(undefined);
    };
    const close = ({ error }: StreamCloseEvent): void => {
      settle(error ?? new Error('the stream closed while a frame was written'));
    };
    const abort = (): void => {
      settle(signal?.reason);
    };
    stream.addEventListener('drain', drain);
    stream.addEventListener('close', close);
    signal?.addEventListener('abort', abort);
  });

/** What has come of a stream and was not read. */
class Inbox {
  readonly #stream: Stream;
  readonly #cutter: FrameCutter;
  readonly #bytesMax: number;
  readonly #frames: Uint8Array[] = [];
  #bytes = 0;
  #failure: Error | undefined;
  #wake = (): void => undefined;

  constructor(stream: Stream, frameBytesMax: number) {
    this.#stream = stream;
    this.#cutter = new FrameCutter(frameBytesMax);
    this.#bytesMax = Math.max(waitingBytesMin, 2 * frameBytesMax);
    stream.addEventListener('message', (event) => {
      this.#take(event);
    });
    stream.addEventListener('remoteCloseWrite', () => {
      this.#wake();
    });
    stream.addEventListener('close', ({ error }) => {
      if (error !== undefined) this.#fail(error);
      this.#wake();
    });
  }

  async next(signal: AbortSignal | undefined): Promise<Uint8Array> {
    const wake = (): void => {
      this.#wake();
    };
    signal?.addEventListener('abort', wake);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const frame = this.#frames.shift();
        if (frame !== undefined) {
          this.#bytes -= frame.length + frameCostBytes;
          return frame;
        }
        if (this.#failure !== undefined) throw this.#failure;
        if (this.#isFinished) throw new StreamFinishedError('the stream has ended');
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal?.removeEventListener('abort', wake);
    }
  }

  get #isFinished(): boolean {
    const { remoteWriteStatus, readBufferLength } = this.#stream;
    return remoteWriteStatus !== 'writable' && readBufferLength === 0;
  }

  #take({ data }: StreamMessageEvent): void {
    if (this.#failure !== undefined) return;
    try {
      for (const part of data instanceof Uint8Array ? [data] : data) {
        for (const frame of this.#cutter.cut(part)) {
          this.#frames.push(frame);
          this.#bytes += frame.length + frameCostBytes;
        }
      }
      if (this.#bytes > this.#bytesMax) throw new Error('too many frames wait to be read');
    } catch (thrown) {
      this.#fail(toError(thrown, 'the bytes are no frames'));
    }
    this.#wake();
  }

  /** Nothing that follows could be told from what is lost. */
  #fail(failure: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#frames.length = 0;
    // After the event that is under way: the stream tells of its end by another one.
    queueMicrotask(() => {
      this.#stream.abort(failure);
    });
  }
}

export const createFrameStream = (stream: Stream, frameBytesMax: number): FrameStream => {
  const inbox = new Inbox(stream, frameBytesMax);
  return {
    write: async (frame, signal) => {
      signal?.throwIfAborted();
      // In one piece: libp2p would join the two by itself.
      if (!stream.send(concatBytes(u32be(frame.length), frame))) await drained(stream, signal);
    },
    read: (signal) => inbox.next(signal),
  };
};
