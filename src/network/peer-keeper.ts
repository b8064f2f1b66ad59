/**
 * Keeps one peer: dials it, opens the link, upgrades it to a direct path, renews a relayed one. What
 * to do next is decided in peer-plan.ts; this file does it, one thing at a time.
 */
import type { Connection, Libp2p, PeerId as Libp2pPeerId, Stream } from '@libp2p/interface';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { toError } from './frame-stream.ts';
import { createLink, pathOf, syncProtocol, type Link } from './link.ts';
import { planPeer, type PeerAction } from './peer-plan.ts';
import type { LinkId, NetworkEvent, PeerAddress, RelayAddress } from './port.ts';
import { backoffMs, type Timing } from './timing.ts';

export interface PeerKeeperOptions {
  readonly node: Libp2p;
  readonly peer: Libp2pPeerId;
  readonly timing: Timing;
  readonly canWebRtc: boolean;
  nextLinkId(): LinkId;
  emit(event: NetworkEvent): void;
  /** Relays that are up come first: the way over them is known to work. */
  isRelayUp(relay: RelayAddress): boolean;
  /** The link came or went: `links` changed. */
  onChange(): void;
}

export interface PeerKeeper {
  readonly isWanted: boolean;
  /** The link new frames go over. */
  readonly link: Link | undefined;
  /** Every link the core may still name: the current one and those that finish. */
  readonly links: ReadonlyMap<LinkId, Link>;
  /** Undefined: keep what there is, look for nothing new. */
  want(address: PeerAddress | undefined): void;
  accept(stream: Stream, connection: Connection): void;
  /** Ends the link; where the peer is wanted, the next one begins after a pause. */
  close(id: LinkId): void;
  /** Connections came or went. */
  look(): void;
  /** The network is back, the page awake: what failed before may work now. */
  kick(): void;
  /** Ends every link; the keeper does nothing from then on. */
  stop(): void;
}

const circuitOf = (relay: RelayAddress, peer: Libp2pPeerId): string =>
  `${relay}/p2p-circuit/p2p/${peer.toString()}`;
const directOf = (relay: RelayAddress, peer: Libp2pPeerId): string =>
  `${relay}/p2p-circuit/webrtc/p2p/${peer.toString()}`;

/** Skips what is no address: it came from another peer. */
const toMultiaddrs = (texts: ReadonlyArray<string>): Multiaddr[] =>
  texts.flatMap((text) => {
    try {
      return [multiaddr(text)];
    } catch {
      return [];
    }
  });

