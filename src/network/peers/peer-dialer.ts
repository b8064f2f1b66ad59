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
  /** Relays that are up come first: the way over them is known to work. */
  isRelayUp(relay: RelayAddress): boolean;
}

/** What rejects here rejects with whatever libp2p throws: Errors and DOM events alike. */
export interface PeerDialer {
  connections(): Connection[];
  /** Direct before relayed, newer before older. */
  best(): Connection | undefined;
  /** Over any of the peer's relays; `isFresh` makes another connection although there is one. */
  relayed(
    address: PeerAddress,
    options: { readonly isFresh: boolean; readonly signal: AbortSignal },
  ): Promise<Connection>;
  /** By WebRTC, over a different relay at each turn. */
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
  return {
    connections,
    best: () => {
      const newestFirst = connections().reverse();
      return newestFirst.find((one) => pathOf(one) === 'direct') ?? newestFirst[0];
    },
    relayed: (address, { isFresh, signal: given }) => {
      const circuits = relaysOf(address).map((relay) => `${relay}/p2p-circuit/p2p/${id}`);
      const signal = within(timing.reachMs, given);
      return node.dial(toMultiaddrs(circuits), { signal, force: isFresh });
    },
    direct: async (address, turn) => {
      const relays = relaysOf(address);
      const relay = relays[turn % Math.max(1, relays.length)];
      if (relay === undefined) throw new Error('no relay');
      const ways = toMultiaddrs([`${relay}/p2p-circuit/webrtc/p2p/${id}`]);
      await node.dial(ways, { signal: within(timing.directTryMs) });
    },
    openStream: (connection) =>
      connection.newStream(syncProtocol, {
        signal: within(timing.reachMs),
        runOnLimitedConnection: true,
      }),
  };
};
