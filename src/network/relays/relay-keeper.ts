/**
 * Keeps one relay: connected, with a reservation, asked who else is there. Nothing in js-libp2p
 * comes back after a relay was away, so this goes on for ever: it dials, waits for the reservation
 * that libp2p makes by itself once connected, registers and polls; whatever fails ends the round,
 * and the next one begins after a pause that grows to half a minute, but not while the relay was up
 * a short while ago.
 */
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { toHex } from '../../base/bytes.ts';
import { limits } from '../../protocol/limits.ts';
import { createFrameStream, toError, type FrameStream } from '../frame-stream.ts';
import type { Meeting, RelayState } from '../port.ts';
import { MailboxStream } from './mailbox-stream.ts';
import {
  decodeReply,
  encodeRequest,
  rendezvousProtocol,
  type MetBlobs,
  type RendezvousReply,
} from './rendezvous.ts';
import { backoffMs, chance, type Timing } from '../timing.ts';

const reservationLookMs = 10;

export interface RelayKeeperOptions {
  readonly node: Libp2p;
  readonly peerId: PeerId;
  /** Ways to the same relay, tried in order. */
  readonly multiaddrs: Multiaddr[];
  readonly timing: Timing;
  onState(state: RelayState, detail: { day?: number; retryMs?: number }): void;
  /** `wereThere`: before this device was. */
  onMet(met: ReadonlyArray<MetBlobs & { readonly wereThere: boolean }>): void;
  /** Somebody is wanted and has no link: ask more often. */
  isMissingPeers(): boolean;
}

/** The relay answers with another key than the address names. */
const isOtherRelay = (thrown: unknown): boolean => {
  if (thrown instanceof AggregateError) return thrown.errors.every(isOtherRelay);
  return thrown instanceof Error && thrown.message.includes('expected remote identity key');
};

/** Waiting that a kick ends, also a kick that came while nobody waited. */
class Pause {
  #isKicked = false;
  #wake: (() => void) | undefined;

  kick(): void {
    this.#isKicked = true;
    this.#wake?.();
  }

  async wait(ms: number): Promise<void> {
    if (!this.#isKicked) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#isKicked = false;
    this.#wake = undefined;
  }
}

export class RelayKeeper {
  readonly #options: RelayKeeperOptions;
  readonly #timing: Timing;
  readonly #stopped = new AbortController();
  readonly #pause = new Pause();
  readonly #kick = (): void => {
    this.#pause.kick();
  };
  #mailbox: MailboxStream | undefined;
  #meetings: ReadonlyArray<Meeting> = [];
  #isRegistered = false;
  /** Keys under which this device was there when it last asked. */
  #knownKeys: ReadonlySet<string> = new Set();
  #hurriedUntilMs = 0;
  #isUp = false;
  #upSinceMs = 0;
  #lostAtMs = -Infinity;

  constructor(options: RelayKeeperOptions) {
    this.#options = options;
    this.#timing = options.timing;
    void this.#run();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  setMeetings(meetings: ReadonlyArray<Meeting>): void {
    this.#meetings = meetings.slice(0, limits.meetingsPerRelayMax);
    this.#isRegistered = false;
    this.#hurry();
    this.#kick();
  }

  /** Undefined: there is none, or it does not answer. */
  async askMailbox(request: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#isUp ? this.#mailbox?.ask(request) : undefined;
  }

  /** Now instead of at the end of the pause. */
  kick(): void {
    this.#kick();
  }

  stop(): void {
    this.#stopped.abort();
    this.#isUp = false;
    this.#kick();
  }