export const createPeerKeeper = (options: PeerKeeperOptions): PeerKeeper => {
  const { node, peer, timing } = options;
  const isFirst = node.peerId.toString() < peer.toString();
  const links = new Map<LinkId, Link>();
  const stopped = new AbortController();
  let wanted: PeerAddress | undefined;
  let link: Link | undefined;
  let isBusy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let situationKey = '';
  let sinceMs = performance.now();
  let reachFailures = 0;
  let reachAfterMs = 0;
  let upgradeTries = 0;
  let upgradeAfterMs = 0;

  const openConnections = (): Connection[] =>
    node.getConnections(peer).filter(({ status }) => status === 'open');

  /** Direct before relayed, newer before older. */
  const bestConnection = (): Connection | undefined => {
    const open = openConnections().reverse();
    return open.find((connection) => pathOf(connection) === 'direct') ?? open[0];
  };

  const situation = () => {
    const paths = openConnections().map(pathOf);
    const hasDirect = paths.includes('direct');
    const hasRelayed = paths.includes('relayed');
    // A change of these begins a new turn of waiting for the other side.
    const key = [wanted !== undefined, link?.id, hasDirect, hasRelayed].join();
    if (key !== situationKey) sinceMs = performance.now();
    situationKey = key;
    return {
      isWanted: wanted !== undefined,
      isFirst,
      link,
      hasDirect,
      hasRelayed,
      canUpgrade: options.canWebRtc,
      sinceMs,
      reachAfterMs,
      upgradeAfterMs,
    };
  };

  /** Ends what the new link made superfluous, once both sides have moved. */
  const closeOthers = (current: Link): void => {
    setTimeout(() => {
      if (link !== current) return;
      for (const connection of node.getConnections(peer)) {
        const isWorse = current.path === 'direct' || pathOf(connection) === 'relayed';
        if (connection === current.connection || !isWorse) continue;
        connection.close().catch((thrown: unknown) => {
          connection.abort(toError(thrown, 'connection did not close'));
        });
      }
    }, timing.lingerMs);
  };

  const adopt = (stream: Stream, connection: Connection, isOurs: boolean): void => {
    const adopted: Link = createLink({
      id: options.nextLinkId(),
      connection,
      stream,
      isOurs,
      timing,
      onFrame: (frame) => {
        options.emit({ type: 'FrameReceived', link: adopted.id, frame });
      },
      onSpent: look,
      onEnd: () => {
        links.delete(adopted.id);
        if (link === adopted) link = undefined;
        options.emit({ type: 'LinkClosed', link: adopted.id });
        options.onChange();
        look();
      },
    });
    const previous = link;
    links.set(adopted.id, adopted);
    link = adopted;
    reachFailures = 0;
    reachAfterMs = 0;
    if (adopted.path === 'direct') upgradeTries = 0;
    options.emit({
      type: 'LinkOpened',
      link: adopted.id,
      peerId: peer.toString(),
      path: adopted.path,
    });
    // Who opened it ends the old one. Ending it here too could be seen there before the new one is.
    if (isOurs) previous?.retire();
    else if (previous !== undefined) setTimeout(previous.retire, timing.lingerMs);
    closeOthers(adopted);
    options.onChange();
  };

  /** [NP2] Both sides answer this alike when two streams begin at the same time. */
  const isPreferred = (connection: Connection, isOurs: boolean): boolean => {
    if (link === undefined) return true;
    const nowMs = performance.now();
    const isYoung = nowMs - link.openedAtMs < timing.settleMs && nowMs < link.spentAtMs;
    const path = pathOf(connection);
    if (path !== link.path) return path === 'direct' || !isYoung;
    // From one side, the later stream replaces the earlier; from both, the smaller peer id's stays.
    return isOurs === link.isOurs || !isYoung || isOurs === isFirst;
  };

  const offer = (stream: Stream, connection: Connection, isOurs: boolean): void => {
    if (!stopped.signal.aborted && isPreferred(connection, isOurs)) {
      adopt(stream, connection, isOurs);
    } else {
      stream.abort(new Error('another link is open'));
    }
  };

  const within = (ms: number): AbortSignal =>
    AbortSignal.any([stopped.signal, AbortSignal.timeout(ms)]);

  const openOn = async (connection: Connection): Promise<void> => {
    const stream = await connection.newStream(syncProtocol, {
      signal: within(timing.reachMs),
      runOnLimitedConnection: true,
    });
    offer(stream, connection, true);
  };

  const relaysOf = (address: PeerAddress): RelayAddress[] =>
    [...address.relays].sort((a, b) => Number(options.isRelayUp(b)) - Number(options.isRelayUp(a)));

  const dialRelayed = async (address: PeerAddress, force: boolean): Promise<void> => {
    const circuits = relaysOf(address).map((relay) => circuitOf(relay, peer));
    const connection = await node.dial(toMultiaddrs(circuits), {
      signal: within(timing.reachMs),
      force,
    });
    await openOn(connection);
  };

  const dialDirect = async (address: PeerAddress): Promise<void> => {
    const relays = relaysOf(address);
    const relay = relays[upgradeTries % Math.max(1, relays.length)];
    if (relay === undefined) throw new Error('no relay');
    await node.dial(toMultiaddrs([directOf(relay, peer)]), {
      signal: within(timing.directTryMs),
    });
  };

  const upgradeFailed = (error: Error): void => {
    upgradeTries += 1;
    // A peer without WebRTC (a headless one) will have none later either.
    const isHopeless = error.name === 'UnsupportedProtocolError';
    const rounds = Math.floor(upgradeTries / timing.directTries);
    const pause = { minMs: timing.directPauseMs, maxMs: timing.directPauseMaxMs };
    const waitMs = isHopeless
      ? timing.directPauseMaxMs
      : upgradeTries % timing.directTries === 0
        ? backoffMs(rounds, pause)
        : timing.retryMinMs;
    upgradeAfterMs = performance.now() + waitMs;
  };

  const reachFailed = (action: PeerAction): void => {
    reachFailures += 1;
    const bounds = { minMs: timing.retryMinMs, maxMs: timing.retryMaxMs };
    reachAfterMs = performance.now() + backoffMs(reachFailures, bounds);
    if (link === undefined && action !== 'renew') {
      options.emit({ type: 'DialFailed', peerId: peer.toString(), failures: reachFailures });
    }
  };

  const act = async (action: PeerAction, address: PeerAddress): Promise<void> => {
    const best = bestConnection();
    if (action === 'upgrade') await dialDirect(address);
    else if (action === 'renew') await dialRelayed(address, true);
    else if (action === 'reach' || best === undefined) await dialRelayed(address, false);
    else await openOn(best);
  };

  const start = async (action: PeerAction, address: PeerAddress): Promise<void> => {
    isBusy = true;
    try {
      await act(action, address);
    } catch (thrown) {
      // Whatever libp2p throws, Error or Event, means the same: not now, again later.
      if (action === 'upgrade') upgradeFailed(toError(thrown, 'dial failed'));
      else reachFailed(action);
    }
    isBusy = false;
    look();
  };

  const look = (): void => {
    clearTimeout(timer);
    if (stopped.signal.aborted || isBusy) return;
    const nowMs = performance.now();
    const plan = planPeer(situation(), nowMs, timing);
    if (plan.action !== undefined && wanted !== undefined) {
      void start(plan.action, wanted);
    } else if (plan.atMs !== Infinity) {
      timer = setTimeout(look, Math.max(1, plan.atMs - nowMs));
    }
  };

  return {
    get isWanted() {
      return wanted !== undefined;
    },
    get link() {
      return link;
    },
    links,
    want: (address) => {
      wanted = address;
      look();
    },
    accept: (stream, connection) => {
      offer(stream, connection, false);
      look();
    },
    close: (id) => {
      reachAfterMs = performance.now() + timing.closedPauseMs;
      links.get(id)?.retire();
    },
    look,
    kick: () => {
      reachFailures = 0;
      reachAfterMs = 0;
      upgradeTries = 0;
      upgradeAfterMs = 0;
      look();
    },
    stop: () => {
      stopped.abort();
      clearTimeout(timer);
      for (const one of links.values()) one.abort();
    },
  };
};
