/** A relay with nothing in it, in a process of its own: what one socket says, the others hear. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { WebSocketServer, type WebSocket } from 'ws';

export interface FanOut {
  readonly url: string;
  stop(): Promise<void>;
}

export const startFanOut = async (): Promise<FanOut> => {
  const child = spawn(process.execPath, [import.meta.filename], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    url: `ws://127.0.0.1:${printed.toString().trim()}`,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
};

const serve = async (): Promise<void> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket: WebSocket) => {
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      for (const other of server.clients) {
        if (other !== socket) other.send(data, { binary: isBinary });
      }
    });
  });
  await once(server, 'listening');
  const address = server.address();
  if (address !== null && typeof address === 'object') {
    process.stdout.write(`${address.port}\n`);
  }
};

if (import.meta.main) await serve();
