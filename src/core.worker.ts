/** Worker root: storage, randomness, clock and crypto of a browser, the core over them, no logic. */
import { importAgain } from './base/import-again.ts';
import type { Core } from './core/api.ts';
import { createCore } from './core/core.ts';
import type { BlobParts } from './core/deps.ts';
import { createStateTeller } from './core/screen/state-change.ts';
import type { CryptoBackend } from './crypto/backend.ts';
import { fetchLateCrypto, lateCrypto } from './crypto/late.browser.ts';
import { createWebCryptoBackend } from './crypto/webcrypto.browser.ts';
import type { Network, NetworkHandlers } from './network/port.ts';
import { createChannel, memoryOf } from './platform/channel.ts';
import { createClock } from './platform/clock.ts';
import { createBrowserRandom } from './platform/random.browser.ts';
import { createBrowserKeySlot } from './platform/key-slot.browser.ts';
import { createIndexedDbStorage } from './storage/indexeddb/indexeddb.browser.ts';
import type { CoreSetup, NetworkOrder, ToWindow, ToWorker } from './worker-traffic.ts';

declare const self: DedicatedWorkerGlobalScope;

type RunningCore = Core & { close(): Promise<void> };

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
    if (notice.type === 'setup')
      start(notice.setup).catch(reportError); // the window hears it
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

/** Slow, and for browsers without Ed25519 alone: the others do not fetch it. */
const createBackend = async (): Promise<CryptoBackend> =>
  (await createWebCryptoBackend()) ?? (await import('./crypto/noble.ts')).createNobleBackend();

/** Files beside messages: no part of the start. Out of reach now, it is asked for again. */
const loadBlobs = async (): Promise<BlobParts | undefined> => {
  try {
    const [code, { openBrowserBlobs }, { createBrowserCipher }] = await Promise.all([
      importAgain(() => import('./core/blobs/code.ts')),
      importAgain(() => import('./storage/blobs/open.browser.ts')),
      importAgain(() => import('./crypto/chunk-cipher.browser.ts')),
    ]);
    const store = await openBrowserBlobs();
    return { ...code, store, cipher: await createBrowserCipher() };
  } catch {
    return undefined;
  }
};

const start = async (config: CoreSetup): Promise<void> => {
  // A newcomer has nothing to be shown, and may lose the network before their first word.
  if (!config.wasUsed) await fetchLateCrypto();
  const running = createCore({
    clock: createClock(),
    random: createBrowserRandom(),
    backend: await createBackend(),
    keySlot: createBrowserKeySlot(),
    storage: createIndexedDbStorage({ name: 'sotto' }),
    network,
    config,
    loadBlobs,
  });
  const changeTo = createStateTeller();
  running.subscribe((event) => {
    if (event.type !== 'StateChanged') channel.notify({ type: 'core-event', event });
    else {
      channel.notify({ type: 'core-state', change: changeTo(event.state) });
      if (event.state.phase !== 'starting') void lateCrypto();
    }
  });
  begin(running);
};
