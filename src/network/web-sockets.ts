/**
 * The WebSocket transport, with connections that really end. @libp2p/websockets 10.1.21 resets one by
 * `close(1006)`, a code that no WebSocket lets a program use: it throws, the throw is swallowed, and
 * the socket stays open for good. A relay then goes on believing that the peer is there.
 */
import type { MultiaddrConnection, Transport, Upgrader, UpgraderOptions } from '@libp2p/interface';
import { webSockets } from '@libp2p/websockets';
import { toError } from './frame-stream.ts';

/** What the transport's connections have and its types do not tell. */
interface WithSocket {
  readonly websocket: { close(): void };
  sendReset(): void;
}

const hasSocket = (connection: object): connection is WithSocket =>
  'websocket' in connection && 'sendReset' in connection;

const makeEndable = (connection: MultiaddrConnection): void => {
  if (!hasSocket(connection)) return;
  connection.sendReset = () => {
    connection.websocket.close();
  };
};

/** A connection that does not become one (refused, silent, not who it should be) ends as well. */
const endIfFailed = async <T>(connection: MultiaddrConnection, upgrade: Promise<T>): Promise<T> => {
  makeEndable(connection);
  try {
    return await upgrade;
  } catch (thrown) {
    connection.abort(toError(thrown, 'upgrade failed'));
    throw thrown;
  }
};

/** The upgrader sees every connection before anybody uses it. */
const seeingAll = (upgrader: Upgrader): Upgrader => {
  const seeing = Object.create(upgrader) as Upgrader;
  seeing.upgradeInbound = (connection, options) =>
    endIfFailed(connection, upgrader.upgradeInbound(connection, options));
  seeing.upgradeOutbound = (connection: MultiaddrConnection, options: UpgraderOptions) =>
    endIfFailed(connection, upgrader.upgradeOutbound(connection, options));
  return seeing;
};

type TransportFactory = ReturnType<typeof webSockets>;

export const endableWebSockets =
  (): TransportFactory =>
  (components): Transport => {
    const transport = webSockets()(components);
    const { dial, createListener } = transport;
    transport.dial = (address, options) =>
      dial.call(transport, address, { ...options, upgrader: seeingAll(options.upgrader) });
    transport.createListener = (options) =>
      createListener.call(transport, { ...options, upgrader: seeingAll(options.upgrader) });
    return transport;
  };
