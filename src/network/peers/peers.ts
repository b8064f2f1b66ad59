/** The peers of the moment: those that are wanted, and those that came by themselves. */
import type { Connection, Libp2p, PeerId as Libp2pPeerId, Stream } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import type { Multiaddr } from '@multiformats/multiaddr';
import { limits } from '../../protocol/limits.ts';
import type { Denied } from './denied.ts';
import type { Link } from './link.ts';
import { PeerKeeper } from './peer-keeper.ts';
import type { LinkId, NetworkEvent, PeerAddress, PeerId, RelayAddress } from '../port.ts';
import type { Timing } from '../timing.ts';

export interface PeersOptions {
  readonly node: Libp2p;
  readonly timing: Timing;
  readonly canWebRtc: boolean;
  readonly isListening: boolean;
  listensAt(address: PeerAddress): Multiaddr[];
  readonly denied: Denied;
  emit(event: NetworkEvent): void;
  isRelayUp(relay: RelayAddress): boolean;
}

export interface Peers {
  set(wanted: ReadonlyArray<PeerAddress>): void;
  accept(stream: Stream, connection: Connection): void;
  /** A stream for files; without a link on its connection it is ended. */
  acceptBlob(stream: Stream, connection: Connection): void;
  link(id: LinkId): Link | undefined;
  close(id: LinkId): void;
  /** Somebody is wanted and has no link. */
  isMissing(): boolean;
  deny(peerId: PeerId, forMs: number): void;
  kick(): void;
  /** A relay is there again: who has no link is tried now, not at the end of a pause. */
  seekMissing(): void;
  stop(): void;
}

/** Undefined for what is no peer id: it came from another peer. */
const toPeerId = (text: PeerId): Libp2pPeerId | undefined => {
  try {
    return peerIdFromString(text);
  } catch {
    return undefined;
  }
};

export const createPeers = (options: PeersOptions): Peers => {
  const { node, timing, denied } = options;
  const keeperByPeer = new Map<PeerId, PeerKeeper>();
  let lastLinkId = 0;

  const dropIdle = (): void => {
    for (const [peerId, keeper] of keeperByPeer) {
      if (keeper.isWanted || keeper.links.size > 0) continue;
      keeper.stop();
      keeperByPeer.delete(peerId);
    }
  };

  const keeperOf = (id: LinkId): PeerKeeper | undefined =>
    [...keeperByPeer.values()].find(({ links }) => links.has(id));

  const keeperFor = (peer: Libp2pPeerId): PeerKeeper | undefined => {
    const peerId = peer.toString();
    const existing = keeperByPeer.get(peerId);
    if (existing !== undefined) return existing;
    if (keeperByPeer.size >= limits.linksMax || denied.has(peerId)) return undefined;
    const keeper = new PeerKeeper({
      ...options,
      peer,
      nextLinkId: () => (lastLinkId += 1),
      onChange: () => {
        // Later: the keeper that reports is in the middle of something.
        queueMicrotask(dropIdle);
      },
    });
    keeperByPeer.set(peerId, keeper);
    return keeper;
  };

  const look = (event: CustomEvent<Connection>): void => {
    keeperByPeer.get(event.detail.remotePeer.toString())?.look();
  };
  node.addEventListener('connection:open', look);
  node.addEventListener('connection:close', look);

  /** Connections that others made and nobody uses. Those to relays are ours, hence outbound. */
  const sweep = setInterval(() => {
    for (const connection of node.getConnections()) {
      const isOld = Date.now() - connection.timeline.open > timing.strangerMs;
      const isKept = keeperByPeer.has(connection.remotePeer.toString());
      if (connection.direction === 'outbound' || isKept || !isOld) continue;
      connection.abort(new Error('nobody uses this connection'));
    }
  }, timing.strangerMs);

  return {
    set: (wanted) => {
      const byPeer = new Map(
        wanted
          .filter(({ peerId }) => peerId !== node.peerId.toString() && !denied.has(peerId))
          .slice(0, limits.wantedPeersMax)
          .map((address) => [address.peerId, address]),
      );
      for (const [peerId, keeper] of keeperByPeer) {
        if (!byPeer.has(peerId)) keeper.want(undefined);
      }
      dropIdle();
      for (const address of byPeer.values()) {
        const peer = toPeerId(address.peerId);
        if (peer !== undefined) keeperFor(peer)?.want(address);
      }
    },
    accept: (stream, connection) => {
      const keeper = keeperFor(connection.remotePeer);
      if (keeper === undefined) stream.abort(new Error('too many peers'));
      else keeper.accept(stream, connection);
    },
    acceptBlob: (stream, connection) => {
      const links = keeperByPeer.get(connection.remotePeer.toString())?.links.values() ?? [];
      const link = [...links].findLast((one) => one.connection === connection);
      if (link === undefined) stream.abort(new Error('no link here'));
      else link.blobs.accept(stream);
    },
    link: (id) => keeperOf(id)?.links.get(id),
    close: (id) => {
      keeperOf(id)?.close(id);
    },
    isMissing: () =>
      [...keeperByPeer.values()].some(({ isWanted, link }) => isWanted && link === undefined),
    deny: (peerId, forMs) => {
      denied.add(peerId, forMs);
      keeperByPeer.get(peerId)?.stop();
      keeperByPeer.delete(peerId);
      const peer = toPeerId(peerId);
      if (peer === undefined) return;
      for (const connection of node.getConnections(peer)) {
        connection.abort(new Error('peer denied'));
      }
    },
    kick: () => {
      for (const keeper of keeperByPeer.values()) keeper.kick();
    },
    seekMissing: () => {
      for (const keeper of keeperByPeer.values()) {
        if (keeper.link === undefined) keeper.kick();
      }
    },
    stop: () => {
      clearInterval(sweep);
      node.removeEventListener('connection:open', look);
      node.removeEventListener('connection:close', look);
      for (const keeper of keeperByPeer.values()) keeper.stop();
      keeperByPeer.clear();
    },
  };
};
