/** Window root: mounts the interface, starts the core's worker, brings the network when it is due. */
import { importAgain } from './base/import-again.ts';
import { mount } from 'svelte';
import { createAppState } from './app/app-state.svelte.ts';
import { coreFailed } from './app/starting-state.ts';
import { applyStoredLook, createBrowserEnvironment } from './app/environment.browser.ts';
import type { Core, CoreEvent } from './core/api.ts';
import { createStateHearer } from './core/screen/state-change.ts';
import coreWorkerUrl from './core.worker.ts?worker&url';
import type { Network } from './network/port.ts';
import { createChannel, memoryOf, type Channel } from './platform/channel.ts';
import { findOwnRelays, knownOwnRelays } from './platform/own-relays.browser.ts';
import { registerServiceWorker } from './platform/service-worker.browser.ts';
import { startTabLeader } from './platform/tab-leader.browser.ts';
import { noteUse, wasUsedBefore } from './platform/used-before.browser.ts';
import { createTrustedUrls } from './platform/trusted-urls.browser.ts';
import Root from './ui/Root.svelte';
import './ui/theme.css';
import type { NetworkOrder, ToWindow, ToWorker } from './worker-traffic.ts';

declare const __SOTTO_VERSION__: string;

applyStoredLook();
const trustedUrls = createTrustedUrls();
const pageUrl = `${location.origin}${location.pathname}`;

/** An invite is read once and leaves the address bar before anything else can see it. */
const takeInvite = (): string | undefined => {
  if (!location.hash.startsWith('#/i/')) return undefined;
  const link = location.href;
  history.replaceState(history.state, '', `${location.pathname}${location.search}`);
  return link;
};
const invite = takeInvite();

// ---------------------------------------------------------------- the core, in its worker

const listeners = new Set<(event: CoreEvent) => void>();
let lastState: Extract<CoreEvent, { type: 'StateChanged' }> | undefined;
let worker: Worker | undefined;
let channel: Channel<ToWorker> | undefined;
let network: Network | undefined;

let showList: () => void = () => undefined;
const isListDue = new Promise<void>((resolve) => {
  showList = resolve;
});
let showTimeline: () => void = () => undefined;
const isTimelineDue = new Promise<void>((resolve) => {
  showTimeline = resolve;
});
let greetNewcomer: () => void = () => undefined;
const isNewcomerThere = new Promise<void>((resolve) => {
  greetNewcomer = resolve;
});

const tell = (event: CoreEvent): void => {
  if (event.type === 'StateChanged') {
    const { phase, isPartial } = event.state;
    const isFirstReady = phase === 'ready' && lastState?.state.phase !== 'ready';
    lastState = event;
    if (phase === 'first-run' && isPartial !== true) greetNewcomer();
    if (isFirstReady) {
      noteUse();
      showList();
    }
  }
  for (const listener of listeners) listener(event);
  if (event.type === 'TimelineSpliced') showTimeline();
};

/** Commands before this tab leads wait for it. */
let leading: () => void = () => undefined;
const isLeading = new Promise<void>((resolve) => {
  leading = resolve;
});

const core: Core = {
  execute: async (command) => {
    if (channel === undefined) await isLeading;
    if (channel === undefined) return { ok: false, error: 'not-ready' };
    return (await channel.call('execute', command)) as never;
  },
  subscribe: (listener) => {
    listeners.add(listener);
    if (lastState !== undefined) listener(lastState);
    return () => {
      listeners.delete(listener);
    };
  },
};

// ---------------------------------------------------------------- the network, in this window

const loadAgainMs = 5000;
/** A hidden page paints nothing: it does not wait for that. */
const paintMsMax = 500;
const timelineMsMax = 2000;

const untilPainted = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, paintMsMax);
  });

const listIsPainted = isListDue.then(untilPainted);

/** So is the conversation that opens with it, if it does not take its time: what comes now delays nobody. */
const screenIsPainted = listIsPainted.then(async () => {
  if (app.conversation === undefined) return;
  await Promise.race([isTimelineDue, new Promise((resolve) => setTimeout(resolve, timelineMsMax))]);
  await untilPainted();
});

/** Out of reach at first, the network code is asked for again: meanwhile everything else works. */
const importNetwork = async () => {
  for (;;) {
    try {
      return await importAgain(() => import('./network/libp2p.browser.ts'));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, loadAgainMs));
    }
  }
};

/** The network is made ready as soon as something shows; whom it tells, and of what, the core says. */
const isInvitedAnew = invite !== undefined && !wasUsedBefore();

/** Newcomers have it by the time they have written their name. */
const newcomerCode = (isInvitedAnew ? Promise.resolve() : isNewcomerThere)
  .then(untilPainted)
  .then(importNetwork);

/** The core hears nothing of it before it has asked. */
const loadNetwork = async (to: Channel<ToWorker>, isAsked: Promise<void>): Promise<Network> => {
  await Promise.race([screenIsPainted, newcomerCode]);
  const { createBrowserNetwork } = await importNetwork();
  const loaded = createBrowserNetwork();
  loaded.start({
    event: (event) => {
      const isBlob = event.type === 'BlobReceived';
      void isAsked.then(() => {
        to.notify({ type: 'network-event', event }, isBlob ? memoryOf(event.frame) : []);
      });
    },
    gossip: (topic, frame, from) => to.call('gossip', { topic, frame, from }),
  });
  return loaded;
};

