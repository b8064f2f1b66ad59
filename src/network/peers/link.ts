/**
 * One link: frames over one stream on one connection. An empty frame is a heartbeat: libp2p notices
 * a dead WebRTC connection only after the browser has given it up. A direct link that hears nothing
 * for a few seconds is quiet, which is a reason to look for another way; after some more it is dead.
 */
import type { Connection, Stream } from '@libp2p/interface';
import { createSerialQueue } from '../../base/serial-queue.ts';
import { limits } from '../../protocol/limits.ts';
import { BlobStream } from './blob-stream.ts';
import {
  createFrameStream,
  StreamFinishedError,
  toError,
  type FrameStream,
} from '../frame-stream.ts';
import type { LinkId, Path } from '../port.ts';
import type { Timing } from '../timing.ts';

export const syncProtocol = '/sotto/sync/1';
/** The part of a circuit's allowance that is used: much is under way while its successor is dialled. */
const usedPart = 0.25;
const heartbeat = new Uint8Array();
/** A failed write has ended the link already, and told so. */
const ended = (): void => undefined;

export interface LinkOptions {
  readonly id: LinkId;
  readonly connection: Connection;
  readonly stream: Stream;
  readonly isOurs: boolean;
  readonly timing: Timing;
  onFrame(frame: Uint8Array): void;
  /** One on the stream for files. */
  onBlob(frame: Uint8Array): void;
  /** It carried what one relayed connection should carry: `spentAtMs` has become now. */
  onSpent(): void;
  /** `isQuiet` has changed. */
  onQuiet(): void;
  /** Once, when no frame follows any more. */
  onEnd(): void;
}

/** Over a relay: limited by it, or an address that names a circuit (a relay without limits). */
export const pathOf = (connection: Connection): Path =>
  connection.direct && connection.limits === undefined ? 'direct' : 'relayed';

/** After so many bytes it should be replaced, well before the relay cuts it: more, where the relay allows it. */
const bytesMaxOf = ({ limits: told }: Connection): number =>
  Math.max(limits.relayedLinkBytesMax, Number(told?.bytes ?? 0) * usedPart);

/** How a link shows that it lives, and when the other end is not believed to any more. */
interface Pace {
  readonly beatMs: number;
  readonly quietMs: number;
  readonly silenceMs: number;
}

const paceOf = (connection: Connection, timing: Timing): Pace => {
  if (pathOf(connection) === 'relayed') {
    const { heartbeatRelayedMs: beatMs, silenceRelayedMs: silenceMs } = timing;
    return { beatMs, quietMs: Infinity, silenceMs };
  }
  const components = connection.remoteAddr.getComponents();
  return components.some(({ name }) => name.startsWith('webrtc'))
    ? {
        beatMs: timing.heartbeatDirectMs,
        quietMs: timing.quietDirectMs,
        silenceMs: timing.silenceDirectMs,
      }
    : {
        beatMs: timing.heartbeatSocketMs,
        quietMs: timing.quietSocketMs,
        silenceMs: timing.silenceSocketMs,
      };
};

export class Link {
  readonly id: LinkId;
  readonly connection: Connection;
  readonly path: Path;
  /** This side opened the stream. */
  readonly isOurs: boolean;
  readonly openedAtMs = performance.now();
  /** Beside it, on the same connection. */
  readonly blobs: BlobStream;
  readonly #options: LinkOptions;
  readonly #frames: FrameStream;
  readonly #queue = createSerialQueue(limits.linkWaitingMax);
  readonly #heart: ReturnType<typeof setInterval>;
  #state: 'open' | 'retired' | 'ended' = 'open';
  #closing: Promise<void> | undefined;
  #spentAtMs: number;
  readonly #bytesMax: number;
  readonly #pace: Pace;
  #bytes = 0;
  #heardAtMs = this.openedAtMs;
  #writingSinceMs = Infinity;
  #wroteAtMs = -Infinity;
  #lookedAtMs = this.openedAtMs;
  #isExcused = false;
  #isQuiet = false;

  constructor(options: LinkOptions) {
    this.id = options.id;
    this.connection = options.connection;
    this.path = pathOf(options.connection);
    this.isOurs = options.isOurs;
    this.#options = options;
    this.blobs = new BlobStream(options.connection, (frame) => {
      if (this.#state !== 'ended') options.onBlob(frame);
    });
    this.#frames = createFrameStream(options.stream, limits.syncFrameBytesMax);
    const isDirect = this.path === 'direct';
    this.#bytesMax = isDirect ? Infinity : bytesMaxOf(options.connection);
    this.#spentAtMs = isDirect ? Infinity : this.openedAtMs + limits.relayedLinkMs;
    this.#pace = paceOf(options.connection, options.timing);
    this.#heart = setInterval(() => {
      this.#beat(this.#pace);
    }, this.#pace.beatMs);
    void this.#receive();
  }

