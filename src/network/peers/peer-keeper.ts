/**
 * Keeps one peer: dials it, opens the link, upgrades it to a direct path, goes round one that fell
 * quiet, renews a relayed one. What to do next is decided in peer-plan.ts; this file does it, one
 * thing at a time.
 */
import type { Connection, Libp2p, PeerId as Libp2pPeerId, Stream } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { toError } from '../frame-stream.ts';
import { Link, pathOf } from './link.ts';
import { createPeerDialer, type PeerDialer } from './peer-dialer.ts';
import { planPeer, type PeerAction, type PeerSituation } from './peer-plan.ts';
import type { LinkId, NetworkEvent, PeerAddress, RelayAddress } from '../port.ts';
import { backoffMs, type Timing } from '../timing.ts';

export interface PeerKeeperOptions {
  readonly node: Libp2p;
  readonly peer: Libp2pPeerId;
  readonly timing: Timing;
  readonly canWebRtc: boolean;
  /** Others can dial this device where it listens. */
  readonly isListening: boolean;
  /** Where a peer listens, of what this device dials. */
  listensAt(address: PeerAddress): Multiaddr[];
  nextLinkId(): LinkId;
  emit(event: NetworkEvent): void;
  isRelayUp(relay: RelayAddress): boolean;
  /** The link came or went: `links` changed. */
  onChange(): void;
}

export class PeerKeeper {
  /** Every link the core may still name: the current one and those that finish. */
  readonly links = new Map<LinkId, Link>();
  readonly #options: PeerKeeperOptions;
  readonly #timing: Timing;
  readonly #peerId: string;
  /** Ours is the smaller peer id: we dial, and our link stays when both open one. */
  readonly #isFirst: boolean;
  readonly #stopped = new AbortController();
  readonly #dialer: PeerDialer;
  #wanted: PeerAddress | undefined;
  #link: Link | undefined;
  #isBusy = false;
  #attempt = new AbortController();
  #attemptedAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stateKey = '';
  #sinceMs = 0;
  #reachFailures = 0;
  #reachAfterMs = 0;
  #upgradeTries = 0;
  #upgradeAfterMs = 0;

  constructor(options: PeerKeeperOptions) {
    this.#options = options;
    this.#timing = options.timing;
    this.#peerId = options.peer.toString();
    this.#isFirst = options.node.peerId.toString() < this.#peerId;
    this.#dialer = createPeerDialer({ ...options, signal: this.#stopped.signal });
  }

  get isWanted(): boolean {
    return this.#wanted !== undefined;
  }

  /** The link new frames go over. */
  get link(): Link | undefined {
    return this.#link;
  }

  /** Undefined: keep what there is, look for nothing new. */
  want(address: PeerAddress | undefined): void {
    this.#wanted = address;
    this.look();
  }

  accept(stream: Stream, connection: Connection): void {
    this.#offer(stream, connection, false);
    this.look();
  }

  /** Ends the link; where the peer is wanted, the next one begins after a pause. */
  close(id: LinkId): void {
    this.#reachAfterMs = performance.now() + this.#timing.closedPauseMs;
    this.links.get(id)?.retire();
  }

