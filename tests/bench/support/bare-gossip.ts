/** Two libp2p nodes on loopback with gossipsub and nothing else: what P3 is held against. */
import { gossipsub, StrictNoSign, StrictSign, type GossipSub } from '@chainsafe/libp2p-gossipsub';
import { identify, type Identify } from '@libp2p/identify';
import type { Libp2p } from '@libp2p/interface';
import { noise } from '@libp2p/noise';
import { webSockets } from '@libp2p/websockets';
import { yamux } from '@libp2p/yamux';
import { createLibp2p } from 'libp2p';

export const topic = 'bench';

export type GossipNode = Libp2p<{ pubsub: GossipSub; identify: Identify }>;

export const startNode = (isSigned: boolean): Promise<GossipNode> =>
  createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: {
      identify: identify(),
      pubsub: gossipsub({
        globalSignaturePolicy: isSigned ? StrictSign : StrictNoSign,
        allowPublishToZeroTopicPeers: true,
        floodPublish: true,
        emitSelf: false,
        // Without a signature there is no sequence number either: the content is the id.
        ...(isSigned ? {} : { msgIdFn: ({ data }: { data: Uint8Array }) => data.slice(0, 16) }),
      }),
    },
  });

export interface BareGossip {
  publish(payload: Uint8Array): Promise<void>;
  /** Resolves when the other has had so many since the start. */
  untilReceived(count: number): Promise<void>;
  stop(): Promise<void>;
}

export const startBareGossip = async (isSigned: boolean): Promise<BareGossip> => {
  const [from, to] = [await startNode(isSigned), await startNode(isSigned)];
  let received = 0;
  let check: () => void = () => undefined;
  to.services.pubsub.addEventListener('message', () => {
    received += 1;
    check();
  });
  for (const node of [from, to]) node.services.pubsub.subscribe(topic);
  await from.dial(to.getMultiaddrs());
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (from.services.pubsub.getSubscribers(topic).length === 0) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
  return {
    publish: async (payload) => {
      await from.services.pubsub.publish(topic, payload);
    },
    untilReceived: (count) =>
      new Promise((resolve) => {
        check = () => {
          if (received >= count) resolve();
        };
        check();
      }),
    stop: async () => {
      await from.stop();
      await to.stop();
    },
  };
};