  /** From then on a relayed link should be replaced: the relay will cut it. Never, when direct. */
  get spentAtMs(): number {
    return this.#spentAtMs;
  }

  /** A direct link from which nothing has come for a while: it may be dead, or come back. */
  get isQuiet(): boolean {
    return this.#isQuiet;
  }

  /** Resolves when the transport has the frame; rejects with an Error when the link has ended. */
  async send(frame: Uint8Array): Promise<void> {
    if (frame.length === 0 || frame.length > limits.syncFrameBytesMax) {
      throw new Error('frame-size');
    }
    const sent = await this.#queue.run(() => this.#write(frame));
    if (!sent.ok) throw new Error('link-full');
  }

  /** Sends nothing more, still receives until the peer has finished or `lingerMs` are over. */
  retire(): void {
    if (this.#state !== 'open') return;
    const { stream, timing } = this.#options;
    this.#state = 'retired';
    this.#closing = stream
      .close({ signal: AbortSignal.timeout(timing.lingerMs) })
      .catch((thrown: unknown) => {
        this.#end(toError(thrown, 'link-closed'));
      });
    setTimeout(() => {
      this.abort();
    }, timing.lingerMs);
  }

  /** Ends at once. */
  abort(): void {
    this.#end(new Error('link-closed'));
  }

  #end(reason?: Error): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    clearInterval(this.#heart);
    this.blobs.end();
    if (reason !== undefined) this.#options.stream.abort(reason);
    this.#options.onEnd();
  }

  async #write(frame: Uint8Array): Promise<void> {
    if (this.#state !== 'open') throw new Error('link-closed');
    this.#count(frame);
    this.#writingSinceMs = performance.now();
    try {
      await this.#frames.write(frame);
      this.#wroteAtMs = performance.now();
    } catch (thrown) {
      // Part of the frame may be out: nothing else can follow it on this stream.
      this.#end(toError(thrown, 'link-closed'));
      throw new Error('link-closed', { cause: thrown });
    } finally {
      this.#writingSinceMs = Infinity;
    }
  }

  async #receive(): Promise<void> {
    try {
      for (;;) {
        const frame = await this.#frames.read();
        this.#heardAtMs = performance.now();
        this.#setQuiet(false);
        this.#count(frame);
        if (frame.length > 0 && this.#state !== 'ended') this.#options.onFrame(frame);
      }
    } catch (thrown) {
      const reason = toError(thrown, 'link-closed');
      // The peer has finished: what we still have under way goes out, then this is over.
      if (reason instanceof StreamFinishedError) this.retire();
      if (this.#closing === undefined) return this.#end(reason);
      await this.#closing;
      this.#end();
    }
  }

  #count(frame: Uint8Array): void {
    const wasWithin = this.#bytes <= this.#bytesMax;
    this.#bytes += frame.length;
    if (!wasWithin || this.#bytes <= this.#bytesMax) return;
    this.#spentAtMs = Math.min(this.#spentAtMs, performance.now());
    this.#options.onSpent();
  }

  #beat({ beatMs, quietMs, silenceMs }: Pace): void {
    const nowMs = performance.now();
    // A page that slept looks once more: what arrived meanwhile has not been read yet.
    const hasSlept = nowMs - this.#lookedAtMs > 2 * beatMs;
    this.#isExcused = hasSlept && !this.#isExcused;
    this.#lookedAtMs = nowMs;
    const silentMs = this.#isExcused ? 0 : nowMs - this.#heardAtMs;
    const isStuck = nowMs - this.#writingSinceMs > this.#options.timing.frameMs;
    if (silentMs > silenceMs || (isStuck && !this.#isExcused)) {
      this.#end(new Error('link-silent'));
      this.connection.abort(new Error('link-silent'));
      return;
    }
    this.#setQuiet(silentMs > quietMs);
    const hasJustWritten = nowMs - this.#wroteAtMs < beatMs / 2;
    if (this.#state === 'open' && this.#queue.waiting === 0 && !hasJustWritten) {
      // What was written a moment ago, or waits for the transport, is the sign of life.
      this.#queue.run(() => this.#write(heartbeat)).catch(ended);
    }
  }

  #setQuiet(isQuiet: boolean): void {
    if (isQuiet === this.#isQuiet) return;
    this.#isQuiet = isQuiet;
    this.#options.onQuiet();
  }
}
