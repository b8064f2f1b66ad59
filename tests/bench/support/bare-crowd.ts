/** So many libp2p nodes on loopback with gossipsub and nothing else, each dialled by those after it. */
import { setTimeout as delay } from 'node:timers/promises';
import { startNode, topic, type GossipNode } from './bare-gossip.ts';

const dialsEach = 4;

export interface Crowd {
  /** One of them says it. */
  say(from: number, text: string): Promise<unknown>;
  /** What each hears of the others. */
  onText(hear: (at: number, text: string) => void): void;
  stop(): Promise<void>;
}

const stopAll = async (nodes: ReadonlyArray<GossipNode>): Promise<void> => {
  for (const node of nodes) await node.stop();
};

const connect = async (nodes: ReadonlyArray<GossipNode>): Promise<void> => {
  for (const node of nodes) node.services.pubsub.subscribe(topic);
  for (const [at, node] of nodes.entries()) {
    for (const other of nodes.slice(Math.max(0, at - dialsEach), at)) {
      // A process that is busy with many others does not always answer in time.
      await node.dial(other.getMultiaddrs()).catch(() => node.dial(other.getMultiaddrs()));
    }
  }
  await delay(2500); // two heartbeats: the mesh is there
};

export const startBareCrowd = async (size: number): Promise<Crowd> => {
  const nodes = await Promise.all(Array.from({ length: size }, () => startNode(false)));
  try {
    await connect(nodes);
  } catch (error) {
    await stopAll(nodes);
    throw error;
  }
  return {
    say: (from, text) => {
      const data = new TextEncoder().encode(text);
      return nodes[from]?.services.pubsub.publish(topic, data) ?? Promise.resolve();
    },
    onText: (hear) => {
      for (const [at, node] of nodes.entries()) {
        node.services.pubsub.addEventListener('message', ({ detail }) => {
          hear(at, new TextDecoder().decode(detail.data));
        });
      }
    },
    stop: () => stopAll(nodes),
  };
};
