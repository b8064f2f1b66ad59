/** A wire to the relay that keeps a copy of everything that passes, both ways. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface RecordingProxy {
  readonly port: number;
  /** All bytes so far, of one connection and direction after the other. */
  recorded(): ReadonlyArray<Buffer>;
  close(): Promise<void>;
}

export const startRecordingProxy = async (targetPort: number): Promise<RecordingProxy> => {
  const streams: Buffer[][] = [];
  const sockets = new Set<Socket>();

  const copy = (from: Socket, to: Socket): void => {
    const stream: Buffer[] = [];
    streams.push(stream);
    sockets.add(from);
    from.on('data', (chunk: Buffer) => stream.push(chunk));
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };

  const server = createServer((client) => {
    const relay = connect({ host: '127.0.0.1', port: targetPort });
    copy(client, relay);
    copy(relay, client);
  }).listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    port: address.port,
    recorded: () => streams.map((stream) => Buffer.concat(stream)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
