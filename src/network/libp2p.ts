/**
 * The network port over libp2p, the same in browsers and in Node; what differs between them (the
 * transports, and how one learns of waking up) is handed in. Everything here lives for one session:
 * a new peer id at each start, nothing on disk.
 */
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { identify, identifyPush } from '@libp2p/identify';
import { FaultTolerance, type PeerId as Libp2pPeerId } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { yamux } from '@libp2p/yamux';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2pOptions } from 'libp2p';
import { limits } from '../protocol/limits.ts';
import { createDenied, type Denied } from './peers/denied.ts';
import { parseDirectAddress, type ParsedDirect } from './peers/direct-address.ts';
import { createGossip, createPubsub, type Gossip, type GossipNode } from './gossip.ts';
import { blobProtocol } from './peers/blob-stream.ts';
import { syncProtocol } from './peers/link.ts';
import { createPeers, type Peers } from './peers/peers.ts';
import type {
  DirectAddress,
  Meeting,
  Network,
  NetworkEvent,
  NetworkHandlers,
  PeerAddress,
} from './port.ts';
import { parseRelayAddress } from './relays/relay-address.ts';
import { createRelays, type Relays } from './relays/relays.ts';
import { backoffMs, defaultTiming, type Timing } from './timing.ts';

/** What becomes of the device around the network. */
export interface EnvironmentHandlers {
  wake(): void;
  online(isOnline: boolean): void;
  metered(isMetered: boolean): void;
}

export interface Libp2pNetworkOptions {
  readonly transports: NonNullable<Libp2pOptions['transports']>;
  /** The transports reach other peers directly. */
  readonly canWebRtc: boolean;
  /** Multiaddrs where others may dial this node. Nowhere, unless given. */
  readonly listen?: ReadonlyArray<string>;
  /** Told instead of those, where a proxy or a router stands in front. */
  readonly announce?: ReadonlyArray<DirectAddress>;
  /** Whether it is dialled where somebody says that they listen; `own`: where this node says so. */
  mayDial(address: ParsedDirect, own: ReadonlyArray<ParsedDirect>): boolean;
  /** Returns what ends the telling. */
  watchEnvironment(on: EnvironmentHandlers): () => void;
  /** For tests that cannot wait. */
  readonly timing?: Partial<Timing>;
}

/** What the core wants, kept from before the node is there. */
interface Wants {
  relays: ReadonlyArray<string>;
  readonly meetingsByRelay: Map<string, ReadonlyArray<Meeting>>;
  peers: ReadonlyArray<PeerAddress>;
  topics: ReadonlyArray<string>;
}

/**
 * One address per relay: an identify message has room for few, and others use none of them. Where this
 * node listens is for members, not for everybody who connects: `onListening` is given that.
 */
const announceFew =
  (onListening: (addresses: Multiaddr[]) => void) =>
  (addresses: Multiaddr[]): Multiaddr[] => {
    const byRelay = new Map<string, Multiaddr>();
    const listening: Multiaddr[] = [];
    for (const address of addresses) {
      const components = address.getComponents();
      const relay = components.find(({ name }) => name === 'p2p')?.value ?? '';
      const isCircuit = components.some(({ name }) => name === 'p2p-circuit');
      if (!isCircuit) listening.push(address);
      else if (!byRelay.has(relay)) byRelay.set(relay, address);
    }
    onListening(listening);
    return [...byRelay.values()];
  };

interface NodeOptions extends Pick<Libp2pNetworkOptions, 'transports' | 'canWebRtc' | 'listen'> {
  readonly denied: Denied;
  onListening(addresses: Multiaddr[]): void;
  isWantedRelay(peer: Libp2pPeerId): boolean;
}