/** Orders wait, in their order, until the network code has arrived. */
const createOrders = (to: Channel<ToWorker>) => {
  let loading: Promise<Network> | undefined;
  let ask: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const ready = async (): Promise<Network> => {
    loading ??= loadNetwork(to, isAsked);
    network = await loading;
    return network;
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    ready,
    /** What is still on its way is stopped when it arrives. */
    stop: async (): Promise<void> => {
      if (network === undefined) void loading?.then((late) => late.stop());
      else await network.stop();
    },
    obey: (order: NetworkOrder): void => {
      if (order.order === 'start') ask();
      const carryOut = async (): Promise<void> => {
        obey(await ready(), order);
      };
      last = last.then(carryOut, carryOut); // one that failed does not stop the next
    },
  };
};

const obey = (to: Network, order: NetworkOrder): void => {
  switch (order.order) {
    case 'start':
      return; // loading has started it
    case 'setRelays':
      to.setRelays(order.relays);
      return;
    case 'setMeetings':
      to.setMeetings(order.relay, order.meetings);
      return;
    case 'setWanted':
      to.setWanted(order.peers);
      return;
    case 'setTopics':
      to.setTopics(order.topics);
      return;
    case 'publish':
      to.publish(order.topic, order.frame);
      return;
    case 'closeLink':
      to.closeLink(order.link);
      return;
    case 'deny':
      to.deny(order.peerId, order.forMs);
  }
};

// ---------------------------------------------------------------- leading and making way

const closeMsMax = 2000; // less than the other tab's patience (platform/tab-leader)

const createWorker = (): Worker => {
  const url = trustedUrls.script(coreWorkerUrl);
  const created = new Worker(url, { type: 'module', name: 'sotto-core' });
  created.addEventListener('error', (event) => {
    if (lastState !== undefined) return;
    event.preventDefault(); // said where everybody sees it
    tell(coreFailed);
  });
  return created;
};

/** Its code comes while this tab asks whether it leads; it does nothing before it is told to. */
let ready: Worker | undefined = createWorker();

const lead = (): void => {
  worker = ready ?? createWorker();
  ready = undefined;
  const stateAfter = createStateHearer();
  const to: Channel<ToWorker> = createChannel<ToWorker, ToWindow>(worker, {
    calls: {
      send: async ({ link, frame }) => {
        await (await orders.ready()).send(link, frame);
        return undefined;
      },
      sendBlob: async ({ link, frame }) => {
        await (await orders.ready()).sendBlob(link, frame);
        return undefined;
      },
      askMailbox: async ({ relay, request }) => (await orders.ready()).askMailbox(relay, request),
      stopNetwork: async () => {
        await orders.stop();
        return undefined;
      },
    },
    notice: (notice) => {
      if (notice.type === 'core-state') {
        tell({ type: 'StateChanged', state: stateAfter(notice.change) });
      } else if (notice.type === 'core-event') tell(notice.event);
      else orders.obey(notice.order);
    },
  });
  const orders = createOrders(to);
  channel = to;
  if (isInvitedAnew) void orders.ready();
  const setup = { pageUrl, ownRelays: knownOwnRelays(), wasUsed: wasUsedBefore() };
  to.notify({ type: 'setup', setup });
  leading();
  app.setTab('leader');
  void findOwnRelays().then((addresses) => {
    if (addresses !== undefined) void core.execute({ type: 'SetOwnRelays', addresses });
  });
};

/** A core that hangs is ended all the same: its store takes nothing more once another tab has it. */
const makeWay = async (): Promise<void> => {
  const patience = new Promise((resolve) => setTimeout(resolve, closeMsMax));
  await Promise.race([channel?.call('close', undefined), patience]);
  worker?.terminate();
  worker = undefined;
  channel = undefined;
  network = undefined;
};

const environment = createBrowserEnvironment({
  version: __SOTTO_VERSION__,
  useHere: () => {
    tabs.useHere();
  },
});
const app = createAppState(core, environment);
if (invite !== undefined) void app.join.open(invite);
const target = document.getElementById('app');
const show = (): void => {
  if (target !== null) mount(Root, { target, props: { app } });
};
void app.language.start().then(show);

/** What another program shared while this one was not open waits for a conversation. */
const offerShared = async (): Promise<void> => {
  await screenIsPainted;
  const { hasShared } = await import('./media/shared.browser.ts');
  if (await hasShared()) app.panel = 'shared';
};
offerShared().catch(() => undefined); // its code is out of reach: at the next start

const tabs = startTabLeader({
  onLead: lead,
  onWait: () => {
    ready?.terminate();
    ready = undefined;
    app.setTab('other');
  },
  onYield: makeWay,
});

// While developing there is none: the newest code must run.
if (import.meta.env.PROD) {
  void registerServiceWorker(trustedUrls, {
    onUpdateReady: () => undefined, // taken at the next start: nobody's draft is interrupted
  });
}
