/**
 * Worker root: storage, randomness and clock of a browser, what shows the list, no logic. The rest of
 * the core (core-rest.worker.ts) is asked for at once and comes behind it (FP2).
 */
import { createStateTeller } from './core/screen/state-change.ts';
import { startCore, type GoOn, type RunningCore } from './core/start/starting-core.ts';
import type { Network, NetworkHandlers } from './network/port.ts';
import { createChannel, memoryOf } from './platform/channel.ts';
import { createClock } from './platform/clock.ts';
import { createBrowserRandom } from './platform/random.browser.ts';
import { createBrowserKeySlot } from './platform/key-slot.browser.ts';
import { createIndexedDbStorage } from './storage/indexeddb/indexeddb.browser.ts';
import type { CoreSetup, NetworkOrder, ToWindow, ToWorker } from './worker-traffic.ts';

declare const self: DedicatedWorkerGlobalScope;

let begin: (core: RunningCore) => void;
const core = new Promise<RunningCore>((resolve) => {
  begin = resolve;
});
let handlers: NetworkHandlers | undefined;

const channel = createChannel<ToWindow, ToWorker>(self, {
  calls: {
    execute: async (command) => (await core).execute(command),
    gossip: ({ topic, frame, from }) => handlers?.gossip(topic, frame, from) ?? 'ignore',
    close: async () => {
      await (await core).close();
      return undefined;
    },
  },
  notice: (notice) => {
    if (notice.type === 'setup') start(notice.setup);
    else handlers?.event(notice.event);
  },
});

const order = (network: NetworkOrder): void => {
  channel.notify({ type: 'network', order: network });
};

/** The network is in the window: every call crosses. */
const network: Network = {
  start: (own) => {
    handlers = own;
    order({ order: 'start' });
  },
  setRelays: (relays) => {
    order({ order: 'setRelays', relays });
  },
  setMeetings: (relay, meetings) => {
    order({ order: 'setMeetings', relay, meetings });
  },
  askMailbox: (relay, request) => channel.call('askMailbox', { relay, request }),
  setWanted: (peers) => {
    order({ order: 'setWanted', peers });
  },
  setTopics: (topics) => {
    order({ order: 'setTopics', topics });
  },
  publish: (topic, frame) => {
    order({ order: 'publish', topic, frame });
  },
  send: (link, frame) => channel.call('send', { link, frame }),
  sendBlob: (link, frame) => channel.call('sendBlob', { link, frame }, memoryOf(frame)),
  closeLink: (link) => {
    order({ order: 'closeLink', link });
  },
  deny: (peerId, forMs) => {
    order({ order: 'deny', peerId, forMs });
  },
  stop: () => channel.call('stopNetwork', undefined),
};

/** Not asked for a second time: it is shared with parts that come later, at this address. */
const loadRest = () => import('./core-rest.worker.ts');

const start = (config: CoreSetup): void => {
  const deps = {
    clock: createClock(),
    random: createBrowserRandom(),
    keySlot: createBrowserKeySlot(),
    storage: createIndexedDbStorage({ name: 'sotto', loadSegments: loadRest }),
    network,
    config,
  };
  const goOn = async (): Promise<GoOn> => (await loadRest()).createRest(deps);
  const starting = startCore({ ...deps, loadRest: goOn });
  const changeTo = createStateTeller();
  starting.subscribe((event) => {
    if (event.type !== 'StateChanged') channel.notify({ type: 'core-event', event });
    else channel.notify({ type: 'core-state', change: changeTo(event.state) });
  });
  begin(starting);
};
