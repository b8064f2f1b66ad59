/** A relay in a process of its own: WebRTC pages talk to it, and it can die and come back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface RelayProcess {
  /** Over WebSocket, with its peer id. */
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
  /** As a power cut. */
  kill(): Promise<void>;
}

/** The same folder gives the same peer id, the same port the same address. */
export const startRelayProcess = async ({
  dataDir,
  port = 0,
  settings = {},
}: {
  readonly dataDir: string;
  readonly port?: number;
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<RelayProcess> => {
  const child = spawn(process.execPath, ['relay/main.ts'], {
    env: {
      ...process.env,
      SOTTO_WS_PORT: String(port),
      SOTTO_WEBRTC_PORT: '',
      SOTTO_DATA_DIR: dataDir,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [printed] = (await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => {
      throw new Error('the relay did not start');
    }),
  ])) as [Buffer];
  const address = printed.toString().split('\n')[0] ?? '';
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return {
    address,
    port: Number(/tcp\/(\d+)/u.exec(address)?.[1]),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
};
