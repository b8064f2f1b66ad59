/** The real thing: `node relay/start.ts` in a process of its own, on ports of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeTempDir, removeDir, until } from './browsers.ts';

export interface App {
  /** The page's address, with a slash at its end. */
  readonly url: string;
  /** What the process has said so far. */
  log(): string;
  /** Of the mailbox on disk. */
  mailboxBytes(): Promise<number>;
  /** As Ctrl-C does; resolves with the exit code once it has ended. */
  stop(): Promise<number | null>;
  /** As a power cut. */
  kill(): Promise<void>;
  /** Starts it again after `stop` or `kill`: same ports, same data. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

const freeTcpPort = async (): Promise<number> => {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  await once(server.close(), 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port to be had');
  return address.port;
};

const freeUdpPort = async (): Promise<number> => {
  const socket = createSocket('udp4').bind({ address: '127.0.0.1', port: 0 });
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
};

/** Resolves when the app answers that it is ready; throws with its output when it never does. */
export const startApp = async (settings: Readonly<Record<string, string>> = {}): Promise<App> => {
  const dataDir = await makeTempDir('app');
  const httpPort = await freeTcpPort();
  const url = `http://127.0.0.1:${httpPort}/`;
  const env = {
    ...process.env,
    SOTTO_HTTP_ADDR: `127.0.0.1:${httpPort}`,
    SOTTO_WS_PORT: String(await freeTcpPort()),
    SOTTO_WEBRTC_PORT: String(await freeUdpPort()),
    SOTTO_DATA_DIR: dataDir,
    ...settings,
  };

  let child: ChildProcess | undefined;
  let output = '';

  const isReady = async (): Promise<true | undefined> => {
    if (child === undefined || child.exitCode !== null) {
      throw new Error(`The app ended before it was ready:\n${output}`);
    }
    const response = await fetch(`${url}readyz`).catch(() => undefined); // not listening yet
    return response?.ok === true ? true : undefined;
  };

  const start = async (): Promise<void> => {
    child = spawn(process.execPath, ['relay/start.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const sentence = (): string => `The app was not ready in time:\n${output}`;
    await until(isReady, { withinMs: 30_000, sentence });
  };

  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child === undefined) return null;
    const ending = child;
    child = undefined;
    if (ending.exitCode !== null) return ending.exitCode;
    const exited = once(ending, 'exit');
    ending.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  };

  const app: App = {
    url,
    log: () => output,
    mailboxBytes: async () => {
      const sizes = ['mailbox.sqlite', 'mailbox.sqlite-wal'].map(async (name) => {
        const found = await stat(join(dataDir, name)).catch(() => undefined); // nothing written yet
        return found?.size ?? 0;
      });
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    },
    stop: () => end('SIGINT'),
    kill: async () => {
      await end('SIGKILL');
    },
    start,
    dispose: async () => {
      await end('SIGKILL');
      await removeDir(dataDir);
    },
  };
  try {
    await start();
  } catch (error) {
    await app.dispose();
    throw error;
  }
  return app;
};
