/**
 * The relay: makes pages reachable that cannot be dialled, and lets members of a conversation meet
 * (rendezvous.ts). It sees ciphertext between peer ids that last one session, and takes no part in
 * gossip. Why each unusual option is there: README.md.
 */
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2';
import { identify, identifyPush } from '@libp2p/identify';
import {
  FaultTolerance,
  type Connection,
  type ConnectionGater,
  type Libp2p,
  type PeerId,
} from '@libp2p/interface';
import { keychain } from '@libp2p/keychain';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { yamux } from '@libp2p/yamux';
import { MemoryDatastore, MountDatastore } from 'datastore-core';
import { FsDatastore } from 'datastore-fs';
import { Key, type Datastore } from 'interface-datastore';
import { createLibp2p } from 'libp2p';
import { endableWebSockets } from '../src/network/web-sockets.ts';
import { createNodeBackend } from '../src/crypto/node-crypto.node.ts';
import { limits } from '../src/protocol/limits.ts';
import type { MailboxConfig } from './config.ts';
import { Mailbox } from './mailbox/mailbox.ts';
import { MailboxStore } from './mailbox/mailbox-store.ts';
import { serveMailbox } from './mailbox/serve-mailbox.ts';
import { loadRelayKey } from './relay-key.ts';
import { startRendezvous } from './rendezvous.ts';

const reservationTtlMs = 30 * 60_000;
/** Circuits one peer may ask for in a minute; a client needs one per peer and 90 s. */
const circuitsPerMinuteMax = 120;

export interface RelayOptions {
  /** Where the sockets are bound; loopback unless the operator opens it. */
  readonly host?: string;
  /** WebSocket port; 0 lets the system choose. */
  readonly wsPort: number;
  /** UDP port of webrtc-direct; undefined leaves it out. */
  readonly webrtcPort?: number | undefined;
  /** Holds key and certificate, so that the addresses in invites stay true. Readable by us only. */
  readonly dataDir: string;
  /** What to tell others, where a proxy or a router stands in front. */
  readonly announce?: ReadonlyArray<string>;
  readonly reservationsMax?: number;
  /** Undefined: none is kept. */
  readonly mailbox?: MailboxConfig | undefined;
  readonly now?: () => number;
}

export interface Relay {
  readonly peerId: string;
  /** Multiaddrs with the relay's peer id, the operator's own first. */
  addresses(): ReadonlyArray<string>;
  /** Takes connections, and where it has a mailbox its disk does not fail. */
  isReady(): boolean;
  /** For the operator's eyes: numbers only. */
  status(): RelayStatus;
  /** Ends every connection. */
  stop(): Promise<void>;
}

export interface RelayStatus {
  readonly connections: number;
  readonly reservations: number;
  readonly meetingPeers: number;
  readonly meetingPlaces: number;
  readonly mailboxes: number;
  readonly mailboxBytes: number;
}

type RelayNode = Libp2p<{ circuitRelay: CircuitRelayService }>;

/** Refuses a peer that asks for circuits faster than any client does. */
const createCircuitGate = (now: () => number): ConnectionGater => {
  let minute = 0;
  let circuitsByPeer = new Map<string, number>();
  return {
    denyOutboundRelayedConnection: (source) => {
      const current = Math.floor(now() / 60_000);
      if (current !== minute) circuitsByPeer = new Map();
      minute = current;
      const circuits = (circuitsByPeer.get(source.toString()) ?? 0) + 1;
      circuitsByPeer.set(source.toString(), circuits);
      return circuits > circuitsPerMinuteMax;
    },
  };
};

/** Certificate and its key stay on disk; who came by is never written down. */
const openDatastore = async (dataDir: string): Promise<Datastore> => {
  const kept = new FsDatastore(join(dataDir, 'libp2p'));
  await kept.open();
  return new MountDatastore([
    { prefix: new Key('/peers'), datastore: new MemoryDatastore() },
    { prefix: new Key('/'), datastore: kept },
  ]);
};

