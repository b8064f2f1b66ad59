/**
 * The least that two pages need to talk: empty documents and the browser's own data channel or
 * WebSocket. Text goes from a field to a paragraph, with nothing of ours in between.
 */
import type { Browser, Page } from '@playwright/test';
import { watchPage } from './page-clock.ts';

interface BarePipe {
  send(text: string): void;
  /** Milliseconds of each of so many echoes, one after the other. */
  roundTrips(count: number): Promise<number[]>;
}

declare global {
  var benchPipe: BarePipe;
  var benchPeer: RTCPeerConnection;
  var benchOpen: Promise<unknown>;
}

export interface BarePages {
  readonly from: Page;
  readonly to: Page;
  /** Milliseconds there and back, of 256 bytes. */
  roundTrips(count: number): Promise<ReadonlyArray<number>>;
}

/** Runs in both pages, over a channel or a socket: they have the same four members. */
const installPipe = (): void => {
  const wire = (globalThis as { benchWire?: RTCDataChannel | WebSocket }).benchWire;
  if (wire === undefined) throw new Error('there is nothing to send over');
  let onEcho: () => void = () => undefined;
  // Assigned, since the two kinds of wire do not share a type for listeners.
  wire.onmessage = ({ data }: MessageEvent<string>) => {
    const [kind, rest] = [data.slice(0, 1), data.slice(1)];
    if (kind === 'p') wire.send(`e${rest}`);
    else if (kind === 'e') onEcho();
    else document.body.append(Object.assign(document.createElement('p'), { textContent: rest }));
  };
  const echo = (text: string): Promise<void> =>
    new Promise((resolve) => {
      onEcho = resolve;
      wire.send(`p${text}`);
    });
  globalThis.benchPipe = {
    send: (text) => {
      wire.send(`t${text}`);
    },
    roundTrips: async (count) => {
      const took: number[] = [];
      for (let i = 0; i < count; i++) {
        const startedMs = performance.now();
        await echo(String(i).padEnd(255, ' '));
        took.push(performance.now() - startedMs);
      }
      return took;
    },
  };
  const field = document.createElement('input');
  document.body.append(field);
  field.focus();
  field.addEventListener('keydown', ({ key }) => {
    if (key !== 'Enter') return;
    globalThis.benchPipe.send(field.value);
    field.value = '';
  });
};

const gathered = (): Promise<string> => {
  const peer = globalThis.benchPeer;
  return new Promise((resolve) => {
    const check = (): void => {
      if (peer.iceGatheringState !== 'complete') return;
      resolve(JSON.stringify(peer.localDescription));
    };
    peer.addEventListener('icegatheringstatechange', check);
    check();
  });
};

const offer = async (): Promise<void> => {
  const peer = new RTCPeerConnection();
  const channel = peer.createDataChannel('bench');
  Object.assign(globalThis, { benchPeer: peer, benchWire: channel });
  globalThis.benchOpen = new Promise((resolve) => {
    channel.addEventListener('open', resolve);
  });
  await peer.setLocalDescription();
};

const answer = async (description: string): Promise<void> => {
  const peer = new RTCPeerConnection();
  globalThis.benchPeer = peer;
  globalThis.benchOpen = new Promise((resolve) => {
    peer.addEventListener('datachannel', ({ channel }) => {
      Object.assign(globalThis, { benchWire: channel });
      channel.addEventListener('open', resolve);
    });
  });
  await peer.setRemoteDescription(JSON.parse(description) as RTCSessionDescriptionInit);
  await peer.setLocalDescription();
};

const accept = (description: string): Promise<void> =>
  globalThis.benchPeer.setRemoteDescription(JSON.parse(description) as RTCSessionDescriptionInit);

const untilOpen = async (): Promise<void> => {
  await globalThis.benchOpen;
};

/** Signals by hand and resolves when the channel is open at both ends. */
export const connectDirectly = async (from: Page, to: Page): Promise<void> => {
  await from.evaluate(offer);
  await to.evaluate(answer, await from.evaluate(gathered));
  await from.evaluate(accept, await to.evaluate(gathered));
  await Promise.all([from.evaluate(untilOpen), to.evaluate(untilOpen)]);
};

const connectSocket = (page: Page, url: string): Promise<void> =>
  page.evaluate(async (to) => {
    const socket = new WebSocket(to);
    Object.assign(globalThis, { benchWire: socket });
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
  }, url);

const pagesOver = async (
  browsers: readonly [Browser, Browser],
  connect: (from: Page, to: Page) => Promise<void>,
): Promise<BarePages> => {
  const open = async (browser: Browser): Promise<Page> => (await browser.newContext()).newPage();
  const [from, to] = [await open(browsers[0]), await open(browsers[1])];
  await connect(from, to);
  for (const page of [from, to]) {
    await page.evaluate(installPipe);
    await watchPage(page, 'p');
  }
  return {
    from,
    to,
    roundTrips: (count) => from.evaluate((times) => globalThis.benchPipe.roundTrips(times), count),
  };
};

/** In one browser, or in two. */
export const openDirectPages = (from: Browser, to = from): Promise<BarePages> =>
  pagesOver([from, to], connectDirectly);

/** Both at a server that hands what one says to the other (fan-out.ts). */
export const openSocketPages = (browser: Browser, url: string): Promise<BarePages> =>
  pagesOver([browser, browser], async (from, to) => {
    await connectSocket(from, url);
    await connectSocket(to, url);
  });
