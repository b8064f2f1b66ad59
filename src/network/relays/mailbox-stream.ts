/**
 * Asks the mailbox of one relay, over the connection that is kept anyway: one request at a time, on a
 * stream that stays open until one is not answered. What is asked and answered is the core's.
 */
import type { Connection, Stream } from '@libp2p/interface';
import { createSerialQueue } from '../../base/serial-queue.ts';
import { limits } from '../../protocol/limits.ts';
import { createFrameStream, toError, type FrameStream } from '../frame-stream.ts';

export const mailboxProtocol = '/sotto/mailbox/1';

interface Open {
  readonly stream: Stream;
  readonly frames: FrameStream;
}

export class MailboxStream {
  readonly #connection: Connection;
  readonly #requestMs: number;
  readonly #queue = createSerialQueue(limits.mailboxWaitingMax);
  #open: Open | undefined;
  /** The relay does not speak the protocol: not asked again on this connection. */
  #isAbsent = false;

  constructor(connection: Connection, requestMs: number) {
    this.#connection = connection;
    this.#requestMs = requestMs;
  }

  /** Undefined: no answer. */
  async ask(request: Uint8Array): Promise<Uint8Array | undefined> {
    const asked = await this.#queue.run(() => this.#ask(request));
    return asked.ok ? asked.value : undefined;
  }

  async #ask(request: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#isAbsent || this.#connection.status !== 'open') return undefined;
    try {
      const signal = AbortSignal.timeout(this.#requestMs);
      this.#open ??= await this.#openStream(signal);
      await this.#open.frames.write(request, signal);
      return await this.#open.frames.read(signal);
    } catch (thrown) {
      const error = toError(thrown, 'the mailbox did not answer');
      this.#isAbsent = error.name === 'UnsupportedProtocolError';
      this.#open?.stream.abort(error);
      this.#open = undefined;
      return undefined;
    }
  }

  async #openStream(signal: AbortSignal): Promise<Open> {
    const stream = await this.#connection.newStream(mailboxProtocol, { signal });
    return { stream, frames: createFrameStream(stream, limits.mailboxFrameBytesMax) };
  }
}
