/** The ways to one peer: what is connected, and how to connect. Knows no links and no plans. */
import type { Connection, Libp2p, PeerId as Libp2pPeerId, Stream } from '@libp2p/interface';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { pathOf, syncProtocol } from './link.ts';
import type { PeerAddress, RelayAddress } from '../port.ts';
import type { Timing } from '../timing.ts';

export interface PeerDialerOptions {
  readonly node: Libp2p;
  readonly peer: Libp2pPeerId;
  readonly timing: Timing;
  /** Ends whatever is under way. */
  readonly signal: AbortSignal;
  readonly canWebRtc: boolean;
  /** Where the peer listens, of what this device dials. */
  listensAt(address: PeerAddress): Multiaddr[];
  /** Relays that are up come first: the way over them is known to work. */
  isRelayUp(relay: RelayAddress): boolean;
}

/** What rejects here rejects with whatever libp2p throws: Errors and DOM events alike. */
export interface PeerDialer {
  connections(): Connection[];
  /** Direct before relayed, newer before older. */
  best(): Connection | undefined;
  /** Where the peer listens, else over any of its relays. */
  reach(address: PeerAddress, signal: AbortSignal): Promise<Connection>;
  /** Over any of its relays, on another connection although there is one. */
  relayed(address: PeerAddress, signal: AbortSignal): Promise<Connection>;
  /** There is a way to try. */
  canUpgrade(address: PeerAddress): boolean;
  /** Where the peer listens, then by WebRTC over one relay after another: another way at each turn. */
  direct(address: PeerAddress, turn: number): Promise<void>;
  openStream(connection: Connection): Promise<Stream>;
}

/** Skips what is no address: it came from another peer. */
const toMultiaddrs = (texts: ReadonlyArray<string>): Multiaddr[] =>
  texts.flatMap((text) => {
    try {
      return [multiaddr(text)];
    } catch {
      return [];
    }
  });

export const createPeerDialer = (options: PeerDialerOptions): PeerDialer => {
  const { node, peer, timing } = options;
  const id = peer.toString();
  const within = (ms: number, signal = options.signal): AbortSignal =>
    AbortSignal.any([options.signal, AbortSignal.timeout(ms), signal]);
  const connections = (): Connection[] =>
    node.getConnections(peer).filter(({ status }) => status === 'open');
  const relaysOf = (address: PeerAddress): RelayAddress[] =>
    [...address.relays].sort((a, b) => Number(options.isRelayUp(b)) - Number(options.isRelayUp(a)));
  const dialRelayed = (
    address: PeerAddress,
    { isFresh, signal: given }: { readonly isFresh: boolean; readonly signal: AbortSignal },
  ): Promise<Connection> => {
    const circuits = relaysOf(address).map((relay) => `${relay}/p2p-circuit/p2p/${id}`);
    const signal = within(timing.reachMs, given);
    return node.dial(toMultiaddrs(circuits), { signal, force: isFresh });
  };
  return {
    connections,
    best: () => {
      const newestFirst = connections().reverse();
      return newestFirst.find((one) => pathOf(one) === 'direct') ?? newestFirst[0];
    },
    reach: async (address, signal) => {
      const listening = options.listensAt(address);
      if (listening.length > 0) {
        try {
          return await node.dial(listening, { signal: within(timing.listenDialMs, signal) });
        } catch {
          signal.throwIfAborted(); // nobody is there, or somebody else: the relays may know better
        }
      }
      return dialRelayed(address, { isFresh: false, signal });
    },
    relayed: (address, signal) => dialRelayed(address, { isFresh: true, signal }),
    canUpgrade: (address) => options.canWebRtc || options.listensAt(address).length > 0,
    direct: async (address, turn) => {
      const listening = options.listensAt(address);
      const ways = [
        ...(listening.length > 0 ? [listening] : []),
        ...(options.canWebRtc ? relaysOf(address) : []).map((relay) =>
          toMultiaddrs([`${relay}/p2p-circuit/webrtc/p2p/${id}`]),
        ),
      ];
      const way = ways[turn % Math.max(1, ways.length)];
      if (way === undefined) throw new Error('no way');
      await node.dial(way, { signal: within(timing.directTryMs) });
    },
    openStream: (connection) =>
      connection.newStream(syncProtocol, {
        signal: within(timing.reachMs),
        runOnLimitedConnection: true,
      }),
  };
};
