/**
 * Files beside a link: each side sends on a stream that it opened itself, with its first frame, and
 * hears on those that the other opened. WebRTC holds nothing back for a slow reader: what comes is
 * bounded by what was asked for (see core/blobs), and here by the size of a frame.
 */
import type { Connection, Stream } from '@libp2p/interface';
import { createSerialQueue } from '../../base/serial-queue.ts';
import { limits } from '../../protocol/limits.ts';
import { createFrameStream, toError, type FrameStream } from '../frame-stream.ts';

export const blobProtocol = '/sotto/blob/1';

interface Opened {
  readonly stream: Stream;
  readonly frames: FrameStream;
}

export class BlobStream {
  readonly #connection: Connection;
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #queue = createSerialQueue(2 * limits.blobServedMax);
  readonly #inbound = new Set<Stream>();
  #outbound: Opened | undefined;
  #isEnded = false;

  constructor(connection: Connection, onFrame: (frame: Uint8Array) => void) {
    this.#connection = connection;
    this.#onFrame = onFrame;
  }

  /** Resolves when the transport has it; rejects with an Error when it cannot. */
  async send(frame: Uint8Array): Promise<void> {
    if (frame.length === 0 || frame.length > limits.blobFrameBytesMax) {
      throw new Error('frame-size');
    }
    const sent = await this.#queue.run(() => this.#write(frame));
    if (!sent.ok) throw new Error('link-full');
  }

  accept(stream: Stream): void {
    if (this.#isEnded) stream.abort(new Error('link-closed'));
    else void this.#receive(stream);
  }

  end(): void {
    this.#isEnded = true;
    for (const stream of this.#inbound) stream.abort(new Error('link-closed'));
    this.#outbound?.stream.abort(new Error('link-closed'));
  }

  async #write(frame: Uint8Array): Promise<void> {
    if (this.#isEnded) throw new Error('link-closed');
    try {
      this.#outbound ??= await this.#open();
      await this.#outbound.frames.write(frame);
    } catch (thrown) {
      // Part of it may be out: the next frame begins another stream.
      const error = toError(thrown, 'link-closed');
      this.#outbound?.stream.abort(error);
      this.#outbound = undefined;
      throw error;
    }
  }

  async #open(): Promise<Opened> {
    const stream = await this.#connection.newStream(blobProtocol, {
      runOnLimitedConnection: true,
    });
    if (this.#isEnded) stream.abort(new Error('link-closed'));
    return { stream, frames: createFrameStream(stream, limits.blobFrameBytesMax) };
  }

  async #receive(stream: Stream): Promise<void> {
    this.#inbound.add(stream);
    const frames = createFrameStream(stream, limits.blobFrameBytesMax);
    try {
      for (;;) {
        const frame = await frames.read();
        if (frame.length > 0) this.#onFrame(frame);
      }
    } catch (thrown) {
      stream.abort(toError(thrown, 'the stream ended'));
    } finally {
      this.#inbound.delete(stream);
    }
  }
}
