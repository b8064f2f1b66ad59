/**
 * Gossip: the quick hint that there is something new, over direct connections only. Every frame goes
 * through the core before it is passed on. Topics are opaque, frames unsigned at this level
 * (StrictNoSign): the envelope inside is sealed and signed.
 */
import {
  gossipsub,
  StrictNoSign,
  TopicValidatorResult,
  type GossipSub,
  type GossipSubComponents,
  type Message,
} from '@chainsafe/libp2p-gossipsub';
import type { Identify } from '@libp2p/identify';
import type { Connection, Libp2p, PeerId } from '@libp2p/interface';
import { limits } from '../protocol/limits.ts';
import { createGossipBudget } from './gossip-budget.ts';
import { pathOf } from './peers/link.ts';
import type { NetworkHandlers, PeerId as PeerName, Verdict } from './port.ts';
import type { Timing } from './timing.ts';

export const createPubsub: (components: GossipSubComponents) => GossipSub = gossipsub({
  runOnLimitedConnection: false,
  globalSignaturePolicy: StrictNoSign,
  fallbackToFloodsub: false,
  allowPublishToZeroTopicPeers: true,
  ignoreDuplicatePublishError: true,
  floodPublish: true,
  emitSelf: false,
  doPX: false,
  // Below six peers everybody is in the mesh; the defaults never form one of three.
  D: 5,
  Dlo: 3,
  Dhi: 10,
  Dout: 1,
  Dscore: 3,
  Dlazy: 6,
  heartbeatInterval: 1000,
  mcacheLength: 12,
  mcacheGossip: 6,
  seenTTL: 5 * 60_000,
  gossipsubIWantFollowupMs: 10_000, // background tabs answer late
  maxInboundDataLength: 256 * 1024,
  maxOutboundBufferSize: 4 * 1024 * 1024,
  // All peers behind one relay share its address: counting it would expel them.
  scoreParams: { IPColocationFactorWeight: 0, behaviourPenaltyThreshold: 6 },
});

export type GossipNode = Libp2p<{ pubsub: GossipSub; identify: Identify }>;

export interface Gossip {
  setTopics(topics: ReadonlyArray<string>): void;
  /** Best effort: nobody there, or a full buffer, is no error. */
  publish(topic: string, frame: Uint8Array): void;
  stop(): void;
}

const resultOf = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
} as const;

const afterMs = (ms: number, verdict: Verdict): Promise<Verdict> =>
  new Promise((resolve) => {
    setTimeout(() => {
      resolve(verdict);
    }, ms);
  });

/** [NG1] The core's word; `ignore` when it has none within 500 ms, or fails. */
export const judge = async (
  handlers: Pick<NetworkHandlers, 'gossip'>,
  { peer, topic, data }: { peer: PeerId; topic: string; data: Uint8Array },
): Promise<Verdict> => {
  if (data.length === 0 || data.length > limits.frameBytesMax) return 'reject';
  try {
    const verdict = handlers.gossip(topic, data.slice(), peer.toString());
    if (typeof verdict === 'string') return verdict;
    return await Promise.race([verdict, afterMs(limits.gossipVerdictMs, 'ignore')]);
  } catch {
    return 'ignore'; // the core's own trouble says nothing about the frame
  }
};

/**
 * Gossipsub does not open its stream again when the connection that carried it closes and another
 * remains. Identifying the peer once more announces it anew, and the stream comes back.
 */
const startHealer = (node: GossipNode, timing: Timing): (() => void) => {
  const heal = (peer: PeerId): void => {
    const direct = node
      .getConnections(peer)
      .filter((connection) => connection.status === 'open' && pathOf(connection) === 'direct');
    const [first] = direct;
    const hasStream = direct.some(({ streams }) =>
      streams.some(
        ({ direction, protocol, status }) =>
          direction === 'outbound' && protocol.startsWith('/meshsub/') && status === 'open',
      ),
    );
    if (first === undefined || hasStream) return;
    // Fails when the peer has just gone; the next look will tell.
    node.services.identify
      .identify(first, { signal: AbortSignal.timeout(timing.requestMs) })
      .catch(() => undefined);
  };
  const healSoon = (event: CustomEvent<Connection>): void => {
    setTimeout(() => {
      heal(event.detail.remotePeer);
    }, 1000);
  };
  node.addEventListener('connection:close', healSoon);
  const timer = setInterval(() => {
    for (const peer of node.getPeers()) heal(peer);
  }, timing.gossipHealMs);
  return () => {
    clearInterval(timer);
    node.removeEventListener('connection:close', healSoon);
  };
};

export interface GossipOptions {
  readonly node: GossipNode;
  readonly handlers: Pick<NetworkHandlers, 'gossip'>;
  readonly timing: Timing;
  /** Brings frames faster than anybody honest. */
  onFlood(peerId: PeerName): void;
  /** For tests on a machine that is too busy to flood. */
  readonly now?: () => number;
}

export const createGossip = (options: GossipOptions): Gossip => {
  const { node, handlers, timing, onFlood } = options;
  const { pubsub } = node.services;
  const stopHealer = startHealer(node, timing);
  const budget = createGossipBudget(options.now ?? (() => performance.now()));
  const validate = async (peer: PeerId, message: Message): Promise<TopicValidatorResult> => {
    const { topic, data } = message;
    const spending = budget.spend(peer.toString());
    if (spending === 'deny') onFlood(peer.toString());
    if (spending !== 'ask') return resultOf.ignore;
    return resultOf[await judge(handlers, { peer, topic, data })];
  };
  return {
    setTopics: (topics) => {
      const wanted = new Set(topics.slice(0, limits.topicsMax));
      for (const topic of pubsub.getTopics()) {
        if (wanted.has(topic)) continue;
        pubsub.unsubscribe(topic);
        pubsub.topicValidators.delete(topic);
      }
      for (const topic of wanted) {
        pubsub.topicValidators.set(topic, validate);
        pubsub.subscribe(topic); // a topic that is subscribed already stays as it is
      }
    },
    publish: (topic, frame) => {
      if (frame.length > limits.frameBytesMax) return;
      pubsub.publish(topic, frame).catch(() => undefined); // delivery is the sync protocol's
    },
    stop: stopHealer,
  };
};
