/**
 * The network in Node: for headless peers and tests. WebSocket to relays, to peers that listen, and
 * everything else over relays; WebRTC is left out, since its native part is not reliable here.
 */
import { createLibp2pNetwork, type Libp2pNetworkOptions } from './libp2p.ts';
import { mayDial } from './peers/direct-address.node.ts';
import type { Network } from './port.ts';
import { endableWebSockets } from './web-sockets.ts';

export type NodeNetworkOptions = Pick<Libp2pNetworkOptions, 'listen' | 'announce' | 'timing'>;

export const createNodeNetwork = (options: NodeNetworkOptions = {}): Network =>
  createLibp2pNetwork({
    ...options,
    transports: [endableWebSockets()],
    canWebRtc: false,
    mayDial,
    watchEnvironment: () => () => undefined,
  });
