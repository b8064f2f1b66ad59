/**
 * Keeps one relay: connected, with a reservation, asked who else is there. Nothing in js-libp2p
 * comes back after a relay was away, so this goes on for ever: it dials, waits for the reservation
 * that libp2p makes by itself once connected, registers and polls; whatever fails ends the round,
 * and the next one begins after a pause that grows to half a minute.
 */
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { limits } from '../protocol/limits.ts';
import { createFrameStream, toError, type FrameStream } from './frame-stream.ts';
import type { Meeting, RelayState } from './port.ts';
import {
  decodeReply,
  encodeRequest,
  rendezvousProtocol,
  type MetBlobs,
  type RendezvousReply,
} from './rendezvous.ts';
import { backoffMs, chance, type Timing } from './timing.ts';

const reservationLookMs = 50;

export interface RelayKeeperOptions {
  readonly node: Libp2p;
  readonly peerId: PeerId;
  /** Ways to the same relay, tried in order. */
  readonly multiaddrs: Multiaddr[];
  readonly timing: Timing;
  onState(state: RelayState, detail: { day?: number; retryMs?: number }): void;
  onMet(met: ReadonlyArray<MetBlobs>): void;
  /** Somebody is wanted and has no link: ask more often. */
  isMissingPeers(): boolean;
}

export interface RelayKeeper {
  readonly isUp: boolean;
  setMeetings(meetings: ReadonlyArray<Meeting>): void;
  /** Now instead of at the end of the pause. */
  kick(): void;
  stop(): void;
}

/** The relay answers with another key than the address names. */
const isOtherRelay = (thrown: unknown): boolean => {
  if (thrown instanceof AggregateError) return thrown.errors.every(isOtherRelay);
  return thrown instanceof Error && thrown.message.includes('expected remote identity key');
};

export const createRelayKeeper = (options: RelayKeeperOptions): RelayKeeper => {
  const { node, peerId, timing } = options;
  const stopped = new AbortController();
  let meetings: ReadonlyArray<Meeting> = [];
  let isRegistered = false;
  let hurriedUntilMs = 0;
  let isUp = false;
  let upSinceMs = 0;
  let wake: (() => void) | undefined;
  let isKicked = false;

  const isStopped = (): boolean => stopped.signal.aborted;

  const kick = (): void => {
    isKicked = true;
    wake?.();
  };

  /** Ends early by a kick, also one that came while nobody waited. */
  const pause = async (ms: number): Promise<void> => {
    if (!isKicked && !isStopped()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wake = undefined;
    }
    isKicked = false;
  };

  const within = (ms: number): AbortSignal =>
    AbortSignal.any([stopped.signal, AbortSignal.timeout(ms)]);

  const hasReservation = (): boolean =>
    node.getMultiaddrs().some((address) => {
      const names = address.getComponents();
      const at = names.findIndex(({ name }) => name === 'p2p-circuit');
      return at > 0 && names[at - 1]?.value === peerId.toString();
    });

  const awaitReservation = async (connection: Connection): Promise<void> => {
    const untilMs = performance.now() + timing.reservationMs;
    while (!hasReservation()) {
      if (connection.status !== 'open' || isStopped() || performance.now() > untilMs) {
        throw new Error('no reservation');
      }
      await new Promise((resolve) => setTimeout(resolve, reservationLookMs));
    }
  };

  const openRendezvous = async (connection: Connection): Promise<Stream | undefined> => {
    try {
      return await connection.newStream(rendezvousProtocol, { signal: within(timing.requestMs) });
    } catch (thrown) {
      // A relay of another make: it makes us reachable, and people meet elsewhere.
      if (toError(thrown, '').name === 'UnsupportedProtocolError') return undefined;
      throw thrown;
    }
  };

  const ask = async (frames: FrameStream): Promise<RendezvousReply> => {
    const signal = within(timing.requestMs);
    const asked = meetings;
    await frames.write(encodeRequest({ meetings: isRegistered ? undefined : asked }), signal);
    const reply = decodeReply(await frames.read(signal));
    if (!reply.ok || reply.value.status === 'no-reservation') throw new Error('relay refused');
    if (reply.value.status === 'ok' && asked === meetings) isRegistered = true;
    return reply.value;
  };

  const pollMs = (): number => {
    if (performance.now() < hurriedUntilMs) return timing.pollHurriedMs;
    if (options.isMissingPeers()) return timing.pollMissingMs;
    return timing.pollIdleMs * (1 + chance());
  };

  const hurry = (): void => {
    hurriedUntilMs = performance.now() + timing.hurryMs;
  };

  const announceUp = (day: number | undefined): void => {
    if (!isUp) upSinceMs = performance.now();
    isUp = true;
    options.onState('up', day === undefined ? {} : { day });
  };

  /** A change that came while the relay was asked goes out at once. */
  const isUrgent = (reply: RendezvousReply | undefined): boolean =>
    reply?.status === 'ok' && !isRegistered;

  /** While all is well; throws when it no longer is. */
  const serve = async (connection: Connection): Promise<void> => {
    const stream = await openRendezvous(connection);
    const frames = stream && createFrameStream(stream, 2 * limits.meetingReplyBytesMax);
    let day: number | undefined;
    isRegistered = false;
    hurry();
    for (;;) {
      const reply = frames && (await ask(frames));
      if (!isUp || reply?.day !== day) announceUp(reply?.day);
      day = reply?.day;
      if (reply !== undefined && reply.met.length > 0) options.onMet(reply.met);
      if (!isUrgent(reply)) await pause(pollMs());
      if (isStopped()) return;
      await awaitReservation(connection);
    }
  };

  const connect = async (): Promise<Connection> => {
    const connection = await node.dial(options.multiaddrs, { signal: within(timing.relayDialMs) });
    connection.addEventListener('close', kick);
    return connection;
  };

  /** One life of the connection, from dialling to its end. Returns what ended it. */
  const round = async (): Promise<unknown> => {
    let connection: Connection | undefined;
    try {
      options.onState('connecting', {});
      connection = await connect();
      await awaitReservation(connection);
      await serve(connection);
      return undefined;
    } catch (thrown) {
      return thrown; // Errors and DOM events alike; run() tells what it means
    } finally {
      connection?.removeEventListener('close', kick);
      connection?.abort(new Error('relay connection ended'));
    }
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    while (!isStopped()) {
      const reason = await round();
      if (isStopped()) return;
      // One that fails soon after every start is not to be run down.
      const wasSteady = isUp && performance.now() - upSinceMs > timing.hurryMs;
      failures = wasSteady ? 1 : failures + 1;
      isUp = false;
      const bounds = { minMs: timing.retryMinMs, maxMs: timing.retryMaxMs };
      const retryMs = Math.round(backoffMs(failures, bounds));
      options.onState(isOtherRelay(reason) ? 'bad-address' : 'unreachable', { retryMs });
      await pause(retryMs);
    }
  };

  void run();
  return {
    get isUp() {
      return isUp;
    },
    setMeetings: (changed) => {
      meetings = changed.slice(0, limits.meetingsPerRelayMax);
      isRegistered = false;
      hurry();
      kick();
    },
    kick,
    stop: () => {
      stopped.abort();
      kick();
    },
  };
};
