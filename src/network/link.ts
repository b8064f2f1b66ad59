/**
 * One link: frames over one stream on one connection. An empty frame is a heartbeat: libp2p notices
 * a dead WebRTC connection only after the browser has given it up, and a link that has heard
 * nothing for a while is dead earlier than that.
 */
import type { Connection, Stream } from '@libp2p/interface';
import { createSerialQueue } from '../base/serial-queue.ts';
import { limits } from '../protocol/limits.ts';
import { createFrameStream, toError } from './frame-stream.ts';
import type { LinkId, Path } from './port.ts';
import type { Timing } from './timing.ts';

export const syncProtocol = '/sotto/sync/1';
const heartbeat = new Uint8Array();

export interface LinkOptions {
  readonly id: LinkId;
  readonly connection: Connection;
  readonly stream: Stream;
  readonly isOurs: boolean;
  readonly timing: Timing;
  onFrame(frame: Uint8Array): void;
  /** It carried what one relayed connection should carry: `spentAtMs` has become now. */
  onSpent(): void;
  /** Once, when no frame follows any more. */
  onEnd(): void;
}

export interface Link {
  readonly id: LinkId;
  readonly connection: Connection;
  readonly path: Path;
  /** This side opened the stream. */
  readonly isOurs: boolean;
  readonly openedAtMs: number;
  /** From then on a relayed link should be replaced: the relay will cut it. Never, when direct. */
  readonly spentAtMs: number;
  /** Resolves when the transport has the frame; rejects with an Error when the link has ended. */
  send(frame: Uint8Array): Promise<void>;
  /** Sends nothing more, still receives until the peer has finished or `lingerMs` are over. */
  retire(): void;
  /** Ends at once. */
  abort(): void;
}

/** Over a relay: limited by it, or an address that names a circuit (a relay without limits). */
export const pathOf = (connection: Connection): Path =>
  connection.direct && connection.limits === undefined ? 'direct' : 'relayed';

/** Looks at the link every so often; returns what stops it. */
const startHeart = (
  { path, timing }: { readonly path: Path; readonly timing: Timing },
  on: { heardAtMs(): number; writingSinceMs(): number; beat(): void; die(): void },
): (() => void) => {
  const isDirect = path === 'direct';
  const everyMs = isDirect ? timing.heartbeatDirectMs : timing.heartbeatRelayedMs;
  const silenceMs = isDirect ? timing.silenceDirectMs : timing.silenceRelayedMs;
  let lookedAtMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    // A page that slept looks once more: what arrived meanwhile has not been read yet.
    const hasSlept = nowMs - lookedAtMs > everyMs + silenceMs / 2;
    lookedAtMs = nowMs;
    if (hasSlept) return;
    const isSilent = nowMs - on.heardAtMs() > silenceMs;
    const isStuck = nowMs - on.writingSinceMs() > timing.frameMs;
    if (isSilent || isStuck) on.die();
    else on.beat();
  }, everyMs);
  return () => {
    clearInterval(timer);
  };
};

export const createLink = (options: LinkOptions): Link => {
  const { stream, connection, timing } = options;
  const path = pathOf(connection);
  const frames = createFrameStream(stream, limits.syncFrameBytesMax);
  const queue = createSerialQueue(limits.linkWaitingMax);
  const openedAtMs = performance.now();
  let state: 'open' | 'retired' | 'ended' = 'open';
  let closing: Promise<void> | undefined;
  let heardAtMs = openedAtMs;
  let writingSinceMs = Infinity;
  let spentAtMs = path === 'relayed' ? openedAtMs + limits.relayedLinkMs : Infinity;
  let bytes = 0;

  const end = (reason?: Error): void => {
    if (state === 'ended') return;
    state = 'ended';
    stopHeart();
    if (reason !== undefined) stream.abort(reason);
    options.onEnd();
  };

  const count = (frame: Uint8Array): void => {
    const wasWithin = bytes <= limits.relayedLinkBytesMax;
    bytes += frame.length;
    if (path === 'direct' || !wasWithin || bytes <= limits.relayedLinkBytesMax) return;
    spentAtMs = Math.min(spentAtMs, performance.now());
    options.onSpent();
  };

  const write = async (frame: Uint8Array): Promise<void> => {
    if (state !== 'open') throw new Error('link-closed');
    count(frame);
    writingSinceMs = performance.now();
    try {
      await frames.write(frame);
    } catch (thrown) {
      // Part of the frame may be out: nothing else can follow it on this stream.
      end(toError(thrown, 'link-closed'));
      throw new Error('link-closed', { cause: thrown });
    } finally {
      writingSinceMs = Infinity;
    }
  };

  const send = async (frame: Uint8Array): Promise<void> => {
    if (frame.length === 0 || frame.length > limits.syncFrameBytesMax) {
      throw new Error('frame-size');
    }
    const sent = await queue.run(() => write(frame));
    if (!sent.ok) throw new Error('link-full');
  };

  const stopHeart = startHeart(
    { path, timing },
    {
      heardAtMs: () => heardAtMs,
      writingSinceMs: () => writingSinceMs,
      beat: () => {
        // While frames wait for the transport, they are the sign of life.
        if (state === 'open' && queue.waiting === 0) queue.run(() => write(heartbeat)).catch(end);
      },
      die: () => {
        end(new Error('link-silent'));
        connection.abort(new Error('link-silent'));
      },
    },
  );

  const receive = async (): Promise<never> => {
    for (;;) {
      const frame = await frames.read();
      heardAtMs = performance.now();
      count(frame);
      if (frame.length > 0 && state !== 'ended') options.onFrame(frame);
    }
  };
  receive().catch((thrown: unknown) => {
    const reason = toError(thrown, 'link-closed');
    // The peer has finished: what we still have under way goes out, then this is over.
    if (reason.name === 'UnexpectedEOFError') retire();
    if (closing === undefined) end(reason);
    else
      closing.then(() => {
        end();
      }, end);
  });

  const retire = (): void => {
    if (state !== 'open') return;
    state = 'retired';
    closing = stream.close({ signal: AbortSignal.timeout(timing.lingerMs) });
    closing.catch(end);
    setTimeout(() => {
      end(new Error('link-closed'));
    }, timing.lingerMs);
  };

  return {
    id: options.id,
    connection,
    path,
    isOurs: options.isOurs,
    openedAtMs,
    get spentAtMs() {
      return spentAtMs;
    },
    send,
    retire,
    abort: () => {
      end(new Error('link-closed'));
    },
  };
};