/** Keys and clicks have their turn: the parts of a start are long enough one by one. */
const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const createNode = async (options: NodeOptions) => {
  const { transports, canWebRtc, listen = [], denied, isWantedRelay, onListening } = options;
  await nextTask(); // this code has just been run for the first time
  const privateKey = await generateKeyPair('Ed25519');
  await nextTask();
  // One more than there can be: libp2p looks for relays only while it lacks one.
  const reservations = Array.from({ length: limits.relaysMax + 1 }, () => '/p2p-circuit');
  const isDenied = (peer: Libp2pPeerId): boolean => denied.has(peer.toString());
  const node = await createLibp2p({
    privateKey,
    start: false,
    nodeInfo: { userAgent: 'sotto/1' },
    addresses: {
      listen: [...reservations, ...(canWebRtc ? ['/webrtc'] : []), ...listen],
      announceFilter: announceFew(onListening),
    },
    transportManager: { faultTolerance: FaultTolerance.NO_FATAL },
    transports: [
      ...transports,
      circuitRelayTransport({
        reservationConcurrency: limits.relaysMax,
        reservationCompletionTimeout: 10_000,
        // A relay that only leads to somebody else is not asked for a reservation.
        discoveryFilter: {
          has: (peer: Libp2pPeerId) => !isWantedRelay(peer),
          add: () => undefined,
          remove: () => undefined,
        },
      }),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: {
      denyDialMultiaddr: () => false, // the default refuses ws:// and private addresses
      denyDialPeer: isDenied,
      denyInboundUpgradedConnection: isDenied,
      denyInboundRelayedConnection: (_relay, peer) => isDenied(peer),
    },
    connectionManager: {
      maxConnections: 2 * limits.linksMax,
      maxParallelDials: 8,
      maxPeerAddrsToDial: limits.relaysMax,
      addressDialTimeout: 15_000,
      dialTimeout: 30_000,
      maxIncomingPendingConnections: limits.wantedPeersMax,
      inboundConnectionThreshold: limits.wantedPeersMax, // a second; all come from a relay's address
      reconnectRetries: 0, // relay-keeper.ts does it
    },
    connectionMonitor: { enabled: false }, // links have a heartbeat, relays are polled
    services: {
      identify: identify({ maxObservedAddresses: 0 }),
      identifyPush: identifyPush(),
      ping: ping(),
      pubsub: createPubsub,
    },
  });
  await nextTask();
  await node.start();
  await nextTask();
  return node;
};

interface Session {
  readonly node: GossipNode;
  readonly relays: Relays;
  readonly peers: Peers;
  readonly gossip: Gossip;
  /** Where this node listens. */
  readonly direct: ReadonlyArray<DirectAddress>;
}

const createSession = async (
  options: Libp2pNetworkOptions,
  handlers: NetworkHandlers,
  wants: Wants,
): Promise<Session> => {
  const timing: Timing = { ...defaultTiming, ...options.timing };
  const denied = createDenied(() => performance.now());
  let listening: ReadonlyArray<Multiaddr> = [];
  const node = await createNode({
    ...options,
    denied,
    onListening: (addresses) => (listening = addresses),
    isWantedRelay: (peer) =>
      wants.relays.some((address) => {
        const parsed = parseRelayAddress(address);
        return parsed.ok && parsed.value.peerId.equals(peer);
      }),
  });
  node.getMultiaddrs();
  const direct = (options.announce ?? listening.map((one) => one.decapsulate('/p2p').toString()))
    .filter((address) => parseDirectAddress(address) !== undefined)
    .slice(0, limits.directAddressesMax);
  const own = direct.flatMap((address) => parseDirectAddress(address) ?? []);
  const emit = (event: NetworkEvent): void => {
    handlers.event(event);
  };
  const relays: Relays = createRelays({
    node,
    timing,
    emit: (event) => {
      emit(event);
      if (event.type === 'RelayChanged' && event.state === 'up') peers.seekMissing();
    },
    isMissingPeers: () => peers.isMissing(),
  });
  const peers: Peers = createPeers({
    node,
    timing,
    denied,
    emit,
    canWebRtc: options.canWebRtc,
    isListening: direct.length > 0,
    listensAt: ({ peerId, direct: told = [] }) =>
      told
        .slice(0, limits.directAddressesMax)
        .flatMap((address) => parseDirectAddress(address) ?? [])
        .filter((address) => options.mayDial(address, own))
        .map((address) => address.multiaddr.encapsulate(`/p2p/${peerId}`)),
    isRelayUp: relays.isUp,
  });
  await node.handle(syncProtocol, peers.accept, {
    runOnLimitedConnection: true,
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
  });
  await node.handle(blobProtocol, peers.acceptBlob, {
    runOnLimitedConnection: true,
    maxInboundStreams: 4,
    maxOutboundStreams: 4,
  });
  const gossip = createGossip({
    node,
    handlers,
    timing,
    onFlood: (peerId) => {
      peers.deny(peerId, limits.denyMs);
    },
  });
  return { node, relays, peers, gossip, direct };
};

const stopSession = async ({ node, relays, peers, gossip }: Session): Promise<void> => {
  gossip.stop();
  peers.stop();
  relays.stop();
  await node.stop();
};

export const createLibp2pNetwork = (options: Libp2pNetworkOptions): Network => {
  const wants: Wants = { relays: [], meetingsByRelay: new Map(), peers: [], topics: [] };
  let state: 'new' | 'running' | 'stopped' = 'new';
  let session: Session | undefined;
  let starting: Promise<void> = Promise.resolve();
  let unwatch: (() => void) | undefined;

  const begin = async (handlers: NetworkHandlers): Promise<void> => {
    const guarded: NetworkHandlers = {
      gossip: (topic, frame, from) => handlers.gossip(topic, frame, from),
      event: (event) => {
        if (state === 'running') handlers.event(event);
      },
    };
    const created = await createSession(options, guarded, wants);
    if (state !== 'running') return stopSession(created);
    session = created;
    const { canWebRtc } = options;
    const { node, direct } = created;
    handlers.event({ type: 'Started', peerId: node.peerId.toString(), canWebRtc, direct });
    unwatch = options.watchEnvironment({
      wake: () => {
        created.relays.kick();
        created.peers.kick();
      },
      online: (isOnline) => {
        guarded.event({ type: 'OnlineChanged', isOnline });
      },
      metered: (isMetered) => {
        guarded.event({ type: 'MeteredChanged', isMetered });
      },
    });
    created.relays.set(wants.relays);
    for (const [relay, meetings] of wants.meetingsByRelay) {
      created.relays.setMeetings(relay, meetings);
    }
    created.gossip.setTopics(wants.topics);
    created.peers.set(wants.peers);
  };

  /** A node that cannot be made now (no memory, a locked-down browser) is tried again. */
  const beginUntilDone = async (handlers: NetworkHandlers): Promise<void> => {
    for (let failures = 1; state === 'running' && session === undefined; failures++) {
      try {
        await begin(handlers);
      } catch {
        const bounds = { minMs: defaultTiming.retryMinMs, maxMs: defaultTiming.retryMaxMs };
        await new Promise((resolve) => setTimeout(resolve, backoffMs(failures, bounds)));
      }
    }
  };

  return {
    start: (handlers) => {
      if (state !== 'new') return;
      state = 'running';
      starting = beginUntilDone(handlers);
    },
    setRelays: (relays) => {
      wants.relays = relays;
      for (const relay of wants.meetingsByRelay.keys()) {
        if (!relays.includes(relay)) wants.meetingsByRelay.delete(relay);
      }
      session?.relays.set(relays);
    },
    setMeetings: (relay, meetings) => {
      if (!wants.relays.includes(relay)) return;
      wants.meetingsByRelay.set(relay, meetings);
      session?.relays.setMeetings(relay, meetings);
    },
    askMailbox: async (relay, request) => session?.relays.askMailbox(relay, request),
    setWanted: (peers) => {
      wants.peers = peers;
      session?.peers.set(peers);
    },
    setTopics: (topics) => {
      wants.topics = topics;
      session?.gossip.setTopics(topics);
    },
    publish: (topic, frame) => {
      session?.gossip.publish(topic, frame);
    },
    send: async (link, frame) => {
      const found = session?.peers.link(link);
      if (found === undefined) throw new Error('link-closed');
      await found.send(frame);
    },
    sendBlob: async (link, frame) => {
      const found = session?.peers.link(link);
      if (found === undefined) throw new Error('link-closed');
      await found.blobs.send(frame);
    },
    closeLink: (link) => {
      session?.peers.close(link);
    },
    deny: (peerId, forMs) => {
      session?.peers.deny(peerId, forMs);
    },
    stop: async () => {
      state = 'stopped';
      unwatch?.();
      await starting;
      const ending = session;
      session = undefined;
      if (ending !== undefined) await stopSession(ending);
    },
  };
};