  get #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  async #run(): Promise<void> {
    let failures = 0;
    for (;;) {
      const reason = await this.#round();
      if (this.#isStopped) return;
      // One that fails soon after every start is not to be run down.
      const wasSteady = this.#isUp && performance.now() - this.#upSinceMs > this.#timing.hurryMs;
      failures = wasSteady ? 1 : failures + 1;
      if (this.#isUp) this.#lostAtMs = performance.now();
      this.#isUp = false;
      const retryMs = Math.round(this.#retryMs(failures));
      const state = isOtherRelay(reason) ? 'bad-address' : 'unreachable';
      this.#options.onState(state, { retryMs });
      await this.#pause.wait(retryMs);
    }
  }

  /** One life of the connection, from dialling to its end. Returns what ended it. */
  async #round(): Promise<unknown> {
    const { node, multiaddrs, onState } = this.#options;
    let connection: Connection | undefined;
    try {
      onState('connecting', {});
      const signal = this.#within(this.#timing.relayDialMs);
      connection = await node.dial(multiaddrs, { signal });
      connection.addEventListener('close', this.#kick);
      await this.#awaitReservation(connection);
      this.#mailbox = new MailboxStream(connection, this.#timing.requestMs);
      await this.#serve(connection);
      return undefined;
    } catch (thrown) {
      return thrown; // Errors and DOM events alike; #run tells what it means
    } finally {
      connection?.removeEventListener('close', this.#kick);
      connection?.abort(new Error('relay connection ended'));
    }
  }

  /** While all is well; throws when it no longer is. */
  async #serve(connection: Connection): Promise<void> {
    const stream = await this.#openRendezvous(connection);
    const frames = stream && createFrameStream(stream, 2 * limits.meetingReplyBytesMax);
    let day: number | undefined;
    this.#isRegistered = false;
    this.#knownKeys = new Set();
    this.#hurry();
    while (!this.#isStopped) {
      const known = this.#knownKeys;
      const reply = frames && (await this.#ask(frames));
      if (!this.#isUp || reply?.day !== day) this.#tellUp(reply?.day);
      day = reply?.day;
      const met = reply?.met ?? [];
      const wereThere = ({ key }: MetBlobs): boolean => !known.has(toHex(key));
      if (met.length > 0) {
        this.#options.onMet(met.map((one) => ({ ...one, wereThere: wereThere(one) })));
      }
      // A change that came while the relay was asked goes out at once.
      const isUrgent = reply?.status === 'ok' && !this.#isRegistered;
      if (!isUrgent) await this.#pause.wait(this.#pollMs());
      await this.#awaitReservation(connection);
    }
  }

  async #openRendezvous(connection: Connection): Promise<Stream | undefined> {
    try {
      const signal = this.#within(this.#timing.requestMs);
      return await connection.newStream(rendezvousProtocol, { signal });
    } catch (thrown) {
      // A relay of another make: it makes us reachable, and people meet elsewhere.
      if (toError(thrown, '').name === 'UnsupportedProtocolError') return undefined;
      throw thrown;
    }
  }

  async #ask(frames: FrameStream): Promise<RendezvousReply> {
    const signal = this.#within(this.#timing.requestMs);
    const meetings = this.#meetings;
    const request = encodeRequest({ meetings: this.#isRegistered ? undefined : meetings });
    await frames.write(request, signal);
    const reply = decodeReply(await frames.read(signal));
    if (!reply.ok || reply.value.status === 'no-reservation') throw new Error('relay refused');
    if (reply.value.status === 'ok') {
      this.#isRegistered = meetings === this.#meetings;
      this.#knownKeys = new Set(meetings.map(({ key }) => toHex(key)));
    }
    return reply.value;
  }

  async #awaitReservation(connection: Connection): Promise<void> {
    const untilMs = performance.now() + this.#timing.reservationMs;
    while (!this.#hasReservation()) {
      if (connection.status !== 'open' || this.#isStopped || performance.now() > untilMs) {
        throw new Error('no reservation');
      }
      await new Promise((resolve) => setTimeout(resolve, reservationLookMs));
    }
  }

  /** We are reachable over it: one of our addresses leads over this relay. */
  #hasReservation(): boolean {
    const { node, peerId } = this.#options;
    return node.getMultiaddrs().some((address) => {
      const components = address.getComponents();
      const at = components.findIndex(({ name }) => name === 'p2p-circuit');
      return at > 0 && components[at - 1]?.value === peerId.toString();
    });
  }

  /** Its device lost the network for a while more often than a relay goes for good. */
  #retryMs(failures: number): number {
    const { retryMinMs: minMs, retryMaxMs, lapseMs, lapseRetryMaxMs } = this.#timing;
    const isLapse = performance.now() - this.#lostAtMs < lapseMs;
    return backoffMs(failures, {
      minMs,
      maxMs: isLapse ? Math.min(lapseRetryMaxMs, retryMaxMs) : retryMaxMs,
    });
  }

  #pollMs(): number {
    if (performance.now() < this.#hurriedUntilMs) return this.#timing.pollHurriedMs;
    if (this.#options.isMissingPeers()) return this.#timing.pollMissingMs;
    return this.#timing.pollIdleMs * (1 + chance());
  }

  #hurry(): void {
    this.#hurriedUntilMs = performance.now() + this.#timing.hurryMs;
  }

  #tellUp(day: number | undefined): void {
    if (!this.#isUp) this.#upSinceMs = performance.now();
    this.#isUp = true;
    this.#options.onState('up', day === undefined ? {} : { day });
  }

  #within(ms: number): AbortSignal {
    return AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ms)]);
  }
}
