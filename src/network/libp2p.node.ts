/**
 * The network in Node: for headless peers and tests. WebSocket to relays and everything else over
 * them; WebRTC is left out, since its native part is not reliable here.
 */
import { createLibp2pNetwork } from './libp2p.ts';
import type { Network } from './port.ts';
import type { Timing } from './timing.ts';
import { endableWebSockets } from './web-sockets.ts';

export interface NodeNetworkOptions {
  /** For tests that cannot wait. */
  readonly timing?: Partial<Timing>;
}

export const createNodeNetwork = (options: NodeNetworkOptions = {}): Network =>
  createLibp2pNetwork({
    ...options,
    transports: [endableWebSockets()],
    canWebRtc: false,
    watchEnvironment: () => () => undefined,
  });