const createNode = async (options: RelayOptions): Promise<RelayNode> => {
  const { host = '127.0.0.1', wsPort, webrtcPort, dataDir, announce = [] } = options;
  const reservationsMax = options.reservationsMax ?? 256;
  const ip = host.includes(':') ? `/ip6/${host}` : `/ip4/${host}`;
  // Its native part is loaded only where it is used.
  const webRTCDirect =
    webrtcPort === undefined ? undefined : (await import('@libp2p/webrtc')).webRTCDirect;

  return createLibp2p({
    privateKey: await loadRelayKey(dataDir),
    datastore: await openDatastore(dataDir),
    nodeInfo: { userAgent: 'sotto-relay/1' },
    addresses: {
      listen: [
        `${ip}/tcp/${String(wsPort)}/ws`,
        ...(webrtcPort === undefined ? [] : [`${ip}/udp/${String(webrtcPort)}/webrtc-direct`]),
      ],
      appendAnnounce: [...announce],
    },
    transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
    transports: [endableWebSockets(), ...(webRTCDirect === undefined ? [] : [webRTCDirect()])],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: createCircuitGate(options.now ?? Date.now),
    connectionManager: {
      maxConnections: 2 * reservationsMax,
      maxIncomingPendingConnections: 256,
      inboundConnectionThreshold: Infinity,
      reconnectRetries: 0,
    },
    connectionMonitor: { enabled: false },
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping(),
      keychain: keychain(),
      circuitRelay: circuitRelayServer({
        hopTimeout: 30_000,
        maxInboundHopStreams: 64,
        maxOutboundHopStreams: 64,
        maxOutboundStopStreams: 300,
        reservations: {
          maxReservations: reservationsMax,
          reservationTtl: reservationTtlMs,
          reservationClearInterval: 60_000,
          applyDefaultLimit: true,
          defaultDurationLimit: limits.circuitMs,
          defaultDataLimit: BigInt(limits.circuitBytesMax),
        },
      }),
    },
  });
};

/**
 * The server keeps a reservation until its time is over although its peer has gone, which fills the
 * table with the dead; and that timer would delete the reservation of a peer that came back.
 */
const freeReservation = (node: RelayNode, peer: PeerId): void => {
  const { reservations } = node.services.circuitRelay;
  reservations.get(peer)?.signal.clear();
  reservations.delete(peer);
};

const openMailbox = ({ mailbox, dataDir, now = Date.now }: RelayOptions): Mailbox | undefined =>
  mailbox &&
  new Mailbox({
    store: new MailboxStore({ path: join(dataDir, 'mailbox.sqlite'), now }),
    backend: createNodeBackend(),
    now,
    ...mailbox,
  });

/**
 * A peer keeps one connection here. Another one means that it has given up the first, of whose end
 * nothing may have come through; until TCP notices, most of a minute, whoever wants to reach the peer
 * would be led to the dead one, since the server takes the oldest.
 */
const endOlder = (node: RelayNode, newest: Connection): void => {
  for (const connection of node.getConnections(newest.remotePeer)) {
    if (connection.id === newest.id || connection.timeline.open > newest.timeline.open) continue;
    connection.abort(new Error('replaced by a newer connection'));
  }
};

export const startRelay = async (options: RelayOptions): Promise<Relay> => {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  await chmod(options.dataDir, 0o700);
  const mailbox = openMailbox(options);
  const node = await createNode(options);
  node.addEventListener('peer:disconnect', (event) => {
    freeReservation(node, event.detail);
  });
  node.addEventListener('connection:open', (event) => {
    endOlder(node, event.detail);
  });
  const hasReservation = ({ remotePeer, direct }: Connection): boolean =>
    direct && node.services.circuitRelay.reservations.has(remotePeer);
  const rendezvous = await startRendezvous({
    node,
    now: options.now ?? Date.now,
    hasReservation,
  });
  const stopMailbox =
    mailbox &&
    (await serveMailbox({ node, mailbox, now: options.now ?? Date.now, hasReservation }));

  return {
    peerId: node.peerId.toString(),
    addresses: () => {
      const announced = options.announce ?? [];
      const isAnnounced = (address: string): boolean =>
        announced.some((prefix) => address.startsWith(prefix));
      const all = node.getMultiaddrs().map((address) => address.toString());
      return [...all.filter(isAnnounced), ...all.filter((address) => !isAnnounced(address))];
    },
    isReady: () =>
      node.status === 'started' && node.getMultiaddrs().length > 0 && mailbox?.isLost !== true,
    status: () => ({
      connections: node.getConnections().length,
      reservations: node.services.circuitRelay.reservations.size,
      meetingPeers: rendezvous.meetings.peerCount,
      meetingPlaces: rendezvous.meetings.placeCount,
      mailboxes: mailbox?.status.mailboxes ?? 0,
      mailboxBytes: mailbox?.status.bytes ?? 0,
    }),
    stop: async () => {
      await rendezvous.stop();
      await stopMailbox?.();
      await node.stop();
    },
  };
};
