/**
 * The network in a window: WebSocket or WebRTC to relays, WebRTC to other peers. Load it by a dynamic
 * import: a person reads and writes before it has arrived.
 */
import { webRTC, webRTCDirect } from '@libp2p/webrtc';
import { limits } from '../protocol/limits.ts';
import { createLibp2pNetwork, type EnvironmentHandlers } from './libp2p.ts';
import { isProvedByName } from './peers/direct-address.ts';
import type { Network } from './port.ts';
import type { Timing } from './timing.ts';
import { endableWebSockets } from './web-sockets.ts';

export interface BrowserNetworkOptions {
  /**
   * STUN and TURN servers, asked for at each connection. None unless given: a public one would learn
   * the address of everybody.
   */
  readonly iceServers?: () => RTCIceServer[] | Promise<RTCIceServer[]>;
  /** For tests that cannot wait. */
  readonly timing?: Partial<Timing>;
}

/** Chromium alone has it, and knows the type on phones only. */
interface Connection extends EventTarget {
  readonly saveData?: boolean;
  readonly type?: string;
}

const watchCost = (tell: (isMetered: boolean) => void, signal: AbortSignal): void => {
  const { connection } = navigator as { readonly connection?: Connection };
  if (connection === undefined) return;
  let before = false;
  const look = (): void => {
    const isMetered = connection.saveData === true || connection.type === 'cellular';
    if (isMetered !== before) tell(isMetered);
    before = isMetered;
  };
  connection.addEventListener('change', look, { signal });
  look();
};

/** Coming back from sleep, from the background, or from having no network. */
const watchWindow = (on: EnvironmentHandlers): (() => void) => {
  const ended = new AbortController();
  const { signal } = ended;
  const wakeWhenVisible = (): void => {
    if (document.visibilityState === 'visible') on.wake();
  };
  const tell = (): void => {
    on.online(navigator.onLine);
    if (navigator.onLine) on.wake();
  };
  document.addEventListener('visibilitychange', wakeWhenVisible, { signal });
  window.addEventListener('pageshow', on.wake, { signal });
  window.addEventListener('online', tell, { signal });
  window.addEventListener('offline', tell, { signal });
  if (!navigator.onLine) on.online(false);
  watchCost(on.metered, signal);
  return () => {
    ended.abort();
  };
};

export const createBrowserNetwork = (options: BrowserNetworkOptions = {}): Network => {
  const canWebRtc = typeof RTCPeerConnection === 'function';
  const { iceServers = () => [], timing } = options;
  return createLibp2pNetwork({
    ...(timing === undefined ? {} : { timing }),
    canWebRtc,
    mayDial: isProvedByName,
    transports: [
      endableWebSockets(),
      ...(canWebRtc
        ? [
            webRTC({
              rtcConfiguration: async () => ({
                iceServers: await iceServers(),
                bundlePolicy: 'max-bundle',
              }),
              maxEarlyStreams: 32,
              dataChannel: { maxMessageSize: limits.dataChannelMessageBytesMax },
            }),
            webRTCDirect({ rtcConfiguration: { iceServers: [] } }),
          ]
        : []),
    ],
    watchEnvironment: watchWindow,
  });
};
