/**
 * Finds out before anything starts whether the ports can be had, so that the answer is a sentence.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { err, ok, type Result } from '../src/base/result.ts';
import type { Config } from './config.ts';

export interface Port {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  /** The variable that moves it elsewhere. */
  readonly variable: string;
}

const take = async ({ host, port, transport }: Port): Promise<void> => {
  if (transport === 'tcp') {
    const server = createServer().listen({ host, port, exclusive: true });
    await once(server, 'listening');
    await once(server.close(), 'close');
  } else {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').bind({ address: host, port });
    await once(socket, 'listening');
    socket.close();
  }
};

const sentence = ({ host, port, transport, variable }: Port, error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const name = `${transport.toUpperCase()} port ${String(port)} on ${host}`;
  const remedy = `choose another one with ${variable}.`;
  if (code === 'EADDRINUSE') {
    return `${name} is already in use, perhaps by another Sotto. Stop that program, or ${remedy}`;
  }
  if (code === 'EACCES') return `${name} may not be used by this account: ${remedy}`;
  if (code === 'EADDRNOTAVAIL') return `${host} is no address of this machine: ${remedy}`;
  return `${name} cannot be used: ${String(error)}; ${remedy}`;
};

/** Those the relay listens at. */
export const relayPortsOf = ({ httpHost: host, wsPort, webrtcPort }: Config): Port[] => [
  { host, port: wsPort, transport: 'tcp', variable: 'SOTTO_WS_PORT' },
  ...(webrtcPort === undefined
    ? []
    : [{ host, port: webrtcPort, transport: 'udp', variable: 'SOTTO_WEBRTC_PORT' } as const]),
];

/** Ok when every port is free at this moment, else a sentence about the first that is not. */
export const checkPorts = async (ports: ReadonlyArray<Port>): Promise<Result<void, string>> => {
  for (const port of ports) {
    try {
      await take(port);
    } catch (error) {
      return err(sentence(port, error));
    }
  }
  return ok(undefined);
};