  /** The network is back, the page awake: what failed before may work now. */
  kick(): void {
    this.#reachFailures = 0;
    this.#reachAfterMs = 0;
    this.#upgradeTries = 0;
    this.#upgradeAfterMs = 0;
    // A dial that has been hanging since before would hang on, and nothing is begun beside it.
    const isHanging = performance.now() - this.#attemptedAtMs > this.#timing.settleMs;
    if (this.#isBusy && isHanging) this.#attempt.abort();
    this.look();
  }

  /** Ends every link; the keeper does nothing from then on. */
  stop(): void {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    for (const link of this.links.values()) link.abort();
  }

  /** Something changed: does what is to be done now, or comes back when it is time. */
  look(): void {
    clearTimeout(this.#timer);
    if (this.#stopped.signal.aborted || this.#isBusy) return;
    const nowMs = performance.now();
    const plan = planPeer(this.#situation(), nowMs, this.#timing);
    if (plan.action !== undefined && this.#wanted !== undefined) {
      void this.#start(plan.action, this.#wanted);
    } else if (plan.atMs !== Infinity) {
      this.#timer = setTimeout(
        () => {
          this.look();
        },
        Math.max(1, plan.atMs - nowMs),
      );
    }
  }

  #situation(): PeerSituation {
    const paths = this.#dialer.connections().map(pathOf);
    const hasDirect = paths.includes('direct');
    const hasRelayed = paths.includes('relayed');
    // A change of these begins a new turn of waiting for the other side.
    const { id, isQuiet } = this.#link ?? {};
    const stateKey = [this.isWanted, id, isQuiet, hasDirect, hasRelayed].join();
    if (stateKey !== this.#stateKey) this.#sinceMs = performance.now();
    this.#stateKey = stateKey;
    return {
      isWanted: this.isWanted,
      isFirst: this.#isFirst,
      wereThere: this.#wanted?.wereThere,
      link: this.#link,
      hasDirect,
      hasRelayed,
      ...this.#upgradeOf(this.#wanted),
      sinceMs: this.#sinceMs,
      reachAfterMs: this.#reachAfterMs,
      upgradeAfterMs: this.#upgradeAfterMs,
    };
  }

  #upgradeOf(
    address: PeerAddress | undefined,
  ): Pick<PeerSituation, 'canUpgrade' | 'isUpgradeOurs'> {
    if (address === undefined) return { canUpgrade: false, isUpgradeOurs: false };
    const { listensAt, isListening } = this.#options;
    return {
      canUpgrade: this.#dialer.canUpgrade(address),
      isUpgradeOurs: !isListening && listensAt(address).length > 0,
    };
  }

  async #start(action: PeerAction, address: PeerAddress): Promise<void> {
    this.#isBusy = true;
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#attemptedAtMs = performance.now();
    try {
      await this.#act(action, address);
    } catch (thrown) {
      // Whatever libp2p throws, Error or Event, means the same: not now, again later.
      if (attempt.signal.aborted) this.#reachAfterMs = 0;
      else if (action === 'upgrade') this.#upgradeFailed(toError(thrown, 'dial failed'));
      else this.#reachFailed();
    }
    this.#isBusy = false;
    this.look();
  }

  async #act(action: PeerAction, address: PeerAddress): Promise<void> {
    const dialer = this.#dialer;
    if (action === 'upgrade') return dialer.direct(address, this.#upgradeTries);
    const before = this.#link;
    const existing = action === 'open' ? dialer.best() : undefined;
    const isFresh = action === 'renew' || action === 'detour';
    const dial = isFresh ? dialer.relayed : dialer.reach;
    const connection = existing ?? (await dial(address, this.#attempt.signal));
    try {
      const stream = await dialer.openStream(connection);
      if (action === 'detour' && this.#link?.isQuiet === false) throw new Error('heard again');
      this.#offer(stream, connection, true);
    } catch (thrown) {
      // A connection that takes no stream is dead, whatever it says: the next try makes another.
      connection.abort(toError(thrown, 'no stream'));
      throw thrown;
    }
    // Another direct way begins anew: the browser may hold this one open for long.
    if (action === 'detour') before?.connection.abort(new Error('link-quiet'));
  }

  #upgradeFailed(error: Error): void {
    const { directTries, directPauseMs, directPauseMaxMs, retryMinMs } = this.#timing;
    this.#upgradeTries += 1;
    const isRoundOver = this.#upgradeTries % directTries === 0;
    const rounds = this.#upgradeTries / directTries;
    const pauseMs = isRoundOver
      ? backoffMs(rounds, { minMs: directPauseMs, maxMs: directPauseMaxMs })
      : retryMinMs;
    // A peer without WebRTC (a headless one) will have none later either.
    const isHopeless = error.name === 'UnsupportedProtocolError';
    this.#upgradeAfterMs = performance.now() + (isHopeless ? directPauseMaxMs : pauseMs);
  }

  #reachFailed(): void {
    const { retryMinMs: minMs, retryMaxMs: maxMs } = this.#timing;
    this.#reachFailures += 1;
    const failures = this.#reachFailures;
    this.#reachAfterMs = performance.now() + backoffMs(failures, { minMs, maxMs });
    if (this.#link !== undefined || this.#stopped.signal.aborted) return;
    this.#options.emit({ type: 'DialFailed', peerId: this.#peerId, failures });
  }

  #offer(stream: Stream, connection: Connection, isOurs: boolean): void {
    if (!this.#stopped.signal.aborted && this.#isPreferred(connection, isOurs)) {
      this.#adopt(stream, connection, isOurs);
    } else {
      stream.abort(new Error('another link is open'));
    }
  }

  /** Both sides answer this alike when two streams begin at the same time. */
  #isPreferred(connection: Connection, isOurs: boolean): boolean {
    const current = this.#link;
    if (current === undefined) return true;
    const nowMs = performance.now();
    const isYoung = nowMs - current.openedAtMs < this.#timing.settleMs && nowMs < current.spentAtMs;
    const path = pathOf(connection);
    if (path !== current.path) return path === 'direct' || !isYoung;
    // From one side, the later stream replaces the earlier; from both, the smaller peer id's stays.
    return isOurs === current.isOurs || !isYoung || isOurs === this.#isFirst;
  }

  #adopt(stream: Stream, connection: Connection, isOurs: boolean): void {
    const link = this.#createLink(stream, connection, isOurs);
    const { id, path } = link;
    const previous = this.#link;
    this.links.set(id, link);
    this.#link = link;
    this.#reachFailures = 0;
    this.#reachAfterMs = 0;
    if (path === 'direct') this.#upgradeTries = 0;
    this.#options.emit({ type: 'LinkOpened', link: id, peerId: this.#peerId, path });
    // Who opened it ends the old one. Ending it here too could be seen there before the new one is.
    if (isOurs) previous?.retire();
    else setTimeout(() => previous?.retire(), this.#timing.lingerMs);
    this.#closeOthers(link);
    this.#options.onChange();
  }

  #createLink(stream: Stream, connection: Connection, isOurs: boolean): Link {
    const { emit, nextLinkId, onChange } = this.#options;
    const id = nextLinkId();
    return new Link({
      id,
      connection,
      stream,
      isOurs,
      timing: this.#timing,
      onFrame: (frame) => {
        emit({ type: 'FrameReceived', link: id, frame });
      },
      onBlob: (frame) => {
        emit({ type: 'BlobReceived', link: id, frame });
      },
      onSpent: () => {
        this.look();
      },
      onQuiet: () => {
        this.look();
      },
      onEnd: () => {
        this.links.delete(id);
        if (this.#link?.id === id) this.#link = undefined;
        emit({ type: 'LinkClosed', link: id });
        onChange();
        this.look();
      },
    });
  }

  /** Ends what the new link made superfluous, once both sides have moved. */
  #closeOthers(current: Link): void {
    setTimeout(() => {
      if (this.#link !== current) return;
      for (const connection of this.#dialer.connections()) {
        const isWorse = current.path === 'direct' || pathOf(connection) === 'relayed';
        if (connection === current.connection || !isWorse) continue;
        connection.close().catch((thrown: unknown) => {
          connection.abort(toError(thrown, 'connection did not close'));
        });
      }
    }, this.#timing.lingerMs);
  }
}
