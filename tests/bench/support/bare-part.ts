/** Some of a crowd of bare gossipsub nodes, in a process of their own. */
import { setTimeout as delay } from 'node:timers/promises';
import { multiaddr } from '@multiformats/multiaddr';
import { startNode, topic, type GossipNode } from './bare-gossip.ts';
import { playCourse, type Course, type Played } from './course.ts';
import { answerCalls } from './part.ts';

const dialsEach = 4;
const tries = 5;

let nodes: ReadonlyArray<GossipNode> = [];
let from = 0;

/** A process that is busy with many others does not always answer in time. */
const dial = async (node: GossipNode, address: string): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await node.dial(multiaddr(address));
      return;
    } catch (reason) {
      if (attempt === tries) throw reason;
      await delay(500);
    }
  }
};

export const bareHandlers = {
  /** Their addresses. */
  open: async (place: { readonly from: number; readonly count: number }) => {
    from = place.from;
    nodes = await Promise.all(Array.from({ length: place.count }, () => startNode(false)));
    for (const node of nodes) node.services.pubsub.subscribe(topic);
    return nodes.map((node) => node.getMultiaddrs()[0]?.toString() ?? '');
  },
  /** Each of these dials those before it. */
  connect: async (addresses: ReadonlyArray<string>): Promise<void> => {
    for (const [at, node] of nodes.entries()) {
      const last = from + at;
      const others = addresses.slice(Math.max(0, last - dialsEach), last);
      for (const address of others) await dial(node, address);
    }
  },
  play: (course: Course): Promise<Played> =>
    playCourse(
      {
        ...{ from, count: nodes.length },
        say: (at, text) => {
          const data = new TextEncoder().encode(text);
          return nodes[at]?.services.pubsub.publish(topic, data) ?? Promise.resolve();
        },
        onText: (hear) => {
          for (const [at, node] of nodes.entries()) {
            node.services.pubsub.addEventListener('message', ({ detail }) => {
              hear(at, new TextDecoder().decode(detail.data));
            });
          }
        },
      },
      course,
    ),
};

if (import.meta.main) answerCalls(bareHandlers);
